"""Days and hours where the business is (Europe/Budapest), and the moments they are."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Date, FunctionElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from core.clock import BUSINESS_ZONE

# What a day typed into an address may be counted as: near the ends of the calendar zones and sums overflow.
_EARLIEST, _LATEST = date(1950, 1, 1), date(2150, 12, 31)
_FRIDAY = 4


def day_of(moment: datetime) -> date:
    """The business's day on which `moment` falls."""
    return moment.astimezone(BUSINESS_ZONE).date()


def moment_at(day: date, hour: time) -> datetime:
    """The moment, UTC, at which the clocks of the business show `hour` on `day`.

    An hour the clocks skip in spring is as much later as they skip; of one they show twice in autumn it is the first.
    """
    return datetime.combine(day, hour.replace(tzinfo=None, fold=0), BUSINESS_ZONE).astimezone(UTC)


def begins(day: date) -> datetime:
    """The first moment of `day`, UTC; a day before 1950 or after 2150 counts as the nearest one between."""
    return moment_at(min(max(day, _EARLIEST), _LATEST), time.min)


def ends(day: date) -> datetime:
    """The first moment after `day`, UTC: 23, 24 or 25 hours after it began; far days count as `begins` has them."""
    return moment_at(min(max(day, _EARLIEST), _LATEST) + timedelta(days=1), time.min)


def monday_of(day: date) -> date:
    """The Monday of the week `day` is in."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """The Sunday of the week `day` is in."""
    return monday_of(day) + timedelta(days=6)


def next_workday(day: date) -> date:
    """The first day after `day` that is no Saturday or Sunday; public holidays count as any day."""
    return day + timedelta(days=max(1, 7 - day.weekday()) if day.weekday() >= _FRIDAY else 1)


class BusinessDay(FunctionElement[date]):
    """`day_of` of a column of moments, worked out by the database.

    To narrow by days, compare the column with `begins` and `ends` instead: an index serves that.
    """

    type = Date()
    inherit_cache = True
    name = "business_day"


@compiles(BusinessDay)
def _by_zone(element: BusinessDay, compiler: SQLCompiler, **options: object) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(({moment}) AT TIME ZONE '{BUSINESS_ZONE.key}' AS DATE)"


@compiles(BusinessDay, "sqlite")
def _by_rule(element: BusinessDay, compiler: SQLCompiler, **options: object) -> str:
    # SQLite knows no zones. Directive 2000/84/EC: summer time, two hours ahead of UTC instead of one, is from the last
    # Sunday of March to that of October, 01:00 UTC each. Moments are kept as text, so they compare as text.
    moment = compiler.process(element.clauses, **options)
    march, october = (
        f"date({moment}, 'start of year', '+{months} months', '-7 days', 'weekday 0') || ' 01:00'" for months in (3, 10)
    )
    return f"date({moment}, CASE WHEN {moment} >= {march} AND {moment} < {october} THEN '+2 hours' ELSE '+1 hours' END)"
