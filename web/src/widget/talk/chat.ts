/** The conversation on show: what was said, what is being asked, and what may be done next. */
import type { Conversation, Offer, Rating } from "../../api";
import type { Client } from "../net/client";
import { asTrouble, Trouble } from "../net/trouble";
import type { Memory } from "../memory";
import type { Screen } from "../screen";
import { answered, type Item, itemsOf, type ReplyItem } from "./items";
import { type Ending, Runner } from "./runner";
import type { Turn } from "./turn";

export type ChatEvent = "reply" | "offer" | "issued" | "error";

/** Holds no element and no words. `changed` is called after every change; `tell` of what a host may listen to. */
export class Chat {
  items: Item[] = [];
  conversation: string | null = null;
  turn: Turn | null = null;
  loading = false;
  #runner: Runner | null = null;
  #serial = 0;

  constructor(
    private readonly client: Client,
    private readonly memory: Memory,
    private readonly changed: () => void,
    private readonly tell: (event: ChatEvent, detail: unknown) => void,
  ) {}

  get busy(): boolean {
    return this.turn !== null;
  }

  /** Send a message in this conversation. One at a time: while one is on its way nothing is sent. */
  async send(text: string, screen: Screen | null): Promise<void> {
    if (this.busy || text.trim() === "") return;
    this.items = this.items.filter((item) => item.kind !== "trouble");
    answered(this.items, text);
    this.#add({ kind: "mine", id: this.#id(), text });
    this.memory.keep({ sent: text });
    // Before the server has named the conversation, a thread of our own stands for it.
    const thread = this.conversation ?? crypto.randomUUID();
    await this.#follow(text, thread, (runner) => runner.go(screen));
  }

  /** Send the message of a failed turn once more, in place of the one that failed. */
  async again(item: Item, screen: Screen | null): Promise<void> {
    if (item.kind !== "trouble" || item.again === null || this.busy) return;
    const text = item.again;
    const place = this.items.findLastIndex((other) => other.kind === "mine" && other.text === text);
    this.items = this.items.filter((_, index) => index !== place);
    await this.send(text, screen);
  }

  /** Stop the answer that is on its way. */
  stop(): void {
    const { turn } = this;
    this.#runner?.stop();
    if (turn === null) return;
    this.#over();
    this.#add({ kind: "said", id: this.#id(), text: turn.text, stopped: true });
  }

  /** Open a stored conversation; goes on waiting for an answer that was on its way when it was left. */
  async open(conversation: string): Promise<void> {
    this.startNew();
    this.loading = true;
    this.conversation = conversation;
    this.changed();
    try {
      const messages = await this.client.messages(conversation);
      if (this.conversation !== conversation) return;
      this.items = itemsOf(messages);
      this.memory.keep({ conversation });
      const last = messages.at(-1);
      if (last?.role === "user" && this.memory.value.sent === last.text) {
        void this.#follow(last.text, conversation, (runner) => runner.search(conversation));
      }
    } finally {
      this.loading = false;
      this.changed();
    }
  }

  /** An empty conversation. One that is being answered is left to itself. */
  startNew(): void {
    this.#runner?.leave();
    this.#over();
    this.items = [];
    this.conversation = null;
    this.memory.keep({ conversation: null });
    this.changed();
  }

  /** The user's conversations, newest first. */
  history(): Promise<Conversation[]> {
    return this.client.conversations();
  }

  /** Keep what the user thinks of a reply. Throws `Trouble`, and takes the mark back. */
  async rate(item: ReplyItem, rating: Rating, reason: string | null): Promise<void> {
    this.#replace(item.id, (old) => ({ ...old, rating }));
    try {
      await this.client.rate(item.reply.message_id, rating, reason);
    } catch (fault) {
      this.#replace(item.id, (old) => ({ ...old, rating: item.rating }));
      throw asTrouble(fault);
    }
  }

  /** Issue an offer and show the state it is in afterwards. Throws `Trouble`. */
  async issue(item: ReplyItem): Promise<void> {
    const { offer } = item.reply;
    if (!offer) return;
    const issued: Offer = await this.client.issue(offer.number);
    this.#replace(item.id, (old) => ({ ...old, reply: { ...old.reply, offer: issued } }));
    this.tell("issued", issued);
  }

  /** Leave everything to itself, as when the widget is taken off the page. */
  dispose(): void {
    this.#runner?.leave();
    this.#runner = null;
  }

  async #follow(text: string, thread: string, way: (runner: Runner) => Promise<Ending>): Promise<void> {
    const runner = new Runner(this.client, text, thread, (turn) => {
      if (this.#runner === runner) this.#set(turn);
    });
    this.#runner = runner;
    this.#set(runner.turn);
    try {
      const ending = await way(runner);
      if (this.#runner === runner) this.#end(ending);
    } catch (fault) {
      if (this.#runner === runner) this.#fail(asTrouble(fault), text);
    }
  }

  #set(turn: Turn): void {
    this.turn = turn;
    if (turn.conversation !== null && turn.conversation !== this.conversation) {
      this.conversation = turn.conversation;
      this.memory.keep({ conversation: turn.conversation });
    }
    this.changed();
  }

  #end(ending: Ending): void {
    const asked = this.turn?.asked ?? null;
    this.#over();
    if (ending.kind === "found") {
      for (const item of itemsOf([ending.message])) this.#add(item);
      return;
    }
    const { reply, failure, text } = ending.turn;
    if (reply !== null) {
      this.#add({ kind: "reply", id: reply.message_id, reply, rating: null, picked: null });
      this.tell("reply", reply);
      if (reply.offer) this.tell("offer", reply.offer);
    } else if (failure?.code === "stopped" || failure === null) {
      this.#add({ kind: "said", id: this.#id(), text, stopped: true });
    } else {
      this.#fail(new Trouble("refused", failure.message), asked);
    }
  }

  #fail(trouble: Trouble, again: string | null): void {
    this.#over();
    this.#add({ kind: "trouble", id: this.#id(), trouble, again });
    this.tell("error", { code: trouble.code, message: trouble.sentence });
  }

  #over(): void {
    this.#runner = null;
    this.turn = null;
    this.memory.keep({ sent: null });
  }

  #add(item: Item): void {
    this.items = [...this.items, item];
    this.changed();
  }

  #replace(id: string, change: (item: ReplyItem) => ReplyItem): void {
    this.items = this.items.map((item) => (item.kind === "reply" && item.id === id ? change(item) : item));
    this.changed();
  }

  #id(): string {
    this.#serial += 1;
    return `own-${this.#serial}`;
  }
}
