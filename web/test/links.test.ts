/** Only harmless addresses become links. */
import assert from "node:assert/strict";
import test from "node:test";
import { safeHref } from "../src/widget/links";

const SERVER = "https://robo.example";
Object.assign(globalThis, { location: { href: "https://crm.example/page", origin: "https://crm.example" } });

test("scripts, data and odd schemes never do", () => {
  const bad = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank", "//evil.example", "/\\evil.example", "\\\\evil", "page", "#x", "",
    "http://", "/customers/C0001", "/api/v1/me",
  ];
  for (const href of bad) assert.equal(safeHref(href, SERVER), null, href);
});

test("web addresses, mail and the server's own help pages do", () => {
  assert.equal(safeHref("https://a.example/b?c#d", SERVER), "https://a.example/b?c#d");
  assert.equal(safeHref("mailto:a@b.example", SERVER), "mailto:a@b.example");
  assert.equal(safeHref("/help/hu/x#y", SERVER), "https://robo.example/help/hu/x#y");
});

test("a record's address is the host's to say, and is judged like any other", () => {
  assert.equal(safeHref("/customers/C0001", SERVER, (path) => `/crm${path}`), "https://crm.example/crm/customers/C0001");
  assert.equal(safeHref("/customers/C0001", SERVER, () => "javascript:alert(1)"), null);
  assert.equal(safeHref("/customers/C0001", SERVER, () => undefined), null);
});
