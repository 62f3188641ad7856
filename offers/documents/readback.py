"""Reading a finished document back: every figure in it must be the sheet's, or it is not sent."""

import re
from decimal import Decimal
from pathlib import Path

from core.errors import AppError
from offers.documents.extract import document_text
from offers.documents.figures import loose, number_pattern, parse_number
from offers.documents.own_template import check_own_template
from offers.documents.view import NO_DISCOUNT, PrintedLine, printed
from offers.documents.words import currency_sign, labels
from offers.sheet import OfferSheet, SheetLine

_COLUMNS = ("sku", "name", "quantity", "unit_price", "discount", "net", "vat")
# A name longer than this may run over a page end, with the row's figures printed in between.
_NAME_CHECKED = 300
_NOTHING = "–"


def read_back(path: Path, sheet: OfferSheet, custom_template: bool = False) -> None:
    """Compare the finished Word file or PDF at `path` with `sheet`; return if nothing differs.

    Compared as numbers: each line's quantity, unit price, discount, net and VAT rate, in order; each
    VAT row; the totals. Compared as text: number, version, buyer, last day of validity, SKU, name,
    unit, currency sign and the mark of a draft. An amount or percentage among the figures that the
    sheet does not have is an error too. Of a company's own template (`custom_template`), whose
    layout is not known, the same figures must be there, line by line, in any order.

    Raises `AppError` `document_mismatch` with the file, the figure (`lines[3].net`), what the file
    says and what the sheet says; `document_unreadable` if the file cannot be opened.
    """
    text = document_text(path)
    if custom_template:
        check_own_template(path.name, text, sheet)
    else:
        _Check(path, text, sheet).run()


class _Check:
    """One reading of one text, from the top down; `_at` is how far it has got."""

    def __init__(self, path: Path, text: str, sheet: OfferSheet) -> None:
        self._file, self._text, self._sheet = path.name, text, sheet
        self._is_pdf = path.suffix.lower() == ".pdf"
        self._offer = printed(sheet)
        self._words = labels(sheet.language)
        self._number = number_pattern(sheet.language, wrapped=True)
        sign = loose(currency_sign(sheet.currency, sheet.language))
        self._amount = rf"({self._number})\s*{sign}(?!\w)"
        self._percent = rf"({self._number})\s*%"
        self._at = 0

    def run(self) -> None:
        self._head()
        for place, (line, shown) in enumerate(zip(self._sheet.lines, self._offer.lines, strict=True)):
            self._line(f"lines[{place}]", line, shown)
        self._vat()
        self._totals()

    def _fail(self, figure: str, found: object, expected: object) -> AppError:
        return AppError(
            "document_mismatch", 500, file=self._file, figure=figure, found=str(found), expected=str(expected)
        )

    def _head(self) -> None:
        offer = self._offer
        header = re.search(r"\s*".join(loose(self._words[column]) for column in _COLUMNS), self._text)
        if header is None:
            raise self._fail("lines", _NOTHING, len(self._sheet.lines))
        above, self._at = self._text[: header.start()], header.end()
        wanted = {
            "number": loose(offer.number + offer.version),
            "buyer.name": self._said(offer.buyer.name),
            "valid_until": loose(self._words["valid_until"] + offer.valid_until),
        }
        for figure, pattern in wanted.items():
            if re.search(pattern, above) is None:
                expected = {"number": offer.number, "buyer.name": offer.buyer.name, "valid_until": offer.valid_until}
                raise self._fail(figure, self._beside(figure, above), expected[figure])
        mark = self._words["draft"] + self._words["draft_reason"]
        if (re.search(loose(mark), above) is not None) != self._sheet.awaiting_approval:
            raise self._fail("draft", not self._sheet.awaiting_approval, self._sheet.awaiting_approval)

    def _beside(self, figure: str, above: str) -> str:
        label = re.search(loose(self._words.get(figure, figure)) + r"\s*(.+)", above)
        return label[1].strip() if label else _NOTHING

    def _said(self, text: str) -> str:
        """A pattern for `text`. Letters a PDF may not hold in reading order (right to left, or without
        a glyph in any font) match anything there: the figures beside them still have to be right."""
        if self._is_pdf and any(ord(c) > 0x24F and not 0x2010 <= ord(c) <= 0x2026 for c in text):
            return r"[\s\S]{0,2000}?"
        if self._is_pdf and len(text) > _NAME_CHECKED:
            return loose(text[:_NAME_CHECKED]) + r"[\s\S]{0,9000}?"
        return loose(text)

    def _next(self, figure: str, pattern: str, expected: object) -> re.Match[str]:
        """The next place that looks like `pattern`; nothing on the way there may look like a figure."""
        found = re.compile(pattern).search(self._text, self._at)
        if found is None:
            raise self._fail(figure, _NOTHING, expected)
        passed = re.sub(self._said(self._offer.seller.name) or "(?!)", "", self._text[self._at : found.start()])
        stray = re.search(rf"{self._amount}|{self._percent}", passed)
        if stray is not None:
            raise self._fail(figure, stray[0], expected)
        self._at = found.end()
        return found

    def _same(self, figure: str, found: str, expected: Decimal) -> None:
        number = Decimal(0) if found == NO_DISCOUNT else parse_number(found, self._sheet.language)
        if number != expected:
            raise self._fail(figure, number, expected)

    def _line(self, figure: str, line: SheetLine, shown: PrintedLine) -> None:
        # After a name that may be anything, its last digits must not be taken for the quantity's first.
        anything = self._said(shown.name) != loose(shown.name)
        quantity = rf"(?<!\d){loose(shown.quantity)}" if anything else self._number
        cells = (
            rf"(?<!\S){self._said(shown.sku)}",
            self._said(shown.name),
            rf"({quantity})\s*{self._said(shown.unit)}",
            self._amount,
            rf"(?:{self._percent}|({NO_DISCOUNT}))",
            self._amount,
            self._percent,
        )
        found = self._next(figure, r"\s*".join(cells), f"{shown.sku} {shown.net}")
        count, price, percent, none, net, vat = found.groups()
        self._same(f"{figure}.quantity", count, line.quantity)
        self._same(f"{figure}.unit_price", price, line.unit_price)
        self._same(f"{figure}.discount_percent", percent or none, line.discount_percent)
        self._same(f"{figure}.net", net, line.net)
        self._same(f"{figure}.vat_percent", vat, line.vat_percent)

    def _vat(self) -> None:
        heads = r"\s*".join(loose(self._words[name]) for name in ("vat_rate", "vat_net", "vat_amount"))
        self._next("vat", heads, len(self._sheet.vat))
        for place, row in enumerate(self._sheet.vat):
            figure = f"vat[{place}]"
            shape = rf"{self._percent}\s*{self._amount}\s*{self._amount}"
            found = self._next(figure, shape, row.vat)
            self._same(f"{figure}.percent", found[1], row.percent)
            self._same(f"{figure}.net", found[2], row.net)
            self._same(f"{figure}.vat", found[3], row.vat)

    def _totals(self) -> None:
        totals = self._sheet.totals
        for name, expected in (("net", totals.net), ("vat", totals.vat), ("gross", totals.gross)):
            shape = rf"{loose(self._words[f'total_{name}'])}\s*{self._amount}"
            found = self._next(f"totals.{name}", shape, expected)
            self._same(f"totals.{name}", found[1], expected)
