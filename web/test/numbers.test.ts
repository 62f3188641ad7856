/** Amounts are shown to the last digit, as each language writes them. */
import assert from "node:assert/strict";
import test from "node:test";
import { day, decimal, money, percent } from "../src/widget/numbers";

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ");

test("forints have no decimals, euros and zlotys two", () => {
  assert.equal(plain(money("783019", "HUF", "hu")), "783 019 Ft");
  assert.equal(plain(money("1234.5", "PLN", "pl")), "1 234,50 zł");
  assert.equal(plain(money("1234.50", "EUR", "en")), "€1,234.50");
});

test("no digit is lost where a floating point number would lose it", () => {
  assert.equal(plain(money("9007199254740993.01", "EUR", "hu")), "9 007 199 254 740 993,01 EUR");
  assert.equal(plain(money("12345678901234567890", "HUF", "en")), "HUF 12,345,678,901,234,567,890");
});

test("a quantity has the decimals it has", () => {
  assert.equal(plain(decimal("2.125", "hu")), "2,125");
  assert.equal(percent("7.5", "pl"), "7,5%");
  assert.equal(percent("27", "hu"), "27%");
});

test("a day is the same day in every time zone", () => {
  assert.equal(plain(day("2026-12-22", "hu")), "2026. dec. 22.");
  assert.equal(plain(day("2026-01-01", "pl")), "1 sty 2026");
});
