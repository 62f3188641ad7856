/** Proposals: what the person decides, carried out once, and what stands on their cards meanwhile. */
import type { Proposal } from "../../api";
import { asTrouble } from "../net/trouble";
import type { Chat } from "./chat";
import { confirming, type Deed, kept, type Pending, untouched } from "./pending";

/** Holds no words. `show` is called after every change; `focus` moves the keyboard to what has just appeared. */
export class Decisions {
  readonly #pending = new Map<string, Pending>();

  constructor(
    private readonly chat: () => Chat | null,
    private readonly show: () => void,
    private readonly focus: (key: string) => void,
  ) {}

  pending(proposal: Proposal): Pending {
    return this.#pending.get(proposal.code) ?? untouched(proposal);
  }

  /** Change what stands on the card. Nothing changes while something is being carried out. */
  change(proposal: Proposal, to: (pending: Pending) => Pending, focus?: string): void {
    const before = this.pending(proposal);
    if (before.doing !== null) return;
    this.#set(proposal, to(before));
    if (focus !== undefined) this.focus(focus);
  }

  /** Close an item with what was typed; else the keyboard goes to the field that is missing. */
  keep(proposal: Proposal, n: number): boolean {
    const item = proposal.items.find((one) => one.n === n);
    if (item === undefined) return true;
    this.change(proposal, (pending) => kept(pending, item));
    const { empty, typing } = this.pending(proposal);
    const missing = item.inputs.find(({ name }) => empty.has(`${n}/${name}`));
    this.focus(missing ? fieldKey(proposal.code, n, missing.name) : editKey(proposal.code, n));
    return !typing.has(n);
  }

  /** Carry out a decision; a second click while it is on its way does nothing. */
  async decide(proposal: Proposal, deed: Deed, reason = ""): Promise<void> {
    const chat = this.chat();
    const { doing, typing } = this.pending(proposal);
    if (chat === null || doing !== null) return;
    // What stands in open fields counts as said.
    if (deed === "confirm" && ![...typing.keys()].every((n) => this.keep(proposal, n))) return;
    const body = confirming(proposal, this.pending(proposal));
    this.#set(proposal, { ...this.pending(proposal), doing: deed, trouble: null });
    try {
      await chat.decide(proposal.code, deed, deed === "confirm" ? body : deed === "reject" && reason !== "" ? { reason } : {});
      this.#pending.delete(proposal.code);
    } catch (fault) {
      this.#set(proposal, { ...this.pending(proposal), doing: null, trouble: asTrouble(fault) });
    }
    this.show();
    this.focus(resultKey(proposal.code));
  }

  /** Have what was left undone proposed anew. */
  async again(proposal: Proposal): Promise<void> {
    const chat = this.chat();
    if (chat === null || this.pending(proposal).doing !== null) return;
    this.#set(proposal, { ...this.pending(proposal), doing: "again", trouble: null });
    let shown = proposal.code;
    try {
      shown = await chat.proposeAgain(proposal.code);
      this.#pending.delete(proposal.code);
    } catch (fault) {
      this.#set(proposal, { ...this.pending(proposal), doing: null, trouble: asTrouble(fault) });
    }
    this.show();
    this.focus(resultKey(shown));
  }

  /** Whether the card's time ran out, as the server sees it. */
  async look(code: string): Promise<void> {
    await this.chat()?.showNewestProposal(code);
  }

  #set(proposal: Proposal, pending: Pending): void {
    this.#pending.set(proposal.code, pending);
    this.show();
  }
}

/** The key of what came of a decision, for the focus. */
export function resultKey(code: string): string {
  return `${code}/result`;
}

/** The key of an item's "Edit" button. */
export function editKey(code: string, n: number): string {
  return `${code}/${n}`;
}

/** The key of a field. */
export function fieldKey(code: string, n: number, name: string): string {
  return `${code}/${n}/${name}`;
}
