/** Calls and streams: what is tried again, and what a person is told. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Offer } from "../src/api";
import { Memory } from "../src/widget/memory";
import { Client } from "../src/widget/net/client";
import type { RunEvent } from "../src/widget/net/events";
import { ask } from "../src/widget/net/stream";
import { Tokens } from "../src/widget/net/token";
import { Trouble, type TroubleCode } from "../src/widget/net/trouble";
import { Chat } from "../src/widget/talk/chat";
import type { ReplyItem } from "../src/widget/talk/items";

const SERVER = "https://robo.example";
const QUESTION = { thread: "t", run: "r", text: "q", screen: null };
const ENDED = { type: "RUN_FINISHED" };

type Answer = (url: string, init: RequestInit) => Response | Promise<Response>;

/** A client whose server is `answer`, and the calls made to it. */
function served(answer: Answer) {
  const calls: { url: string; init: RequestInit }[] = [];
  globalThis.fetch = async (url, init = {}) => {
    calls.push({ url: String(url), init });
    return answer(String(url), init);
  };
  Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
  Object.assign(globalThis, { document: { addEventListener() {}, removeEventListener() {} } });
  let given = 0;
  const client = new Client(SERVER, new Tokens(() => `token-${(given += 1)}`), "hu");
  return { client, calls, tokens: () => given };
}

/** A stream that sends `events` in pieces of `size` bytes, and then ends or breaks. */
function stream(events: object[], size = 7, broken = false): Response {
  const bytes = new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at < bytes.length) controller.enqueue(bytes.slice(at, (at += size)));
      else if (broken) controller.error(new TypeError("network"));
      else controller.close();
    },
  });
  return new Response(body);
}

async function told(work: Promise<unknown>, code: TroubleCode): Promise<Trouble> {
  let caught: unknown;
  await work.catch((fault: unknown) => (caught = fault));
  assert.ok(caught instanceof Trouble, String(caught));
  assert.equal(caught.code, code);
  return caught;
}

async function all(client: Client): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of ask(client, QUESTION, new AbortController().signal)) events.push(event);
  return events;
}

test("an offer is issued in the version its card shows; refused, the card shows the newest beside the reason", async () => {
  const offer = (version: number) => ({ number: "AJ-2026-00001", version, state: "draft" }) as Offer;
  const { client, calls } = served((url) =>
    url.endsWith("/issue") ? Response.json({ error: { message: "Mert." } }, { status: 409 }) : Response.json(offer(2)),
  );
  const chat = new Chat(client, new Memory(SERVER, "nora", null), () => undefined, () => undefined);
  const item = { kind: "reply", id: "1", reply: { offer: offer(1) }, rating: null } as unknown as ReplyItem;
  chat.items = [item];
  assert.equal((await told(chat.issue(item), "refused")).sentence, "Mert.");
  assert.deepEqual(JSON.parse(String(calls[0]?.init.body)), { version: 1 });
  assert.equal((chat.items[0] as ReplyItem).reply.offer?.version, 2);
});

test("the token goes in a header, and no cookie goes at all", async () => {
  const { client, calls } = served(() => Response.json([]));
  await client.conversations();
  const headers = calls[0]?.init.headers as Record<string, string>;
  assert.equal(headers["Authorization"], "Bearer token-1");
  assert.equal(calls[0]?.init.credentials, "omit");
});

test("a refused token is renewed once, and the call made again", async () => {
  const { client, tokens } = served((_, init) =>
    JSON.stringify(init.headers).includes("token-1") ? new Response("", { status: 401 }) : Response.json([]),
  );
  assert.deepEqual(await client.conversations(), []);
  assert.equal(tokens(), 2);
});

test("a second refusal is said, not tried for ever", async () => {
  const { client, calls } = served(() => Response.json({ error: { message: "Lejárt." } }, { status: 401 }));
  assert.equal((await told(client.conversations(), "signed_out")).sentence, "Lejárt.");
  assert.equal(calls.length, 2);
});

test("each refusal is told apart, with the server's own sentence", async () => {
  const cases: [number, TroubleCode][] = [[403, "not_allowed"], [429, "busy"], [500, "server"], [503, "server"], [404, "refused"]];
  for (const [status, code] of cases) {
    const headers = { "Retry-After": "7" };
    const { client } = served(() => Response.json({ error: { message: "Mert." } }, { status, headers }));
    const trouble = await told(client.conversations(), code);
    assert.equal(trouble.sentence, "Mert.");
    assert.equal(trouble.after, status === 429 ? 7 : null);
  }
});

