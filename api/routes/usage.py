"""What the language model used."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import ActorDep, PartsDep
from crm import usage
from crm.company import DayLimits, company
from crm.session import unit

router = APIRouter(prefix="/api/v1", tags=["usage"])


class UsageDay(BaseModel):
    """One user's day (UTC): calls, tokens, seconds of waiting, and money in the currency of the answer. Tokens are as
    the model's server counted them, or estimated at three characters each where it did not say."""

    login: str
    day: date
    calls: int
    tokens_in: int
    tokens_out: int
    seconds: Decimal
    money: Decimal


class UsageView(BaseModel):
    """What was used, newest first, and the daily limits; `begins_anew` is when today's budget is replaced (UTC)."""

    days: list[UsageDay]
    user_limits: DayLimits
    company_limits: DayLimits
    currency: str
    begins_anew: datetime


@router.get("/usage")
def read_usage(actor: ActorDep, parts: PartsDep, days: Annotated[int, Query(ge=1, le=366)] = 30) -> UsageView:
    """What the model used in the last days: one's own, everybody's for those who may read it."""
    with unit(parts.engine, actor, writes=False) as session:
        rows = usage.by_day(session, days)
        budgets = company(session).model_budgets
    return UsageView(
        days=[
            UsageDay(
                login=row.login,
                day=row.day,
                calls=row.spent.calls,
                tokens_in=row.spent.tokens_in,
                tokens_out=row.spent.tokens_out,
                seconds=row.spent.seconds,
                money=row.spent.money,
            )
            for row in rows
        ],
        user_limits=budgets.user,
        company_limits=budgets.company,
        currency=budgets.currency,
        begins_anew=usage.begins_anew(usage.today()),
    )
