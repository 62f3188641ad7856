"""The words of `words.toml`, folded."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from core.text import fold, folded_words

Column = Literal["price", "discount", "quantity", "unit", "code", "item", "note", "number", "due"]
COLUMNS: tuple[Column, ...] = get_args(Column)


@lru_cache
def _read() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@lru_cache
def words(kind: str) -> frozenset[str]:
    """The single words of `kind`."""
    return frozenset(fold(word) for word in _read()["words"][kind].split())


@lru_cache
def phrases(kind: str) -> tuple[str, ...]:
    """The phrases of `kind`, folded words apart by one blank."""
    return tuple(" ".join(folded_words(phrase)) for phrase in _read()["words"][kind].split("|"))


@lru_cache
def _units() -> dict[str, str]:
    return {fold(word): name for name, forms in _read()["units"].items() for word in forms.split()}


def unit_of(word: str) -> str | None:
    """The unit that a word in any of the three languages stands for ("piece" for db, szt, pcs), None if unknown."""
    return _units().get(fold(word).strip(" ."))


@lru_cache
def _headings() -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in COLUMNS:
        for phrase in _read()["headings"][column].split("|"):
            found.setdefault(" ".join(folded_words(phrase)) or phrase.strip(), column)
    return found


@lru_cache(maxsize=4096)
def column_of(heading: str) -> Column | None:
    """The kind of column that `heading` names, by all of its words, else by those in front of a bracket, else by the
    longest known phrase it begins or ends with."""
    known = _headings()
    folded = folded_words(heading)
    if not folded:
        return known.get(heading.strip())
    plain = folded_words(heading.partition("(")[0])
    for said in (folded, plain):
        if " ".join(said) in known:
            return known[" ".join(said)]
    if len(folded) > _LONGEST_HEADING:
        return None
    # Longest first; of "unit price" the price is told before the unit.
    for size in range(min(3, len(plain)), 0, -1):
        for part in (plain[:size], plain[-size:]):
            column = known.get(" ".join(part))
            if column is not None and column != "number":
                return column
    return None


_LONGEST_HEADING = 6
