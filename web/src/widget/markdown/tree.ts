/**
 * An answer's Markdown as a tree of a few harmless kinds.
 *
 * There is no kind for raw HTML: it is text and is shown as written. Images are their alternative text. Links keep
 * an address, which the view judges. What `[1]` means never depends on what the text defines: it is a source.
 */

export type Inline =
  | { type: "text"; text: string }
  | { type: "code"; text: string }
  | { type: "strong" | "em" | "del"; inner: Inline[] }
  | { type: "link"; href: string; inner: Inline[] }
  | { type: "cite"; n: number }
  | { type: "break" };

export type Block =
  | { type: "paragraph"; inner: Inline[] }
  | { type: "heading"; inner: Inline[] }
  | { type: "list"; start: number | null; items: Block[][] }
  | { type: "quote"; blocks: Block[] }
  | { type: "code"; text: string }
  | { type: "table"; head: Inline[][]; rows: Inline[][][] }
  | { type: "rule" };

/** Deeper nesting is no answer but an attempt to exhaust the stack; it is shown as it was written. */
export const DEEPEST = 8;
