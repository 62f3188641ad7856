/** Emphasis, code, links and citation marks inside a line of text. Takes time in proportion to the text's length. */
import { DEEPEST, type Inline } from "./tree";

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: "\u00a0" };
const EMPHASIS = { "**": "strong", __: "strong", "~~": "del", "*": "em", _: "em" } as const;
type Mark = keyof typeof EMPHASIS;

const CITE = /\[(\d{1,3}(?:, ?\d{1,3}){0,9})\]/y;
const LINK = /(!?)\[((?:[^[\]\\]|\\.){0,400})\]\(([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)(?: "[^"]{0,200}")?\)/y;
const ADDRESS = /<?(https?:\/\/[^\s<>"'`]{1,2000})>?/y;
const ENTITY = /&(amp|lt|gt|quot|#39|nbsp);/y;
const LETTER = /[\p{L}\p{N}]/u;

/** Read `text`. `sources` are the numbers that are citations; any other `[n]` stays text. */
export function readInlines(text: string, sources: ReadonlySet<number>): Inline[] {
  return new Scanner(text, sources, 0).read();
}

class Scanner {
  #at = 0;
  #plain = "";
  readonly #found: Inline[] = [];
  /** Marks that were looked for in vain: looking again further on would find nothing either. */
  readonly #missing = new Set<string>();

  constructor(
    private readonly text: string,
    private readonly sources: ReadonlySet<number>,
    private readonly depth: number,
  ) {}

  read(): Inline[] {
    while (this.#at < this.text.length) {
      if (!this.#special()) {
        this.#plain += this.text.charAt(this.#at);
        this.#at += 1;
      }
    }
    this.#flush();
    return this.#found;
  }

  #special(): boolean {
    switch (this.text.charAt(this.#at)) {
      case "\\":
        return this.#escape();
      case "\n":
        this.#plain = this.#plain.trimEnd();
        return this.#push({ type: "break" }, this.#at + 1);
      case "`":
        return this.#code();
      case "[":
        return this.#cite() || this.#link();
      case "!":
        return this.#link();
      case "<":
      case "h":
        return this.#address();
      case "&":
        return this.#entity();
      case "*":
      case "_":
      case "~":
        return this.#emphasis();
      default:
        return false;
    }
  }

  #push(node: Inline, next: number): true {
    this.#flush();
    this.#found.push(node);
    this.#at = next;
    return true;
  }

  #flush(): void {
    if (this.#plain !== "") this.#found.push({ type: "text", text: this.#plain });
    this.#plain = "";
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.text);
  }

  #inner(text: string): Inline[] {
    return this.depth >= DEEPEST ? [{ type: "text", text }] : new Scanner(text, this.sources, this.depth + 1).read();
  }

  #escape(): boolean {
    const next = this.text.charAt(this.#at + 1);
    if (!/[!-/:-@[-`{-~]/.test(next)) return false;
    this.#plain += next;
    this.#at += 2;
    return true;
  }

  #entity(): boolean {
    const found = this.#match(ENTITY);
    if (found === null) return false;
    this.#plain += ENTITIES[found[1] ?? ""] ?? found[0];
    this.#at += found[0].length;
    return true;
  }

  #code(): boolean {
    const run = /`+/y;
    const fence = this.#match(run)?.[0] ?? "`";
    if (!this.#missing.has(fence)) {
      const from = this.#at + fence.length;
      for (let end = this.text.indexOf(fence, from); end >= 0; end = this.text.indexOf(fence, end)) {
        run.lastIndex = end;
        const length = run.exec(this.text)?.[0].length ?? 1;
        if (length === fence.length) {
          const inside = this.text.slice(from, end).replaceAll("\n", " ");
          return this.#push({ type: "code", text: inside.trim() || inside }, end + length);
        }
        end += length;
      }
      this.#missing.add(fence);
    }
    this.#plain += fence;
    this.#at += fence.length;
    return true;
  }

  #cite(): boolean {
    const found = this.#match(CITE);
    const numbers = (found?.[1] ?? "").split(",").map(Number);
    if (found === null || !numbers.every((n) => this.sources.has(n))) return false;
    for (const n of numbers) this.#push({ type: "cite", n }, this.#at);
    this.#at += found[0].length;
    return true;
  }

  #link(): boolean {
    const found = this.#match(LINK);
    if (found === null) return false;
    const [whole, image, label = "", href = ""] = found;
    const next = this.#at + whole.length;
    if (image === "") return this.#push({ type: "link", href, inner: this.#inner(label) }, next);
    this.#plain += label;
    this.#at = next;
    return true;
  }

  #address(): boolean {
    if (LETTER.test(this.text.charAt(this.#at - 1))) return false;
    const found = this.#match(ADDRESS);
    if (found === null) return false;
    const enclosed = found[0].startsWith("<");
    // The full stop after an address ends the sentence, not the address.
    const href = enclosed ? (found[1] ?? "") : (found[1] ?? "").replace(/[.,;:!?)\]*_~]+$/, "");
    const length = enclosed ? found[0].length : href.length;
    return this.#push({ type: "link", href, inner: [{ type: "text", text: href }] }, this.#at + length);
  }

  #emphasis(): boolean {
    const two = this.text.slice(this.#at, this.#at + 2);
    const mark = (two in EMPHASIS ? two : this.text.charAt(this.#at)) as Mark;
    const from = this.#at + mark.length;
    if (mark in EMPHASIS && this.#opens(from, mark)) {
      const end = this.#closer(from, mark);
      if (end !== null) {
        const inner = this.#inner(this.text.slice(from, end));
        return this.#push({ type: EMPHASIS[mark], inner }, end + mark.length);
      }
    }
    this.#plain += mark;
    this.#at = from;
    return true;
  }

  #opens(from: number, mark: Mark): boolean {
    // `2*3*4` is a sum and `valid_until` a name: a single mark inside a word emphasises nothing.
    const inWord = mark !== "**" && LETTER.test(this.text.charAt(this.#at - 1));
    return !inWord && /\S/.test(this.text.charAt(from));
  }

  #closer(from: number, mark: Mark): number | null {
    if (this.#missing.has(mark)) return null;
    for (let at = this.text.indexOf(mark, from + 1); at >= 0; at = this.text.indexOf(mark, at + 1)) {
      const before = this.text.charAt(at - 1);
      const after = this.text.charAt(at + mark.length);
      const single = mark.length > 1 || (before !== mark && after !== mark);
      const inWord = mark.startsWith("_") && LETTER.test(after);
      if (single && !inWord && before !== "\\" && /\S/.test(before)) return at;
    }
    this.#missing.add(mark);
    return null;
  }
}
