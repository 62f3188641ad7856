"""Exchange rates as an administrator gave them: which one holds on a day, and converting by it."""

from datetime import date
from decimal import Decimal, InvalidOperation, localcontext

from sqlalchemy import or_, select

from core.clock import today
from core.errors import AppError, NotFound
from core.money import CURRENCIES, Currency, plain, round_money
from crm.session import CrmSession
from crm.settings_rules import may
from crm.tables import ExchangeRate

_LARGEST = Decimal(10) ** 9
# Rates are kept to as many decimals as amounts are.
_PLACES = 4
_LONGEST = 200


def rate_on(session: CrmSession, one: str, other: str, day: date) -> ExchangeRate | None:
    """The rate between two currencies that holds on `day`: the one given last, whichever way round it was given; of
    two of one day the one from `one` to `other`."""
    both = or_(
        (ExchangeRate.base == one) & (ExchangeRate.quote == other),
        (ExchangeRate.base == other) & (ExchangeRate.quote == one),
    )
    rows = session.scalars(select(ExchangeRate).where(both, ExchangeRate.valid_from <= day)).all()
    return max(rows, key=lambda row: (row.valid_from, row.base == one), default=None)


def times(amount: Decimal, rate: ExchangeRate, currency: Currency) -> Decimal:
    """`amount` of the other currency of `rate` in `currency`, not rounded."""
    with localcontext() as context:
        context.prec = 60
        return amount * rate.rate if rate.quote == currency else amount / rate.rate


def convert(amount: Decimal, rate: ExchangeRate, currency: Currency) -> Decimal:
    """`amount` of the other currency of `rate` in `currency`, rounded half up to its minor unit."""
    return converted(amount, rate.rate, rate.quote == currency, currency)


def converted(amount: Decimal, rate: Decimal, forwards: bool, currency: Currency) -> Decimal:
    """`amount` times `rate` (divided by it unless `forwards`), rounded half up to the minor unit of `currency`."""
    with localcontext() as context:
        context.prec = 60
        return round_money(amount * rate if forwards else amount / rate, currency)


def kept(rate: ExchangeRate) -> dict[str, object]:
    """A rate as an offer keeps it: one unit of `base` is `rate` units of `quote`, of the day `on`."""
    return {
        "id": rate.id,
        "base": rate.base,
        "quote": rate.quote,
        "rate": plain(rate.rate),
        "on": rate.valid_from.isoformat(),
    }


def rates(session: CrmSession) -> list[ExchangeRate]:
    """Every rate, the newest of each pair first."""
    rows = session.scalars(select(ExchangeRate)).all()
    return sorted(rows, key=lambda row: (row.base, row.quote, -row.valid_from.toordinal()))


def give(
    session: CrmSession, base: str, quote: str, rate: Decimal | None, valid_from: date | None, source: str = ""
) -> ExchangeRate:
    """Have one unit of `base` be `rate` units of `quote` from `valid_from` on; a rate of that very day is corrected.

    Offers keep the rate they were made by. Raises `Forbidden` for who may not change settings, and `AppError`:
    `rate_currencies_wrong`, `rate_wrong`, `rate_day_wrong`, `rate_source_long`.
    """
    may(session.actor, "settings", "update")
    if base == quote or base not in CURRENCIES or quote not in CURRENCIES:
        raise AppError("rate_currencies_wrong", 422, known=", ".join(CURRENCIES))
    if rate is None or not _is_rate(rate):
        raise AppError("rate_wrong", 422)
    if valid_from is None or valid_from < today():
        raise AppError("rate_day_wrong", 422)
    if len(source) > _LONGEST:
        raise AppError("rate_source_long", 422, most=_LONGEST)
    query = select(ExchangeRate).where(
        ExchangeRate.base == base, ExchangeRate.quote == quote, ExchangeRate.valid_from == valid_from
    )
    row = session.scalar(query)
    if row is None:
        row = ExchangeRate(base=base, quote=quote, valid_from=valid_from)
        session.add(row)
    row.rate, row.source = rate, source.strip() or None
    session.flush()
    return row


def withdraw(session: CrmSession, rate_id: int, version: int) -> None:
    """Take a rate back, seen at `version`: no more prices are converted by it. Offers made by it keep it.

    Raises `NotFound`, `Forbidden`, `AppError("conflict")`.
    """
    may(session.actor, "settings", "update")
    row = session.get(ExchangeRate, rate_id)
    if row is None:
        raise NotFound("price", rate_id)
    if row.version != version:
        raise AppError("conflict", 409)
    session.delete(row)
    session.flush()


def _is_rate(rate: Decimal) -> bool:
    try:
        return rate.is_finite() and 0 < rate <= _LARGEST and rate == round(rate, _PLACES)
    except InvalidOperation:
        return False
