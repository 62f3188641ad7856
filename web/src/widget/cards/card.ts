/** The cards a reply is shown as: a closed set. A new kind is a member here and a view in the registry. */
import type { Citation, Clarification, Link, Offer, OfferRequest, Proposal } from "../../api";
import type { ReplyItem } from "../talk/items";
import type { Trouble } from "../net/trouble";

export type Card =
  | { type: "asked"; text: string }
  | { type: "text"; text: string; citations: readonly Citation[] }
  | { type: "warnings"; texts: readonly string[] }
  | { type: "choices"; clarification: Clarification; picked: string | null; open: boolean }
  | { type: "offer"; offer: Offer; item: ReplyItem }
  | { type: "proposal"; proposal: Proposal; id: string }
  | { type: "request"; request: OfferRequest; id: string }
  | { type: "links"; links: readonly Link[] }
  | { type: "citations"; id: string; citations: readonly Citation[] }
  | { type: "notice"; text: string }
  | { type: "trouble"; trouble: Trouble; again: (() => void) | null };

export type CardOf<T extends Card["type"]> = Extract<Card, { type: T }>;

/**
 * The cards of a reply, in the order they are read. `last` is true while its question can still be answered, `again`
 * where a later reply shows the same proposal: it is decided about in one place.
 */
export function cardsOf(item: ReplyItem, last: boolean, again = false): Card[] {
  const { reply, picked } = item;
  const citations = reply.citations;
  // Without the card for it, a text that repeats the question alone would show it twice.
  const cards: Card[] = [{ type: "text", text: reply.text, citations }];
  if (reply.asked_as !== "") cards.unshift({ type: "asked", text: reply.asked_as });
  // An offer shows its own warnings; those of the reply are often the same sentences.
  const told = new Set(reply.offer?.warnings ?? []);
  const warnings = reply.warnings.filter((text) => !told.has(text));
  if (warnings.length > 0) cards.push({ type: "warnings", texts: warnings });
  if (reply.clarification) {
    cards.push({ type: "choices", clarification: reply.clarification, picked, open: last && picked === null });
  }
  if (reply.offer) cards.push({ type: "offer", offer: reply.offer, item });
  if (reply.proposal && !again) cards.push({ type: "proposal", proposal: reply.proposal, id: item.id });
  if (reply.request) cards.push({ type: "request", request: reply.request, id: item.id });
  if (reply.links.length > 0) cards.push({ type: "links", links: reply.links });
  if (citations.length > 0) cards.push({ type: "citations", id: item.id, citations });
  return cards;
}
