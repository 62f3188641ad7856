"""A stream of clean answer text cut into sentences, in Hungarian, Polish or English.

Where a sentence ends depends on the text alone: a boundary is settled only once all the signs that decide it are
there, so how the stream was cut into chunks cannot change the sentences.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.text import fold

_FILE = Path(__file__).with_name("sentences.toml")
_MARK = re.compile(r"\[([0-9]{1,3})\]")
_STOP = re.compile(r"[.!?…]+|\n")
_CLOSING = re.compile(r"[”“\"»’')\]*_]*")
_MARKS = re.compile(r"(?: *\[[0-9]{1,3}\])*")
_BEGUN_MARK = re.compile(r" *(?:\[[0-9]{0,3})?")
_APART = '(„“”"«»'
_OPENING = "„“”\"«»([*_-–•'‚‘"


@lru_cache
def vocabulary() -> dict[str, object]:
    """The word lists of `sentences.toml`."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache
def word_list(name: str) -> frozenset[str]:
    """The plain list `name` of `sentences.toml`."""
    listed = vocabulary()[name]
    assert isinstance(listed, list)
    return frozenset(map(str, listed))


@dataclass(frozen=True)
class Sentence:
    """A sentence or a line. `lead` is the white space before it, `cites` the source numbers marked in it."""

    lead: str
    text: str
    cites: tuple[int, ...]

    @property
    def bare(self) -> str:
        """What it says, without its marks."""
        return re.sub(r"\s+([.,;:!?])", r"\1", _MARK.sub("", self.text)).strip()


class Sentences:
    """Feed text, get the sentences that are whole; `flush` gives the last one."""

    def __init__(self) -> None:
        self._text = ""
        # Up to here no stop ends the first sentence, whatever comes.
        self._judged = 0

    def feed(self, text: str) -> list[Sentence]:
        """The sentences that `text` completes."""
        self._text += text
        return self._cut(ending=False)

    def flush(self) -> list[Sentence]:
        """The sentences that are left; nothing follows."""
        return self._cut(ending=True)

    def _cut(self, ending: bool) -> list[Sentence]:
        found: list[Sentence] = []
        while (end := self._boundary(ending)) is not None:
            made = _sentence(self._text[:end])
            self._text, self._judged = self._text[end:], 0
            if made is None:
                break
            found.append(made)
        return found

    def _boundary(self, ending: bool) -> int | None:
        """Where the first sentence ends; None while that is not settled."""
        text = self._text
        begin = len(text) - len(text.lstrip())
        for stop in _STOP.finditer(text, max(begin, self._judged)):
            self._judged = stop.start()
            if stop[0] == "\n":
                return stop.start()
            end, settled = _end_of(text, begin, stop, ending)
            if not settled:
                return None
            if end is not None:
                return end
            self._judged = stop.end()
        self._judged = len(text)
        return len(text) if ending and begin < len(text) else None


def _end_of(text: str, begin: int, stop: re.Match[str], ending: bool) -> tuple[int | None, bool]:
    """The end of a sentence at `stop`, None if it goes on there; and whether that can be told yet."""
    closed = _closing_end(text, stop.end())
    marks = _MARKS.match(text, closed)
    end = marks.end() if marks else closed
    marked = end > closed
    if not ending and _BEGUN_MARK.fullmatch(text, end):
        return None, False
    if end == len(text):
        return end, True
    if not text[end].isspace():
        return None, True
    rest = text[end:].lstrip(" \t\u00a0")
    if not rest:
        return (end, True) if ending else (None, False)
    if rest[0] == "\n":
        return end, True
    starts = not rest[0].islower() and (rest[0].isalnum() or rest[0] in _OPENING)
    if marked and starts:
        return end, True
    return (end if starts and not _joined(text[begin : stop.start()], stop[0], rest[0]) else None), True


def _closing_end(text: str, at: int) -> int:
    closing = _CLOSING.match(text, at)
    return closing.end() if closing else at


def _joined(before: str, stop: str, after: str) -> bool:
    """True if a full stop behind `before` belongs to an abbreviation, an ordinal, a date or a list's number."""
    if stop != ".":
        return False
    start = len(before)
    while start and before[start - 1] not in _APART and not before[start - 1].isspace():
        start -= 1
    if start == len(before):
        return True
    last = fold(before[start:]).rsplit("/", 1)[-1]
    if last.isdigit():
        return after.isdigit() or start == 0
    return len(last) == 1 or last.strip("(") in word_list("abbreviations")


def _sentence(text: str) -> Sentence | None:
    said = text.strip()
    if not said:
        return None
    lead = text[: len(text) - len(text.lstrip())]
    return Sentence(lead, said, tuple(dict.fromkeys(int(n) for n in _MARK.findall(said))))


def sentences(text: str) -> list[Sentence]:
    """The sentences of a whole text."""
    cutter = Sentences()
    return [*cutter.feed(text), *cutter.flush()]
