/** Earlier conversations: found by page and by words, given other titles, erased. */
import type { Conversation } from "../../api";
import type { Client } from "../net/client";
import { asTrouble, type Trouble } from "../net/trouble";

const PAGE = 30;
/** As long as a person pauses between letters. */
const PAUSE = 250;

/** Holds no words. `changed` is called after every change; `focus` moves the keyboard to what has just appeared. */
export class Past {
  rows: readonly Conversation[] = [];
  search = "";
  loading = false;
  /** There are more than are shown. */
  more = false;
  trouble: Trouble | null = null;
  /** The conversation whose title is being typed, or whose erasing is asked about. */
  open: { id: string; for: "rename" | "erase"; working: boolean } | null = null;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: () => Client,
    private readonly changed: () => void,
    private readonly focus: (key: string) => void,
    /** A conversation is gone. */
    private readonly erased: (id: string) => void,
  ) {}

  /** The first page of what is searched for; with `next` the page after those shown. */
  async load(next = false): Promise<void> {
    const asked = (this.#asked += 1);
    const offset = next ? this.rows.length : 0;
    this.loading = true;
    this.trouble = null;
    this.changed();
    try {
      // One more than is shown tells whether there are more.
      const found = await this.client().conversations(this.search.trim(), offset, PAGE + 1);
      // What was asked for since counts.
      if (asked !== this.#asked) return;
      const known = new Set(next ? this.rows.map(({ id }) => id) : []);
      this.rows = [...(next ? this.rows : []), ...found.slice(0, PAGE).filter(({ id }) => !known.has(id))];
      this.more = found.length > PAGE;
    } catch (fault) {
      if (asked === this.#asked) this.trouble = asTrouble(fault);
    }
    this.loading = false;
    this.changed();
  }

  /** Search while typing. */
  find(words: string): void {
    this.search = words;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), PAUSE);
    this.changed();
  }

  /** Begin with the whole list, as when the page is opened. */
  begin(): Promise<void> {
    clearTimeout(this.#timer);
    this.search = "";
    this.open = null;
    return this.load();
  }

  ask(id: string, what: "rename" | "erase"): void {
    this.open = { id, for: what, working: false };
    this.trouble = null;
    this.changed();
    this.focus(`${id}/${what}`);
  }

  cancel(): void {
    const { open } = this;
    this.open = null;
    this.changed();
    if (open) this.focus(open.id);
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#do(id, async () => {
      const renamed = await this.client().rename(id, title);
      this.rows = this.rows.map((row) => (row.id === id ? renamed : row));
    });
  }

  async erase(id: string): Promise<void> {
    const place = this.rows.findIndex((row) => row.id === id);
    await this.#do(id, async () => {
      await this.client().erase(id);
      this.rows = this.rows.filter((row) => row.id !== id);
      this.erased(id);
    });
    const next = this.rows[place] ?? this.rows.at(-1);
    if (this.open === null) this.focus(next?.id ?? "history");
  }

  async #do(id: string, work: () => Promise<void>): Promise<void> {
    const { open } = this;
    if (open === null || open.working) return;
    this.open = { ...open, working: true };
    this.trouble = null;
    this.changed();
    try {
      await work();
      this.open = null;
    } catch (fault) {
      this.trouble = asTrouble(fault);
      this.open = { ...open, working: false };
    }
    this.changed();
    if (this.open === null) this.focus(id);
  }
}
