"""How people word an offer request: the word lists of the three languages, read once and folded."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.language import LANGUAGES, Language
from core.money import Currency
from core.text import fold

# Words this short mean different things in different languages ("do", "a", "i"), so only the prompt's own are used.
_SHORT = 2

TIME_UNITS = ("days", "weeks", "months", "years", "hours")


@dataclass(frozen=True)
class Lexicon:
    """The lists of all three languages as one, seen from a prompt in `language`: folded words by list name.

    Lists are merged because a Hungarian types "discount" too; words of one or two letters count only
    in the language of the prompt.
    """

    language: Language
    lists: dict[str, frozenset[str]]
    months: dict[str, int]
    weekdays: dict[str, int]
    currencies: dict[str, Currency]
    languages: dict[str, Language]
    groups: dict[str, frozenset[str]]
    time_units: dict[str, str]
    endings: frozenset[str]
    polish_endings: frozenset[str]
    tails: frozenset[str]

    def has(self, kind: str, word: str) -> bool:
        """True when the folded `word` is in the list `kind`."""
        return word in self.lists[kind]

    def inflected(self, kind: str, word: str) -> bool:
        """True when the folded `word` is in the list `kind`, as it is or with an ending of its language."""
        return _inflected(self.language, kind, word)

    def usual(self, word: str) -> bool:
        """True for a word of everyday text, one that is common in names too included."""
        return self.inflected("ordinary", word) or self.inflected("common", word)


def _folded(text: str) -> list[str]:
    return [fold(w) for w in text.split()]


@lru_cache
def read(language: Language) -> dict[str, object]:
    """The word file of one language as it stands."""
    return tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text(encoding="utf-8"))


def table(language: Language, name: str) -> dict[str, str]:
    """The table `name` of the word file of `language`, or an empty one."""
    found = read(language).get(name, {})
    return {k: str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _text(language: Language, name: str) -> str:
    return str(read(language).get(name, ""))


def _numbered(name: str, first: int) -> dict[str, int]:
    """Words of the nth entry ("|" apart) of a list, to n; for months and weekdays."""
    entries = (
        (n, w) for one in LANGUAGES for n, e in enumerate(_text(one, name).split("|"), first) for w in _folded(e)
    )
    return {w: n for n, w in entries}


def endings(language: Language) -> set[str]:
    """The endings a word may take in `language`: cases, and plural signs before a case."""
    cases = _folded(_text(language, "cases"))
    plurals = _folded(_text(language, "plural"))
    return {*cases, *plurals, *(p + c for p in plurals for c in cases)}


def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        for key, members in table(language, "groups").items():
            same = frozenset({fold(key), *_folded(members)})
            for word in same:
                groups[word] = groups.get(word, frozenset()) | same
    return groups


def _assimilated(word: str) -> str:
    """The word that a Hungarian -val, -vel took its last consonant from: "előleggel", "kedvezménnyel"; else ""."""
    stem = word[:-2]
    if len(stem) < 4 or word[-2:] not in ("al", "el"):
        return ""
    if stem[-1] == stem[-2]:
        return stem[:-1]
    return stem[:-3] + stem[-2:] if stem[-3] == stem[-2] else ""


@lru_cache(maxsize=65536)
def _inflected(language: Language, kind: str, word: str) -> bool:
    lex = lexicon(language)
    known = lex.lists[kind]
    if word in known or _assimilated(word) in known:
        return True
    return any(word[-n:] in lex.endings and word[:-n] in known for n in range(1, min(8, len(word) - 2)))


@lru_cache
def lexicon(language: Language) -> Lexicon:
    """The word lists for a prompt in `language`."""
    # Only the lists of plain words; months, weekdays and tables have a shape of their own.
    names = {n for one in LANGUAGES for n, v in read(one).items() if isinstance(v, str)} - {"month_names", "weekdays"}
    lists = {
        name: frozenset(w for one in LANGUAGES for w in _folded(_text(one, name)) if one == language or len(w) > _SHORT)
        for name in names
    }
    for own in ("not_numbers", "not_products"):
        lists[own] = frozenset(_folded(_text(language, own)))
    money: dict[str, Currency] = {}
    for one in LANGUAGES:
        for code, signs in table(one, "currency").items():
            currency: Currency = "HUF" if code == "HUF" else "EUR" if code == "EUR" else "PLN"
            money.update(dict.fromkeys(_folded(signs), currency))
    money.update({"€": "EUR"})
    return Lexicon(
        language=language,
        lists=lists,
        months=_numbered("month_names", 1),
        weekdays=_numbered("weekdays", 0),
        currencies=money,
        languages={w: one for one in LANGUAGES for of in LANGUAGES for w in _folded(_text(of, f"languages_{one}"))},
        groups=_groups(),
        time_units={w: unit for unit in TIME_UNITS for one in LANGUAGES for w in _folded(_text(one, unit))},
        polish_endings=frozenset(endings("pl")),
        endings=frozenset().union(*(endings(one) for one in LANGUAGES)),
        tails=frozenset(_folded(_text("pl", "tails"))),
    )
