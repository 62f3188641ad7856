"""Days and hours in words, as people say when something is to be done: in Hungarian, Polish and English alike."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from assistant.changes import lexicon
from core.clock import BUSINESS_ZONE
from core.language import Language
from crm.days import moment_at
from offers.understand.dates import dates
from offers.understand.tokens import tokenise
from offers.understand.validity import months_later

_FILE = Path(__file__).with_name("when.toml")
# An hour said without the half of the day is one of the working day.
_EARLIEST_HOUR = 7
Span = tuple[int, int]


@dataclass(frozen=True)
class When:
    """A day and perhaps an hour (where the business is), with the places of the words that said it; `minutes` is how
    long it lasts, where that was said."""

    day: date | None = None
    hour: time | None = None
    minutes: int | None = None
    spans: tuple[Span, ...] = ()

    @property
    def moment(self) -> datetime | None:
        """The moment it begins, UTC; none for a whole day."""
        return moment_at(self.day, self.hour) if self.day is not None and self.hour is not None else None


@lru_cache
def _raw() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _either(patterns: list[str]) -> str:
    return "(?:" + "|".join(sorted(patterns, key=len, reverse=True)) + ")"


@lru_cache(maxsize=256)
def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])")


@lru_cache
def _table(name: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((int(key), _whole(_either(words))) for key, words in _raw()[name].items())


def _of(name: str, text: str) -> int | None:
    """The number whose word `text` is."""
    return next((value for value, pattern in _table(name) if pattern.fullmatch(text)), None)


def _count(text: str) -> int | None:
    return int(text) if text.isdigit() else _of("numbers", text)


def _filled(pattern: str) -> str:
    numbers = _either([word for words in _raw()["numbers"].values() for word in words])
    units = _either([word for words in _raw()["units"].values() for word in words])
    ordinals = _either([word for words in _raw()["hours"].values() for word in words])
    plain = rf"(?:\d{{1,3}}|{numbers})"
    # An article stands for "one" in "in a week", never for an hour.
    hour = _either([r"\d{1,2}", *(word for words in _raw()["numbers"].values() for word in words if "?" not in word)])
    for blank, fragment in (("{n}", plain), ("{u}", units), ("{hour}", hour), ("{ordinal}", ordinals)):
        pattern = pattern.replace(blank, fragment)
    return pattern


def read_when(folded: str, language: Language, now: datetime) -> When:
    """What `folded` (folded sign by sign, so that places are those of the text) says about when.

    A weekday is the coming one, never the past; after "next" that of the following calendar week. An hour without a day
    is today or, once it has passed, tomorrow. One below seven without the half of the day is in the afternoon.
    """
    here = now.astimezone(BUSINESS_ZONE)
    ahead = _ahead(folded, here)
    if ahead is not None:
        day_spans, day, soon = ahead
        if soon is not None:
            return When(soon.date(), soon.time().replace(second=0, microsecond=0), None, day_spans)
    else:
        day_spans, day = _day(folded, language, here.date())
    length = _length(folded, day_spans)
    taken = (*day_spans, *length[0])
    hour_spans, hour = _hour(folded, taken)
    if hour is not None and day is None:
        day = here.date() if hour > here.time() else here.date() + timedelta(days=1)
    return When(day, hour, length[1] if hour is not None else None, (*taken, *hour_spans))


def _ahead(folded: str, here: datetime) -> tuple[tuple[Span, ...], date | None, datetime | None] | None:
    """ "in two weeks", "két hét múlva", "za godzinę": a day, or a moment where it is counted in hours."""
    for pattern in _raw()["ahead"]["patterns"]:
        found = _whole(_filled(pattern)).search(folded)
        if found is None:
            continue
        count = _count(found.groupdict().get("n") or "1")
        said = found.group("u")
        unit = next((name for name, words in _raw()["units"].items() if re.fullmatch(_either(words), said)), "")
        if count is None or count > 1000:
            continue
        spans = (found.span(),)
        if unit in ("hours", "minutes"):
            return spans, None, here + timedelta(**{unit: count})
        if unit == "months":
            return spans, months_later(here.date(), min(count, 120)), None
        return spans, here.date() + timedelta(days=count * (7 if unit == "weeks" else 1)), None
    return None


def _day(folded: str, language: Language, today: date) -> tuple[tuple[Span, ...], date | None]:
    for offset, pattern in sorted(_table("days"), reverse=True):
        found = pattern.search(folded)
        if found is not None:
            return (found.span(),), today + timedelta(days=offset)
    words = _raw()["words"]
    for weekday, pattern in _table("weekdays"):
        found = pattern.search(folded)
        if found is None:
            continue
        first, later = found.start(), False
        before = re.search(rf"(?<!\w){_either(words['next'])} $", folded[:first])
        if before is not None:
            first, later = before.start(), True
        else:
            this = re.search(rf"(?<!\w){_either(words['this'])} $", folded[:first])
            first = this.start() if this is not None else first
        lead = re.search(rf"(?<!\w){_either(words['day_before'])} $", folded[:first])
        first = lead.start() if lead is not None else first
        days = (weekday - today.weekday() - 1) % 7 + 1
        if later:
            days = 7 - today.weekday() + weekday
        return ((first, found.end()),), today + timedelta(days=days)
    calendar = _calendar(folded, language, today)
    if calendar is not None:
        return calendar
    week = _whole(_either(words["week_after"])).search(folded)
    if week is not None:
        return (week.span(),), today + timedelta(days=7 - today.weekday())
    return (), None


def _calendar(folded: str, language: Language, today: date) -> tuple[tuple[Span, ...], date] | None:
    """A date in figures or with a month's name, or the day of a month alone."""
    prompt = tokenise(folded, language)
    for dated in dates(prompt, today):
        first, last = prompt.tokens[dated.first].start, prompt.tokens[dated.last].end
        tail = re.match(r"\.?-?(?:an|en|jen|jan|ere|ara|ig|eig|aig|re|ra|a|e|r\.|roku)?(?![\w])", folded[last:])
        lead = re.search(rf"(?<!\w){_either(_raw()['words']['day_before'])} $", folded[:first])
        return ((lead.start() if lead else first, last + (tail.end() if tail else 0)),), dated.day
    for pattern in _raw()["month_day"]["patterns"]:
        found = _whole(pattern).search(folded)
        if found is not None and 1 <= int(found.group("d")) <= 31:
            day = _coming(today, int(found.group("d")))
            if day is not None:
                return (found.span(),), day
    return None


