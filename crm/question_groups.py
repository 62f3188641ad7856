"""Which questions ask alike: told from the words they share, each weighed by its length."""

import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from core.text import folded_words

_FILE = Path(__file__).with_suffix("").with_name("question_words.toml")
# The share of two questions that must be common. Of "how do I export customers" and "how do I import customers" 0.6
# is, of "hogyan kérek szabadságot" and "hol lehet szabadságot kérni" 0.69.
_ALIKE = 0.65
# Two words are forms of one if they begin alike for this share of the shorter one, and for so many letters.
_STEM_SHARE = 0.65
_STEM_LEAST = 3


@lru_cache
def _empty_words() -> tuple[frozenset[str], tuple[str, ...]]:
    words = tomllib.loads(_FILE.read_text(encoding="utf-8"))["words"]
    whole = frozenset(word.removeprefix("=") for word in words if word.startswith("="))
    return whole, tuple(word for word in words if not word.startswith("="))


def telling_words(text: str) -> frozenset[str]:
    """The folded words of a question that say what it is about; all of them where none does."""
    whole, beginnings = _empty_words()
    written = folded_words(text)
    telling = {w for w in written if len(w) >= _STEM_LEAST and w not in whole and not w.startswith(beginnings)}
    return frozenset(telling or written)


def _same_word(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    common = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    return common >= max(_STEM_LEAST, _STEM_SHARE * shorter) or one == other


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How much of two questions' telling words is common to both, from 0 to 1."""
    letters = sum(map(len, one)) + sum(map(len, other))
    if not letters:
        return 0.0
    shared = sum(len(a) for a in one if any(_same_word(a, b) for b in other))
    shared += sum(len(b) for b in other if any(_same_word(a, b) for a in one))
    return shared / letters


def nearest(text: str, known: Iterable[tuple[str, str]]) -> str | None:
    """Of `known` (group and question) the group of the question most like `text`; None where none is alike."""
    words = telling_words(text)
    best, found = _ALIKE, None
    for group, question in known:
        alike = likeness(words, telling_words(question))
        if alike >= best and (found is None or alike > best):
            best, found = alike, group
    return found
