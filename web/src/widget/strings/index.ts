/** The widget's languages. */
import { en } from "./en";
import { hu } from "./hu";
import { pl } from "./pl";
import type { Plural, Strings } from "./shape";

export type { Plural, Strings } from "./shape";
export type Locale = "hu" | "pl" | "en";

export const DICTIONARIES: Record<Locale, Strings> = { hu, pl, en };

/** The first of the wanted languages that we speak (`hu-HU` is `hu`), else English. */
export function asLocale(...wanted: (string | null | undefined)[]): Locale {
  const codes = wanted.map((code) => (code ?? "").toLowerCase().split(/[-_]/)[0]);
  return codes.find((code): code is Locale => code === "hu" || code === "pl" || code === "en") ?? "en";
}

/** `text` with `{name}` filled in from `values`. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}

/** The right form of a counted thing: 2 źródła, 5 źródeł. */
export function plural(locale: Locale, forms: Plural, count: number): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
  return form.replace("#", new Intl.NumberFormat(locale).format(count));
}
