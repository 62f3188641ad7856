"""What of an offer, a question or another reply is not as a case expects."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from assistant.scoring.offer_cases import Day, Expected
from core.clock import today
from offers.view import OfferView

_FRIDAY = 4


@dataclass(frozen=True)
class Came:
    """What a case came to: the kind of the reply, the offer if one was made, or what was asked about (`field`, with
    `choices`), and what an uploaded request leaves to be said."""

    kind: str
    offer: OfferView | None = None
    field: str | None = None
    choices: int = 0
    text: str = ""
    unanswered: int | None = None


def last_day(day: Day, of: date) -> date:
    """The last day that `day` names, said on the day `of`."""
    to_friday = (_FRIDAY - of.weekday() - 1) % 7 + 1
    to_sunday = 6 - of.weekday()
    month_end = of.replace(day=calendar.monthrange(of.year, of.month)[1])
    next_month = month_end + timedelta(days=1)
    days: dict[Day, date] = {
        "tomorrow": of + timedelta(days=1),
        "friday": of + timedelta(days=to_friday),
        "next friday": of + timedelta(days=to_sunday + 1 + _FRIDAY),
        "end of week": of + timedelta(days=to_sunday),
        "end of month": month_end,
        "end of next month": next_month.replace(day=calendar.monthrange(next_month.year, next_month.month)[1]),
        "end of year": date(of.year, 12, 31),
    }
    return days[day]


def difference(expected: Expected, came: Came) -> str | None:
    """The first thing that is not as expected; None if nothing is."""
    if expected.unanswered is not None and expected.unanswered != came.unanswered:
        return f"left {came.unanswered} things to be said, not {expected.unanswered}"
    if came.kind != expected.kind:
        made = f" {came.offer.number} to {came.offer.customer.code}" if came.offer is not None else ""
        about = f" about {came.field}" if came.field else ""
        return f"{came.kind}{made}{about}, not {expected.kind}: {came.text}"
    if came.kind == "clarification":
        if expected.field not in (None, came.field):
            return f"asked about {came.field}, not {expected.field}"
        if expected.choices not in (None, came.choices):
            return f"gave {came.choices} choices"
    return _of_offer(expected, came.offer) if came.offer is not None else None


def _of_offer(expected: Expected, came: OfferView) -> str | None:
    lines = sorted(
        (
            line.sku,
            Decimal(line.quantity),
            Decimal(line.discount_percent),
            line.optional,
            line.option_group is not None,
        )
        for line in came.lines
    )
    wanted = sorted(
        (line.sku, line.quantity, line.discount, line.optional, line.alternative) for line in expected.lines or []
    )
    compared: list[tuple[str, object, object]] = [
        ("customer", expected.customer, came.customer.code),
        ("lines", wanted if expected.lines is not None else None, lines),
        ("currency", expected.currency, came.currency),
        ("language", expected.language, came.language),
        ("valid_until", _until(expected), came.valid_until),
        ("state", expected.state, came.state),
        ("net", expected.net, Decimal(came.totals.net)),
        ("vat", expected.vat, Decimal(came.totals.vat)),
        ("gross", expected.gross, Decimal(came.totals.gross)),
        ("payment_days", expected.payment_days, came.payment_days),
        ("delivery", expected.delivery, came.delivery),
        ("warranty", expected.warranty, came.warranty),
        ("notes", expected.notes, came.notes),
        ("title", expected.title, came.title),
        ("version", expected.version, came.version),
    ]
    return next(
        (f"{name}: {is_!s}, not {should!s}" for name, should, is_ in compared if should not in (None, is_)), None
    )


def _until(expected: Expected) -> str | None:
    if expected.valid_days is not None:
        return (today() + timedelta(days=expected.valid_days)).isoformat()
    return last_day(expected.valid, today()).isoformat() if expected.valid is not None else expected.valid_until
