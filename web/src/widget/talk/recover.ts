/** Finding the answer of a turn whose connection went: the turn goes on on the server, and its reply is kept there. */
import type { Message } from "../../api";
import type { Client } from "../net/client";
import { Trouble } from "../net/trouble";

const LONGEST_WAIT = 5000;
// About a minute with the server there, about five without: longer than any turn takes, and than a restart.
const TRIES = 15;
const TRIES_IN_ALL = 60;

/** The first reply after the question: by its id where that is known, else after the last message that reads like it. */
export function replyAfter(messages: readonly Message[], question: string | null, text: string): Message | null {
  const place = messages.findLastIndex((m) => m.role === "user" && (question === null ? m.text === text : m.id === question));
  return place < 0 ? null : (messages.slice(place + 1).find((m) => m.role !== "user") ?? null);
}

/** Wait, but no longer than until the network is back or the page is looked at again. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resume, fail) => {
    const go = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", go);
      if (signal.aborted) fail(signal.reason as Error);
      else resume();
    };
    const timer = setTimeout(go, milliseconds);
    window.addEventListener("online", go);
    signal.addEventListener("abort", go, { once: true });
  });
}

/**
 * Ask for the conversation again and again until the reply is there.
 *
 * Throws `Trouble("lost")` where it never comes, and at once whatever says that asking has no sense, such as `signed_out`.
 */
export async function findReply(
  client: Client,
  conversation: string,
  question: string | null,
  text: string,
  signal: AbortSignal,
): Promise<Message> {
  let reached = 0;
  for (let tries = 0; tries < TRIES_IN_ALL && reached < TRIES; tries += 1) {
    await pause(Math.min(LONGEST_WAIT, 500 * 1.5 ** tries), signal);
    try {
      const found = replyAfter(await client.messages(conversation, signal), question, text);
      if (found !== null) return found;
      reached += 1;
    } catch (fault) {
      if (!worthAsking(fault)) throw fault;
    }
  }
  throw new Trouble("lost");
}

function worthAsking(fault: unknown): boolean {
  return fault instanceof Trouble && ["offline", "unreachable", "server", "busy", "blocked", "lost"].includes(fault.code);
}
