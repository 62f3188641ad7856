/** The screen the user is on, cut to what the API takes, so that a host's long page never makes a question fail. */

/** What a host may say of its screen. `controls` are those switched off, with the reason a user is shown. */
export interface ScreenInput {
  id: string;
  record?: { type: string; code: string } | null;
  fields?: Record<string, unknown>;
  errors?: unknown[] | Record<string, unknown>;
  controls?: unknown[];
  messages?: unknown[];
}

export interface ScreenError {
  field: string;
  message: string;
}

export interface ScreenControl {
  name: string;
  disabled: boolean;
  reason: string;
}

/** The screen as sent: the API's `ScreenContext`. */
export interface Screen {
  id: string;
  record: { type: string; code: string } | null;
  fields: Record<string, string>;
  errors: ScreenError[];
  controls: ScreenControl[];
  messages: string[];
}

const SHORT = 120;
const LONG = 2000;
const MOST_FIELDS = 100;
const MOST_TEXTS = 20;

function text(value: unknown, length: number): string {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return "";
  // NUL cannot be stored, and half a character pair is no text.
  return String(value).replaceAll("\0", "").normalize("NFC").slice(0, length).toWellFormed().trim();
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function errors(value: unknown): ScreenError[] {
  const rows = Array.isArray(value)
    ? value.map((row) => (typeof row === "string" ? { field: "", message: row } : record(row)))
    : Object.entries(record(value)).map(([field, message]) => ({ field, message }));
  return rows
    .map((row) => ({ field: text(row["field"], SHORT), message: text(row["message"], LONG) }))
    .filter((row) => row.message !== "")
    .slice(0, MOST_TEXTS);
}

function controls(value: unknown): ScreenControl[] {
  return listed(value)
    .map(record)
    .map((row) => ({
      name: text(row["name"], SHORT),
      disabled: row["disabled"] !== false,
      reason: text(row["reason"], LONG),
    }))
    .filter((row) => row.name !== "")
    .slice(0, MOST_TEXTS);
}

/** The screen in the API's bounds; `null` where the host gave no usable id. */
export function cleanScreen(given: unknown): Screen | null {
  const input = typeof given === "string" ? { id: given } : record(given);
  const id = text(input["id"], SHORT);
  if (id === "") return null;
  const shown = record(input["record"]);
  const type = text(shown["type"], SHORT);
  const code = text(shown["code"], SHORT);
  const fields = Object.entries(record(input["fields"]))
    .map(([name, value]) => [text(name, SHORT), text(value, LONG)] as const)
    .filter(([name, value]) => name !== "" && value !== "")
    .slice(0, MOST_FIELDS);
  return {
    id,
    record: type !== "" && code !== "" ? { type, code } : null,
    fields: Object.fromEntries(fields),
    errors: errors(input["errors"]),
    controls: controls(input["controls"]),
    messages: listed(input["messages"])
      .map((message) => text(message, LONG))
      .filter((message) => message !== "")
      .slice(0, MOST_TEXTS),
  };
}
