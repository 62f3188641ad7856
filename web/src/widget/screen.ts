/** The screen the user is on, cut to what the API takes, so that a host's long page never makes a question fail. */

import type { ScreenContext } from "../api";

/** What a host may say of its screen. `controls` are its buttons and fields, above all those that are switched off. */
export interface ScreenInput {
  id: string;
  record?: { type: string; code: string } | null;
  /** Values of visible fields by name. */
  fields?: Record<string, unknown>;
  /** What is wrong with a field, by its name. */
  errors?: Record<string, unknown>;
  controls?: { name: string; label?: string; enabled?: boolean; reason?: string | null }[];
  /** What a list is narrowed by, by the names the user sees. */
  filters?: Record<string, unknown>;
  /** The records that are ticked or marked. */
  selection?: { type: string; code: string }[];
  /** Sentences the user sees, the most important first. */
  messages?: unknown[];
}

/** The screen as sent: the API's `ScreenContext` with all its parts. */
export type Screen = Required<ScreenContext>;

const SHORT = 120;
const LONG = 2000;
const MOST_ROWS = 100;
const MOST_MESSAGES = 20;
const MOST_FILTERS = 50;

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

function texts(value: unknown, most = MOST_ROWS): Record<string, string> {
  const rows = Object.entries(record(value))
    .map(([name, row]) => [text(name, SHORT), text(row, LONG)] as const)
    .filter(([name, row]) => name !== "" && row !== "");
  return Object.fromEntries(rows.slice(0, most));
}

/** A record is known by both its type and its code. */
function reference(value: unknown): Screen["record"] {
  const shown = record(value);
  const type = text(shown["type"], SHORT);
  const code = text(shown["code"], SHORT);
  return type !== "" && code !== "" ? { type, code } : null;
}

function controls(value: unknown): Screen["controls"] {
  return listed(value)
    .map(record)
    .map((row) => ({
      name: text(row["name"], SHORT),
      label: text(row["label"], SHORT) || text(row["name"], SHORT),
      enabled: row["enabled"] !== false,
      reason: text(row["reason"], LONG) || null,
    }))
    .filter((row) => row.name !== "")
    .slice(0, MOST_ROWS);
}

/** The screen in the API's bounds; `null` where the host gave no usable id. */
export function cleanScreen(given: unknown): Screen | null {
  const input = typeof given === "string" ? { id: given } : record(given);
  const id = text(input["id"], SHORT);
  if (id === "") return null;
  return {
    id,
    record: reference(input["record"]),
    fields: texts(input["fields"]),
    errors: texts(input["errors"]),
    controls: controls(input["controls"]),
    messages: listed(input["messages"])
      .map((message) => text(message, LONG))
      .filter((message) => message !== "")
      .slice(0, MOST_MESSAGES),
    filters: texts(input["filters"], MOST_FILTERS),
    selection: listed(input["selection"])
      .map(reference)
      .filter((row) => row !== null)
      .slice(0, MOST_ROWS),
  };
}
