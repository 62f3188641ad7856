"""Sheets straight from their XML: for workbooks whose styles or format (strict Open XML) the library does not take."""

import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from retrieval.parsing.archive import attribute, elements, local, main_part, member
from retrieval.parsing.limits import Fault

_LETTERS = re.compile(r"[A-Z]{1,3}")
_WIDEST = 16_384


class Workbook:
    """The visible sheets of a workbook, and the values of their cells as Python has them."""

    def __init__(self, opened: zipfile.ZipFile) -> None:
        self._zip = opened
        self._main = main_part(opened, "xl/workbook.xml")
        self._related = dict(self._relations())
        self._epoch = CALENDAR_WINDOWS_1900
        self.sheets: list[tuple[str, str]] = []
        for element in self._elements(self._main):
            if local(element) == "workbookPr" and attribute(element, "date1904") in ("1", "true"):
                self._epoch = CALENDAR_MAC_1904
            if local(element) == "sheet" and element.get("state", "visible") == "visible":
                _, target = self._related.get(attribute(element, "id"), ("", ""))
                if target:
                    self.sheets.append((str(element.get("name", "")), target))
        self._texts = [_text(e) for e in self._elements(self._part("sharedStrings")) if local(e) == "si"]
        self._dates = self._date_styles()

    def rows(self, target: str) -> Iterator[tuple[object, ...]]:
        """The rows of a sheet that have cells."""
        row: list[object] = []
        for element in self._elements(target):
            if local(element) == "c":
                place = _column(str(element.get("r", "")), len(row))
                row += [None] * (place - len(row) + 1)
                row[place] = self._value(element)
                element.clear()
            elif local(element) == "row":
                yield tuple(row)
                row = []
                element.clear()

    def _value(self, cell: etree._Element) -> object:
        kind = str(cell.get("t", "n"))
        if kind == "inlineStr":
            return _text(cell)
        said = next((str(part.text or "") for part in cell if local(part) == "v"), "")
        if kind == "s":
            return self._texts[int(said)] if said.isdecimal() and int(said) < len(self._texts) else None
        if kind == "b":
            return said == "1"
        if kind != "n" or not said:
            return said or None
        try:
            number = float(said)
            style = str(cell.get("s", ""))
            dated = style.isdecimal() and int(style) in self._dates
            return from_excel(number, self._epoch) if dated else number
        except (ValueError, OverflowError):
            return said

    def _date_styles(self) -> frozenset[int]:
        """The places of those cell styles that show a number as a date."""
        codes = dict(BUILTIN_FORMATS)
        used: list[int] = []
        for element in self._elements(self._part("styles")):
            number = str(element.get("numFmtId", ""))
            if not number.isdecimal():
                continue
            if local(element) == "numFmt":
                codes[int(number)] = str(element.get("formatCode", ""))
            parent = element.getparent()
            if local(element) == "xf" and parent is not None and local(parent) == "cellXfs":
                used.append(int(number))
        return frozenset(place for place, number in enumerate(used) if is_date_format(codes.get(number)))

    def _relations(self) -> Iterator[tuple[str, tuple[str, str]]]:
        folder, name = posixpath.split(self._main)
        for element in self._elements(f"{folder}/_rels/{name}.rels"):
            if local(element) == "Relationship":
                target = posixpath.normpath(posixpath.join("/", folder, str(element.get("Target", ""))))
                yield str(element.get("Id", "")), (str(element.get("Type", "")), target.lstrip("/"))

    def _part(self, kind: str) -> str:
        return next((target for type_, target in self._related.values() if type_.endswith("/" + kind)), "")

    def _elements(self, name: str) -> Iterator[etree._Element]:
        data = member(self._zip, name) if name else None
        if data is not None:
            yield from elements(data, "end")


def _text(element: etree._Element) -> str:
    """The words of a cell, without the small signs that tell how to read them aloud."""
    words = []
    for part in element.iter():
        parent = part.getparent()
        if local(part) == "t" and not (parent is not None and local(parent) == "rPh"):
            words.append(str(part.text or ""))
    return "".join(words)


def _column(reference: str, following: int) -> int:
    """The place of a cell from its reference, such as 1 from B7; `following` where it has none."""
    letters = _LETTERS.match(reference)
    if letters is None:
        return following
    place = 0
    for letter in letters.group():
        place = 26 * place + ord(letter) - 64
    if place > _WIDEST or place <= following:
        # Cells come in order; one that goes back is damage.
        raise Fault("file_damaged")
    return place - 1
