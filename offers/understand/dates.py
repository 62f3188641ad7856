"""Calendar dates in a prompt: in digits, with a month's name, a weekday, tomorrow, the end of a period."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from offers.understand.lexicon import lexicon
from offers.understand.tokens import Prompt


@dataclass(frozen=True)
class Dated:
    """A date at tokens `first` to `last`; `until` is True when it is worded as a last day."""

    first: int
    last: int
    day: date
    until: bool


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _coming(today: date, month: int, day: int, year: int | None) -> date | None:
    """The date in the named year, or the next one to come."""
    if year is not None:
        return _date(year, month, day)
    found = _date(today.year, month, day)
    return found if found is not None and found >= today else _date(today.year + 1, month, day)


def dates(prompt: Prompt, today: date) -> list[Dated]:
    """Every date of the prompt in order. A month and day without a year is the next to come; a weekday is
    the next one after `today`, with "next" the one of the following calendar week."""
    found: list[Dated] = []
    i = 0
    while i < len(prompt.tokens):
        one = _in_digits(prompt, i) or _withmonth_at(prompt, i, today) or _relative(prompt, i, today)
        if one is not None:
            found.append(one)
        i = one.last + 1 if one else i + 1
    return found


def date_at(prompt: Prompt, i: int) -> int | None:
    """The last token of a date that begins at the token `i`; None if none does."""
    return next((d.last for d in dates(prompt, date(2000, 1, 1)) if d.first == i), None)


def _worded(prompt: Prompt, first: int, last: int, day: date | None) -> Dated | None:
    if day is None:
        return None
    lex = lexicon(prompt.language)
    ends = any(
        prompt.tokens[i].suffix == "ig" or prompt.tokens[i].folded.endswith("ig") for i in range(first, last + 1)
    )
    before = prompt.word(first - 1)
    before = prompt.word(first - 2) if lex.has("articles", before) else before
    # "by", "until", "do" belong to the date and would otherwise look like a preposition before a name.
    until = ends or lex.has("until", before)
    return Dated(first, last, day, until)


def _in_digits(prompt: Prompt, i: int) -> Dated | None:
    token = prompt.tokens[i]
    if token.kind != "date":
        return None
    parts = [int(n) for n in re.findall(r"\d+", token.text)]
    year, month, day = parts if parts[0] > 99 else reversed(parts)
    # 12/31/2026 can only be month first.
    return _worded(prompt, i, i, _date(year, month, day) or _date(year, day, month))


def _small(prompt: Prompt, i: int, most: int = 31) -> int | None:
    token = prompt.at(i)
    if token is None or token.value is None or token.spelled or token.value != int(token.value):
        return None
    return int(token.value) if 1 <= token.value <= most else None


def month_at(prompt: Prompt, i: int) -> int | None:
    """The number of the month that the word at `i` is a form of; None if of none."""
    token = prompt.at(i)
    lex = lexicon(prompt.language)
    if token is None or token.kind != "word":
        return None
    word = token.folded
    return lex.months.get(word) or next((m for w, m in lex.months.items() if len(w) > 4 and word.startswith(w)), None)


def _withmonth_at(prompt: Prompt, i: int, today: date) -> Dated | None:
    month = month_at(prompt, i)
    if month is None:
        return None
    after = i + 1
    while prompt.word(after) in (".", "the"):
        after += 1
    day = _small(prompt, after)
    before = i - 1
    while prompt.word(before) in (".", "of", "st", "nd", "rd", "th"):
        before -= 1
    early = _small(prompt, before)
    if day is not None and (early is None or prompt.tokens[after].suffix):
        first = i
        year = _small(prompt, before, 2999)
        if year is not None and year > 1999:
            first = before
        last = after + (prompt.word(after + 1) in ("st", "nd", "rd", "th", "an", "en", "ig"))
        comma = last + 1 + (prompt.word(last + 1) in (",", "."))
        late = _small(prompt, comma, 2999)
        if late is not None and late > 1999:
            year, last = late, comma
        return _worded(prompt, first, last, _coming(today, month, day, year if year and year > 1999 else None))
    if early is None:
        return None
    late = _small(prompt, i + 1, 2999)
    year = late if late is not None and late > 1999 else None
    return _worded(prompt, before, i + (year is not None), _coming(today, month, early, year))


def _relative(prompt: Prompt, i: int, today: date) -> Dated | None:
    lex = lexicon(prompt.language)
    word = prompt.word(i)
    if lex.has("tomorrow", word):
        later = prompt.language == "en" and prompt.word(i - 1) == "after"
        return _worded(prompt, i - 3 * later if later and i > 2 else i, i, today + timedelta(days=1 + later))
    if lex.has("after_tomorrow", word):
        return _worded(prompt, i, i, today + timedelta(days=2))
    next_week = lex.inflected("next", word)
    weekday = lex.weekdays.get(prompt.word(i + 1) if next_week else word)
    if weekday is not None and (len(prompt.word(i + next_week)) > 3 or prompt.language == "en"):
        ahead = (weekday - today.weekday() - 1) % 7 + 1
        if next_week:
            ahead = 7 - today.weekday() + weekday
        return _worded(prompt, i, i + next_week, today + timedelta(days=ahead))
    return _end_of(prompt, i, today)


def _end_of(prompt: Prompt, i: int, today: date) -> Dated | None:
    """ "end of the month", "a hónap végéig", "do końca roku", "jövő hét végéig"."""
    lex = lexicon(prompt.language)
    if not lex.has("end", prompt.word(i)):
        return None
    around: list[tuple[int, int]] = []
    if prompt.language == "hu" or prompt.word(i).startswith("veg"):
        around = [(i - 1, i)]
    else:
        skip = i + 1
        while prompt.word(skip) in ("of", "the", "this", "tego", "next", "przyszlego", "biezacego"):
            skip += 1
        around = [(i, skip)]
    for first, last in around:
        other = prompt.word(first if first < i else last)
        later = any(lex.inflected("next", prompt.word(n)) for n in range(first - 1, last + 1))
        month = month_at(prompt, first if first < i else last)
        if month is not None:
            year = today.year + (month < today.month)
            return _worded(prompt, first, last, date(year, month, calendar.monthrange(year, month)[1]))
        if lex.has("of_year", other):
            return _worded(prompt, first, last, date(today.year + later, 12, 31))
        if lex.inflected("quarter", other):
            month = today.month + (-today.month) % 3
            year, month = today.year + (month + 3 * later > 12), (month + 3 * later - 1) % 12 + 1
            return _worded(prompt, first, last, date(year, month, calendar.monthrange(year, month)[1]))
        if lex.has("of_week", other):
            return _worded(prompt, first, last, today + timedelta(days=6 - today.weekday() + 7 * later))
        if lex.has("of_month", other):
            year, month = divmod(today.year * 12 + today.month - 1 + later, 12)
            return _worded(prompt, first, last, date(year, month + 1, calendar.monthrange(year, month + 1)[1]))
    return None
