"""The text of a company's document as HTML, a part at a time: a long one takes seconds to render, and anybody may ask.

No request renders more than a part; what was rendered is remembered, since documents that are for everyone are read
without signing in.
"""

import hashlib
import re
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass

from markupsafe import Markup

from api.console.help_text import DOCUMENTS, anchored, render
from assistant.pages import HelpText
from retrieval.chunks import plain

# A document up to the first is shown whole; the parts of a longer one are about as long as the second.
_WHOLE, _PART = 60_000, 30_000
_REMEMBERED = 64
# No list of contents is longer, however many headings a document has.
_MOST_LISTED = 1_000
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t#]*$")


@dataclass(frozen=True)
class Place:
    """A heading: its text, its anchor, and the part it is in, from 1."""

    text: str
    anchor: str
    part: int


@dataclass(frozen=True)
class Shown:
    """One part of a document: its HTML, its second-level headings, which part it is of how many, and where the
    headings of the other parts are: a citation leads to an anchor without knowing its part."""

    body: Markup
    headings: tuple[Place, ...]
    part: int = 1
    parts: int = 1
    elsewhere: tuple[Place, ...] = ()


_remembered: OrderedDict[tuple[str, str, str, int], Shown] = OrderedDict()
_lock = threading.Lock()


def shown(page: HelpText, part: int = 1) -> Shown:
    """A page as it is read; of a long document, the part asked for, or the nearest there is."""
    if page.origin != "document":
        body, headings = render(page.body)
        return Shown(body, tuple(Place(text, anchor, 1) for text, anchor in headings))
    digest = hashlib.sha256(page.body.encode()).hexdigest()
    key = (page.code, digest, page.language, part)
    with _lock:
        found = _remembered.get(key)
        if found is not None:
            _remembered.move_to_end(key)
            return found
    made = _shown(page.body, part)
    # Numbers of parts nobody has are not remembered: they would push out those that are read.
    if made.part == part:
        with _lock:
            _remembered[key] = made
            while len(_remembered) > _REMEMBERED:
                _remembered.popitem(last=False)
    return made


def _shown(body: str, part: int) -> Shown:
    parts = parted(body)
    part = min(max(part, 1), len(parts))
    seen: Counter[str] = Counter()
    elsewhere: list[Place] = []
    before: Counter[str] = Counter()
    for number, text in enumerate(parts, 1):
        if number == part:
            before = seen.copy()
        for line in text.split("\n"):
            found = _HEADING.match(line)
            if found is None:
                continue
            heading = plain(found[2])
            anchor = anchored(heading, seen)
            if number != part and len(elsewhere) < _MOST_LISTED:
                elsewhere.append(Place(heading, anchor, number))
    html, headings = render(parts[part - 1], before, DOCUMENTS)
    listed = tuple(Place(text, anchor, part) for text, anchor in headings[:_MOST_LISTED])
    return Shown(html, listed, part, len(parts), tuple(elsewhere))


def parted(body: str) -> tuple[str, ...]:
    """A long text in parts, cut before headings, or at a blank line where none comes for long; a short one whole."""
    if len(body) <= _WHOLE:
        return (body,)
    parts: list[str] = []
    lines: list[str] = []
    length = 0
    for line in body.split("\n"):
        blank = not line.strip()
        if (length >= _PART and _HEADING.match(line)) or (length >= 3 * _PART // 2 and blank):
            parts.append("\n".join(lines))
            lines, length = [], 0
        lines.append(line)
        length += len(line) + 1
    parts.append("\n".join(lines))
    return tuple(parts)
