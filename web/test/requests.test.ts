/** What a person says on a request's card: kept until it is sent, and sent whole. */
import assert from "node:assert/strict";
import test from "node:test";
import type { OfferRequest, RequestLine } from "../src/api";
import { body, NOTHING, open, settled, standing, withLine } from "../src/widget/requests/typed";

function line(n: number, state: RequestLine["state"], parts: Partial<RequestLine> = {}): RequestLine {
  const sure = state === "sure";
  return { n, state, sku: sure ? "A" : null, name: sure ? "A" : null, quantity: "3", candidates: [], asks: [], ...parts } as unknown as RequestLine;
}

function request(lines: RequestLine[], customer: string | null = "C0001"): OfferRequest {
  return { code: "RQ00001", version: 4, lines, customer: { code: customer } } as unknown as OfferRequest;
}

test("a sure line needs no word, an unsure and an unknown one do", () => {
  const asked = request([line(1, "sure"), line(2, "unsure"), line(3, "unknown")]);
  assert.equal(open(asked, NOTHING), 2);
  assert.equal(body(asked, NOTHING), null);
});

test("picking a product settles a line, with the quantity that stood there", () => {
  const asked = request([line(2, "unsure")]);
  const typed = withLine(NOTHING, 2, { sku: "B" });
  assert.equal(open(asked, typed), 0);
  assert.deepEqual(body(asked, typed), { version: 4, lines: [{ n: 2, sku: "B", quantity: "3", left_out: false }] });
});

test("without a quantity a picked line is still open", () => {
  const one = line(2, "unsure", { quantity: null });
  assert.equal(settled(one, withLine(NOTHING, 2, { sku: "B" })), false);
  assert.equal(settled(one, withLine(withLine(NOTHING, 2, { sku: "B" }), 2, { quantity: "5" })), true);
});

test("a line that is left out needs nothing, and can be put back", () => {
  const one = line(3, "unknown");
  const left = withLine(NOTHING, 3, { left_out: true });
  assert.equal(settled(one, left), true);
  assert.equal(settled(one, withLine(left, 3, { left_out: false })), false);
  assert.equal(standing(line(3, "left_out"), NOTHING).left_out, true);
});

test("a request from nobody known waits for its customer", () => {
  const asked = request([line(1, "sure")], null);
  assert.equal(open(asked, NOTHING), 1);
  assert.deepEqual(body(asked, { ...NOTHING, customer: "C0002" }), { version: 4, lines: [], customer: "C0002" });
});
