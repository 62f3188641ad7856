/** What a tab remembers is one user's, and losing it breaks nothing. */
import assert from "node:assert/strict";
import test from "node:test";
import { Memory } from "../src/widget/memory";

function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as Storage;
}

test("it is there again after a reload", () => {
  const tab = storage();
  new Memory("https://a", "anna", tab).keep({ draft: "half a sent", open: true });
  const { draft, open, conversation } = new Memory("https://a", "anna", tab).value;
  assert.deepEqual([draft, open, conversation], ["half a sent", true, null]);
});

test("another user, or another server, sees none of it", () => {
  const tab = storage();
  new Memory("https://a", "anna", tab).keep({ draft: "secret" });
  assert.equal(new Memory("https://a", "bence", tab).value.draft, "");
  assert.equal(new Memory("https://b", "anna", tab).value.draft, "");
});

test("signing out forgets it", () => {
  const tab = storage();
  const memory = new Memory("https://a", "anna", tab);
  memory.keep({ draft: "secret" });
  memory.forget();
  assert.equal(new Memory("https://a", "anna", tab).value.draft, "");
});

test("damaged, full or forbidden storage is no reason to fail", () => {
  const damaged = { ...storage(), getItem: () => "{" } as Storage;
  const full = { ...storage(), setItem: () => { throw new Error("full"); } } as Storage;
  for (const tab of [damaged, full, null]) {
    const memory = new Memory("https://a", "anna", tab);
    memory.keep({ draft: "x" });
    assert.equal(memory.value.draft, "x");
  }
});
