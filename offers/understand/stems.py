"""Beginnings of words to look customers up with: short enough to survive inflection and slips."""

from collections.abc import Iterable
from string import ascii_lowercase


def _length(word: str) -> int:
    return 3 if len(word) < 6 else 4 if len(word) < 8 else 5


def stems(words: Iterable[str], most: int) -> tuple[str, ...]:
    """The beginnings of `words` (folded, at least 3 letters), each once, at most `most` of them."""
    return tuple(dict.fromkeys(w[: _length(w)] for w in words if len(w) > 2))[:most]


def rare_stems(words: Iterable[str], most: int) -> tuple[str, ...]:
    """Beginnings as they would be without a slip in the first letters: two swapped, one doubled or one too many."""
    made: dict[str, None] = {}
    for w in words:
        if len(w) > 5:
            for start in (w[:3], w[1] + w[0] + w[2], w[0] + w[2] + w[1], w[1:4], w[0] + w[2:4], w[:2] + w[3]):
                made.setdefault(start)
    return tuple(made)[:most]


def wide_stems(words: Iterable[str], most: int = 4) -> tuple[str, ...]:
    """Beginnings with any third letter, of the first `most` long words: for a slip in the third letter."""
    firm = [w for w in dict.fromkeys(words) if len(w) > 5][:most]
    return tuple(w[:2] + letter for w in firm for letter in ascii_lowercase)
