/** A booted widget's working parts: the user's token, the calls, the memory and the conversation. */
import { Memory, tabStorage } from "./memory";
import { Client } from "./net/client";
import { Tokens } from "./net/token";
import { asTrouble, type Trouble } from "./net/trouble";
import type { BootOptions } from "./options";
import { Chat, type ChatEvent } from "./talk/chat";

/** From `boot` to `shutdown`. `changed` is called whenever something shown may have changed. */
export class Session {
  readonly client: Client;
  readonly tokens: Tokens;
  /** Why nothing can be asked at all: no token, or no server. */
  trouble: Trouble | null = null;
  ready = false;
  readonly #suggested = new Map<string, string[]>();
  readonly #unsuggested = new Set<string>();
  #memory: Memory | null = null;
  #chat: Chat | null = null;

  constructor(
    private readonly url: string,
    options: BootOptions,
    locale: string,
    private readonly changed: () => void,
    private readonly tell: (event: ChatEvent, detail: unknown) => void,
  ) {
    this.tokens = new Tokens(options.getToken);
    this.client = new Client(url, this.tokens, locale);
    if (options.user !== undefined) this.#remember(options.user);
  }

  get chat(): Chat | null {
    return this.#chat;
  }

  get memory(): Memory | null {
    return this.#memory;
  }

  /** Try once more what failed. */
  retry: () => Promise<void> = () => this.start();

  /** Get a token and what this tab remembers. Never throws: `trouble` says what is wrong, and `start` can be called again. */
  async start(): Promise<void> {
    await this.#try(
      async () => {
        await this.tokens.get();
        if (this.#memory === null) this.#remember(this.tokens.subject ?? "");
        // Whoever was quicker than this and has begun to talk keeps what is on show.
        if (!this.ready && this.#chat?.items.length === 0 && !this.#chat.busy) await this.#chat.restore();
        this.ready = true;
      },
      () => this.start(),
    );
  }

  /** Open a stored conversation. Never throws, as `start`. */
  async open(conversation: string): Promise<void> {
    await this.#try(
      async () => this.#chat?.open(conversation),
      () => this.open(conversation),
    );
  }

  /** The page is back from where browsers keep pages that were left: take up what went on meanwhile. */
  async resume(): Promise<void> {
    const conversation = this.#chat?.conversation;
    if (conversation) await this.open(conversation);
  }

  async #try(work: () => Promise<unknown>, retry: () => Promise<void>): Promise<void> {
    this.trouble = null;
    this.changed();
    try {
      await work();
    } catch (fault) {
      this.trouble = asTrouble(fault);
      this.retry = retry;
    }
    this.changed();
  }

  /** Questions for a screen, in the user's language; none where they cannot be had. */
  suggestions(screen: string | null): readonly string[] {
    const key = screen ?? "";
    const known = this.#suggested.get(key);
    if (known !== undefined || !this.ready) return known ?? [];
    this.#suggested.set(key, []);
    this.client.suggestions(key).then(
      (questions) => {
        this.#suggested.set(key, questions.slice(0, 4));
        this.changed();
      },
      // They are a help, not a need: without them the conversation simply starts empty. Asked again at the next opening.
      () => this.#unsuggested.add(key),
    );
    return [];
  }

  /** Let what could not be had be asked for again. */
  refresh(): void {
    for (const key of this.#unsuggested) this.#suggested.delete(key);
    this.#unsuggested.clear();
  }

  /** End: the token and what the tab remembers are forgotten, as at signing out. */
  end(): void {
    this.#chat?.dispose();
    this.tokens.forget();
    this.#memory?.forget();
  }

  /** The page goes: what was asked goes on on the server, and is found again after a reload. */
  leave(): void {
    this.#chat?.dispose();
  }

  #remember(user: string): void {
    this.#memory = new Memory(this.url, user, tabStorage());
    this.#chat = new Chat(this.client, this.#memory, this.changed, this.tell);
  }
}
