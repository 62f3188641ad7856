/** The conversation on show: what was said, what is being asked, and what may be done next. */
import type { Offer, Proposal, Rating, ReasonChoice } from "../../api";
import type { Client } from "../net/client";
import { asTrouble, Trouble } from "../net/trouble";
import type { Memory } from "../memory";
import type { Screen } from "../screen";
import { answered, type Item, itemsOf, replied, type ReplyItem } from "./items";
import { type Ending, Runner } from "./runner";
import { newId } from "../ids";
import type { Deed } from "./pending";
import type { Turn } from "./turn";

export type ChatEvent = "reply" | "offer" | "proposal" | "issued" | "changed" | "error";

const DECIDED: Record<Deed, Proposal["state"]> = { confirm: "confirmed", reject: "rejected", undo: "undone" };

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
    return this.turn !== null || this.loading;
  }

  /** Send a message in this conversation. One at a time: while one is on its way nothing is sent. */
  async send(text: string, screen: Screen | null): Promise<void> {
    if (this.busy || text.trim() === "") return;
    const shown = answered(this.items, text);
    this.#add({ kind: "mine", id: this.#id(), text: shown });
    this.memory.keep({ sent: text });
    // Before the server has named the conversation, a thread of our own stands for it.
    const thread = this.conversation ?? newId();
    await this.#follow(text, thread, (runner) => runner.go(screen));
  }

  /** Send the message of a failed turn once more, in place of the one that failed. */
  async again(item: Item, screen: Screen | null): Promise<void> {
    if (item.kind !== "trouble" || item.again === null || this.busy) return;
    const text = item.again;
    const place = this.items.indexOf(item);
    const mine = this.items.findLastIndex((other, index) => index < place && other.kind === "mine");
    this.items = this.items.filter((_, index) => index !== place && index !== mine);
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
    this.#clear();
    this.loading = true;
    this.conversation = conversation;
    this.changed();
    try {
      const messages = await this.client.messages(conversation);
      if (this.conversation !== conversation) return;
      this.items = itemsOf(messages);
      void this.#refreshOffers();
      void this.#refreshProposals();
      this.memory.keep({ conversation });
      const { sent } = this.memory.value;
      const last = messages.at(-1);
      if (sent !== null && last?.role === "user" && last.text === sent) {
        void this.#follow(sent, conversation, (runner) => runner.search(conversation));
      } else if (sent !== null) {
        this.#unanswered(sent, messages.some((m) => m.role === "user" && m.text === sent));
      }
    } finally {
      this.loading = false;
      this.changed();
    }
  }

  /** What this tab remembers: the conversation that was open, and a message that never got its answer. */
  async restore(): Promise<void> {
    const { conversation, sent } = this.memory.value;
    if (conversation === null) {
      if (sent !== null) this.#unanswered(sent, false);
      return;
    }
    try {
      await this.open(conversation);
    } catch (fault) {
      // One that is not there any more is no reason not to begin another.
      if (!(fault instanceof Trouble) || fault.code !== "refused") throw fault;
      this.startNew();
    }
  }

  /** An empty conversation. One that is being answered is left to itself. */
  startNew(): void {
    this.#clear();
    this.memory.keep({ conversation: null, sent: null });
    this.changed();
  }

  /** Keep what the user thinks of a reply; `null` takes it back. Throws `Trouble`, and shows what was there before. */
  async rate(item: ReplyItem, rating: Rating | null, choice: ReasonChoice | null = null, reason: string | null = null): Promise<void> {
    this.#replace(item.id, (old) => ({ ...old, rating, choice, reason }));
    try {
      await this.client.rate(item.reply.message_id, rating, choice, reason);
    } catch (fault) {
      const { rating, choice, reason } = item;
      this.#replace(item.id, (old) => ({ ...old, rating, choice, reason }));
      throw asTrouble(fault);
    }
  }

  /** Hand the conversation to the person with this login. Throws `Trouble`. */
  async handOver(to: string, note: string): Promise<void> {
    if (this.conversation === null) return;
    const handover = await this.client.handOver(this.conversation, to, note);
    this.#add({ kind: "handed", id: handover.id, handover });
  }

  /** See whether somebody has answered what was handed over. What cannot be had now is had the next time. */
  async refreshHandovers(): Promise<void> {
    const { conversation } = this;
    const waits = this.items.some((item) => item.kind === "handed" && item.handover.state === "open");
    if (conversation === null || !waits) return;
    const found = await this.client.messages(conversation).catch(() => []);
    const newest = new Map(found.flatMap(({ id, handover }) => (handover ? [[id, handover] as const] : [])));
    this.items = this.items.map((item) => (item.kind === "handed" ? { ...item, handover: newest.get(item.id) ?? item.handover } : item));
    this.changed();
  }

  /** Issue an offer as its card shows it, and show the state it is in afterwards. Throws `Trouble`. */
  async issue(item: ReplyItem): Promise<void> {
    const { offer } = item.reply;
    if (!offer) return;
    try {
      const issued: Offer = await this.client.issue(offer.number, offer.version);
      this.#showOffer(issued);
      this.tell("issued", issued);
      this.tell("changed", { offer: issued.number });
    } catch (fault) {
      const trouble = asTrouble(fault);
      // Refused because of what the offer has become: the card shows that beside the reason.
      if (trouble.code === "refused") await this.#showNewest(offer.number);
      throw trouble;
    }
  }

  /** An offer was made of a file. */
  offered(offer: Offer): void {
    this.tell("offer", offer);
    this.tell("changed", { offer: offer.number });
  }

  /**
   * Carry out what the person decided about proposed changes, and show what came of it. Throws `Trouble`; the card then
   * shows the proposal as it has become.
   */
  async decide(code: string, deed: Deed, body: unknown): Promise<void> {
    try {
      this.#decided(await this.client.decide(code, deed, body), deed);
    } catch (fault) {
      const newest = await this.showNewestProposal(code);
      // An answer that was lost on the way is an answer all the same.
      if (newest?.state === DECIDED[deed]) this.#decided(newest, deed);
      else throw asTrouble(fault);
    }
  }

  /** Have what was left undone proposed anew, in place of `code`. Throws `Trouble`. Gives the new one's code. */
  async proposeAgain(code: string): Promise<string> {
    const renewed = await this.client.proposeAgain(code);
    this.memory.keep({ renewed: { ...this.memory.value.renewed, [code]: renewed.code } });
    this.#showProposal(renewed, code);
    this.tell("proposal", renewed);
    return renewed.code;
  }

  /** Show a proposal, or what has come in its place, as the server has it; `null` where it cannot be had. */
  async showNewestProposal(code: string): Promise<Proposal | null> {
    let last = code;
    for (let next: string | undefined = code; next !== undefined; next = this.memory.value.renewed[next]) last = next;
    try {
      const newest = await this.client.proposal(last);
      this.#showProposal(newest, code);
      return newest;
    } catch {
      return null;
    }
  }

  /** Leave everything to itself, as when the page goes: what was asked goes on on the server. */
  dispose(): void {
    this.#runner?.leave();
    this.#runner = null;
    this.turn = null;
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

  /** A stored reply shows its offer as it was then; since then it may have been issued or changed. */
  async #refreshOffers(): Promise<void> {
    const shown = this.items.filter((item): item is ReplyItem => item.kind === "reply" && !!item.reply.offer);
    for (const number of new Set(shown.map(({ reply }) => reply.offer?.number ?? ""))) {
      await this.#showNewest(number);
    }
  }

  async #showNewest(number: string): Promise<void> {
    try {
      this.#showOffer(await this.client.offer(number));
    } catch {
      // Gone, or not to be reached: what was said then stays.
    }
  }

  #showOffer(offer: Offer): void {
    for (const item of this.items) {
      if (item.kind !== "reply" || item.reply.offer?.number !== offer.number) continue;
      this.#replace(item.id, (old) => ({ ...old, reply: { ...old.reply, offer } }));
    }
  }

  #decided(proposal: Proposal, deed: Deed): void {
    this.#showProposal(proposal);
    this.tell("proposal", proposal);
    if (deed !== "reject") this.tell("changed", { proposal: proposal.code });
  }

  /** A stored proposal was open then; since then it may have been decided, or have run out. */
  async #refreshProposals(): Promise<void> {
    const codes = this.items.flatMap((item) => (item.kind === "reply" && item.reply.proposal ? [item.reply.proposal.code] : []));
    for (const code of new Set(codes)) await this.showNewestProposal(code);
  }

  #showProposal(proposal: Proposal, inPlaceOf = proposal.code): void {
    for (const item of this.items) {
      if (item.kind !== "reply" || item.reply.proposal?.code !== inPlaceOf) continue;
      this.#replace(item.id, (old) => ({ ...old, reply: { ...old.reply, proposal } }));
    }
  }

  /** A message of before a reload that the server has not, or whose answer is not to be found any more. */
  #unanswered(text: string, kept: boolean): void {
    this.memory.keep({ sent: null });
    if (kept) return;
    this.#add({ kind: "mine", id: this.#id(), text });
    this.#fail(new Trouble("lost"), text);
  }

  #clear(): void {
    this.#runner?.leave();
    this.#runner = null;
    this.turn = null;
    this.items = [];
    this.conversation = null;
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
      this.#add(replied(reply.message_id, reply));
      this.tell("reply", reply);
      if (reply.offer) this.tell("offer", reply.offer);
      if (reply.proposal) this.tell("proposal", reply.proposal);
    } else if (failure?.code === "stopped" || failure === null) {
      this.#add({ kind: "said", id: this.#id(), text, stopped: true });
    } else {
      this.#fail(new Trouble("refused", failure.message), asked);
    }
  }

  #fail(trouble: Trouble, again: string | null): void {
    this.#over();
    // Kept through a reload until it is sent again or something else is.
    this.memory.keep({ sent: again });
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
