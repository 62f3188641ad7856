/** Whatever a host says of its screen, what is sent keeps to the API's bounds. */
import assert from "node:assert/strict";
import test from "node:test";
import { cleanScreen } from "../src/widget/screen";

test("a screen's name alone is a screen; no name is none", () => {
  assert.equal(cleanScreen("customer")?.id, "customer");
  for (const nothing of [undefined, null, "", "  ", 0, [], {}, { id: {} }]) assert.equal(cleanScreen(nothing), null);
});

test("long and many things are cut", () => {
  const screen = cleanScreen({
    id: "x".repeat(500),
    fields: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, "v".repeat(5000)])),
    errors: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`f${n}`, "wrong"])),
    controls: Array.from({ length: 300 }, (_, n) => ({ name: `c${n}` })),
    messages: Array.from({ length: 90 }, () => "m".repeat(5000)),
  });
  assert.ok(screen);
  assert.equal(screen.id.length, 120);
  assert.equal(Object.keys(screen.fields).length, 100);
  assert.equal(screen.fields["f0"]?.length, 2000);
  assert.equal(Object.keys(screen.errors).length, 100);
  assert.equal(screen.controls.length, 100);
  assert.deepEqual([screen.messages.length, screen.messages[0]?.length], [20, 2000]);
});

test("values of plain types become text, others are left out", () => {
  const screen = cleanScreen({ id: "s", fields: { a: 1, b: true, c: null, d: { e: 1 }, f: ["g"], h: "\0h" } });
  assert.deepEqual(screen?.fields, { a: "1", b: "true", h: "h" });
});

test("half a character pair is not sent", () => {
  assert.equal(cleanScreen({ id: `${"x".repeat(119)}😀` })?.id.isWellFormed(), true);
});

test("a record needs both its type and its code", () => {
  assert.equal(cleanScreen({ id: "s", record: { type: "customer", code: "" } })?.record, null);
  assert.deepEqual(cleanScreen({ id: "s", record: { type: "customer", code: " C0001 " } })?.record, { type: "customer", code: "C0001" });
});

test("a control is named by its label, and is on unless it says otherwise", () => {
  const screen = cleanScreen({ id: "s", controls: [{ name: "issue", enabled: false, reason: "No right" }, { name: "save", label: "Mentés" }] });
  assert.deepEqual(screen?.controls, [
    { name: "issue", label: "issue", enabled: false, reason: "No right" },
    { name: "save", label: "Mentés", enabled: true, reason: null },
  ]);
});

test("filters and the selection go along, within the bounds", () => {
  const screen = cleanScreen({
    id: "customers",
    filters: Object.fromEntries(Array.from({ length: 80 }, (_, n) => [`f${n}`, n])),
    selection: [{ type: "customer", code: "C0001" }, { type: "customer" }, "C0002", null, { type: "customer", code: " C0003 " }],
  });
  assert.equal(Object.keys(screen?.filters ?? {}).length, 50);
  assert.deepEqual(screen?.selection, [{ type: "customer", code: "C0001" }, { type: "customer", code: "C0003" }]);
  assert.deepEqual([cleanScreen("s")?.filters, cleanScreen("s")?.selection], [{}, []]);
});
