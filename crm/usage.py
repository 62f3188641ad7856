"""What the model cost, by user and day (UTC), and whether today's budget has room for another call.

A call is counted when it is admitted, in the unit of work that looks at the budget, so of two turns at once only one
gets the last call. Tokens, seconds and money are added when it is over: a call under way may take a budget a little
over its limit, and no call begins beyond it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import now
from crm.actor import SYSTEM
from crm.company import DayLimits, company
from crm.session import CrmSession, unit
from crm.tables import ModelUsage, User

# The lock under which one call at a time is admitted on PostgreSQL; SQLite has one writer anyway.
_LOCK = 0x526F626F0001
_MILLION = 1_000_000


@dataclass(frozen=True)
class Spent:
    """What was used: calls, tokens in and out, seconds of waiting, and money in the currency of the budgets."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: Decimal = Decimal(0)
    money: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        """Tokens in and out."""
        return self.tokens_in + self.tokens_out


@dataclass(frozen=True)
class DayOf:
    """One user's day."""

    login: str
    name: str
    day: date
    spent: Spent


def today() -> date:
    """The day budgets count by: UTC, the same for everyone."""
    return now().date()


def begins_anew(day: date) -> datetime:
    """When the budget of the day after `day` begins (UTC)."""
    return datetime.combine(day + timedelta(days=1), time(), UTC)


def _sums(session: CrmSession, day: date, user_id: int | None) -> Spent:
    columns = (
        ModelUsage.calls,
        ModelUsage.tokens_in,
        ModelUsage.tokens_out,
        ModelUsage.milliseconds,
        ModelUsage.cost_millionths,
    )
    query = select(*(func.coalesce(func.sum(column), 0) for column in columns)).where(ModelUsage.day == day)
    if user_id is not None:
        query = query.where(ModelUsage.user_id == user_id)
    calls, tokens_in, tokens_out, milliseconds, cost = (int(value) for value in session.execute(query).one())
    return Spent(calls, tokens_in, tokens_out, Decimal(milliseconds) / 1000, Decimal(cost) / _MILLION)


def over(limits: DayLimits, spent: Spent) -> bool:
    """Whether `spent` leaves nothing of `limits`; a limit that is not set is none."""
    pairs = (
        (limits.calls, spent.calls),
        (limits.tokens, spent.tokens),
        (limits.seconds, spent.seconds),
        (limits.money, spent.money),
    )
    return any(limit is not None and used >= limit for limit, used in pairs)


def admit(engine: Engine, user_id: int, day: date | None = None) -> datetime | None:
    """Count a call of `user_id` about to be made; None then. Where the user's or the company's budget of today is used
    up nothing is counted, and the answer is when the next one begins (UTC). `day` is today unless given."""
    day = day or today()
    with unit(engine, SYSTEM) as session:
        if engine.dialect.name == "postgresql":
            session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        budgets = company(session).model_budgets
        if over(budgets.user, _sums(session, day, user_id)) or over(budgets.company, _sums(session, day, None)):
            return begins_anew(day)
        _add(session, user_id, day, calls=1)
    return None


def count(
    engine: Engine, user_id: int, tokens_in: int, tokens_out: int, seconds: float, day: date | None = None
) -> None:
    """Add what an admitted call of `user_id` took, with its cost at the present prices, to the `day` it was admitted
    on; to today's where none is given."""
    with unit(engine, SYSTEM) as session:
        budgets = company(session).model_budgets
        cost = budgets.price_in * tokens_in + budgets.price_out * tokens_out
        _add(
            session,
            user_id,
            day or today(),
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            milliseconds=round(seconds * 1000),
            cost_millionths=int(cost.to_integral_value(ROUND_CEILING)),
        )


def _add(session: CrmSession, user_id: int, day: date, **amounts: int) -> None:
    """Add to the user's row of the day within the database, so that nothing added meanwhile is lost."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    zero = dict.fromkeys(("calls", "tokens_in", "tokens_out", "milliseconds", "cost_millionths"), 0)
    statement = insert(ModelUsage).values(user_id=user_id, day=day, **{**zero, **amounts})
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "day"],
            set_={name: getattr(ModelUsage, name) + amount for name, amount in amounts.items()},
        )
    )


def _spent(row: ModelUsage) -> Spent:
    return Spent(
        row.calls,
        row.tokens_in,
        row.tokens_out,
        Decimal(row.milliseconds) / 1000,
        Decimal(row.cost_millionths) / _MILLION,
    )


def by_day(session: CrmSession, days: int) -> list[DayOf]:
    """What was used in the last `days` days with today, newest first: the actor's own, or everyone's for those who may
    read it."""
    since = today() - timedelta(days=days - 1)
    rows = session.execute(
        select(ModelUsage, User)
        .join(User, User.id == ModelUsage.user_id)
        .where(ModelUsage.day >= since)
        .order_by(ModelUsage.day.desc(), User.login)
    )
    return [DayOf(user.login, user.display_name(session.actor.language), row.day, _spent(row)) for row, user in rows]


def own_today(session: CrmSession) -> Spent:
    """What the actor used today."""
    return _sums(session, today(), session.actor.user_id)


def total(rows: Sequence[DayOf]) -> Spent:
    """All of `rows` together."""
    spent = [row.spent for row in rows]
    return Spent(
        sum(s.calls for s in spent),
        sum(s.tokens_in for s in spent),
        sum(s.tokens_out for s in spent),
        sum((s.seconds for s in spent), Decimal(0)),
        sum((s.money for s in spent), Decimal(0)),
    )
