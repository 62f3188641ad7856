/** A proposal is carried out once, as its card shows it, and never by accident. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Proposal, ProposalItem } from "../src/api";
import { left, warning } from "../src/widget/cards/deadline";
import { Trouble } from "../src/widget/net/trouble";
import { fromField, toField } from "../src/widget/numbers";
import { DICTIONARIES } from "../src/widget/strings";
import type { Chat } from "../src/widget/talk/chat";
import { Decisions } from "../src/widget/talk/decisions";
import { chosen, closed, confirming, kept, opened, toggled, typed, typedIn, untouched } from "../src/widget/talk/pending";

function item(n: number, changes: Partial<ProposalItem> = {}): ProposalItem {
  const inputs = [
    { name: "subject", label: "Subject", kind: "text", value: "Call", required: true, choices: [] },
    { name: "due", label: "Due", kind: "date", value: null, required: false, choices: [] },
  ] as ProposalItem["inputs"];
  return { n, kind: "new_activity", title: `Item ${n}`, record: null, changes: [], inputs, state: "open", problem: null, ...changes };
}

function proposal(...items: ProposalItem[]): Proposal {
  return { code: "p1", state: "open", items, expires_at: "2026-11-22T12:00:00Z", can_undo: false };
}

test("an untouched proposal is confirmed whole, with nothing changed", () => {
  const asked = proposal(item(1), item(2));
  assert.deepEqual(confirming(asked, untouched(asked)), {});
});

test("of a batch only what is ticked is asked for; what cannot be done begins unticked", () => {
  const asked = proposal(item(1), item(2, { problem: "Why." }), item(3));
  const begun = untouched(asked);
  assert.deepEqual(chosen(asked, begun).map(({ n }) => n), [1, 3]);
  assert.deepEqual(confirming(asked, toggled(begun, 1)), { items: [3] });
  assert.deepEqual(confirming(asked, toggled(begun, 2)), {});
});

test("only corrected values are sent, and one typed back to what was proposed is none", () => {
  const asked = proposal(item(1));
  const one = asked.items[0] as ProposalItem;
  const changed = kept(typed(opened(untouched(asked), 1), 1, "subject", "Write"), one);
  assert.deepEqual(confirming(asked, changed), { edits: { "1": { subject: "Write" } } });
  assert.deepEqual(confirming(asked, kept(typed(opened(changed, 1), 1, "subject", "Call"), one)), {});
});

test("corrections of an item that is left out are not sent", () => {
  const asked = proposal(item(1), item(2));
  const changed = kept(typed(opened(untouched(asked), 1), 1, "subject", "Write"), asked.items[0] as ProposalItem);
  assert.deepEqual(confirming(asked, toggled(changed, 1)), { items: [2] });
});

test("giving up an edit keeps what was kept before", () => {
  const asked = proposal(item(1));
  const one = asked.items[0] as ProposalItem;
  const first = kept(typed(opened(untouched(asked), 1), 1, "subject", "Write"), one);
  const given = closed(typed(opened(first, 1), 1, "subject", "Nonsense"), 1);
  assert.deepEqual(confirming(asked, given), { edits: { "1": { subject: "Write" } } });
  assert.equal(typedIn(one, one.inputs[0] as ProposalItem["inputs"][number], opened(given, 1)), "Write");
});

test("a required field that is empty keeps the item open, and is named until something is typed", () => {
  const asked = proposal(item(1));
  const one = asked.items[0] as ProposalItem;
  const empty = kept(typed(opened(untouched(asked), 1), 1, "subject", "  "), one);
  assert.deepEqual([[...empty.empty], [...empty.typing.keys()]], [["1/subject"], [1]]);
  assert.equal(typed(empty, 1, "subject", "W").empty.size, 0);
});

/** Decisions about one proposal, carried out by `act`. */
function deciding(act: (deed: string, body: unknown) => Promise<void>) {
  const calls: [string, unknown][] = [];
  const focused: string[] = [];
  const decide = (_: string, deed: string, body: unknown): Promise<void> => {
    calls.push([deed, body]);
    return act(deed, body);
  };
  const chat = { decide } as unknown as Chat;
  return { calls, focused, decisions: new Decisions(() => chat, () => undefined, (key) => focused.push(key)) };
}

test("a second click while the first is on its way does nothing", async () => {
  let done: () => void = () => undefined;
  const { calls, decisions } = deciding(() => new Promise<void>((resolve) => (done = resolve)));
  const asked = proposal(item(1));
  const first = decisions.decide(asked, "confirm");
  await decisions.decide(asked, "confirm");
  await decisions.decide(asked, "reject", "no");
  decisions.change(asked, (pending) => toggled(pending, 1));
  assert.deepEqual(calls, [["confirm", {}]]);
  assert.equal(chosen(asked, decisions.pending(asked)).length, 1);
  done();
  await first;
  assert.equal(decisions.pending(asked).doing, null);
});

test("what stands in an open field counts; an empty required one stops the click and gets the keyboard", async () => {
  const { calls, focused, decisions } = deciding(async () => undefined);
  const asked = proposal(item(1));
  decisions.change(asked, (pending) => typed(opened(pending, 1), 1, "subject", ""));
  await decisions.decide(asked, "confirm");
  assert.deepEqual([calls, focused], [[], ["p1/1/subject"]]);
  decisions.change(asked, (pending) => typed(pending, 1, "subject", "Write"));
  await decisions.decide(asked, "confirm");
  assert.deepEqual(calls, [["confirm", { edits: { "1": { subject: "Write" } } }]]);
});

test("a refusal is shown, what was typed stays, and it can be tried again", async () => {
  let refuse = true;
  const { calls, decisions } = deciding(async () => {
    if (refuse) throw new Trouble("refused", "Changed meanwhile.");
  });
  const asked = proposal(item(1));
  decisions.change(asked, (pending) => typed(opened(pending, 1), 1, "subject", "Write"));
  await decisions.decide(asked, "confirm");
  assert.equal(decisions.pending(asked).trouble?.sentence, "Changed meanwhile.");
  refuse = false;
  await decisions.decide(asked, "confirm");
  assert.deepEqual(calls[1], ["confirm", { edits: { "1": { subject: "Write" } } }]);
  assert.equal(decisions.pending(asked).trouble, null);
});

test("a rejection carries its reason, if there is one", async () => {
  const { calls, decisions } = deciding(async () => undefined);
  await decisions.decide(proposal(item(1)), "reject", "Too early");
  await decisions.decide(proposal(item(1)), "reject");
  assert.deepEqual(calls, [["reject", { reason: "Too early" }], ["reject", {}]]);
});

test("the clock counts down to nothing, and is said aloud twice only", () => {
  const shown = [725_000, 5_000, 1, 0].map((rest) => left(rest, 0, DICTIONARIES.hu));
  assert.deepEqual(shown, ["még 12:05", "még 0:05", "még 0:01", ""]);
  const said = Array.from({ length: 900 }, (_, second) => warning(900_000, second * 1000, DICTIONARIES.en, "en"));
  assert.deepEqual([...new Set(said)], ["", "5 minutes are left to confirm.", "1 minute is left to confirm."]);
  assert.equal(warning(900_000, 900_000, DICTIONARIES.en, "en"), "");
});

test("a moment goes into a field in the user's own time and comes back the same", () => {
  for (const iso of ["2026-11-22T09:30:00Z", "2026-07-01T23:45:00+02:00", "2026-03-29T00:30:00Z"]) {
    assert.equal(Date.parse(fromField(toField(iso))), Date.parse(iso), iso);
  }
  assert.deepEqual([toField(""), fromField("")], ["", ""]);
});
