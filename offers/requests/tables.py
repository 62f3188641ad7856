"""The tables of a request: rows under headings, whatever order their columns are in; and the text around them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.text import folded_words
from offers.requests.places import Place
from offers.requests.words import Column, column_of, words

_MOST_COLUMNS = 60
# How far, in characters, from the beginning of its column the second line of a cell may begin.
_SLACK = 3


@dataclass(frozen=True)
class Row:
    """A row of a table, its cells by the kind of their column."""

    place: Place
    cells: dict[Column, str]

    def cell(self, column: Column) -> str:
        """The text in the column of that kind, empty where there is none."""
        return self.cells.get(column, "").strip()


@dataclass
class _Headings:
    place: Place
    columns: tuple[Column | None, ...]

    def cells(self, place: Place) -> dict[Column, str]:
        found: dict[Column, str] = {}
        for at, cell in enumerate(place.cells[:_MOST_COLUMNS]):
            column = self._column(place, at)
            # Of two columns of one kind ("unit price", "total") the first counts.
            if column is not None and cell and (column not in found or place.starts):
                found[column] = f"{found[column]} {cell}" if column in found else cell
        return found

    def _column(self, place: Place, at: int) -> Column | None:
        if not place.starts or not self.place.starts:
            return self.columns[at] if at < len(self.columns) else None
        start, end = place.starts[at], place.starts[at] + len(place.cells[at])
        nearest = min(
            range(len(self.columns)),
            key=lambda n: (
                max(self.place.starts[n] - end, start - self.place.starts[n] - len(self.place.cells[n]), 0),
                abs(self.place.starts[n] - start),
            ),
        )
        return self.columns[nearest]

    def continues(self, row: Row | None, place: Place) -> bool:
        """Whether the line at `place` goes on with the text in a cell of `row`."""
        if row is None or len(place.cells) != 1 or not place.starts or place.number != row.place.number + 1:
            return False
        column = self._column(place, 0)
        at = self.place.starts[self.columns.index(column)] if column in self.columns else -1
        return column == "item" and abs(place.starts[0] - at) <= _SLACK


@dataclass
class Divided:
    """The rows under headings, and the places outside of tables, both in order. `bare` are rows with columns but no
    headings over them."""

    rows: list[Row] = field(default_factory=list)
    texts: list[Place] = field(default_factory=list)
    bare: list[Place] = field(default_factory=list)


def divided(places: Sequence[Place]) -> Divided:
    """`places` as rows of tables and as text."""
    found = Divided()
    headings: _Headings | None = None
    last: Row | None = None
    for place in places:
        if (named := _headings(place)) is not None:
            headings, last = named, None
            continue
        if headings is not None and not _same_table(headings.place, place):
            headings, last = None, None
        if headings is None:
            (found.bare if _columns(place) else found.texts).append(place)
        elif headings.continues(last, place) and last is not None:
            last = _joined(last, place)
            found.rows[-1] = last
        elif place.starts and len(place.cells) == 1:
            headings, last = None, None
            found.texts.append(place)
        elif not _is_total(place):
            last = Row(place, headings.cells(place))
            found.rows.append(last)
    return found


def _joined(row: Row, place: Place) -> Row:
    whole = row.place.model_copy(update={"number": place.number})
    text = f"{row.cell('item')} {place.text}"
    shown = row.place.model_copy(update={"cells": (*row.place.cells, place.text), "number": place.number})
    return Row(shown if whole.starts else row.place, {**row.cells, "item": text})


def _headings(place: Place) -> _Headings | None:
    """The headings in a row: an item or a code, and another kind of column, named by at least half of its cells."""
    cells = place.cells[:_MOST_COLUMNS]
    columns = _told_apart(tuple(column_of(cell) if cell else None for cell in cells))
    named = {column for column in columns if column is not None}
    filled = sum(bool(cell) for cell in cells)
    sold = "item" in named or ("code" in named and "quantity" in named)
    if len(named) < 2 or not sold or 2 * sum(column is not None for column in columns) < filled:
        return None
    # "Product | 10" is a row, and so is one whose other cells hold numbers.
    if any(any(c.isdigit() for c in cell) for cell in cells):
        return None
    return _Headings(place, columns)


def _told_apart(columns: tuple[Column | None, ...]) -> tuple[Column | None, ...]:
    """Of "Item" and "Description" the first counts the rows."""
    if columns.count("item") < 2:
        return columns
    first = columns.index("item")
    return tuple("number" if at == first else column for at, column in enumerate(columns))


def _same_table(one: Place, other: Place) -> bool:
    if one.table is not None or one.sheet:
        return (one.table, one.sheet) == (other.table, other.sheet)
    return other.table is None and not other.sheet


def _columns(place: Place) -> bool:
    return sum(bool(cell) for cell in place.cells) > 1


def _is_total(place: Place) -> bool:
    first = next((cell for cell in place.cells if cell), "")
    said = folded_words(first)
    return bool(said) and said[0] in words("totals")


def texts_of(places: Sequence[Place]) -> Iterator[tuple[Place, str]]:
    """The text of places outside of tables, lines that were broken by the margin joined again."""
    held: tuple[Place, str] | None = None
    for place in places:
        text = place.text
        if held is not None and _goes_on(held, place, text):
            held = (held[0], f"{held[1]} {text}")
            continue
        if held is not None:
            yield held
        held = (place, text)
    if held is not None:
        yield held


_FULL_LINE = 55


def _goes_on(held: tuple[Place, str], place: Place, text: str) -> bool:
    before, said = held
    neighbours = before.page == place.page and before.table == place.table and not place.sheet and bool(place.starts)
    broken = len(said) >= _FULL_LINE and said[-1] not in ".:;!?" and text[:1].isalnum()
    lines = place.number - before.number
    return neighbours and broken and 0 < lines <= 1 + len(said) // _FULL_LINE
