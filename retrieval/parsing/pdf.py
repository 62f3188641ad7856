"""PDF files, page by page."""

import re
from typing import BinaryIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, WrongPasswordError

from retrieval.parsing import markdown, printed
from retrieval.parsing.limits import MEGABYTE, Budget, Draft, Fault, Limits, Place, Section

# Titles that programs fill in by themselves.
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|excel|powerpoint)|untitled|document\d*$|.*\.(?:docx?|xlsx?|pdf|indd|tex|dvi)$)",
    re.IGNORECASE,
)


def read(file: BinaryIO, limits: Limits) -> Draft:
    """The text of every page. A page that cannot be read is counted and left out.

    Raises `Fault`: encrypted, too many pages, unpacks too large, damaged.
    """
    try:
        reader = PdfReader(file, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Fault("file_encrypted")
        count = len(reader.pages)
    except (DependencyError, FileNotDecryptedError, WrongPasswordError) as locked:
        raise Fault("file_encrypted") from locked
    if count > limits.pages:
        raise Fault("file_too_many_pages", pages=count, most=limits.pages)
    budget = Budget(limits)
    sections: list[Section] = []
    places: list[Place] = []
    unread = overblown = 0
    for place in range(count):
        try:
            text = reader.pages[place].extract_text()
        except (DependencyError, FileNotDecryptedError, WrongPasswordError) as locked:
            raise Fault("file_encrypted") from locked
        except MemoryError:
            raise
        except LimitReachedError:
            overblown += 1
            unread += 1
            continue
        # Whatever breaks inside of the library on one page says nothing about the others.
        except Exception:
            unread += 1
            continue
        said = budget.spend(markdown.escaped(markdown.unhyphenated(markdown.clean(text))))
        if said:
            sections.append(Section(said, number=place + 1))
        if said and len(places) < limits.places:
            places += printed.lines(reader.pages[place], text, place + 1)[: limits.places - len(places)]
    if count and unread == count:
        if overblown:
            raise Fault("file_unpacks_too_large", megabytes=limits.unpacked_bytes // MEGABYTE)
        raise Fault("file_damaged")
    return Draft("pdf", _title(reader), count, sections, unread, places)


def _title(reader: PdfReader) -> str:
    """The title a person gave the file, if one did."""
    try:
        said = reader.metadata.title if reader.metadata else None
    # Metadata may be of any shape in a broken file, and is never needed.
    except Exception:
        return ""
    title = markdown.one_line(str(said or ""))
    return "" if _NO_TITLE.match(title) else title
