"""Budgets of the language model: counted by user and day, never beyond the limit, nothing lost between two at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from core.errors import AppError, Forbidden
from crm import company, usage
from crm.actor import SYSTEM, Actor
from crm.company import Company, DayLimits, ModelBudgets
from crm.session import unit
from crm.tables import ModelUsage

People = Callable[[str], Actor]


def limit(engine: Engine, budgets: ModelBudgets) -> None:
    with unit(engine, SYSTEM) as session:
        company.set_company(session, Company(model_budgets=budgets))


def spent(engine: Engine, actor: Actor) -> usage.Spent:
    with unit(engine, actor, writes=False) as session:
        return usage.own_today(session)


def test_without_limits_every_call_is_admitted_and_counted(engine: Engine, people: People) -> None:
    nora = people("nora")
    assert [usage.admit(engine, nora.user_id) for _ in range(3)] == [None, None, None]
    assert spent(engine, nora).calls == 3


def test_what_a_call_took_is_added_with_its_price(engine: Engine, people: People) -> None:
    nora = people("nora")
    limit(engine, ModelBudgets(price_in=Decimal("0.25"), price_out=Decimal(2)))
    usage.admit(engine, nora.user_id)
    usage.count(engine, nora.user_id, 1000, 300, 1.5)
    usage.count(engine, nora.user_id, 0, 1, 0.25)
    expected = usage.Spent(1, 1000, 301, Decimal("1.75"), Decimal("0.000852"))
    assert spent(engine, nora) == expected


@pytest.mark.parametrize("name", ["calls", "tokens", "seconds", "money"])
@pytest.mark.parametrize("whose", ["user", "company"])
def test_no_call_begins_once_any_limit_is_reached(engine: Engine, people: People, name: str, whose: str) -> None:
    nora, rita = people("nora"), people("rita")
    limits = DayLimits.model_validate({name: 1})
    limit(engine, ModelBudgets.model_validate({whose: limits, "price_in": 1_000_000}))
    assert usage.admit(engine, nora.user_id) is None
    usage.count(engine, nora.user_id, 1, 0, 1.0)
    again = usage.admit(engine, nora.user_id)
    assert again == usage.begins_anew(usage.today())
    assert spent(engine, nora).calls == 1
    # The user's limit is each one's own; the company's is everybody's together.
    assert (usage.admit(engine, rita.user_id) is None) == (whose == "user")


def test_a_limit_of_nothing_admits_nobody(engine: Engine, people: People) -> None:
    limit(engine, ModelBudgets(user=DayLimits(calls=0)))
    assert usage.admit(engine, people("nora").user_id) is not None


def test_turns_at_once_neither_lose_counts_nor_share_the_last_call(engine: Engine, people: People) -> None:
    nora = people("nora")
    limit(engine, ModelBudgets(user=DayLimits(calls=7)))

    def turn(_: int) -> bool:
        admitted = usage.admit(engine, nora.user_id) is None
        if admitted:
            usage.count(engine, nora.user_id, 10, 5, 0.1)
        return admitted

    with ThreadPoolExecutor(6) as pool:
        admitted = list(pool.map(turn, range(18)))
    assert sum(admitted) == 7
    assert spent(engine, nora) == usage.Spent(7, 70, 35, Decimal("0.7"), Decimal(0))


def test_the_budget_begins_anew_at_midnight_utc(
    engine: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = people("nora")
    limit(engine, ModelBudgets(user=DayLimits(calls=1)))
    late = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    monkeypatch.setattr(usage, "now", lambda: late)
    usage.admit(engine, nora.user_id)
    again = usage.admit(engine, nora.user_id)
    assert again == late + timedelta(minutes=1)
    monkeypatch.setattr(usage, "now", lambda: again)
    assert usage.admit(engine, nora.user_id) is None


def test_a_call_is_charged_to_the_day_it_was_admitted_on_though_midnight_passes(
    engine: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = people("nora")
    late = datetime(2026, 1, 1, 23, 59, 50, tzinfo=UTC)
    monkeypatch.setattr(usage, "now", lambda: late)
    day = usage.today()
    assert usage.admit(engine, nora.user_id, day) is None
    monkeypatch.setattr(usage, "now", lambda: late + timedelta(seconds=15))
    usage.count(engine, nora.user_id, 1000, 1000, 5, day)
    assert spent(engine, nora) == usage.Spent()
    with unit(engine, nora, writes=False) as session:
        (row,) = usage.by_day(session, 7)
    assert (row.day, row.spent.calls, row.spent.tokens) == (late.date(), 1, 2000)


def test_everyone_reads_their_own_and_administrators_read_all(engine: Engine, people: People) -> None:
    for login in ("nora", "rita"):
        usage.admit(engine, people(login).user_id)
    logins = {}
    for login in ("nora", "mate", "ada"):
        with unit(engine, people(login), writes=False) as session:
            logins[login] = [row.login for row in usage.by_day(session, 7)]
    assert logins == {"nora": ["nora"], "mate": [], "ada": ["nora", "rita"]}


def test_nobody_writes_what_was_used(engine: Engine, people: People) -> None:
    for login in ("nora", "ada"):
        with pytest.raises((Forbidden, AppError)), unit(engine, people(login)) as session:
            session.add(ModelUsage(user_id=people(login).user_id, day=usage.today(), calls=0))


def test_saving_the_company_keeps_the_budgets(engine: Engine, people: People) -> None:
    from crm import settings_company

    limit(engine, ModelBudgets(user=DayLimits(calls=5)))
    with unit(engine, people("ada")) as session:
        present, version = settings_company.present(session)
        typed = settings_company.CompanyFields(
            **{
                name: str(getattr(present, name))
                for name in settings_company.CompanyFields.__dataclass_fields__
                if name != "limits"
            }
        )
        settings_company.save(session, version, typed)
    with unit(engine, SYSTEM, writes=False) as session:
        assert company.company(session).model_budgets.user.calls == 5
