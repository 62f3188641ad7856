/** Carrying one message through: ask, follow the stream, and look for the answer where the stream broke. */
import type { Message } from "../../api";
import type { Client } from "../net/client";
import { ask } from "../net/stream";
import { newId } from "../ids";
import { Trouble } from "../net/trouble";
import type { Screen } from "../screen";
import { findReply } from "./recover";
import { advance, begin, type Turn } from "./turn";

export type Ending =
  | { kind: "turn"; turn: Turn }
  /** The reply that was found in the conversation after the connection went. */
  | { kind: "found"; message: Message; conversation: string };

/** One message on its way. `watch` is told of every change. */
export class Runner {
  readonly run = newId();
  readonly #abort = new AbortController();
  turn: Turn;

  constructor(
    private readonly client: Client,
    text: string,
    private readonly thread: string,
    private readonly watch: (turn: Turn) => void,
  ) {
    this.turn = begin(text);
  }

  /** End it here and on the server. The promise of `go` is then rejected with an `AbortError`. */
  stop(): void {
    this.#abort.abort();
    // The server may be away, or done already: either way nothing is left to stop.
    this.client.stop(this.run).catch(() => undefined);
  }

  /** Leave it to itself: it goes on on the server. */
  leave(): void {
    this.#abort.abort();
  }

  /** The whole way. Throws `Trouble` where no answer is to be had. */
  async go(screen: Screen | null): Promise<Ending> {
    const question = { thread: this.thread, run: this.run, text: this.turn.asked, screen };
    try {
      for await (const event of ask(this.client, question, this.#abort.signal)) this.#set(advance(this.turn, event));
      return { kind: "turn", turn: this.turn };
    } catch (fault) {
      // A whole reply may have come before the connection went.
      if (this.turn.reply !== null) return { kind: "turn", turn: this.turn };
      const { conversation } = this.turn;
      if (!(fault instanceof Trouble) || fault.code !== "lost" || conversation === null) throw fault;
      return this.search(conversation);
    }
  }

  /** Look for the answer in the conversation, as after a reload. */
  async search(conversation: string): Promise<Ending> {
    this.#set({ ...this.turn, searching: true, step: null });
    const { message, asked } = this.turn;
    const found = await findReply(this.client, conversation, message, asked, this.#abort.signal);
    return { kind: "found", message: found, conversation };
  }

  #set(turn: Turn): void {
    this.turn = turn;
    this.watch(turn);
  }
}
