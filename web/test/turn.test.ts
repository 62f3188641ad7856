/** A turn is what its events make of it. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Message, Reply } from "../src/api";
import { readEvent, type RunEvent } from "../src/widget/net/events";
import { answered, type Item, itemsOf } from "../src/widget/talk/items";
import { replyAfter } from "../src/widget/talk/recover";
import { advance, begin } from "../src/widget/talk/turn";

function reply(changes: Partial<Reply> = {}): Reply {
  return {
    conversation_id: "c", message_id: "m2", kind: "answer", language: "hu", text: "t",
    abstained: false, citations: [], warnings: [], clarification: null, offer: null, offer_changes: [], proposal: null, request: null, links: [], asked_as: "", ...changes,
  };
}

function message(id: string, role: Message["role"], text: string, of: Reply | null = null): Message {
  return { id, role, text, reply: of, rating: null, created_at: "2026-11-22T10:00:00Z" };
}

const ASKING = reply({
  kind: "clarification",
  clarification: { question: "Which?", field: "customer", choices: [{ label: "Kovács Kft. (C0001)", value: "C0001" }] },
});

function after(...events: RunEvent[]) {
  return events.reduce(advance, begin("q"));
}

test("text comes piece by piece, and is withdrawn when the model failed", () => {
  assert.equal(after({ type: "text", delta: "a" }, { type: "text", delta: "b" }).text, "ab");
  assert.equal(after({ type: "text", delta: "a" }, { type: "dropped" }, { type: "text", delta: "c" }).text, "c");
});

test("the conversation is known from the start, so that a lost answer can be looked for", () => {
  const turn = after({ type: "started", conversation: "c", message: "m1" });
  assert.deepEqual([turn.conversation, turn.message], ["c", "m1"]);
});

test("nothing changes a turn that is over", () => {
  const over = after({ type: "reply", reply: reply() }, { type: "finished" });
  assert.equal(advance(over, { type: "text", delta: "late" }), over);
  assert.equal(after({ type: "failed", code: "x", message: "why" }, { type: "finished" }).failure?.message, "why");
});

test("events of the protocol that mean nothing here are left aside", () => {
  for (const data of ["", "{", "[]", '{"type":"STATE_SNAPSHOT"}', '{"type":"CUSTOM","name":"other"}', '{"type":"RUN_STARTED"}']) {
    assert.equal(readEvent(data), null, data);
  }
  assert.deepEqual(readEvent('{"type":"CUSTOM","name":"robo.step","value":{"name":"pricing","label":"…"}}'), { type: "step", label: "…" });
});

test("an answered question is inert and shows what was picked, in the choice's words", () => {
  const items: Item[] = itemsOf([message("1", "assistant", "Which?", ASKING)]);
  assert.equal(answered(items, "C0001"), "Kovács Kft. (C0001)");
  assert.ok(items[0]?.kind === "reply" && items[0].picked === "Kovács Kft. (C0001)");
});

test("a stored conversation reads as it did when it was held", () => {
  const items = itemsOf([
    message("1", "user", "offer"), message("2", "assistant", "Which?", ASKING), message("3", "user", "C0001"),
    message("4", "assistant", "old words"),
  ]);
  assert.deepEqual(items.map((item) => item.kind), ["mine", "reply", "mine", "said"]);
  assert.ok(items[2]?.kind === "mine" && items[2].text === "Kovács Kft. (C0001)");
});

test("own words instead of a choice close the question too", () => {
  const items = itemsOf([message("2", "assistant", "Which?", ASKING), message("3", "user", "neither")]);
  assert.ok(items[0]?.kind === "reply" && items[0].picked === "");
});

test("the reply to a question is the first one after it, never an older one", () => {
  const held = [
    message("1", "user", "q"), message("2", "assistant", "old"), message("3", "user", "q"),
  ];
  assert.equal(replyAfter(held, "3", "q"), null);
  assert.equal(replyAfter(held, null, "q"), null);
  assert.equal(replyAfter([...held, message("4", "assistant", "new")], null, "q")?.id, "4");
  assert.equal(replyAfter(held, "unknown", "q"), null);
});