def _coming(today: date, number: int) -> date | None:
    for months in range(3):
        first = months_later(today.replace(day=1), months)
        try:
            day = first.replace(day=number)
        except ValueError:
            continue
        if day >= today:
            return day
    return None


def _length(folded: str, taken: tuple[Span, ...]) -> tuple[tuple[Span, ...], int | None]:
    raw = _raw()["lengths"]
    for pattern in raw["patterns"]:
        found = _whole(_filled(pattern)).search(_blanked(folded, taken))
        if found is None:
            continue
        unit = found.group("u")
        count = _count(found.groupdict().get("n") or "1")
        first = found.start()
        lead = re.search(rf"(?<!\w){_either(raw['before'])} $", folded[:first])
        span = ((lead.start() if lead else first, found.end()),)
        if count is None:
            continue
        if unit in raw["halves"]:
            return span, 30
        return span, count if unit in raw["minutes"] or unit.startswith("minut") else count * 60
    return (), None


def _blanked(folded: str, taken: tuple[Span, ...]) -> str:
    for first, last in taken:
        folded = folded[:first] + "_" * (last - first) + folded[last:]
    return folded


def _hour(folded: str, taken: tuple[Span, ...]) -> tuple[tuple[Span, ...], time | None]:
    left = _blanked(folded, taken)
    raw = _raw()["clock"]
    spans: list[Span] = []
    half: str | None = None
    for name in ("morning", "afternoon"):
        part = _whole(_either(raw[name])).search(left)
        if part is not None:
            half = name
            spans.append(part.span())
            left = _blanked(left, (part.span(),))
    for span, hour, minute, said in _hours(left, taken):
        half = said or half
        if hour > 24 or minute > 59:
            continue
        if half == "afternoon" and hour < 12:
            hour += 12
        elif half == "morning" and hour == 12:
            hour = 0
        elif half is None and minute == 0 and 0 < hour < _EARLIEST_HOUR:
            hour += 12
        return (*spans, span), time(hour % 24, minute)
    return (tuple(spans), None) if taken else ((), None)


def _ends_in_verb(before: str) -> bool:
    word = re.search(r"(\w+) $", before)
    return word is not None and lexicon.any_verb().fullmatch(word.group(1)) is not None


def _hours(left: str, taken: tuple[Span, ...]) -> Iterator[tuple[Span, int, int, str | None]]:
    raw = _raw()["clock"]
    for name, shift in (("half_before", -1), ("half_after", 0)):
        for pattern in raw[name]:
            found = _whole(_filled(pattern)).search(left)
            said = (_count(found.group("h")) or _of("hours", found.group("h"))) if found else None
            # "hívjam fel 3-kor" is no half hour: there "fel" belongs to the verb.
            verbal = found is not None and _ends_in_verb(left[: found.start()])
            if found is not None and not verbal and said is not None and 1 <= said <= 12:
                hour = (said + shift) or 12
                yield found.span(), hour + 12 if hour < _EARLIEST_HOUR else hour, 30, None
    for pattern in raw["patterns"]:
        for found in _whole(pattern).finditer(left):
            parts = found.groupdict()
            half = {"a": "morning", "p": "afternoon"}.get((parts.get("half") or " ")[0])
            yield found.span(), int(parts["h"]), int(parts.get("m") or 0), half
    for hour, spelled in _table("hours"):
        found = spelled.search(left)
        if found is not None:
            lead = re.search(rf"(?<!\w){_either(raw['before_hour'])} $", left[: found.start()])
            yield ((lead.start() if lead else found.start()), found.end()), hour, 0, None
    for end in {last for _first, last in taken}:
        for pattern in raw["bare"]:
            follows = re.compile(rf",? ?(?:{pattern})(?![\w%.:])").match(left, end)
            if follows is not None:
                yield follows.span(), int(follows.group("h")), 0, None
