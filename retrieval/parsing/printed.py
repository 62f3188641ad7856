"""Lines as they are printed, with the columns that their blanks show."""

import re

from pypdf import PageObject

from retrieval.parsing import markdown
from retrieval.parsing.limits import Place

_COLUMNS = re.compile(r"\S+(?: \S+)*")
_WIDEST_LINE = 2_000


def lines(page: PageObject, plain: str, number: int) -> list[Place]:
    """The lines of page `number`, divided where two blanks or more stand; those of its `plain` text where the page
    cannot be laid out."""
    try:
        laid_out = page.extract_text(extraction_mode="layout")
    except MemoryError:
        raise
    # The library's layout mode breaks on pages whose plain text it reads.
    except Exception:
        laid_out = plain
    if not laid_out.strip():
        laid_out = plain
    return lines_of(laid_out, len(laid_out), page=number)


def lines_of(text: str, most: int, page: int | None = None) -> list[Place]:
    """At most `most` of the lines of `text` that have something in them, numbered as they stand, with their columns."""
    found: list[Place] = []
    for number, line in enumerate(text.split("\n") if most else (), 1):
        if len(found) >= most:
            break
        # A blank a character, so that the columns of one line stand under those of another.
        shown = markdown.clean(line.expandtabs(8).replace("\u00a0", " "))[:_WIDEST_LINE]
        parts = list(_COLUMNS.finditer(shown))
        if parts:
            cells = tuple(markdown.one_line(part.group()) for part in parts)
            found.append(Place(cells, number, page, starts=tuple(part.start() for part in parts)))
    return found
