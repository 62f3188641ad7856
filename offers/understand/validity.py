"""How long the offer is to be valid: a number of days or weeks, a date, a weekday, the end of a month."""

import calendar
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from offers.request import Point
from offers.understand.dates import dates
from offers.understand.lexicon import lexicon
from offers.understand.pieces import piece, times
from offers.understand.tokens import Prompt, Token

_REACH = 6
# How words that can only be about validity begin; "open", "good", "termin" also say other things.
_VALID_BEGINNINGS = ("erven", "valid", "wazna", "wazny", "wazne", "wazno", "lejar", "expir", "obowi", "wygas")
_MOST_DAYS = 3650


@dataclass(frozen=True)
class Validity:
    """Days from today, or the last day; at most one of them."""

    days: int | None = None
    until: date | None = None


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def validity(prompt: Prompt, today: date) -> Validity:
    """The validity the prompt asks for, counted from `today`; empty when it names none.

    Every date and every span that is clearly time is claimed, so that none is taken for a quantity. A span counts
    when a word for validity stands near, or it has the Hungarian "-ig"; "within" and payment or delivery words
    near it rule it out. A date counts behind "until" and its like, with "-ig", or near a word for validity.
    """
    best: list[tuple[int, Validity]] = []
    for dated in dates(prompt, today):
        rank = _rank(prompt, dated.first, dated.last, dated.until)
        prompt.claim([i for i in range(dated.first, dated.last + 1) if prompt.tokens[i].free], "date")
        if rank:
            best.append((rank, Validity(until=dated.day)))
    for i, token in enumerate(prompt.tokens):
        if token.free and _unit(token.folded, prompt)[0] and _valid_before(prompt, i):
            best += _span(prompt, i - 1, token, today)
        elif (token.value is not None or token.folded in ("a", "egy")) and token.free:
            best += _span(prompt, i, token, today)
    return max(best, key=lambda b: b[0])[1] if best else Validity()


def unread_validity(prompt: Prompt, found: Validity) -> Point | None:
    """What to ask when a word for validity or a deadline stands there and no day was read: "karácsonyig érvényes"."""
    lex = lexicon(prompt.language)
    if found.days is not None or found.until is not None:
        return None
    for i, token in enumerate(prompt.tokens):
        sure = token.folded[:5] in _VALID_BEGINNINGS and lex.inflected("valid", token.folded)
        if token.free and (sure or lex.has("deadline", token.folded)):
            return Point("validity", "validity_open", {"written": prompt.written(*piece(prompt, i))})
    return None


def unread_span(prompt: Prompt, quantities: Collection[Decimal]) -> Point | None:
    """What to ask about a span of time that nothing took up: "5 licences for 3 years" may be three times as much. One
    that is a quantity itself ("support for 2 years") is among `quantities`."""
    for span in times(prompt, 0, len(prompt.tokens) - 1):
        if span.count in quantities:
            continue
        ahead = prompt.word(span.first - 1) in ("for", "na")
        behind = prompt.tokens[span.last].folded.endswith(("ra", "re"))
        long = span.unit in ("months", "years")
        if span.unit != "hours" and ((long and ahead) or behind):
            return Point("lines", "span_open", {"written": prompt.written(span.first - ahead, span.last)})
    return None


def _valid_before(prompt: Prompt, i: int) -> bool:
    """True for a unit with no number right behind a word for validity: "ważna miesiąc"."""
    return lexicon(prompt.language).inflected("valid", prompt.word(i - 1))


def _unit(word: str, prompt: Prompt) -> tuple[str, bool]:
    """Which unit of time a folded word is ("" if none), and whether it ends in the Hungarian -ig."""
    lex = lexicon(prompt.language)
    for unit in ("days", "weeks", "months", "years"):
        if lex.inflected(unit, word):
            return unit, word.endswith("ig")
    return "", False


def _span(prompt: Prompt, i: int, token: Token, today: date) -> list[tuple[int, Validity]]:
    last = i + 1
    if prompt.word(last) == "-":
        last += 1
    unit, ends = _unit(prompt.word(last), prompt)
    value = token.value if token.value is not None else Decimal(1)
    if not unit or (token.spelled and prompt.word(last) == token.folded):
        return []
    named = prompt.tokens[last]
    ends = ends or named.suffix == "ig"
    rank = _rank(prompt, i if token is prompt.tokens[i] else last, last, ends)
    if not rank:
        if _beside(prompt, i, last, "through", 2):
            prompt.claim(range(i, last + 1), "time")
        return []
    prompt.claim(range(i, last + 1), "valid")
    if value != int(value) and unit != "weeks":
        value = Decimal(round(value * 30)) if unit == "months" else value
        unit = "days"
    count = max(-_MOST_DAYS, min(_MOST_DAYS, int(value * 7 if unit == "weeks" else value)))
    if unit in ("days", "weeks"):
        return [(rank, Validity(days=count))]
    months = max(-120, min(120, count * (12 if unit == "years" else 1)))
    return [(rank, Validity(until=months_later(today, months)))]


def _beside(prompt: Prompt, first: int, last: int, kind: str, reach: int = _REACH) -> bool:
    """True when a word of the list `kind` stands near the span with no comma or sentence end between."""
    lex = lexicon(prompt.language)
    for step, start in ((-1, first - 1), (1, last + 1)):
        for i in range(start, start + step * reach, step):
            token = prompt.at(i)
            if token is None or token.text in ",;!?\n" or (token.text == "." and step > 0):
                break
            if lex.inflected(kind, token.folded):
                return True
    return False


def _rank(prompt: Prompt, first: int, last: int, until: bool) -> int:
    """How surely a span of time is the validity: 2 with a word for validity, 1 with an "until", 0 not at all."""
    if _beside(prompt, first, last, "valid"):
        return 2
    if _beside(prompt, first, last, "not_valid", 2 * _REACH) or not until:
        return 0
    return 1
