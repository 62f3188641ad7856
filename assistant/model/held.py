"""What the sources of a sentence hold, taken apart once for all the sentences that are judged by them."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from assistant.model import figures
from assistant.model.sentences import sentences, word_list
from core.text import fold, folded_words

_STEM = 5
_SHORT = 3
_WINDOW = 2
_CLAUSE = re.compile(r"[,;:–()]|\s(?:és|de|i|oraz|ale|and|but)\s", re.IGNORECASE)


def stem(word: str) -> str:
    """The beginning of a folded `word` that its endings leave alone; of a very short one, the word itself."""
    return word[:_STEM] if len(word) > _STEM else word[: max(_SHORT, len(word) - 1)]


def beginnings(text: str) -> frozenset[str]:
    """The stems that words of `text` begin with."""
    words = set(folded_words(text))
    return frozenset([*words, *(word[:size] for word in words for size in range(_SHORT, _STEM + 1))])


def content(text: str) -> list[str]:
    """The folded words that carry what is said."""
    stop = word_list("stop")
    return [word for word in folded_words(text) if len(word) > 1 and word not in stop]


def share(wanted: list[str], held: frozenset[str]) -> float:
    """The share of the `wanted` words, endings aside, whose stems are `held`."""
    return sum(stem(word) in held for word in wanted) / max(len(wanted), 1)


@dataclass(frozen=True)
class Clause:
    """A part of a sentence: its words that count, the stems all of its words begin with, and whether it denies."""

    content: list[str]
    begins: frozenset[str]
    denied: bool


@dataclass(frozen=True)
class Held:
    """A text with its figures, words, sentences (every one, and every two in a row) and clauses."""

    folded: str
    words: frozenset[str]
    begins: frozenset[str]
    dates: frozenset[figures.Moment]
    times: frozenset[tuple[int, int]]
    runs: frozenset[str]
    numbers: frozenset[Decimal]
    windows: tuple[tuple[str, frozenset[str]], ...]
    clauses: tuple[Clause, ...]


@lru_cache(maxsize=8)
def held(text: str) -> Held:
    """`text` taken apart. Parts of its dates count as numbers, and so does the hour of a time on the hour."""
    text = figures.plain(text)
    days, rest = figures.dates(text)
    moments, rest = figures.times(rest)
    runs = figures.runs(rest)
    numbers = {number for run in runs if (number := figures.value(run)) is not None}
    numbers |= {Decimal(part) for day in days for part in day}
    numbers |= {Decimal(hour) for hour, minute in moments if not minute}
    single = [sentence.bare for sentence in sentences(text)]
    pairs = [" ".join(single[i : i + _WINDOW]) for i in range(len(single) - 1)]
    return Held(
        fold(text),
        frozenset(folded_words(text)),
        beginnings(text),
        frozenset(days),
        frozenset(moments),
        frozenset(runs),
        frozenset(numbers),
        tuple((window, beginnings(window)) for window in (*single, *pairs)),
        tuple(clauses(single)),
    )


def clauses(bare: list[str]) -> list[Clause]:
    """The clauses of the sentences `bare` that say something."""
    parts = [(part, content(part)) for sentence in bare for part in _CLAUSE.split(sentence)]
    return [Clause(said, beginnings(part), _negated(part)) for part, said in parts if len(said) > 1]


def _negated(said: str) -> bool:
    written = {fold(word) for word in re.findall(r"[\w’']+", said)} | set(folded_words(said))
    endings = tuple(word_list("negation_endings"))
    return bool(written & word_list("negations")) or any(word.endswith(endings) for word in written)
