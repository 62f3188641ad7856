/** What a reply is shown as, and in which order. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Reply } from "../src/api";
import { cardsOf } from "../src/widget/cards/card";
import { replied } from "../src/widget/talk/items";

function shown(parts: Partial<Reply>, again = false): string[] {
  const reply = {
    message_id: "m", kind: "answer", language: "hu", text: "t", citations: [], warnings: [], clarification: null, offer: null,
    proposal: null, links: [], asked_as: "", ...parts,
  } as unknown as Reply;
  return cardsOf(replied("m", reply), true, again).map(({ type }) => type);
}

test("a plain answer is its text", () => {
  assert.deepEqual(shown({}), ["text"]);
});

test("how it was understood is read first, the clicks that help after the answer, the sources last", () => {
  const citations = [{ n: 1, page_id: "p", title: "t", section: "s", url: "/help/hu/p", quote: "q" }];
  const links = [{ label: "l", url: "/offers" }];
  assert.deepEqual(shown({ asked_as: "q", links, citations, warnings: ["w"] }), ["asked", "text", "warnings", "links", "citations"]);
});

test("a proposal that a later reply shows again is decided about there", () => {
  const proposal = { code: "p" } as Reply["proposal"];
  assert.deepEqual([shown({ proposal }), shown({ proposal }, true)], [["text", "proposal"], ["text"]]);
});
