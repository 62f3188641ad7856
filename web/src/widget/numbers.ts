/** Amounts and dates as people write them. Amounts come as exact decimals in strings and never become floats. */
import type { Language, Offer } from "../api";

type Exact = Intl.StringNumericLiteral;

/** An amount with its currency: `12 700 Ft`, `1 234,50 zł`, `€1,234.50`. Forints have no decimals. */
export function money(amount: string, currency: Offer["currency"], language: Language): string {
  const digits = currency === "HUF" ? 0 : 2;
  const shape = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(language, { ...shape, ...GROUPED }).format(amount as Exact);
}

/** A quantity or rate, with as many decimals as it has. */
export function decimal(amount: string, language: Language): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 20, ...GROUPED }).format(amount as Exact);
}

/** A percentage that comes in per cent: `27%`, `7,5%`. */
export function percent(amount: string, language: Language): string {
  return `${decimal(amount, language)}%`;
}

/** A day: `2026. 12. 22.` */
export function day(iso: string, language: Language): string {
  const [year = 0, month = 1, date = 1] = iso.split("-").map(Number);
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeZone: "UTC" }).format(
    Date.UTC(year, month - 1, date),
  );
}

/** Milliseconds of a moment. The API's times are UTC, whether or not they say so. */
export function utc(iso: string): number {
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(iso) ? iso : `${iso}Z`);
}

/** A moment in the user's own time zone. */
export function moment(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(utc(iso));
}

/** The time of day of a moment, in the user's own time zone. */
export function hour(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(utc(iso));
}

/** A moment as a `datetime-local` field holds it, in the user's own time zone; empty for what is none. */
export function toField(iso: string): string {
  const at = utc(iso);
  if (Number.isNaN(at)) return "";
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** What a `datetime-local` field holds, as a moment with its offset; empty for an empty field. */
export function fromField(local: string): string {
  const at = new Date(local);
  if (Number.isNaN(at.getTime())) return "";
  const minutes = -at.getTimezoneOffset();
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  const offset = `${minutes < 0 ? "-" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${local.slice(0, 16)}:00${offset}`;
}

// Polish and Hungarian leave four digits ungrouped by default; in a column of amounts that reads badly.
const GROUPED = { useGrouping: "always" } as const;
