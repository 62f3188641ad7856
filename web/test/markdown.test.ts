/** Model text is never markup: whatever it holds becomes one of a few harmless kinds, and nothing of it is lost. */
import assert from "node:assert/strict";
import test from "node:test";
import { readMarkdown } from "../src/widget/markdown/blocks";
import type { Block, Inline } from "../src/widget/markdown/tree";

const NONE = new Set<number>();

function words(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (node.type === "text" || node.type === "code") return node.text;
      if (node.type === "cite") return `[${node.n}]`;
      return node.type === "break" ? "\n" : words(node.inner);
    })
    .join("");
}

/** Everything blocks say, one after the other. */
function said(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.type === "paragraph" || block.type === "heading") return words(block.inner);
      if (block.type === "list") return block.items.map(said).join(" ");
      if (block.type === "quote") return said(block.blocks);
      if (block.type === "table") return [block.head, ...block.rows].flat().map(words).join(" ");
      return block.type === "code" ? block.text : "";
    })
    .join(" ");
}

function paragraph(text: string, sources: Iterable<number> = NONE): Inline[] {
  const blocks = readMarkdown(text, new Set(sources));
  assert.equal(blocks.length, 1);
  const [block] = blocks;
  assert.ok(block?.type === "paragraph");
  return block.inner;
}

test("raw HTML is text as it was written", () => {
  for (const html of ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a <b onclick=x>b</b>", "<svg/onload=x>"]) {
    assert.deepEqual(paragraph(html), [{ type: "text", text: html }]);
  }
});

test("an image is its alternative text", () => {
  assert.deepEqual(paragraph("see ![the chart](https://evil.example/pixel.png)"), [{ type: "text", text: "see the chart" }]);
});

test("a number is a citation only where there is such a source", () => {
  const inner = paragraph("So it is [1], [2][3] and [1, 3].", [1, 3]);
  const cited = inner.filter((node) => node.type === "cite").map((node) => node.n);
  assert.deepEqual(cited, [1, 3, 1, 3]);
  assert.ok(words(inner).includes("[2]"));
});

test("a text cannot give a citation another target", () => {
  const blocks = readMarkdown("As said [1].\n\n[1]: https://evil.example", new Set([1]));
  assert.ok(!JSON.stringify(blocks).includes('"type":"link","href":"https://evil.example","inner":[{"type":"cite"'));
  const inline = paragraph("[1](https://evil.example)", [1]);
  assert.deepEqual(inline[0], { type: "cite", n: 1 });
});

test("emphasis, code and links", () => {
  assert.deepEqual(paragraph("**b** *i* ~~d~~ `c*d*`"), [
    { type: "strong", inner: [{ type: "text", text: "b" }] },
    { type: "text", text: " " },
    { type: "em", inner: [{ type: "text", text: "i" }] },
    { type: "text", text: " " },
    { type: "del", inner: [{ type: "text", text: "d" }] },
    { type: "text", text: " " },
    { type: "code", text: "c*d*" },
  ]);
  assert.deepEqual(paragraph("[page](/help/hu/x#y)"), [
    { type: "link", href: "/help/hu/x#y", inner: [{ type: "text", text: "page" }] },
  ]);
  assert.deepEqual(paragraph("see https://a.example/b."), [
    { type: "text", text: "see " },
    { type: "link", href: "https://a.example/b", inner: [{ type: "text", text: "https://a.example/b" }] },
    { type: "text", text: "." },
  ]);
});

test("names with underscores, sums with stars and prices with tildes stay as they are", () => {
  for (const text of ["offer_sent_at and valid_until", "2 * 3 * 4 = 24", "about ~5 or ~6", "SKU **", "a_b_c", "5 < 6 > 4 & 3"]) {
    assert.equal(words(paragraph(text)), text);
  }
});

test("steps with points under them", () => {
  const [list] = readMarkdown("1. one\n   - a\n   - b\n2. two\n   more", NONE);
  assert.ok(list?.type === "list");
  assert.equal(list.start, 1);
  assert.deepEqual(
    list.items.map((item) => item.map((block) => block.type)),
    [["paragraph", "list"], ["paragraph"]],
  );
});

test("a list, a heading and a rule end a paragraph", () => {
  const kinds = readMarkdown("Text:\n- a\n- b\n\n## More\nwords\n\n---\n> quoted", NONE).map((block) => block.type);
  assert.deepEqual(kinds, ["paragraph", "list", "heading", "paragraph", "rule", "quote"]);
});

test("a table has as many cells in each row as in its head", () => {
  const [table] = readMarkdown("| a | b |\n|---|--:|\n| 1 | 2 | 3 |\n| x |", NONE);
  assert.ok(table?.type === "table");
  assert.deepEqual(table.rows.map((row) => row.map(words)), [["1", "2"], ["x", ""]]);
});

test("a fence that is not closed yet is code to the end, as while streaming", () => {
  assert.deepEqual(readMarkdown("```js\nlet a = '<b>';", NONE), [{ type: "code", text: "let a = '<b>';" }]);
});

/** A small generator of its own, so that a failure repeats. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
}

const PIECES = ["a", "ő", " ", "\n", "*", "**", "_", "~~", "`", "```", "[", "](", ")", "[1]", "!", "<b>", "&lt;", "\\", "|", "-", "1. ", "> ", "#", "http://x.y/", "\n\n", "  "];

test("no text breaks it, and every letter of it is still there", () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const next = random(seed);
    const text = Array.from({ length: 40 }, () => PIECES[Math.floor(next() * PIECES.length)] ?? "").join("");
    // Addresses of links and info strings of fences are not said; everything else is.
    if (/\]\(|```/.test(text)) continue;
    const letters = (of: string): string => of.replace(/[^aő]/g, "");
    assert.equal(letters(said(readMarkdown(text, new Set([1])))), letters(text), text);
  }
});

test("deep nesting is shown as written instead of exhausting the stack", () => {
  const depth = (blocks: readonly Block[]): number =>
    Math.max(0, ...blocks.map((block) => (block.type === "quote" ? 1 + depth(block.blocks) : 0)));
  assert.ok(depth(readMarkdown(`${"> ".repeat(5000)}x`, NONE)) <= 10);
  assert.doesNotThrow(() => readMarkdown("*a _b ".repeat(3000), NONE));
  assert.doesNotThrow(() => readMarkdown("[".repeat(10_000), NONE));
});
