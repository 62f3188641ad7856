/** A turn while it runs, and how each event changes it. Pure: the same events always make the same turn. */
import type { Reply } from "../../api";
import type { RunEvent } from "../net/events";

export interface Turn {
  /** The message that was asked. */
  readonly asked: string;
  /** The conversation and the stored question, once the server has kept it. */
  readonly conversation: string | null;
  readonly message: string | null;
  readonly text: string;
  readonly step: string | null;
  readonly reply: Reply | null;
  readonly failure: { code: string; message: string } | null;
  readonly over: boolean;
  /** The connection went, and the answer is being looked for. */
  readonly searching: boolean;
}

/** A turn that has just been asked. */
export function begin(asked: string): Turn {
  return {
    asked,
    conversation: null,
    message: null,
    text: "",
    step: null,
    reply: null,
    failure: null,
    over: false,
    searching: false,
  };
}

/** The turn after `event`. Nothing changes a turn that is over. */
export function advance(turn: Turn, event: RunEvent): Turn {
  if (turn.over) return turn;
  switch (event.type) {
    case "started":
      return { ...turn, conversation: event.conversation, message: event.message };
    case "step":
      return { ...turn, step: event.label };
    case "text":
      return { ...turn, text: turn.text + event.delta };
    case "dropped":
      return { ...turn, text: "" };
    case "reply":
      return { ...turn, reply: event.reply, conversation: event.reply.conversation_id };
    case "failed":
      return { ...turn, failure: { code: event.code, message: event.message }, over: true };
    case "finished":
      return { ...turn, over: true };
  }
}
