/** The events of a run, as far as the widget knows them; others are left aside. */
import type { Reply } from "../../api";

export type RunEvent =
  | { type: "started"; conversation: string; message: string }
  | { type: "step"; label: string }
  | { type: "text"; delta: string }
  | { type: "dropped" }
  | { type: "reply"; reply: Reply }
  | { type: "failed"; code: string; message: string }
  | { type: "finished" };

function custom(name: unknown, value: Record<string, unknown>): RunEvent | null {
  switch (name) {
    case "robo.started":
      return { type: "started", conversation: String(value["conversation_id"]), message: String(value["message_id"]) };
    case "robo.step":
      return { type: "step", label: String(value["label"] ?? "") };
    case "robo.dropped":
      return { type: "dropped" };
    case "robo.reply":
      return { type: "reply", reply: value as unknown as Reply };
    default:
      return null;
  }
}

/** One event of the AG-UI stream from its JSON; `null` for kinds that mean nothing here, and for what is no event. */
export function readEvent(data: string): RunEvent | null {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(data) as Record<string, unknown>;
  } catch {
    return null;
  }
  switch (event["type"]) {
    case "TEXT_MESSAGE_CONTENT":
      return { type: "text", delta: String(event["delta"] ?? "") };
    case "CUSTOM":
      return custom(event["name"], (event["value"] ?? {}) as Record<string, unknown>);
    case "RUN_ERROR":
      return { type: "failed", code: String(event["code"] ?? ""), message: String(event["message"] ?? "") };
    case "RUN_FINISHED":
      return { type: "finished" };
    default:
      return null;
  }
}
