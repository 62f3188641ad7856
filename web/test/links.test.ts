/** Only harmless addresses become links, and each leads where its host can go. */
import assert from "node:assert/strict";
import test from "node:test";
import { placeOf, safeHref } from "../src/widget/links";

const SERVER = "https://robo.example";
const HERE = "https://crm.example";
Object.assign(globalThis, { location: { href: `${HERE}/page`, origin: HERE } });

test("scripts, data and odd schemes never do", () => {
  const bad = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)", "data:text/html,x",
    "vbscript:x", "file:///etc/passwd", "blob:x", "about:blank", "//evil.example", "/\\evil.example", "\\\\evil", "page", "#x", "",
    "http://", "/\t/evil.example", "/a/..//evil.example",
  ];
  for (const href of bad) assert.equal(safeHref(href, SERVER, { recordUrl: (path) => path }), null, href);
});

test("what of the server is no screen is no link, however it is written", () => {
  const bad = ["/api/v1/me", "/API/v1/me", "/customers/../api/v1/me", "/static/x.js", "/console/token", "/sign-out", "/robo.js?x", "/healthz"];
  for (const href of bad) assert.equal(safeHref(href, SERVER, { recordUrl: (path) => path }), null, href);
});

test("web addresses, mail and the server's own help pages do, in a new tab", () => {
  const host = { recordUrl: (path: string) => path, navigate: () => undefined };
  const place = (href: string): unknown => placeOf(href, SERVER, host);
  assert.deepEqual(place("https://a.example/b?c#d"), { href: "https://a.example/b?c#d", here: false });
  assert.deepEqual(place("mailto:a@b.example"), { href: "mailto:a@b.example", here: false });
  assert.deepEqual(place("/help/hu/x#y"), { href: "https://robo.example/help/hu/x#y", here: false });
});

test("a screen's address is the host's to say, and is judged like any other", () => {
  const to = (recordUrl: (path: string) => string | null | undefined): string | null => safeHref("/customers/C0001?x=1", SERVER, { recordUrl });
  assert.equal(to((path) => `/crm${path}`), "https://crm.example/crm/customers/C0001?x=1");
  assert.equal(to(() => "javascript:alert(1)"), null);
  assert.equal(to(() => null), null);
});

test("where the host has no address of its own, the console's opens in a new tab", () => {
  const console = { href: "https://robo.example/activities?mine=1", here: false };
  assert.deepEqual(placeOf("/activities?mine=1", SERVER), console);
  assert.deepEqual(placeOf("/activities?mine=1", SERVER, { recordUrl: () => undefined, navigate: () => undefined }), console);
});

test("the host goes itself to addresses of its own, and only to those", () => {
  const host = (recordUrl: (path: string) => string) => ({ recordUrl, navigate: () => undefined });
  assert.equal(placeOf("/offers", SERVER, host((path) => path))?.here, true);
  assert.equal(placeOf("/offers", SERVER, host((path) => `https://other.example${path}`))?.here, false);
  assert.equal(placeOf("/offers", SERVER, { recordUrl: (path) => path })?.here, false);
});