test("a page instead of JSON, as proxies send, is no reason to fail differently", async () => {
  const { client } = served(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  assert.equal((await told(client.conversations(), "server")).sentence, null);
});

test("an absent server, a blocked site and a broken connection are told apart", async () => {
  const health = (url: string, init: RequestInit, modes: string[]): Response => {
    if (url.endsWith("/healthz") && modes.includes(init.mode ?? "")) return new Response();
    throw new TypeError("Failed to fetch");
  };
  await told(served((url, init) => health(url, init, [])).client.conversations(), "unreachable");
  await told(served((url, init) => health(url, init, ["no-cors"])).client.conversations(), "blocked");
  await told(served((url, init) => health(url, init, ["cors", "no-cors"])).client.conversations(), "lost");
  const away = served(() => Promise.reject(new TypeError("x")));
  Object.defineProperty(globalThis, "navigator", { value: { onLine: false }, configurable: true });
  await told(away.client.conversations(), "offline");
});

test("events arrive whole however the bytes are cut, letters of two bytes too", async () => {
  const text = { type: "TEXT_MESSAGE_CONTENT", delta: "árvíztűrő 🤖" };
  for (const size of [1, 2, 3, 5, 1000]) {
    const { client } = served(() => stream([text, ENDED], size));
    assert.deepEqual(await all(client), [{ type: "text", delta: "árvíztűrő 🤖" }, { type: "finished" }]);
  }
});

test("a stream that breaks, or ends without the run's end, is lost and no answer", async () => {
  const text = { type: "TEXT_MESSAGE_CONTENT", delta: "half" };
  await told(all(served(() => stream([text])).client), "lost");
  await told(all(served(() => stream([text], 7, true)).client), "lost");
});

test("only the message, the thread and the screen are sent", async () => {
  const { client, calls } = served(() => stream([ENDED]));
  await all(client);
  assert.deepEqual(JSON.parse(String(calls[0]?.init.body)), {
    threadId: "t", runId: "r", messages: [{ id: "r", role: "user", content: "q" }], context: [],
    state: {}, tools: [], forwardedProps: {},
  });
});

const ASKED = { code: "p1", state: "open", items: [], expires_at: "2026-11-22T12:00:00Z", can_undo: false };

/** A conversation that shows one proposal, with a server that answers `answer`. */
function withProposal(answer: Answer) {
  const { client, calls } = served(answer);
  const events: string[] = [];
  const chat = new Chat(client, new Memory(SERVER, "nora", null), () => undefined, (event) => events.push(event));
  chat.items = [{ kind: "reply", id: "1", reply: { proposal: ASKED }, rating: null } as unknown as ReplyItem];
  return { chat, calls, events, state: () => (chat.items[0] as ReplyItem).reply.proposal?.state };
}

test("a confirmed proposal shows its new state, and the host is told that records changed", async () => {
  const { chat, calls, events, state } = withProposal(() => Response.json({ ...ASKED, state: "confirmed" }));
  await chat.decide("p1", "confirm", { items: [1] });
  assert.equal(calls[0]?.url, `${SERVER}/api/v1/proposals/p1/confirm`);
  assert.equal(state(), "confirmed");
  assert.deepEqual(events, ["proposal", "changed"]);
});

test("a rejection changes no record, and nobody is told so", async () => {
  const { chat, events } = withProposal(() => Response.json({ ...ASKED, state: "rejected" }));
  await chat.decide("p1", "reject", {});
  assert.deepEqual(events, ["proposal"]);
});

test("a refused proposal shows what it has become beside the reason", async () => {
  const { chat, state } = withProposal((url) =>
    url.endsWith("/confirm") ? Response.json({ error: { message: "Lejárt." } }, { status: 409 }) : Response.json({ ...ASKED, state: "expired" }),
  );
  assert.equal((await told(chat.decide("p1", "confirm", {}), "refused")).sentence, "Lejárt.");
  assert.equal(state(), "expired");
});

test("an answer lost on the way counts where the server did what was asked", async () => {
  const { chat, events, state } = withProposal((url) => {
    if (url.endsWith("/confirm")) throw new TypeError("Failed to fetch");
    return Response.json({ ...ASKED, state: "confirmed" });
  });
  await chat.decide("p1", "confirm", {});
  assert.equal(state(), "confirmed");
  assert.deepEqual(events, ["proposal", "changed"]);
});
