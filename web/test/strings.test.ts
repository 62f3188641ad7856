/** The three languages say the same things. */
import assert from "node:assert/strict";
import test from "node:test";
import { asLocale, DICTIONARIES, fill, type Locale, plural } from "../src/widget/strings";

const LOCALES = Object.keys(DICTIONARIES) as Locale[];

/** Every text of a dictionary by its path; a plural's forms count as one. */
function texts(node: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(node) as [string, string | object][]) {
    if (typeof value === "string") found.set(path + key, value);
    else if ("other" in value) found.set(path + key, (value as { other: string }).other);
    else for (const [inner, text] of texts(value, `${path}${key}.`)) found.set(inner, text);
  }
  return found;
}

function placeholders(text: string): string[] {
  return (text.match(/\{\w+\}|#/g) ?? []).sort();
}

test("each text exists in each language, is not empty, and holds the same placeholders", () => {
  const english = texts(DICTIONARIES.en);
  for (const locale of LOCALES) {
    const own = texts(DICTIONARIES[locale]);
    assert.deepEqual([...own.keys()].sort(), [...english.keys()].sort());
    for (const [key, text] of own) {
      assert.notEqual(text.trim(), "", `${locale}.${key}`);
      assert.deepEqual(placeholders(text), placeholders(english.get(key) ?? ""), `${locale}.${key}`);
    }
  }
});

test("Hungarian and Polish texts are translations, but for names of things that have none", () => {
  const same = new Set(["roles.administrator", "title", "robo", "documents.pdf", "documents.docx", "vat"]);
  const english = texts(DICTIONARIES.en);
  for (const locale of ["hu", "pl"] as const) {
    for (const [key, text] of texts(DICTIONARIES[locale])) {
      if (!same.has(key)) assert.notEqual(text, english.get(key), `${locale}.${key}`);
    }
  }
});

test("every plural form a language uses is there", () => {
  for (const locale of LOCALES) {
    const used = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const { sources, lines, waitSeconds } = DICTIONARIES[locale];
    for (const forms of [sources, lines, waitSeconds]) {
      for (const category of used) assert.ok(forms[category] ?? (locale === "hu" && forms.other), `${locale} ${category}`);
    }
  }
});

test("Polish counts as Poles do", () => {
  const count = (n: number): string => plural("pl", DICTIONARIES.pl.sources, n);
  assert.deepEqual([1, 2, 5, 12, 22].map(count), ["1 źródło", "2 źródła", "5 źródeł", "12 źródeł", "22 źródła"]);
});

test("a language is chosen by the first wish that is spoken here", () => {
  assert.equal(asLocale("hu-HU"), "hu");
  assert.equal(asLocale("de", "pl_PL"), "pl");
  assert.equal(asLocale("", undefined, "fr"), "en");
});

test("values are filled in as they are, braces and all", () => {
  assert.equal(fill("a {x} {y}", { x: "{y}" }), "a {y} {y}");
});
