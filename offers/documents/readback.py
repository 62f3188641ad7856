"""Reading a finished document back: every figure in it must be the sheet's, or it is not sent."""

import re
from dataclasses import fields
from pathlib import Path

from offers.documents.extract import PAGE_END, document_text
from offers.documents.figures import loose
from offers.documents.own_template import check_own_template
from offers.documents.passage import CHECKED, NOTHING, Passage
from offers.documents.sections import Placed, sections
from offers.documents.view import NO_DISCOUNT, PrintedLine, PrintedParty, rate_note
from offers.sheet import OfferSheet

_COLUMNS = ("sku", "name", "quantity", "unit_price", "discount", "net", "vat")
_BLANK = "\x00"


def read_back(path: Path, sheet: OfferSheet, custom_template: bool = False) -> None:
    """Compare the finished Word file or PDF at `path` with `sheet`; return if nothing differs.

    Compared as numbers: each line's quantity, unit price, discount, net and VAT rate, in order, also of alternatives
    and optional lines; each VAT row; the totals; the exchange rate. Compared as text: number and version (on every
    page of a PDF), dates, payment, seller, buyer, SKU, name and text, contents of bundles, unit, currency sign, terms,
    notes and the mark of a draft. An amount or percentage that the sheet does not have is an error too. Of a company's
    own template (`custom_template`), whose layout is not known, the same must be there, line by line, in any order.

    Raises `AppError` `document_mismatch` with the file, the figure (`lines[3].net`), what the file
    says and what the sheet says; `document_unreadable` if the file cannot be opened.
    """
    check_text(path.name, document_text(path), sheet, custom_template)


def check_text(file: str, text: str, sheet: OfferSheet, custom_template: bool = False) -> None:
    """The same for the `text` of the document `file`, as `document_text` gives it."""
    if custom_template:
        check_own_template(file, text, sheet)
    else:
        _Check(file, text, sheet).run()


