"""The words offers are changed with, from `words.toml`, found in a prompt's tokens."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from core.language import Language

_FILE = Path(__file__).with_name("words.toml")
Span = tuple[int, int]


@lru_cache
def _file() -> Mapping[str, Mapping[Language, list[str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@lru_cache
def _phrases(name: str, language: Language) -> tuple[tuple[str, ...], ...]:
    """The phrases of a group, the longest first."""
    return tuple(sorted((tuple(entry.split()) for entry in _file()[name][language]), key=len, reverse=True))


def _fits(word: str, wanted: str) -> bool:
    return word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted


def find(name: str, words: Sequence[str], language: Language) -> tuple[Span, ...]:
    """The places, first and last, where folded `words` have a phrase of the group, from left to right."""
    found: list[Span] = []
    at = 0
    while at < len(words):
        size = next(
            (
                len(phrase)
                for phrase in _phrases(name, language)
                if len(words) - at >= len(phrase) and all(map(_fits, words[at : at + len(phrase)], phrase))
            ),
            0,
        )
        if size:
            found.append((at, at + size - 1))
        at += size or 1
    return tuple(found)


def is_in(name: str, word: str, language: Language) -> bool:
    """Whether one folded word is of the group."""
    return any(len(phrase) == 1 and _fits(word, phrase[0]) for phrase in _phrases(name, language))
