/** Paragraphs, lists, tables and the like: the Markdown that models and help pages write. */
import { readInlines } from "./inlines";
import { type Block, DEEPEST, type Inline } from "./tree";

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(\S.*)$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,5})([-*+]|\d{1,9}[.)])(?:[ \t]+|$)/;
const BLANK = /^\s*$/;
const DASHES = /^:?-+:?$/;

/** Read Markdown. `sources` are the numbers that are citations; other `[n]` stay text. Never throws. */
export function readMarkdown(text: string, sources: ReadonlySet<number>): Block[] {
  return new Reader(sources).blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

/** The cells of a table's row; an escaped `|` is no border. */
function cells(line: string): string[] {
  const inside = line.trim().replace(/^\|/, "").replace(/\|$/, "");
  return inside.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function beginsTable(line: string, next: string | undefined): boolean {
  return line.includes("|") && next !== undefined && next.includes("-") && cells(next).every((cell) => DASHES.test(cell));
}

function begins(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

class Reader {
  constructor(private readonly sources: ReadonlySet<number>) {}

  blocks(lines: readonly string[], depth: number): Block[] {
    if (depth > DEEPEST) return [{ type: "code", text: lines.join("\n") }];
    const found: Block[] = [];
    let at = 0;
    while (at < lines.length) {
      const line = lines[at] ?? "";
      const heading = HEADING.exec(line);
      const read = BLANK.test(line)
        ? { block: null, next: at + 1 }
        : FENCE.test(line)
          ? this.#code(lines, at)
          : heading !== null
            ? { block: this.#heading(heading), next: at + 1 }
            : RULE.test(line)
              ? { block: { type: "rule" } as const, next: at + 1 }
              : QUOTE.test(line)
                ? this.#quote(lines, at, depth)
                : ITEM.test(line)
                  ? this.#list(lines, at, depth)
                  : beginsTable(line, lines[at + 1])
                    ? this.#table(lines, at)
                    : this.#paragraph(lines, at);
      if (read.block !== null) found.push(read.block);
      at = read.next;
    }
    return found;
  }

  #inlines(text: string): Inline[] {
    return readInlines(text, this.sources);
  }

  #heading(found: RegExpExecArray): Block {
    const text = (found[1] ?? "").trimEnd().replace(/[ \t]#+$/, "");
    return { type: "heading", inner: this.#inlines(text) };
  }

  #code(lines: readonly string[], at: number): Read {
    const fence = FENCE.exec(lines[at] ?? "")?.[1] ?? "```";
    let end = at + 1;
    while (end < lines.length && !(lines[end] ?? "").trim().startsWith(fence)) end += 1;
    return { block: { type: "code", text: lines.slice(at + 1, end).join("\n") }, next: end + 1 };
  }

  #quote(lines: readonly string[], at: number, depth: number): Read {
    let end = at;
    while (end < lines.length && QUOTE.test(lines[end] ?? "")) end += 1;
    const inside = lines.slice(at, end).map((line) => line.replace(QUOTE, ""));
    return { block: { type: "quote", blocks: this.blocks(inside, depth + 1) }, next: end };
  }

  #list(lines: readonly string[], at: number, depth: number): Read {
    const first = ITEM.exec(lines[at] ?? "");
    const own = first?.[1]?.length ?? 0;
    const ordered = /\d/.test(first?.[2] ?? "");
    const items: string[][] = [];
    let end = at;
    while (end < lines.length) {
      const line = lines[end] ?? "";
      const item = ITEM.exec(line);
      // Two spaces more than the marker are taken as nesting, as models write it.
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      if (item !== null && indent < own + 2) {
        if (/\d/.test(item[2] ?? "") !== ordered || RULE.test(line)) break;
        items.push([line.slice(item[0].length)]);
      } else if (BLANK.test(line)) {
        const next = lines[end + 1] ?? "";
        if (!ITEM.test(next) && !/^ {2}/.test(next)) break;
        items.at(-1)?.push("");
      } else if (indent >= own + 2) {
        items.at(-1)?.push(line.slice(own + (ordered && indent >= own + 3 ? 3 : 2)));
      } else if (begins(line) || BLANK.test(lines[end - 1] ?? "")) {
        break;
      } else {
        items.at(-1)?.push(line.trimStart());
      }
      end += 1;
    }
    const start = ordered ? Number.parseInt(first?.[2] ?? "1", 10) : null;
    return { block: { type: "list", start, items: items.map((item) => this.blocks(item, depth + 1)) }, next: end };
  }

  #table(lines: readonly string[], at: number): Read {
    const head = cells(lines[at] ?? "").map((cell) => this.#inlines(cell));
    const rows: Inline[][][] = [];
    let end = at + 2;
    while (end < lines.length && (lines[end] ?? "").includes("|")) {
      const row = cells(lines[end] ?? "");
      rows.push(head.map((_, column) => this.#inlines(row[column] ?? "")));
      end += 1;
    }
    return { block: { type: "table", head, rows }, next: end };
  }

  #paragraph(lines: readonly string[], at: number): Read {
    let end = at + 1;
    while (end < lines.length && !BLANK.test(lines[end] ?? "") && !begins(lines[end] ?? "")) end += 1;
    const text = lines.slice(at, end).map((line) => line.trim().replace(/\\$/, ""));
    return { block: { type: "paragraph", inner: this.#inlines(text.join("\n")) }, next: end };
  }
}

interface Read {
  block: Block | null;
  next: number;
}
