"""The words changes are asked for with, from `vocabulary.toml`, as compiled patterns."""

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("vocabulary.toml")
_EDGES = " \t\n,.;:!?-–()\"'"


@lru_cache
def raw() -> dict[str, dict[str, object]]:
    """The file as it stands."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _words(found: object) -> list[str]:
    return [str(word) for word in found] if isinstance(found, list) else []


def either(words: list[str]) -> re.Pattern[str]:
    """One pattern for whole words, the longest first."""
    listed = "|".join(sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![\w@+])(?:{listed})(?![\w@])")


@lru_cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """The words `name` of `table`, such as the verbs `add`."""
    return either(_words(raw()[table][name]))


@lru_cache
def named(table: str, group: str = "") -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every name of `table` (or of its `group`) with its pattern, in the file's order."""
    found = raw()[table][group] if group else raw()[table]
    assert isinstance(found, dict)
    return tuple((str(name), either(_words(words))) for name, words in found.items())


@lru_cache
def any_verb() -> re.Pattern[str]:
    """Every verb of every kind of change."""
    return either([word for name, words in raw()["verbs"].items() if name != "new" for word in _words(words)])


def has(table: str, name: str, text: str) -> bool:
    """Whether folded `text` has a word of the list."""
    return pattern(table, name).search(text) is not None


@lru_cache
def _run(name: str) -> re.Pattern[str]:
    words = "|".join(sorted(_words(raw()["talk"][name]), key=len, reverse=True))
    return re.compile(rf"(?:{words})(?: (?:{words}))*")


def is_only(name: str, text: str) -> bool:
    """Whether folded `text` is nothing but words of the list `name` of `talk`, signs between them aside."""
    plain = " ".join(re.sub(r"[^\w'\s]", " ", text).split())
    return _run(name).fullmatch(plain) is not None


def head(text: str) -> str:
    """Folded `text` without the politeness it begins with."""
    left = text.lstrip(_EDGES)
    while True:
        found = pattern("talk", "polite").match(left)
        if found is None:
            return left
        left = left[found.end() :].lstrip(_EDGES)


def spans(found: Iterator[re.Match[str]]) -> tuple[tuple[int, int], ...]:
    """The places of matches."""
    return tuple(match.span() for match in found)
