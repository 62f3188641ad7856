"""Which files of the library somebody means by what they wrote: titles in any inflection, in any of the languages."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.language import LANGUAGES, Language
from core.text import folded_words
from crm import library
from crm.session import CrmSession
from crm.tables import Attachment

_FILE = Path(__file__).with_name("attachment_words.toml")
# A word this short is compared whole; longer ones may end otherwise.
_WHOLE = 3
_SHORTEST = 2
_INSIDE = 6
_LONGEST_ENDING = 4
_ENOUGH = 0.6
_AS_GOOD = 0.08


@dataclass(frozen=True)
class _Lexicon:
    concepts: dict[str, tuple[str, ...]]
    small: frozenset[str]


@lru_cache
def _lexicon() -> _Lexicon:
    read = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    small = frozenset(word for language in LANGUAGES for word in read["small"][language])
    return _Lexicon({name: tuple(stems) for name, stems in read["concepts"].items()}, small)


def _concepts(word: str) -> frozenset[str]:
    return frozenset(
        f"={name}" for name, stems in _lexicon().concepts.items() if any(_begins(word, stem) for stem in stems)
    )


def _begins(word: str, stem: str) -> bool:
    if len(stem) <= _WHOLE:
        return word.startswith(stem) and len(word) - len(stem) <= _WHOLE
    return word.startswith(stem) if len(stem) < _INSIDE else stem in word


def _tokens(text: str) -> list[frozenset[str]]:
    """For each telling word of `text`, what it may be known by: its concepts, else itself."""
    # An ending behind a hyphen ("ÁSZF-et") is a word of its own here.
    telling = [w for w in folded_words(text) if w not in _lexicon().small and (len(w) > _SHORTEST or w.isdigit())]
    return [_concepts(word) or frozenset({word}) for word in telling]


def _alike(one: str, other: str) -> bool:
    """Whether two folded words are one word but for their endings."""
    if one == other:
        return True
    if "=" in (one[0], other[0]) or min(len(one), len(other)) <= _WHOLE:
        return False
    shared = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    least = min(len(one), len(other))
    return shared >= max(4, least - 2) and max(len(one), len(other)) - shared <= _LONGEST_ENDING


def _found_in(word: frozenset[str], others: list[frozenset[str]]) -> bool:
    """Whether all that `word` says is said by `others`."""
    return all(any(_alike(part, one) for other in others for one in other) for part in word)


def _score(asked: list[frozenset[str]], attachment: Attachment) -> float:
    """How well a file is meant by the words asked for: 1 where its title is these words, 0 where none is in it."""
    title = _tokens(attachment.title)
    around = title + _tokens(attachment.folder) + _tokens(attachment.filename.rpartition(".")[0])
    if not asked or not title:
        return 0.0
    said = sum(_found_in(word, title) for word in asked) / len(asked)
    near = sum(_found_in(word, around) for word in asked) / len(asked)
    covered = sum(_found_in(word, asked) for word in title) / len(title)
    hit = max(said, 0.9 * near)
    return 0.0 if hit < _ENOUGH else 0.7 * hit + 0.3 * covered


def resolve(session: CrmSession, written: str, language: Language) -> list[Attachment]:
    """The files of the library that `written` ("the warranty terms", "a garanciális feltételeket") may mean.

    None: nothing is called so. One: it is meant. Several: they fit alike and have to be asked about. Of files that
    fit alike, those in `language`, the offer's document language, come before those in none and in others.
    """
    asked = _tokens(written)
    scored = [(_score(asked, each), each) for each in library.listed(session, switched_off=False)]
    best = max((score for score, _ in scored), default=0.0)
    if not best:
        return []
    fitting = [each for score, each in scored if score >= best - _AS_GOOD]
    for wanted in (language, None):
        preferred = [each for each in fitting if each.language == wanted]
        if preferred:
            return preferred
    return fitting
