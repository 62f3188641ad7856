/** One run over the AG-UI door: a message goes up, events come down. */
import { createParser } from "eventsource-parser";
import type { Screen } from "../screen";
import type { Client } from "./client";
import { readEvent, type RunEvent } from "./events";
import { Trouble } from "./trouble";

// The server sends a sign of life every 15 seconds; a machine that slept hears none for longer.
const SILENCE = 45_000;

export interface Question {
  thread: string;
  run: string;
  text: string;
  screen: Screen | null;
}

/** The protocol's request. Only the thread, the one message and the screen are used by the server. */
function input(question: Question): unknown {
  const { screen } = question;
  return {
    threadId: question.thread,
    runId: question.run,
    messages: [{ id: question.run, role: "user", content: question.text }],
    context: screen === null ? [] : [{ description: "screen", value: JSON.stringify(screen) }],
    state: {},
    tools: [],
    forwardedProps: {},
  };
}

/**
 * Send a question and yield what happens.
 *
 * Throws `Trouble`: before the first event where the question was refused, `lost` where the connection broke,
 * fell silent or ended without the run's end.
 */
export async function* ask(client: Client, question: Question, signal: AbortSignal): AsyncGenerator<RunEvent> {
  const response = await client.call("/api/v1/agui", input(question), signal);
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Trouble("lost");
  const found: RunEvent[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = readEvent(data);
      if (event !== null) found.push(event);
    },
  });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read());
      if (done) throw new Trouble("lost");
      parser.feed(decoder.decode(value, { stream: true }));
      for (const event of found.splice(0)) {
        yield event;
        if (event.type === "finished" || event.type === "failed") return;
      }
    }
  } catch (fault) {
    if (signal.aborted || fault instanceof Trouble) throw fault;
    throw new Trouble("lost");
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

async function inTime<T>(reading: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Trouble("lost")), SILENCE);
  });
  try {
    return await Promise.race([reading, silence]);
  } finally {
    clearTimeout(timer);
  }
}
