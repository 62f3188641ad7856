"""Figures in a text: numbers, dates and times, each read as one whole and never by a part of it."""

import re
import unicodedata
from decimal import Decimal

_UNSEEN = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
_DAY = r"(?P<day>[0-9]{1,2})"
_MONTH = r"(?P<month>[0-9]{1,2})"
_YEAR = r"(?P<year>[0-9]{4})"
_DATES = tuple(
    re.compile(rf"(?<![\w.,]){first}(?:-|/|\. ?){_MONTH}(?:-|/|\. ?){last}(?![0-9])")
    for first, last in ((_YEAR, _DAY), (_DAY, _YEAR))
)
_TIME = re.compile(r"(?<![\w.,:])([0-9]{1,2}):([0-9]{2})(?![0-9])")
# A space groups only before exactly three digits. A digit behind a letter belongs to a code.
_NUMBER = re.compile(
    r"(?<![^\W_])(?<![^\W\d_]-)(?<![0-9][.,])"
    r"(?:[0-9]{1,3}(?: [0-9]{3}(?![0-9]))+|[0-9]+)(?:[.,][0-9]+)*"
)

Moment = tuple[int, int, int]


def plain(text: str) -> str:
    """`text` with every digit and space in its simple form, and without signs that nobody sees."""
    simple = unicodedata.normalize("NFKC", text).translate(_UNSEEN)
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in simple)


def dates(text: str) -> tuple[list[Moment], str]:
    """The days written in digits in plain `text` as year, month and day, and what is left of it without them."""
    found: list[Moment] = []

    def take(match: re.Match[str]) -> str:
        year, month, day = (int(match[part]) for part in ("year", "month", "day"))
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return match[0]
        found.append((year, month, day))
        return ";"

    for pattern in _DATES:
        text = pattern.sub(take, text)
    return found, text


def times(text: str) -> tuple[list[tuple[int, int]], str]:
    """The times of day written as 9:30 in plain `text` as hour and minute, and what is left of it without them."""
    found = [(int(match[1]), int(match[2])) for match in _TIME.finditer(text)]
    return found, _TIME.sub(";", text)


def runs(text: str) -> list[str]:
    """The numbers of plain `text` as they are written, with their marks; dates and times are to be taken out before."""
    return [match[0] for match in _NUMBER.finditer(text)]


def value(run: str) -> Decimal | None:
    """The number that `run` is. A mark before exactly three digits groups them, another one is the decimal point; None
    where it is no number at all, such as `1.2.3`."""
    marks, parts = re.findall(r"[., ]", run), re.split(r"[., ]", run)
    if _grouped(marks, parts):
        return Decimal("".join(parts))
    if marks[-1] != " " and marks[-1] not in marks[:-1] and _grouped(marks[:-1], parts[:-1]):
        return Decimal(f"{''.join(parts[:-1])}.{parts[-1]}")
    return None


def _grouped(marks: list[str], parts: list[str]) -> bool:
    """Whether every mark groups: the same one throughout, three digits behind each, one to three before the first."""
    if not marks:
        return True
    begins = len(parts[0]) <= 3 and not parts[0].startswith("0")
    return begins and len(set(marks)) == 1 and all(len(part) == 3 for part in parts[1:])


def decimal(run: str) -> Decimal | None:
    """The number of `run` with its only mark as the decimal point: `1.125` may be that too in what a person types."""
    return Decimal(run.replace(",", ".")) if re.fullmatch(r"[0-9]+[.,][0-9]+", run) else None
