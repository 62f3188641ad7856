"""Checking a document made from a company's own template, whose layout nobody here knows."""

import re
from collections import Counter
from decimal import Decimal

from core.errors import AppError
from core.language import Language
from core.text import folded_words
from offers.documents.figures import loose, number_pattern, parse_number
from offers.documents.view import printed
from offers.documents.words import currency_sign
from offers.sheet import OfferSheet, SheetLine

# Words that name a total, folded; a row with one of them and one amount has to be that total.
_TOTAL_WORDS: dict[Language, dict[str, str]] = {
    "hu": {"netto": "net", "brutto": "gross"},
    "pl": {"netto": "net", "brutto": "gross"},
    "en": {"net": "net", "gross": "gross"},
}


def check_own_template(file: str, text: str, sheet: OfferSheet) -> None:
    """Check that `text` of `file` has every figure of `sheet`: for each line, between its SKU or name
    and the next line's, and over the whole document each amount as often as the sheet has it.

    Raises `AppError` `document_mismatch`.
    """
    _OwnCheck(file, text, sheet).run()


class _OwnCheck:
    def __init__(self, file: str, text: str, sheet: OfferSheet) -> None:
        self._file, self._text, self._sheet = file, text, sheet
        self._number = number_pattern(sheet.language)
        sign = loose(currency_sign(sheet.currency, sheet.language))
        self._amount = rf"(?<!\d)({self._number})\s*{sign}(?!\w)"

    def run(self) -> None:
        offer = printed(self._sheet)
        words = {"number": offer.number, "buyer.name": offer.buyer.name, "valid_until": offer.valid_until}
        for figure, said in (words | {"draft": offer.draft}).items():
            if re.search(loose(said), self._text) is None:
                raise self._fail(figure, "–", said)
        last = self._lines()
        self._amounts()
        self._named_totals(last)

    def _fail(self, figure: str, found: object, expected: object) -> AppError:
        return AppError("document_mismatch", 500, file=self._file, figure=figure, found=found, expected=expected)

    def _all(self, pattern: str, text: str) -> Counter[Decimal]:
        return Counter(parse_number(found, self._sheet.language) for found in re.findall(pattern, text))

    def _lines(self) -> int:
        """Check every line; how far into the text the last one's first amount reaches."""
        at, starts = 0, []
        for place, shown in enumerate(printed(self._sheet).lines):
            named = re.compile(rf"(?<!\w)(?:{loose(shown.sku)}|{loose(shown.name)})(?!\w)").search(self._text, at)
            if named is None:
                raise self._fail(f"lines[{place}]", "–", f"{shown.sku} {shown.net}")
            starts.append((named.start(), named.end()))
            at = named.end()
        ends = [start for start, _ in starts[1:]] + [len(self._text)]
        for place, (line_end, line) in enumerate(zip(ends, self._sheet.lines, strict=True)):
            self._line(f"lines[{place}]", self._text[starts[place][1] : line_end], line)
        first = re.search(self._amount, self._text[at:])
        return at + (first.end() if first else 0)

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
