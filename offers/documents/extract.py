"""The text of a finished document in reading order, one table row or paragraph a line."""

from collections.abc import Iterator
from pathlib import Path

import docx
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from pypdf import PdfReader

from core.errors import AppError

_PARAGRAPH, _TABLE, _ROW, _CELL, _TEXT = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc", "t"))
# Between the pages of a PDF.
PAGE_END = "\f"
_BREAKS = {qn("w:br"), qn("w:cr"), qn("w:tab")}
# Where a long word may break; typst writes it into the PDF although nobody sees it.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u00ad"))


def document_text(path: Path) -> str:
    """What the Word file or PDF at `path` says, in reading order; cells of a row are tab-separated, pages of
    a PDF by `PAGE_END`.

    No-break spaces stay, as they hold numbers together. Raises `AppError` `document_unreadable` if
    the file cannot be opened or is of another kind.
    """
    readers = {".docx": _word, ".pdf": _pdf}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise AppError("document_unreadable", 500, file=path.name)
    try:
        text = reader(path)
    except Exception as fault:  # both parsers raise whatever a damaged file makes them meet
        raise AppError("document_unreadable", 500, file=path.name) from fault
    return text.translate(_UNSEEN)


def _pdf(path: Path) -> str:
    with PdfReader(path) as reader:
        return PAGE_END.join(page.extract_text() for page in reader.pages)


def _word(path: Path) -> str:
    document = docx.Document(str(path))
    lines = list(_lines(document.element.body))
    for section in document.sections:
        for part in (section.header, section.footer):
            lines.extend(_lines(part._element))
    return "\n".join(lines)


def _lines(parent: BaseOxmlElement) -> Iterator[str]:
    """The paragraphs and table rows of `parent`; a table in a cell gives lines of its own."""
    for child in parent:
        if child.tag == _PARAGRAPH:
            yield _paragraph(child)
        elif child.tag == _TABLE:
            for row in child.iter(_ROW):
                yield from _row(row)
        elif child.tag not in (_ROW, _CELL):
            yield from _lines(child)


def _row(row: BaseOxmlElement) -> Iterator[str]:
    # Content controls may stand between a row and its cells, so what is nearest counts, not the parent.
    cells = [cell for cell in row.iter(_CELL) if next(cell.iterancestors(_ROW)) is row]
    yield "\t".join(" ".join(_paragraph(p) for p in _own_paragraphs(cell)) for cell in cells)


def _own_paragraphs(cell: BaseOxmlElement) -> Iterator[BaseOxmlElement]:
    return (p for p in cell.iter(_PARAGRAPH) if next(p.iterancestors(_CELL)) is cell)


def _paragraph(paragraph: BaseOxmlElement) -> str:
    pieces = []
    for piece in paragraph.iter():
        if piece.tag == _TEXT:
            pieces.append(piece.text or "")
        elif piece.tag in _BREAKS:
            pieces.append(" ")
    return "".join(pieces)
