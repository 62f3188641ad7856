"""Word documents: paragraphs, headings, lists, tables and notes, straight from their XML.

Not through a library of Word's object model: that needs every part in order and refuses files with macros, while the
text is in one part alone. Macros, deleted and hidden text and comments are not read; headers only where places are
asked for, since a letterhead says who writes.
"""

import re
import zipfile
from typing import BinaryIO

from lxml import etree

from retrieval.parsing import archive, markdown
from retrieval.parsing.limits import Budget, Draft, Fault, Limits, Section
from retrieval.parsing.word_styles import Styles
from retrieval.parsing.word_text import Blocks

_USUAL = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_HEADERS = re.compile(r"word/header\d*\.xml", re.IGNORECASE)


def read(file: BinaryIO, limits: Limits) -> Draft:
    """The text of the document with its headings. Raises `Fault("file_damaged")` and those of `archive.opened`."""
    with archive.opened(file, limits) as opened:
        budget = Budget(limits)
        styles = Styles(opened)
        blocks = Blocks(styles, budget, limits.places)
        headers = [entry for entry in opened.namelist() if limits.places and _HEADERS.fullmatch(entry)]
        for header in sorted(headers):
            _read(opened, header, blocks)
        name = archive.main_part(opened, _USUAL)
        if not _read(opened, name, blocks):
            raise Fault("file_damaged")
        for notes in _NOTES:
            _read(opened, notes, blocks)
        title = blocks.title or _stated_title(opened)
        return Draft("docx", title, 1, [Section(blocks.markdown())], places=blocks.places)


def _read(opened: zipfile.ZipFile, name: str, blocks: Blocks) -> bool:
    data = archive.member(opened, name)
    if data is None:
        return False
    for event, element in archive.pairs(data, "start", "end"):
        tag = archive.local(element)
        if event == "start":
            blocks.begin(tag, element)
        else:
            blocks.end(tag, element)
            if tag in ("p", "tbl", "sectPr"):
                _forget(element)
    return True


def _forget(element: etree._Element) -> None:
    """Let go of what was read: a document is larger in memory than on the disk."""
    element.clear(keep_tail=False)
    before = element.getprevious()
    parent = element.getparent()
    if before is not None and parent is not None:
        parent.remove(before)


def _stated_title(opened: zipfile.ZipFile) -> str:
    data = archive.member(opened, "docProps/core.xml")
    if data is None:
        return ""
    try:
        found = next((e.text for e in archive.elements(data, "end") if archive.local(e) == "title"), "")
    except Fault:
        return ""
    return markdown.one_line(found or "")