class _Check(Passage):
    def run(self) -> None:
        placed = sections(self._sheet)
        self._head()
        self._lines(placed.counted, self._offer.lines)
        self._vat()
        self._totals()
        self._remarks()
        for group, shown in zip(placed.alternatives, self._offer.alternatives, strict=True):
            figure = f"alternatives[{shown.name}]"
            self._next(figure, rf"{self._said(shown.name)}\s*{self._said(shown.instead)}", shown.name)
            self._lines(group.lines, shown.lines)
        if placed.options:
            self._next("options", loose(self._words["options"] + self._words["options_hint"]), len(placed.options))
            self._lines(placed.options, self._offer.options)
        self._rest()
        self._pages()

    def _head(self) -> None:
        offer = self._offer
        header = re.search(r"\s*".join(loose(self._words[column]) for column in _COLUMNS), self._text)
        if header is None:
            raise self._fail("lines", NOTHING, len(self._sheet.lines))
        above, self._at = self._text[: header.start()], header.end()
        for name in ("made_on", "valid_until", "payment"):
            shown = str(getattr(offer, name))
            if re.search(loose(self._words[name] + shown), above) is None:
                raise self._fail(name, self._beside(name, above), shown)
        if re.search(rf"{loose(offer.number + offer.version)}(?!\d)", above) is None:
            raise self._fail("number", self._beside("number", above), offer.number)
        self._holds("title", above, offer.title)
        for party in ("buyer", "seller", "owner"):
            self._party(party, getattr(offer, party), above)
        mark = self._words["draft"] + self._words["draft_reason"]
        if (re.search(loose(mark), above) is not None) != self._sheet.awaiting_approval:
            raise self._fail("draft", not self._sheet.awaiting_approval, self._sheet.awaiting_approval)

    def _party(self, name: str, party: PrintedParty, above: str) -> None:
        for each in fields(party):
            if each.name != "code":
                self._holds(f"{name}.{each.name}", above, str(getattr(party, each.name)))

    def _beside(self, figure: str, above: str) -> str:
        label = re.search(loose(self._words.get(figure, figure)) + r"\s*(.+)", above)
        return label[1].strip() if label else NOTHING

    def _lines(self, placed: tuple[Placed, ...], shown: tuple[PrintedLine, ...]) -> None:
        for one, line in zip(placed, shown, strict=True):
            self._line(f"lines[{one.place}]", one, line)

    def _line(self, figure: str, one: Placed, shown: PrintedLine) -> None:
        under = [shown.text, *(f"{p.quantity} {p.unit} {p.name}" for p in shown.contents), shown.choice]
        pieces = [piece for piece in under if piece]
        long = self._is_pdf and (sum(map(len, pieces)) + len(shown.name) > CHECKED or len(pieces) > 15)
        name = [self._said(shown.name)]
        if long:
            name.append(r"[\s\S]{0,9000}?")
        else:
            name += [r"\W?\s*" + self._said(piece) for piece in pieces]
        # After a name that may be anything, its last digits must not be taken for the quantity's first.
        anything = long or self._said(shown.name) != loose(shown.name)
        anything = anything or not all(self._literal(piece) for piece in pieces)
        quantity = rf"(?<!\d){loose(shown.quantity)}" if anything else self._number
        cells = (
            rf"(?<!\S){self._said(shown.sku)}",
            *name,
            rf"({quantity})\s*{self._said(shown.unit)}",
            self._amount,
            rf"(?:{self._percent}|({NO_DISCOUNT}))",
            self._amount,
            self._percent,
        )
        found = self._next(figure, r"\s*".join(cells), f"{shown.sku} {shown.net}")
        count, price, percent, none, net, vat = found.groups()
        line = one.line
        self._same(f"{figure}.quantity", count, line.quantity)
        self._same(f"{figure}.unit_price", price, line.unit_price)
        self._same(f"{figure}.discount_percent", percent or none, line.discount_percent)
        self._same(f"{figure}.net", net, line.net)
        self._same(f"{figure}.vat_percent", vat, line.vat_percent)
        if long:
            # What stands under a name that runs over a page end is printed before the figures, after them, or both.
            around = self._text[found.start() : found.end() + sum(map(len, under)) + 3000]
            for piece in pieces:
                self._holds(f"{figure}.text", around, piece)

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

    def _remarks(self) -> None:
        rate = self._sheet.rate
        if self._offer.vat_note:
            self._next("vat_rule", loose(self._offer.vat_note), self._sheet.vat_rule)
        if rate is not None:
            before, after = rate_note(rate, self._sheet.language, _BLANK).split(_BLANK)
            end = r"(?!\d)" if after[-1:].isdigit() else ""
            shape = rf"{loose(before)}\s*({self._number})\s*{loose(after)}{end}"
            self._same("rate", self._next("rate", shape, rate.rate)[1], rate.rate)

    def _rest(self) -> None:
        """What follows the lines says the terms and notes, and no further figure."""
        offer, rest = self._offer, self._text[self._at :]
        free = [("delivery", offer.delivery), ("warranty", offer.warranty)]
        free += [(f"notes[{place}]", note) for place, note in enumerate(offer.notes)]
        for figure, said in free:
            self._holds(figure, rest, said)
            rest = re.sub(loose(said), " ", rest, count=1) if said else rest
        for said in (offer.owner.name, offer.buyer.name):
            rest = re.sub(loose(said), " ", rest) if said else rest
        literal = all(self._literal(said) and len(said) <= CHECKED for _, said in free)
        if not self._is_pdf or (literal and self._literal(offer.buyer.name + offer.seller.name)):
            self._no_figure("rest", rest, NOTHING)

    def _pages(self) -> None:
        """Number and version stand on every page, and so does the mark of a draft."""
        named = re.compile(rf"{loose(self._offer.number)},\s*{loose(self._offer.version)}(?!\d)")
        marked = re.compile(loose(self._words["draft"]))
        for place, page in enumerate(self._text.split(PAGE_END), start=1):
            if named.search(page) is None:
                raise self._fail(f"pages[{place}].number", NOTHING, f"{self._offer.number}, {self._offer.version}")
            if self._sheet.awaiting_approval and marked.search(page) is None:
                raise self._fail(f"pages[{place}].draft", NOTHING, self._words["draft"])
