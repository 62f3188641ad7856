"""Periods that screens count in: whole days of the business (Europe/Budapest), both ends included."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import today
from core.errors import AppError

PERIODS = ("today", "month", "30days", "year", "custom")
DEFAULT_PERIOD = "month"
_THIRTY = timedelta(days=29)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`; in a custom period None means no limit on that side."""

    name: str
    first: date | None
    last: date | None


def period(name: str, first: date | None = None, last: date | None = None) -> Period:
    """The period of this name as of today; `first` and `last` count for `custom` alone.

    `today`; `month`, the whole of this calendar month; `30days`, today and the 29 days before it; `year`, the
    whole of this calendar year. An unknown name is `month`. Raises `AppError("period_backwards")` for a custom
    period that ends before it begins.
    """
    day = today()
    if name == "custom":
        if first and last and last < first:
            raise AppError("period_backwards", 422, first=first.isoformat(), last=last.isoformat())
        return Period(name, first, last)
    if name == "today":
        return Period(name, day, day)
    if name == "30days":
        return Period(name, day - _THIRTY, day)
    if name == "year":
        return Period(name, date(day.year, 1, 1), date(day.year, 12, 31))
    return Period(DEFAULT_PERIOD, day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))
