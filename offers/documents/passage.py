"""Reading the text of a finished document from the top down, figure by figure."""

import re
from decimal import Decimal

from core.errors import AppError
from offers.documents.figures import loose, number_pattern, parse_number
from offers.documents.view import NO_DISCOUNT, printed
from offers.documents.words import currency_sign, labels
from offers.sheet import OfferSheet

# A text longer than this may run over a page end, with the row's figures printed in between.
CHECKED = 300
NOTHING = "–"


class Passage:
    """One reading of one text of the file `file`; `_at` is how far it has got."""

    def __init__(self, file: str, text: str, sheet: OfferSheet) -> None:
        self._file, self._text, self._sheet = file, text, sheet
        self._is_pdf = file.lower().endswith(".pdf")
        self._offer = printed(sheet)
        self._words = labels(sheet.language)
        self._number = number_pattern(sheet.language, wrapped=True)
        sign = loose(currency_sign(sheet.currency, sheet.language))
        self._amount = rf"({self._number})\s*{sign}(?!\w)"
        self._percent = rf"({self._number})\s*%"
        self._at = 0

    def _fail(self, figure: str, found: object, expected: object) -> AppError:
        return AppError(
            "document_mismatch", 500, file=self._file, figure=figure, found=str(found), expected=str(expected)
        )

    def _literal(self, text: str) -> bool:
        """Whether `text` can be looked for letter by letter. Letters a PDF may not hold in reading order (right to
        left, or without a glyph in any font) cannot: the figures beside them still have to be right."""
        return not self._is_pdf or all(ord(c) <= 0x24F or 0x2010 <= ord(c) <= 0x2026 for c in text)

    def _said(self, text: str) -> str:
        """A pattern for `text`, for its beginning where it is long, or for anything where it cannot be looked for."""
        if not self._literal(text):
            return r"[\s\S]{0,2000}?"
        if self._is_pdf and len(text) > CHECKED:
            return loose(text[:CHECKED]) + r"[\s\S]{0,9000}?"
        return loose(text)

    def _holds(self, figure: str, text: str, said: str) -> None:
        """Raise where `said`, of which a long one may go on over a page end, is not in `text`."""
        if said and self._literal(said):
            wanted = said[:CHECKED] if self._is_pdf else said
            if re.search(_bounded(wanted), text) is None:
                raise self._fail(figure, NOTHING, said[:80])

    def _next(self, figure: str, pattern: str, expected: object) -> re.Match[str]:
        """The next place that looks like `pattern`; nothing on the way there may look like a figure."""
        found = re.compile(pattern).search(self._text, self._at)
        if found is None:
            raise self._fail(figure, NOTHING, expected)
        self._no_figure(figure, self._text[self._at : found.start()], expected)
        self._at = found.end()
        return found

    def _no_figure(self, figure: str, text: str, expected: object) -> None:
        passed = re.sub(self._said(self._offer.seller.name) or "(?!)", "", text)
        stray = re.search(rf"{self._amount}|{self._percent}", passed)
        if stray is not None:
            raise self._fail(figure, stray[0], expected)

    def _same(self, figure: str, found: str, expected: Decimal) -> None:
        number = Decimal(0) if found == NO_DISCOUNT else parse_number(found, self._sheet.language)
        if number != expected:
            raise self._fail(figure, number, expected)


def _bounded(text: str) -> str:
    """A pattern for `text` that does not take the end of a longer number, or its beginning, for it."""
    before = r"(?<!\d)" if text[:1].isdigit() else ""
    return before + loose(text) + (r"(?!\d)" if text[-1:].isdigit() else "")
