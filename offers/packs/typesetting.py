"""Our own small PDFs by typst: the stamps of a pack, and its cover letter."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TypedDict

import typst

from core.errors import AppError

_FOLDER = Path(__file__).parent
_ONE_AT_A_TIME = Lock()


class Mark(TypedDict):
    """The stamp of one page: its text and the page's size in points of 1/72 inch."""

    width: float
    height: float
    text: str


@lru_cache
def _compiler(template: str) -> "typst.Compiler":
    return typst.Compiler(_FOLDER / template, root=_FOLDER, font_paths=_fonts())


@lru_cache
def _fonts() -> "typst.Fonts":
    return typst.Fonts()


def _set(template: str, name: str, given: object, on: date) -> bytes:
    moment = datetime.combine(on, time(), UTC)
    try:
        with _ONE_AT_A_TIME:
            made = _compiler(template).compile(format="pdf", sys_inputs={name: json.dumps(given)}, timestamp=moment)
    except typst.TypstError as fault:
        raise AppError("pdf_failed", 500, file=template, fault=fault.message[:200]) from fault
    if not isinstance(made, bytes):
        raise AppError("pdf_failed", 500, file=template, fault="no page")
    return made


def stamps_pdf(marks: Sequence[Mark], on: date) -> bytes:
    """A PDF with one page a mark, empty but for the stamp; the same marks give the same bytes."""
    return _set("stamp.typ", "marks", list(marks), on)


class PrintedLetter(TypedDict):
    """A letter as it is printed: each paragraph's lines are kept as they are."""

    seller: str
    address: str
    reach: str
    buyer: str
    buyer_address: str
    day: str
    subject: str
    paragraphs: list[str]
    language: str


def letter_bytes(printed: PrintedLetter, on: date) -> bytes:
    """A PDF of the letter; the same letter gives the same bytes."""
    return _set("letter.typ", "letter", printed, on)
