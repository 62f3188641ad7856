/** What the person does on a proposal's card before it is sent: pure, as in a form. */
import type { Proposal, ProposalInput, ProposalItem } from "../../api";
import type { Trouble } from "../net/trouble";

export type Deed = "confirm" | "reject" | "undo";
export type Values = Readonly<Record<string, string>>;

export interface Pending {
  /** Items of a batch that are not to be done. */
  readonly leftOut: ReadonlySet<number>;
  /** Values that replace the proposed ones, by item. */
  readonly edits: ReadonlyMap<number, Values>;
  /** What stands in the fields of items that are open for editing. */
  readonly typing: ReadonlyMap<number, Values>;
  /** Required fields that were left empty, as `n/name`. */
  readonly empty: ReadonlySet<string>;
  /** The reason is being asked for. */
  readonly rejecting: boolean;
  readonly doing: Deed | "again" | null;
  readonly trouble: Trouble | null;
}

/** The body of `POST /api/v1/proposals/{code}/confirm`. */
export interface Confirming {
  items?: number[];
  edits?: Record<string, Record<string, string>>;
}

/** A card nobody has touched. Items that cannot be done as they are begin left out. */
export function untouched(proposal: Proposal): Pending {
  const many = proposal.items.length > 1;
  const leftOut = new Set(many ? proposal.items.filter(({ problem }) => problem !== null).map(({ n }) => n) : []);
  const none = new Map<number, Values>();
  return { leftOut, edits: none, typing: none, empty: new Set(), rejecting: false, doing: null, trouble: null };
}

/** The items that will be done. */
export function chosen(proposal: Proposal, pending: Pending): ProposalItem[] {
  return proposal.items.filter(({ n, state }) => state === "open" && !pending.leftOut.has(n));
}

/** The value of an input as it will be sent. */
export function valueOf(item: ProposalItem, input: ProposalInput, pending: Pending): string {
  return pending.edits.get(item.n)?.[input.name] ?? input.value ?? "";
}

/** The value that stands in an open field. */
export function typedIn(item: ProposalItem, input: ProposalInput, pending: Pending): string {
  return pending.typing.get(item.n)?.[input.name] ?? valueOf(item, input, pending);
}

/** An item opened for editing. */
export function opened(pending: Pending, n: number): Pending {
  return { ...pending, typing: new Map(pending.typing).set(n, pending.edits.get(n) ?? {}) };
}

/** A field changed. */
export function typed(pending: Pending, n: number, name: string, value: string): Pending {
  const typing = new Map(pending.typing).set(n, { ...pending.typing.get(n), [name]: value });
  const empty = new Set(pending.empty);
  empty.delete(`${n}/${name}`);
  return { ...pending, typing, empty };
}

/** An item closed without its changes. */
export function closed(pending: Pending, n: number): Pending {
  const typing = new Map(pending.typing);
  typing.delete(n);
  const empty = new Set([...pending.empty].filter((key) => !key.startsWith(`${n}/`)));
  return { ...pending, typing, empty };
}

/** An item closed with its changes; it stays open, with `empty` naming why, where a required field is empty. */
export function kept(pending: Pending, item: ProposalItem): Pending {
  const values = pending.typing.get(item.n);
  if (values === undefined) return pending;
  const missing = item.inputs.filter((input) => input.required && typedIn(item, input, pending).trim() === "");
  if (missing.length > 0) {
    return { ...pending, empty: new Set([...pending.empty, ...missing.map(({ name }) => `${item.n}/${name}`)]) };
  }
  return { ...closed(pending, item.n), edits: new Map(pending.edits).set(item.n, { ...pending.edits.get(item.n), ...values }) };
}

/** Put an item of a batch in or out. */
export function toggled(pending: Pending, n: number): Pending {
  const leftOut = new Set(pending.leftOut);
  if (!leftOut.delete(n)) leftOut.add(n);
  return { ...pending, leftOut };
}

/** What to send: only chosen items, and only values that differ from the proposed ones. */
export function confirming(proposal: Proposal, pending: Pending): Confirming {
  const items = chosen(proposal, pending);
  const body: Confirming = {};
  if (items.length < proposal.items.filter(({ state }) => state === "open").length) body.items = items.map(({ n }) => n);
  for (const item of items) {
    const changed = item.inputs.filter((input) => valueOf(item, input, pending) !== (input.value ?? ""));
    if (changed.length === 0) continue;
    const values = Object.fromEntries(changed.map((input) => [input.name, valueOf(item, input, pending)]));
    body.edits = { ...body.edits, [String(item.n)]: values };
  }
  return body;
}
