"""The tables of lines in the Word templates: what counts, the alternatives to it, and the options."""

from docx.document import Document
from docx.shared import Mm, RGBColor
from docx.table import Table, _Cell, _Row

from offers.templates.wordkit import (
    ACCENT,
    INK,
    LEFT,
    MUTED,
    PALE,
    RIGHT,
    RULE,
    TINT,
    borders,
    marker,
    row_keeps_together,
    shade,
    space,
    table,
    write,
)

COLUMNS = ("sku", "name", "quantity", "unit_price", "discount", "net", "vat")
# Wide enough for 99 999 999,00 zł in DejaVu Sans, the widest font that may stand in for the first choice.
WIDTHS = (21.0, 46.0, 20.0, 30.0, 13.0, 32.0, 12.0)


def header_row(row: _Row, texts: tuple[str, ...], left: int, tint: str = TINT, color: RGBColor = ACCENT) -> None:
    """Fill `row` with column names, the first `left` set left, the rest right; it is printed again on each page."""
    row_keeps_together(row, repeat=True)
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        write(cell.paragraphs[0], text, size=8, bold=True, color=color, align=LEFT if place < left else RIGHT)
        space(cell.paragraphs[0], before=1, after=1).paragraph_format.keep_with_next = True
        shade(cell, tint)


def tag(row: _Row, text: str) -> None:
    """Make `row` only hold a template's tag; it vanishes when a document is made."""
    write(row.cells[0].paragraphs[0], "{%tr " + text + " %}")


def _named(cell: _Cell) -> None:
    """What stands under a line's name: its text, what a bundle contains, and that there is a choice."""
    marker(cell, "if line.text")
    write(cell.add_paragraph(), "{{ line.text }}", size=7.5, color=MUTED)
    marker(cell, "endif")
    marker(cell, "for part in line.contents")
    part = write(cell.add_paragraph(), "·\t{{ part.quantity }} {{ part.unit }} {{ part.name }}", size=7.5, color=MUTED)
    part.paragraph_format.left_indent, part.paragraph_format.first_line_indent = Mm(2.5), Mm(-2.5)
    marker(cell, "endfor")
    marker(cell, "if line.choice")
    write(cell.add_paragraph(), "{{ line.choice }}", size=7.5, color=ACCENT)
    marker(cell, "endif")
    for paragraph in cell.paragraphs:
        space(paragraph)


def _line(row: _Row, counted: bool) -> None:
    row_keeps_together(row)
    values = ("sku", "name", "quantity }} {{ line.unit", "unit_price", "discount", "net", "vat")
    for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        size, color = (8.0, MUTED) if value == "sku" else (8.5, INK)
        text = "{{ line." + value + " }}"
        write(cell.paragraphs[0], text, size, counted and value == "net", color, LEFT if place < 2 else RIGHT)
        borders(cell, bottom=f"4:{RULE}")
        if value == "name":
            _named(cell)
        space(cell.paragraphs[0], before=1)
        space(cell.paragraphs[-1], before=1 if len(cell.paragraphs) == 1 else 0, after=1)


def _columns(words: dict[str, str]) -> tuple[str, ...]:
    return tuple(words[column] for column in COLUMNS)


def lines(made: Document, words: dict[str, str]) -> None:
    """The lines that are in the totals."""
    items = table(made, WIDTHS, 4)
    header_row(items.rows[0], _columns(words), left=2)
    tag(items.rows[1], "for line in lines")
    _line(items.rows[2], counted=True)
    tag(items.rows[3], "endfor")


def _heading(made: Document, words: dict[str, str], name: str) -> None:
    heading = write(made.add_paragraph(), words[name], size=11, bold=True, color=ACCENT)
    space(heading, before=16, after=1).paragraph_format.keep_with_next = True
    hint = write(made.add_paragraph(), words[f"{name}_hint"], size=8, color=MUTED)
    space(hint, after=4).paragraph_format.keep_with_next = True


def _beside(made: Document, words: dict[str, str], rows: int) -> Table:
    """A table of lines that do not count: paler, so that nobody adds them up."""
    items = table(made, WIDTHS, rows)
    header_row(items.rows[0], _columns(words), left=2, tint=PALE, color=MUTED)
    return items


def alternatives(made: Document, words: dict[str, str]) -> None:
    """The lines that may be taken instead of one that counts, group by group."""
    marker(made, "if alternatives")
    _heading(made, words, "alternatives")
    items = _beside(made, words, 7)
    tag(items.rows[1], "for group in alternatives")
    row = items.rows[2]
    row_keeps_together(row)
    name = row.cells[0].merge(row.cells[-1])
    head = write(name.paragraphs[0], "{{ group.name }}", size=8.5, bold=True)
    write(head, "  {{ group.instead }}", size=8, color=MUTED)
    space(head, before=3, after=1).paragraph_format.keep_with_next = True
    borders(name, bottom=f"4:{RULE}")
    tag(items.rows[3], "for line in group.lines")
    _line(items.rows[4], counted=False)
    tag(items.rows[5], "endfor")
    tag(items.rows[6], "endfor")
    marker(made, "endif")


def options(made: Document, words: dict[str, str]) -> None:
    """The lines that a customer may order besides."""
    marker(made, "if options")
    _heading(made, words, "options")
    items = _beside(made, words, 4)
    tag(items.rows[1], "for line in options")
    _line(items.rows[2], counted=False)
    tag(items.rows[3], "endfor")
    marker(made, "endif")
