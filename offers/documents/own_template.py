"""Checking a document made from a company's own template, whose layout nobody here knows."""

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from core.errors import AppError
from core.language import Language
from core.text import folded_words
from offers.documents.figures import loose, number_pattern, parse_number
from offers.documents.sections import Placed, sections
from offers.documents.view import PrintedLine, printed, rate_note
from offers.documents.words import currency_sign
from offers.sheet import OfferSheet, SheetLine

# Words that name a total, folded; a row with one of them and one amount has to be that total.
_TOTAL_WORDS: dict[Language, dict[str, str]] = {
    "hu": {"netto": "net", "brutto": "gross"},
    "pl": {"netto": "net", "brutto": "gross"},
    "en": {"net": "net", "gross": "gross"},
}

_CHECKED = 300


def check_own_template(file: str, text: str, sheet: OfferSheet) -> None:
    """Check that `text` of `file` has every figure of `sheet`: for each line, between its SKU or name
    and the next line's, and over the whole document each amount as often as the sheet has it; and that it says
    the terms, the notes, what bundles contain, why there is no VAT and the exchange rate.

    Raises `AppError` `document_mismatch`.
    """
    _OwnCheck(file, text, sheet).run()


class _OwnCheck:
    def __init__(self, file: str, text: str, sheet: OfferSheet) -> None:
        self._file, self._text, self._sheet, self._offer = file, text, sheet, printed(sheet)
        self._number = number_pattern(sheet.language)
        sign = loose(currency_sign(sheet.currency, sheet.language))
        self._amount = rf"(?<!\d)({self._number})\s*{sign}(?!\w)"

    def run(self) -> None:
        offer = self._offer
        words = {"number": offer.number, "buyer.name": offer.buyer.name, "valid_until": offer.valid_until}
        words |= {"draft": offer.draft}
        self._hold(words)
        last = self._lines()
        self._amounts()
        self._named_totals(last)
        self._rate()
        words = {"vat_note": offer.vat_note, "delivery": offer.delivery, "warranty": offer.warranty}
        words |= {f"notes[{place}]": note for place, note in enumerate(offer.notes)}
        self._hold(words)

    def _hold(self, words: dict[str, str]) -> None:
        for figure, said in words.items():
            self._holds(figure, said, self._text)

    def _holds(self, figure: str, said: str, text: str) -> None:
        # A long text may run over a page end of a PDF, with the foot of the page in between.
        wanted = said[:_CHECKED] if self._file.lower().endswith(".pdf") else said
        if re.search(rf"(?<!\d){loose(wanted)}(?!\d)" if wanted[-1:].isdigit() else loose(wanted), text) is None:
            raise self._fail(figure, "–", said[:80])

    def _rate(self) -> None:
        rate = self._sheet.rate
        if rate is not None:
            found = re.search(loose(rate_note(rate, self._sheet.language)) + r"(?!\d)", self._text)
            if found is None:
                raise self._fail("rate_note", "–", f"1 {rate.base} = {rate.rate} {rate.quote}, {rate.on}")

    def _fail(self, figure: str, found: object, expected: object) -> AppError:
        return AppError("document_mismatch", 500, file=self._file, figure=figure, found=found, expected=expected)

    def _all(self, pattern: str, text: str) -> Counter[Decimal]:
        return Counter(parse_number(found, self._sheet.language) for found in re.findall(pattern, text))

    def _lines(self) -> int:
        """Check every line; how far into the text the last one that counts reaches with its first amount.

        Alternatives and options follow the lines that count, each sort in its own order.
        """
        placed, offer = sections(self._sheet), self._offer
        starts, last = self._found(placed.counted, offer.lines, 0)
        grouped = [one for group in placed.alternatives for one in group.lines]
        shown = [line for group in offer.alternatives for line in group.lines]
        starts += self._found(grouped, shown, last)[0]
        starts += self._found(placed.options, offer.options, last)[0]
        ends = [*sorted(start for start, *_ in starts), len(self._text)]
        for start, end, one, line in starts:
            until = next(place for place in ends if place > start)
            self._line(f"lines[{one.place}]", self._text[end:until], one.line)
            for said in (line.text, *(f"{p.quantity} {p.unit} {p.name}" for p in line.contents)):
                self._holds(f"lines[{one.place}].{'text' if said == line.text else 'contents'}", said, self._text)
        first = re.search(self._amount, self._text[last:])
        return last + (first.end() if first else 0)

    def _found(
        self, placed: Sequence[Placed], shown: Sequence[PrintedLine], at: int
    ) -> tuple[list[tuple[int, int, Placed, PrintedLine]], int]:
        """Where each line's SKU or name begins and ends, from `at` on; and how far that reaches."""
        found = []
        for one, line in zip(placed, shown, strict=True):
            named = re.compile(rf"(?<!\w)(?:{loose(line.sku)}|{loose(line.name)})(?!\w)").search(self._text, at)
            if named is None:
                raise self._fail(f"lines[{one.place}]", "–", f"{line.sku} {line.net}")
            found.append((named.start(), named.end(), one, line))
            at = named.end()
        return found, at

    def _line(self, figure: str, text: str, line: SheetLine) -> None:
        amounts, percents = self._all(self._amount, text), self._all(rf"(?<!\d)({self._number})\s*%", text)
        numbers = self._all(rf"(?<!\d)({self._number})", text)
        wanted = (
            ("quantity", line.quantity, numbers),
            ("unit_price", line.unit_price, amounts),
            ("net", line.net, amounts),
            ("vat_percent", line.vat_percent, percents),
            ("discount_percent", line.discount_percent, percents | Counter({Decimal(0): 1})),
        )
        for name, expected, found in wanted:
            if expected not in found:
                raise self._fail(f"{figure}.{name}", ", ".join(map(str, found)) or "–", expected)

    def _amounts(self) -> None:
        sheet = self._sheet
        wanted = [(f"lines[{place}].net", line.net) for place, line in enumerate(sheet.lines)]
        wanted += [(f"lines[{place}].unit_price", line.unit_price) for place, line in enumerate(sheet.lines)]
        for place, row in enumerate(sheet.vat):
            wanted += [(f"vat[{place}].net", row.net), (f"vat[{place}].vat", row.vat)]
        totals = sheet.totals
        wanted += [("totals.net", totals.net), ("totals.vat", totals.vat), ("totals.gross", totals.gross)]
        left = self._all(self._amount, self._text)
        for figure, expected in wanted:
            left[expected] -= 1
            if left[expected] < 0:
                raise self._fail(figure, "–", expected)

    def _named_totals(self, last: int) -> None:
        """A row below the lines that names one total and says one amount must say that total."""
        names, totals = _TOTAL_WORDS[self._sheet.language], self._sheet.totals
        expected = {"net": totals.net, "gross": totals.gross}
        for row in self._text[last:].splitlines():
            named = {names[word] for word in folded_words(row) if word in names}
            said = list(self._all(self._amount, row))
            if len(named) == 1 and len(said) == 1:
                name = named.pop()
                if said[0] != expected[name]:
                    raise self._fail(f"totals.{name}", said[0], expected[name])
