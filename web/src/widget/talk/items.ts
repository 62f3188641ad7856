/** What a conversation is made of, as the widget shows it. */
import type { Handover, Message, Rating, ReasonChoice, Reply } from "../../api";
import type { Trouble } from "../net/trouble";

export type Item =
  | { kind: "mine"; id: string; text: string }
  | ReplyItem
  /** The conversation was handed to a person, and what they answered. */
  | { kind: "handed"; id: string; handover: Handover }
  /** The assistant's words without a reply's parts: what was said before it was stopped. */
  | { kind: "said"; id: string; text: string; stopped: boolean }
  /** `again` is the message that can be sent once more. */
  | { kind: "trouble"; id: string; trouble: Trouble; again: string | null };

export interface ReplyItem {
  kind: "reply";
  id: string;
  reply: Reply;
  rating: Rating | null;
  /** Why it was rated badly: one of a few reasons, words, or both. */
  choice: ReasonChoice | null;
  reason: string | null;
  /** Where the reply asked and was answered: the label of the choice that was taken, "" for other words. */
  picked: string | null;
}

/** A reply nobody has said anything about. */
export function replied(id: string, reply: Reply): ReplyItem {
  return { kind: "reply", id, reply, rating: null, choice: null, reason: null, picked: null };
}

/** The items of a stored conversation, oldest first. */
export function itemsOf(messages: readonly Message[]): Item[] {
  const items: Item[] = [];
  for (const { id, role, text, reply, rating, choice, reason, handover } of messages) {
    if (handover) items.push({ kind: "handed", id, handover });
    else if (role === "user") items.push({ kind: "mine", id, text: answered(items, text) });
    else if (reply === null) items.push({ kind: "said", id, text, stopped: false });
    else items.push({ ...replied(id, reply), rating: rating === 1 || rating === -1 ? rating : null, choice: choice ?? null, reason: reason ?? null });
  }
  return items;
}

/**
 * A question of the assistant's that `text` answers shows what was picked, and takes no further answer. Gives the
 * words to show for the answer: a choice's label stands for its value.
 */
export function answered(items: Item[], text: string): string {
  const last = items.at(-1);
  if (last?.kind !== "reply" || !last.reply.clarification) return text;
  const label = last.reply.clarification.choices.find(({ value }) => value === text)?.label;
  items[items.length - 1] = { ...last, picked: label ?? "" };
  return label ?? text;
}
