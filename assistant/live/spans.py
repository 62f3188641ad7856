"""Stretches of time in words: "last month", "az elmúlt 30 napban", "w tym tygodniu", "in October", "over 30 days"."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from assistant.live.lexicon import Words, read_toml, table
from assistant.live.question import Span
from core.language import Language
from core.text import fold
from crm.days import monday_of
from offers.understand.lexicon import lexicon
from offers.understand.numerals import in_word

_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_MOST_DAYS = 3660
_LONG_MONTH = 6
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_OF_MONTH = {"in", "of", "for", "since", "during", "w", "we", "z", "ze", "od", "from", "this"}


@dataclass(frozen=True)
class Timed:
    """What a message says about time: a stretch of days, or a number of days; and the places of its words."""

    span: Span | None = None
    days: int | None = None
    places: frozenset[int] = frozenset()


def unit_span(unit: str, shift: int, today: date) -> Span:
    """The calendar day, week (from Monday), month, quarter or year `shift` away from the present one."""
    if unit == "day":
        day = today + timedelta(days=shift)
        return Span(day, day)
    if unit == "week":
        monday = monday_of(today) + timedelta(weeks=shift)
        return Span(monday, monday + timedelta(days=6))
    if unit == "year":
        return Span(date(today.year + shift, 1, 1), date(today.year + shift, 12, 31))
    months = 3 if unit == "quarter" else 1
    place = (today.year * 12 + today.month - 1) // months + shift
    year, month = divmod(place * months, 12)
    last_year, last_month = divmod(place * months + months - 1, 12)
    last = monthrange(last_year, last_month + 1)[1]
    return Span(date(year, month + 1, 1), date(last_year, last_month + 1, last))


def last_days(days: int, today: date) -> Span:
    """Today and the days before it, `days` of them."""
    return Span(today - timedelta(days=max(1, min(days, _MOST_DAYS)) - 1), today)


def next_days(days: int, today: date) -> Span:
    """Today and the `days` days after it."""
    return Span(today, today + timedelta(days=max(1, min(days, _MOST_DAYS))))


def _rolling(unit: str, number: int, ahead: bool, today: date) -> Span:
    days = min(number * _DAYS[unit], _MOST_DAYS)
    return next_days(days, today) if ahead else last_days(days, today)


def _number(word: str, language: Language) -> int | None:
    if word.isascii() and word.isdigit() and len(word) < 5:
        return int(word)
    found = in_word(word, language) if word.isalpha() and len(word) > 2 else None
    return int(found) if found is not None and found == int(found) and 0 < found < 1000 else None


def _names(words: Words, texts: list[str], at: int, language: Language) -> str:
    # "ma" is today in Hungarian and "has" in Polish: short words count in the message's own language alone.
    found = words.at(texts, at, (language,))
    return found[0].name if found and len(found[0].parts) == 1 else ""


def read(text: str, words: list[str], language: Language, today: date, *, ahead: bool) -> Timed:
    """What `text`, whose folded words are `words`, says about time. `ahead`: a month or weekday named is to come."""
    iso = _ISO.search(text)
    if iso is not None:
        try:
            day = date(*(int(part) for part in iso.groups()))
        except ValueError:
            return Timed()
        places = frozenset(i for i, w in enumerate(words) if w in iso.groups())
        return Timed(Span(day, day), None, places)
    for at in range(len(words)):
        found = _unit(words, at, language, today) or _single(words, at, language, today)
        found = found or _month(words, at, language, today, ahead=ahead) or _weekday(words, at, language, today, ahead)
        if found is not None:
            return found
    for at, word in enumerate(words):
        if re.fullmatch(r"20[1-4]\d", word):
            return Timed(unit_span("year", int(word) - today.year, today), None, frozenset({at}))
    return Timed()


def _single(words: list[str], at: int, language: Language, today: date) -> Timed | None:
    name = _names(table("spans", "days"), words, at, language)
    if name:
        shift = {"today": 0, "tomorrow": 1, "yesterday": -1, "overmorrow": 2}[name]
        if name == "tomorrow" and words[max(0, at - 2) : at] == ["day", "after"]:
            return Timed(unit_span("day", 2, today), None, frozenset({at - 2, at - 1, at}))
        return Timed(unit_span("day", shift, today), None, frozenset({at}))
    name = _names(table("spans", "years"), words, at, language)
    if name:
        return Timed(unit_span("year", -1 if name == "last" else 0, today), None, frozenset({at}))
    return None


def _unit(words: list[str], at: int, language: Language, today: date) -> Timed | None:
    unit = _names(table("spans", "units"), words, at, language)
    if not unit:
        return None
    relations, between = table("spans", "relations"), _forms("between")
    back = at - 1
    while back >= 0 and words[back] in between and _number(words[back], language) is None:
        if _names(relations, words, back, language):
            break
        back -= 1
    number = _number(words[back], language) if back >= 0 else None
    if number is None and back >= 0 and words[back] in ("a", "an", "egy", "jeden"):
        number = 1
    if number is not None:
        back -= 1
        while back >= 0 and words[back] in between and not _names(relations, words, back, language):
            back -= 1
    relation = _names(relations, words, back, language) if back >= 0 else ""
    places = frozenset(range(back if relation else back + 1, at + 1))
    if number is not None and number > 0:
        if relation in ("last", "next"):
            return Timed(_rolling(unit, number, relation == "next", today), None, places)
        return Timed(None, min(number * _DAYS[unit], _MOST_DAYS), frozenset(range(back + 1, at + 1)))
    if not relation and words[at] in _forms("alone") and language == "hu":
        relation = "this"
    if relation:
        return Timed(unit_span(unit, {"this": 0, "last": -1, "next": 1}[relation], today), None, places)
    return None


@lru_cache
def _forms(name: str) -> frozenset[str]:
    """The words of a plain list of `spans.toml`, folded."""
    return frozenset(fold(w.strip(" =")) for text in read_toml("spans")[name].values() for w in str(text).split(","))


def _month(words: list[str], at: int, language: Language, today: date, *, ahead: bool) -> Timed | None:
    known, word = lexicon(language).months, words[at]
    month = known.get(word) or next((m for w, m in known.items() if len(w) > 4 and word.startswith(w)), None)
    before, after = words[max(0, at - 1) : at], words[at + 1 : at + 2]
    beside = any(text in _OF_MONTH or text.isdigit() for text in before) or any(text.isdigit() for text in after)
    # "May I", "mają": the short names of months are other words too, unless something of a date is beside them.
    if month is None or (len(word) < _LONG_MONTH and not beside):
        return None
    places, year, day = {at}, None, None
    for near in (at + 1, at - 1, at + 2):
        text = words[near] if 0 <= near < len(words) else ""
        if re.fullmatch(r"20\d\d", text) and year is None:
            year = int(text)
            places.add(near)
        elif re.fullmatch(r"\d{1,2}", text) and day is None and near != at + 2 and 1 <= int(text) <= 31:
            day = int(text)
            places.add(near)
    if year is None:
        year = today.year
        if ahead and month < today.month:
            year += 1
        elif not ahead and month > today.month:
            year -= 1
    last = monthrange(year, month)[1]
    if day is not None and day <= last:
        return Timed(Span(date(year, month, day), date(year, month, day)), None, frozenset(places))
    return Timed(Span(date(year, month, 1), date(year, month, last)), None, frozenset(places))


def _weekday(words: list[str], at: int, language: Language, today: date, ahead: bool) -> Timed | None:
    word, named = words[at], lexicon(language).weekdays
    day = named.get(word) if len(word) > 3 else None
    if day is None:
        day = next((n for w, n in named.items() if len(w) > 4 and word.startswith(w)), None)
    if day is None:
        return None
    shift = (day - today.weekday()) % 7 if ahead else -((today.weekday() - day) % 7)
    return Timed(unit_span("day", shift, today), None, frozenset({at}))
