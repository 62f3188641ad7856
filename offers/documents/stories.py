"""The paragraphs of a part of a Word file, each with the place it has for a person."""

from collections.abc import Iterator

from lxml import etree

from offers.documents.places import Place

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORIES = {"document": "body", "header": "header", "footer": "footer", "footnotes": "note", "endnotes": "note"}


def local(element: etree._Element) -> str:
    """An element's name without its namespace; empty for comments and processing instructions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def story_of(part: str) -> str:
    """What people call the part `word/header1.xml`: `header`; the part's name where they have no word for it."""
    stem = part.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")
    return _STORIES.get(stem, part)


def stories(part: str, root: etree._Element) -> Iterator[tuple[Place, etree._Element]]:
    """Every paragraph of `root`, the part called `part`, with its place; a table is counted with those it is in."""
    tables = {table: n for n, table in enumerate(root.iter(f"{W}tbl"), start=1)}
    rows = _numbered(root, f"{W}tbl", f"{W}tr")
    cells = _numbered(root, f"{W}tr", f"{W}tc")
    for number, paragraph in enumerate(root.iter(f"{W}p"), start=1):
        table = row = cell = 0
        cell_element = next(paragraph.iterancestors(f"{W}tc"), None)
        if cell_element is not None:
            row_element = next(cell_element.iterancestors(f"{W}tr"), None)
            table_element = next(cell_element.iterancestors(f"{W}tbl"), None)
            if row_element is not None and table_element is not None:
                table = tables[table_element]
                row, cell = rows.get(row_element, 0), cells.get(cell_element, 0)
        yield Place(story_of(part), number, table, row, cell, said(paragraph)), paragraph


def _numbered(root: etree._Element, parent: str, child: str) -> dict[etree._Element, int]:
    """The place of each `child` in its `parent`, counted from 1; kept at once, as a table may have very many."""
    return {one: n for each in root.iter(parent) for n, one in enumerate(each.iterchildren(child), start=1)}


def said(paragraph: etree._Element) -> str:
    """The text of a paragraph without that of paragraphs within it, as in a text box."""
    pieces = []
    for element in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if next(element.iterancestors(f"{W}p")) is paragraph:
            pieces.append((element.text or "") if local(element) == "t" else " ")
    return "".join(pieces)
