/** Earlier conversations and hand-overs: what was asked for last counts, and nothing is done twice or lost. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation, Handover, Message } from "../src/api";
import type { Client } from "../src/widget/net/client";
import { Trouble } from "../src/widget/net/trouble";
import type { Chat } from "../src/widget/talk/chat";
import { Handing } from "../src/widget/talk/handing";
import { itemsOf } from "../src/widget/talk/items";
import { Past } from "../src/widget/talk/past";

function row(id: string): Conversation {
  return { id, title: `Title ${id}`, created_at: "2026-11-22T10:00:00Z" };
}

function rows(from: number, to: number): Conversation[] {
  return Array.from({ length: to - from }, (_, n) => row(String(from + n)));
}

function past(client: Partial<Client>) {
  const focused: string[] = [];
  const gone: string[] = [];
  return { past: new Past(() => client as Client, () => undefined, (key) => focused.push(key), (id) => gone.push(id)), focused, gone };
}

test("a list longer than a page says so, and goes on where it ended, with nothing twice", async () => {
  const { past: list } = past({ conversations: async (_, offset = 0) => (offset === 0 ? rows(0, 31) : rows(29, 33)) });
  await list.load();
  assert.deepEqual([list.rows.length, list.more], [30, true]);
  await list.load(true);
  assert.deepEqual(list.rows.map(({ id }) => id), rows(0, 33).map(({ id }) => id));
  assert.equal(list.more, false);
});

test("of two searches the later one counts, whichever comes back last", async () => {
  const answers = new Map<string, (found: Conversation[]) => void>();
  const { past: list } = past({ conversations: (words = "") => new Promise((resolve) => answers.set(words, resolve)) });
  list.search = "a";
  const first = list.load();
  list.search = "ab";
  const second = list.load();
  answers.get("ab")?.([row("2")]);
  answers.get("a")?.([row("1")]);
  await Promise.all([first, second]);
  assert.deepEqual([list.rows.map(({ id }) => id), list.loading], [["2"], false]);
});

test("a conversation is erased only after the question, once, and the keyboard goes to the one after it", async () => {
  const erased: string[] = [];
  const { past: list, focused, gone } = past({ conversations: async () => rows(1, 4), erase: async (id) => void erased.push(id) });
  await list.load();
  await list.erase("2");
  assert.deepEqual(erased, []);
  list.ask("2", "erase");
  await Promise.all([list.erase("2"), list.erase("2")]);
  assert.deepEqual([erased, gone, list.rows.map(({ id }) => id)], [["2"], ["2"], ["1", "3"]]);
  assert.equal(focused.at(-1), "3");
});

test("a title that is refused stays open, with the reason", async () => {
  const { past: list } = past({ conversations: async () => rows(1, 2), rename: () => Promise.reject(new Trouble("refused", "Too long.")) });
  await list.load();
  list.ask("1", "rename");
  await list.rename("1", "x");
  assert.deepEqual([list.trouble?.sentence, list.open], ["Too long.", { id: "1", for: "rename", working: false }]);
});

test("a hand-over is sent once; refused, what was typed stays", async () => {
  const sent: string[][] = [];
  let refuse = true;
  const chat = {
    handOver: async (to: string, note: string) => {
      sent.push([to, note]);
      if (refuse) throw new Trouble("server");
    },
  } as unknown as Chat;
  let done = 0;
  const client = { contacts: async () => [{ login: "vera", name: "Vera", role: "manager" }] } as unknown as Client;
  const handing = new Handing(() => client, () => chat, () => undefined, () => (done += 1));
  await handing.send();
  assert.deepEqual(sent, []);
  await handing.begin();
  handing.type(" Why? ");
  await Promise.all([handing.send(), handing.send()]);
  assert.deepEqual([sent, done, handing.trouble?.code], [[["vera", "Why?"]], 0, "server"]);
  refuse = false;
  await handing.send();
  assert.deepEqual([sent.length, done, handing.note], [2, 1, ""]);
});

test("a hand-over stands in the conversation where it was made", () => {
  const handover = { id: "h", to: "vera", state: "open", answer: null } as Handover;
  const said = { role: "user", text: "q", reply: null, rating: null, created_at: "2026-11-22T10:00:00Z" } as Message;
  const items = itemsOf([{ ...said, id: "1" }, { ...said, id: "h", role: "handover", text: "", handover }, { ...said, id: "2" }]);
  assert.deepEqual(items.map(({ kind }) => kind), ["mine", "handed", "mine"]);
});
