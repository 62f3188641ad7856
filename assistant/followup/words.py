"""The words that show a message to lean on the ones before it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.language import LANGUAGES, Language
from core.text import folded_words

_FILE = Path(__file__).with_name("words.toml")
_WORD = re.compile(r"[^\W_]+(?:[-.'’&][^\W_]+)*")


@lru_cache
def _file() -> Mapping[str, Mapping[str, object]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()


@lru_cache
def group(name: str, language: Language | None = None) -> frozenset[str]:
    """The words of `name` in one language, or in all three together."""
    table = _file()[name]
    chosen = LANGUAGES if language is None else (language,)
    return frozenset(word for code in chosen for word in _listed(table[code]))


@lru_cache
def things() -> Mapping[str, tuple[str, ...]]:
    """Things of the CRM with the beginnings of their names."""
    return {name: _listed(beginnings) for name, beginnings in _file()["things"].items()}


def sentence(name: str, language: Language) -> str:
    """The sentence `name` in `language`."""
    return str(_file()[name][language])


def in_language(of: Language, said_in: Language) -> str:
    """How a request written in `said_in` asks for the language `of`."""
    table = _file()["in_language"][said_in]
    assert isinstance(table, dict)
    return str(table[of])


@lru_cache
def _language_words() -> Mapping[str, Language]:
    found: dict[str, Language] = {}
    for of in LANGUAGES:
        table = _file()["languages"][of]
        assert isinstance(table, dict)
        found |= {word: of for language in LANGUAGES for word in _listed(table[language])}
    return found


def wanted_language(text: str) -> Language | None:
    """The language that `text` asks for the same again in; None where it says anything else."""
    said = folded_words(text)
    named = {_language_words()[word] for word in said if word in _language_words()}
    rest = [word for word in said if word not in _language_words()]
    return named.pop() if len(named) == 1 and all(word in group("again_in") for word in rest) else None


def asks_why(text: str) -> Language | None:
    """The language of a bare "why?"; None where `text` says anything else."""
    said = folded_words(text)
    for language in LANGUAGES:
        why, beside = group("why", language), group("why_beside", language)
        come = language == "en" and said[-2:] == ["how", "come"]
        if (come or any(word in why for word in said)) and all(word in why | beside for word in said):
            return language
    return None


@dataclass(frozen=True)
class Fragment:
    """What stands behind the opening of a follow-up, as written, with the language of the opening."""

    text: str
    language: Language

    @property
    def core(self) -> str:
        """The fragment without small words at its beginning and end: "for the Dunai too" is "Dunai"."""
        places = list(_WORD.finditer(self.text))
        small = group("small", self.language)
        while places and "".join(folded_words(places[0].group())) in small:
            places.pop(0)
        while places and "".join(folded_words(places[-1].group())) in small:
            places.pop()
        return self.text[places[0].start() : places[-1].end()].strip() if places else ""


def opened(text: str, expected: Language) -> Fragment | None:
    """`text` behind the words a follow-up begins with, read in `expected` first; None where it does not begin so."""
    said = folded_words(text)
    for language in (expected, *(code for code in LANGUAGES if code != expected)):
        for opener in sorted(group("openers", language), key=len, reverse=True):
            parts = opener.split()
            if said[: len(parts)] == parts and len(said) > len(parts):
                rest = text
                for _ in parts:
                    rest = re.sub(r"^[^\w]*\w+", "", rest, count=1)
                return Fragment(rest.strip(" \t\n?!.,;:–-"), language)
    return None
