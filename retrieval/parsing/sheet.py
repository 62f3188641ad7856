"""Excel workbooks: the values of their visible sheets."""

import datetime
from collections.abc import Iterator
from typing import BinaryIO

from openpyxl import load_workbook

from retrieval.parsing import archive, markdown
from retrieval.parsing.limits import Budget, Draft, Fault, Limits, Place, Section
from retrieval.parsing.sheet_xml import Workbook

Rows = Iterator[tuple[object, ...]]

# A heading every so many rows, so that a long list is cited by where in it something stands.
_BLOCK = 100


def read(file: BinaryIO, limits: Limits) -> Draft:
    """Each visible sheet with something in it as a section; formulas count with the value they had when saved.

    Raises `Fault`: too many sheets or rows, damaged, and those of `archive.opened`.
    """
    with archive.opened(file, limits) as opened:
        try:
            title, sheets = _by_library(file)
            sections, places = _all(sheets, limits)
        except (Fault, MemoryError):
            raise
        # Whatever the library does not take may still be a workbook.
        except Exception:
            title, sheets, sections, places = "", [], [], []
        if not sections:
            book = Workbook(opened)
            sheets = [(name, book.rows(target)) for name, target in book.sheets]
            sections, places = _all(sheets, limits)
    return Draft("xlsx", title, max(1, len(sheets)), sections, places=places)


def _all(sheets: list[tuple[str, Rows]], limits: Limits) -> tuple[list[Section], list[Place]]:
    if len(sheets) > limits.pages:
        raise Fault("file_too_many_pages", pages=len(sheets), most=limits.pages)
    budget, counter = Budget(limits), _Counter(limits)
    sections: list[Section] = []
    places: list[Place] = []
    for name, each in sheets:
        numbered = list(_rows(each, counter))
        sections += _sections(name, [cells for _, cells in numbered], budget)
        left = numbered[: limits.places - len(places)] if limits.places else []
        places += [
            Place(tuple(map(markdown.one_line, cells)), number, sheet=markdown.one_line(name)) for number, cells in left
        ]
    return sections, places


def _by_library(file: BinaryIO) -> tuple[str, list[tuple[str, Rows]]]:
    """The title and the visible sheets as openpyxl reads them, row by row."""
    file.seek(0)
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets: list[tuple[str, Rows]] = []
    for each in book.worksheets:
        if each.sheet_state == "visible":
            # Sizes written in files are often wrong, and sometimes meant to hurt.
            each.reset_dimensions()
            sheets.append((each.title, each.iter_rows(values_only=True)))
    return markdown.one_line(str(book.properties.title or "")), sheets


def _sections(title: str, rows: list[list[str]], budget: Budget) -> Iterator[Section]:
    name = markdown.one_line(title)
    place = markdown.header_of(rows)
    header = [] if place is None else [markdown.one_line(cell) for cell in rows[place]]
    above = [] if place is None else rows[:place]
    rows = rows if place is None else rows[place + 1 :]
    for start in range(0, len(rows), _BLOCK):
        part = rows[start : start + _BLOCK]
        tables = (markdown.table(above) if not start else "", markdown.table(part, header))
        text = budget.spend("\n".join(table for table in tables if table))
        label = name if len(rows) <= _BLOCK else f"{name} ({start + 1}–{start + len(part)})"
        yield Section(text, name=label)


class _Counter:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows = self._cells = 0

    def count(self, cells: int) -> None:
        self._rows += 1
        self._cells += cells
        if self._rows > self._limits.rows or self._cells > self._limits.cells:
            raise Fault("file_too_many_rows", most=self._limits.rows)


def _rows(rows: Rows, counter: _Counter) -> Iterator[tuple[int, list[str]]]:
    """The rows with something in them, each with its number as the sheet counts."""
    for number, row in enumerate(rows, 1):
        cells = [_shown(value) for value in row]
        if filled := sum(map(bool, cells)):
            counter.count(filled)
            yield number, cells


def _shown(value: object) -> str:
    """A cell as a person reads it: dates by the calendar, numbers without the noise of binary fractions."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
