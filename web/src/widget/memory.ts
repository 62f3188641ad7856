/** What survives a reload of the tab: kept in `sessionStorage`, apart for every server and user. */

export interface Remembered {
  open: boolean;
  wide: boolean;
  conversation: string | null;
  draft: string;
  /** A message that was sent and not yet answered. */
  sent: string | null;
  /** Proposals that were asked for again: what has come in place of which. */
  renewed: Readonly<Record<string, string>>;
}

const NOTHING: Remembered = { open: false, wide: false, conversation: null, draft: "", sent: null, renewed: {} };

/** One user's memory in this tab. A browser without storage remembers until the page goes. */
export class Memory {
  #key: string;
  #now: Remembered;

  constructor(url: string, user: string, storage: Storage | null) {
    this.#key = `robo:${url}:${user}`;
    this.storage = storage;
    this.#now = this.#read();
  }

  private readonly storage: Storage | null;

  get value(): Readonly<Remembered> {
    return this.#now;
  }

  /** Change some of it. */
  keep(changes: Partial<Remembered>): void {
    this.#now = { ...this.#now, ...changes };
    try {
      this.storage?.setItem(this.#key, JSON.stringify(this.#now));
    } catch {
      // Full or forbidden storage: this page still works, only a reload forgets.
    }
  }

  /** Forget everything, as at signing out. */
  forget(): void {
    this.#now = NOTHING;
    try {
      this.storage?.removeItem(this.#key);
    } catch {
      // See above.
    }
  }

  #read(): Remembered {
    try {
      const found: unknown = JSON.parse(this.storage?.getItem(this.#key) ?? "null");
      return typeof found === "object" && found !== null ? { ...NOTHING, ...found } : NOTHING;
    } catch {
      return NOTHING;
    }
  }
}

/** The tab's storage, or none where the browser refuses it. */
export function tabStorage(): Storage | null {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}
