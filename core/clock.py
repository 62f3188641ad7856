"""Time, always aware and in UTC; dates of the business in its own zone."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BUSINESS_ZONE = ZoneInfo("Europe/Budapest")


def now() -> datetime:
    """This moment, UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date where the business is (Europe/Budapest; the same date as in Warsaw)."""
    return datetime.now(BUSINESS_ZONE).date()
