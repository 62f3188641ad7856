"""Putting a Word document's text together as its elements go by."""

from dataclasses import dataclass, field

from lxml import etree

from retrieval.parsing import archive, markdown
from retrieval.parsing.limits import Budget, Place
from retrieval.parsing.word_styles import Styles

# A text box is there twice, for newer and older programs; what was moved or struck out is there no more.
_UNREAD = {"Fallback", "moveFrom", "del", "instrText", "delText"}
_WIDEST = 60
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-", "ptab": "\t"}


def _in_run(element: etree._Element) -> bool:
    """Whether a tab or break is one of the text, not a tab stop among a paragraph's properties."""
    parent = element.getparent()
    return parent is not None and archive.local(parent) == "r"


@dataclass
class _Paragraph:
    words: list[str] = field(default_factory=list)
    level: int = 0
    listed: bool = False
    run_hidden: bool = False


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    cell: list[str] = field(default_factory=list)
    span: int = 1


class Blocks:
    """The blocks of a document in order. `title` is its first paragraph in the style of titles or headings; `places`
    at most `most` of its paragraphs and rows, those of a table inside another among them."""

    def __init__(self, styles: Styles, budget: Budget, most: int = 0) -> None:
        self.title = ""
        self.places: list[Place] = []
        self._most, self._numbered, self._tables_seen = most, 0, 0
        self._styles, self._budget = styles, budget
        self._blocks: list[str] = []
        self._paragraphs: list[_Paragraph] = []
        self._tables: list[_Table] = []
        self._unread = 0

    def markdown(self) -> str:
        """All blocks."""
        text = ""
        for before, block in zip(["", *self._blocks], self._blocks, strict=False):
            both_listed = before.startswith("- ") and block.startswith("- ")
            text += ("\n" if both_listed else "\n\n" if before else "") + block
        return text

    def begin(self, tag: str, element: etree._Element) -> None:
        """An element begins."""
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "p":
            self._budget.paragraph()
            self._paragraphs.append(_Paragraph())
        elif tag == "tbl":
            self._tables.append(_Table())
        elif tag == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif tag == "tc" and self._tables:
            self._tables[-1].cell, self._tables[-1].span = [], 1
        elif tag == "r" and self._paragraphs:
            self._paragraphs[-1].run_hidden = False

    def end(self, tag: str, element: etree._Element) -> None:
        """An element ends; its own children and attributes are known by now."""
        if tag in _UNREAD:
            self._unread -= 1
        elif tag == "tbl" and self._tables:
            rows = self._tables.pop().rows
            self._place_rows(rows)
            self._put(markdown.labelled_table(rows))
        elif tag == "gridSpan" and self._tables and (span := archive.attribute(element, "val")).isdigit():
            # A cell over several columns is the first of them, so that those after it keep their places.
            self._tables[-1].span = min(int(span), _WIDEST) if self._most else 1
        elif tag == "tc" and self._tables and self._tables[-1].rows:
            table = self._tables[-1]
            table.rows[-1] += [" ".join(table.cell), *[""] * (table.span - 1)]
        elif self._paragraphs and not self._unread:
            self._in_paragraph(tag, element, self._paragraphs[-1])
        if tag == "p" and self._paragraphs and not self._unread:
            self._finish(self._paragraphs.pop())
        elif tag == "p" and self._paragraphs:
            self._paragraphs.pop()

    def _in_paragraph(self, tag: str, element: etree._Element, paragraph: _Paragraph) -> None:
        if tag == "t":
            if element.text and not paragraph.run_hidden:
                paragraph.words.append(self._budget.spend(str(element.text)))
        elif tag in _BREAKS and _in_run(element):
            paragraph.words.append(_BREAKS[tag])
        elif tag == "vanish" and archive.attribute(element, "val") not in ("0", "false", "off"):
            paragraph.run_hidden = True
        elif tag == "pStyle":
            paragraph.level = self._styles.level(archive.attribute(element, "val"))
        elif tag == "outlineLvl" and archive.attribute(element, "val").isdigit():
            level = int(archive.attribute(element, "val"))
            paragraph.level = min(level + 2, 6) if level < 9 else paragraph.level
        elif tag == "numPr":
            paragraph.listed = True

    def _place_rows(self, rows: list[list[str]]) -> None:
        self._tables_seen += 1
        left = max(0, self._most - len(self.places))
        self.places += [
            Place(tuple(map(markdown.one_line, row)), number, table=self._tables_seen)
            for number, row in enumerate(rows[:left], 1)
        ]

    def _finish(self, paragraph: _Paragraph) -> None:
        text = "".join(paragraph.words)
        if not self._tables and text.strip():
            self._numbered += 1
            bullet = "- " if paragraph.listed else ""
            for line in text.split("\n") if len(self.places) < self._most else ():
                self.places.append(Place((bullet + markdown.one_line(line),), self._numbered))
        if self._tables:
            self._tables[-1].cell.append(text)
        elif paragraph.level:
            self._put(markdown.heading(paragraph.level, text))
            self.title = self.title or markdown.one_line(text)
        else:
            said = markdown.escaped(text)
            self._put(f"- {said}" if paragraph.listed and said else said)

    def _put(self, block: str) -> None:
        if not block:
            return
        if self._tables:
            self._tables[-1].cell.append(block)
        else:
            self._blocks.append(block)
