"""Matching a message with the patterns of `vocabulary.toml`: folded, so that accents need not be typed."""

import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel

from core.text import fold

_FILE = Path(__file__).with_name("vocabulary.toml")
_TRIM = '.,;:!?()[]{}"„”“»«…*`–'
_APOSTROPHES = str.maketrans("", "", "'’ʼ`")
_LEAST_DIGITS = 3
Pattern = tuple[str, ...]
Table = tuple[str, str]


class _Table(BaseModel):
    words: list[str]
    whole: bool = False
    nouns: bool = False


class _Vocabulary(BaseModel):
    kinds: dict[str, _Table]
    actions: dict[str, _Table]
    resources: dict[str, list[str]]
    fields: dict[str, list[str]]
    controls: dict[str, str]
    filler: _Table


@lru_cache(maxsize=1)
def _vocabulary() -> _Vocabulary:
    return _Vocabulary.model_validate(tomllib.loads(_FILE.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _index() -> dict[str, list[tuple[Pattern, Table]]]:
    """Every pattern with the table it stands in, by the first letter of its first word."""
    known = _vocabulary()
    tables: dict[Table, list[str]] = {("filler", ""): known.filler.words}
    tables |= {("kinds", name): table.words for name, table in known.kinds.items()}
    tables |= {("actions", name): table.words for name, table in known.actions.items()}
    tables |= {("resources", name): listed for name, listed in known.resources.items()}
    tables |= {("fields", name): listed for name, listed in known.fields.items()}
    index: dict[str, list[tuple[Pattern, Table]]] = {}
    for table, listed in tables.items():
        for entry in listed:
            index.setdefault(entry[0], []).append((tuple(entry.split()), table))
    return index


def split(text: str) -> tuple[str, ...]:
    """The words of `text`, folded, without apostrophes and the signs around them."""
    trimmed = (word.strip(_TRIM) for word in fold(text).translate(_APOSTROPHES).split())
    return tuple(word for word in trimmed if word)


def _fits(pattern: Pattern, written: tuple[str, ...]) -> bool:
    return len(pattern) == len(written) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(pattern, written, strict=True)
    )


@lru_cache(maxsize=2048)
def _found(words: tuple[str, ...]) -> dict[Table, list[tuple[int, int]]]:
    """Where patterns begin and end in `words`, by table: each word is looked at once, whatever is asked of it."""
    found: dict[Table, list[tuple[int, int]]] = {}
    for at, word in enumerate(words):
        for pattern, table in _index().get(word[0], ()):
            end = at + len(pattern)
            if _fits(pattern, words[at:end]):
                found.setdefault(table, []).append((at, end))
    return found


def _places(words: tuple[str, ...], table: str, name: str) -> list[tuple[int, int]]:
    return _found(words).get((table, name), [])


def says(words: tuple[str, ...], kind: str) -> bool:
    """Whether `words` hold a pattern of `kind`; for a kind that is a `whole` message, nothing but that and filler."""
    places = _places(words, "kinds", kind)
    table = _vocabulary().kinds[kind]
    if not table.whole:
        return bool(places)
    return any(_points(words[:start] + words[end:], nouns=table.nouns) for start, end in places)


def _points(words: tuple[str, ...], *, nouns: bool) -> bool:
    """Whether `words` only point: "this", "here", "on the screen", a code and, with `nouns`, a kind of record."""
    return all(
        _places((word,), "filler", "") or (nouns and (is_code(word) or resource_in((word,)) is not None))
        for word in words
    )


def is_code(word: str) -> bool:
    """Whether a folded word looks like the code of a record: letters and digits, such as c0001 or a-2026-00001."""
    return word[:1].isalpha() and sum(char.isdigit() for char in word) >= _LEAST_DIGITS


def left_over(words: tuple[str, ...], kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The words that belong to no pattern of `kinds`, no action, no kind of record and no filler: names, and what a
    question is particularly about."""
    tables = [("kinds", kind) for kind in kinds]
    known = _vocabulary()
    tables += [("actions", name) for name in known.actions] + [("resources", name) for name in known.resources]
    told = {
        place
        for table, name in (*tables, ("filler", ""))
        for start, end in _places(words, table, name)
        for place in range(start, end)
    }
    return tuple(word for place, word in enumerate(words) if place not in told and not is_code(word))


def action_in(words: tuple[str, ...]) -> str | None:
    """The action that `words` name: one of the tables `actions`, in the order they stand there."""
    return next((action for action in _vocabulary().actions if _places(words, "actions", action)), None)


def resource_in(words: tuple[str, ...]) -> str | None:
    """The kind of record that `words` name; a price before the product it is of."""
    return next((resource for resource in _vocabulary().resources if _places(words, "resources", resource)), None)


def fields_in(words: tuple[str, ...]) -> tuple[str, ...]:
    """The fields that can be hidden and are named in `words`."""
    return tuple(field for field in _vocabulary().fields if _places(words, "fields", field))


def action_of_control(name: str) -> tuple[str, str | None] | None:
    """What pressing the control called `name` does: the action, and the kind of record if not the one shown."""
    meant = _vocabulary().controls.get(name.lower())
    if meant is None:
        return None
    action, _, resource = meant.partition(" ")
    return action, resource or None
