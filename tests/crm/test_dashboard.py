"""The dashboard's figures against an independent count in plain Python, for any period, user and campaign."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, null, select

from core.clock import today
from core.errors import AppError
from crm import periods
from crm.actor import SYSTEM, Actor
from crm.dashboard import choosable_users, dashboard, default_whose, share
from crm.opportunity_list import OpportunityFilters, totals_by_stage
from crm.opportunity_list import conditions as list_conditions
from crm.periods import Period
from crm.session import unit
from crm.tables import Activity, Customer, Opportunity

People = Callable[[str], Actor]
Row = dict[str, Any]
STAGES = ["contact", "request", "offer", "decision", "won", "lost"]
PEOPLE = ["nora", "rita", "mate", None]
CAMPAIGNS = [None, "Ősz", "Tavasz"]
BUDAPEST = ZoneInfo("Europe/Budapest")
NEAR_MIDNIGHT = [timedelta(hours=h, minutes=m) for h, m in ((0, 0), (0, 59), (1, 30), (12, 0), (22, 30), (23, 59))]


@pytest.fixture
def records(engine: Engine, people: People, company: None) -> tuple[list[Row], list[Row]]:
    """Random opportunities and activities around today, as plain dictionaries and in the database."""
    chance = random.Random(20261122)
    with unit(engine, SYSTEM) as session:
        firms = {firm.code: firm for firm in session.scalars(select(Customer))}
    owners = {firm.id: firm.owner_id for firm in firms.values()}
    ids: dict[str | None, int | None] = {None: None, **{who: people(who).user_id for who in PEOPLE if who}}
    deals: list[Row] = []
    tasks: list[Row] = []
    for n in range(150):
        opened = today() - timedelta(days=chance.randint(0, 500))
        since = datetime.combine(
            opened + timedelta(days=chance.randint(0, 40)), datetime.min.time(), BUDAPEST
        ) + chance.choice(NEAR_MIDNIGHT)
        firm = chance.choice(sorted(owners))
        deals.append(
            {
                "firm": firm,
                "firm_owner": owners[firm],
                "stage": chance.choice(STAGES),
                "owner": ids[chance.choice(PEOPLE)],
                "amount": chance.choice([None, Decimal(chance.randint(0, 9_999_999)) / 100]),
                "currency": chance.choice(["HUF", "EUR", "PLN"]),
                "campaign": chance.choice(CAMPAIGNS),
                "opened": opened,
                "since": chance.choice([since, since, since, None]),
                "code": f"O{n:04d}",
            }
        )
    for _ in range(80):
        deal = chance.choice([None, *deals[:20]])
        firm = deal["firm"] if deal else chance.choice(sorted(owners))
        tasks.append(
            {
                "firm": firm,
                "firm_owner": owners[firm],
                "deal": deal,
                "assignee": ids[chance.choice(PEOPLE)],
                "due": chance.choice([None, today() + timedelta(days=chance.randint(-5, 5))]),
                "state": chance.choice(["open", "open", "done"]),
            }
        )
    with unit(engine, SYSTEM) as session:
        made: dict[object, Opportunity] = {}
        for deal in deals:
            made[deal["code"]] = Opportunity(
                code=deal["code"],
                customer_id=deal["firm"],
                title="x",
                stage_code=deal["stage"],
                owner_id=deal["owner"],
                amount=deal["amount"],
                currency=deal["currency"],
                campaign=deal["campaign"],
                opened_on=deal["opened"],
                stage_since=deal["since"] or null(),
            )
        session.add_all(made.values())
        session.flush()
        for task in tasks:
            of = task["deal"]
            session.add(
                Activity(
                    customer_id=task["firm"],
                    opportunity_id=made[of["code"]].id if isinstance(of, dict) else None,
                    type_code="task",
                    subject="x",
                    assignee_id=task["assignee"],
                    due=task["due"],
                    state=task["state"],
                )
            )
    return deals, tasks


def within(period: Period, day: object) -> bool:
    assert isinstance(day, date)
    return (period.first is None or period.first <= day) and (period.last is None or day <= period.last)


def counted(rows: list[Row]) -> dict[str, tuple[int, dict[str, Decimal]]]:
    figures: dict[str, tuple[int, dict[str, Decimal]]] = {}
    for stage in STAGES:
        here = [r for r in rows if r["stage"] == stage]
        sums: dict[str, Decimal] = defaultdict(Decimal)
        for r in here:
            if isinstance(r["amount"], Decimal):
                sums[str(r["currency"])] += r["amount"]
        figures[stage] = (len(here), dict(sums))
    return figures


any_day = st.integers(-520, 60).map(lambda n: today() + timedelta(days=n)) | st.none()
any_period = st.sampled_from(["today", "month", "30days", "year"]).map(periods.period) | st.tuples(
    any_day, any_day
).map(lambda ends: Period("custom", *(sorted(ends, key=lambda d: d or today()) if all(ends) else ends)))


@given(
    period=any_period,
    login=st.sampled_from(["nora", "rita", "mate"]),
    whose=st.sampled_from(["", "me", "nora", "rita", "nobody-there"]),
    campaign=st.sampled_from(["", "Ősz", "Tavasz", "none such"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_figure_is_what_plain_counting_gives(
    engine: Engine,
    people: People,
    records: tuple[list[Row], list[Row]],
    period: Period,
    login: str,
    whose: str,
    campaign: str,
) -> None:
    actor = people(login)
    person = {"me": actor.user_id, "nobody-there": -1}.get(whose) or (people(whose).user_id if whose else None)

    def asked(row: Row, who: str, of: object) -> bool:
        visible = login != "rita" or row["firm_owner"] in (None, actor.user_id)
        named = not campaign or (isinstance(of, dict) and of["campaign"] == campaign)
        return visible and named and (not whose or row[who] == person)

    deals = [row for row in records[0] if asked(row, "owner", row)]
    cohort = [row for row in deals if within(period, row["opened"])]
    expected = counted(cohort)

    def ended_on(row: Row) -> object:
        return row["since"].astimezone(BUDAPEST).date() if isinstance(row["since"], datetime) else row["opened"]

    ended = counted([row for row in deals if within(period, ended_on(row))])
    with unit(engine, actor, writes=False) as session:
        made = dashboard(session, period, whose, campaign, tasks=1000)
    assert {box.stage.code: (box.totals.count, box.totals.sums) for box in made.boxes} == {
        stage: expected[stage] for stage in STAGES[:4]
    }
    assert {box.stage.code: (box.totals.count, box.totals.sums) for box in (made.won, made.lost)} == {
        stage: ended[stage] for stage in STAGES[4:]
    }
    far = {"contact": 0, "request": 1, "offer": 2, "decision": 3, "won": 4, "lost": 3}
    assert [step.reached for step in made.funnel] == [
        sum(far[str(row["stage"])] >= place for row in cohort) for place in range(5)
    ]
    todo = [row for row in records[1] if row["state"] == "open" and asked(row, "assignee", row["deal"])]
    due = [row for row in todo if row["due"] is not None and row["due"] <= today()]
    assert (made.due.count, made.later.count) == (len(due), len(todo) - len(due))
    assert (len(made.due.rows), len(made.later.rows)) == (made.due.count, made.later.count)
    assert [task.due for task in made.due.rows] == sorted(row["due"] for row in due)


@given(period=any_period, whose=st.sampled_from(["", "me", "rita"]), stage=st.sampled_from(STAGES))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_box_counts_what_the_list_it_leads_to_shows(
    engine: Engine,
    people: People,
    records: tuple[list[Row], list[Row]],
    period: Period,
    whose: str,
    stage: str,
) -> None:
    closed = stage in ("won", "lost")
    with unit(engine, people("nora"), writes=False) as session:
        made = dashboard(session, period, whose)
        days = {"since_from": period.first, "since_to": period.last}
        if not closed:
            days = {"opened_from": period.first, "opened_to": period.last}
        listed = totals_by_stage(
            session,
            list_conditions(session, OpportunityFilters(stage=stage, owner=whose, **days)),
        )
    box = next(box for box in (*made.boxes, made.won, made.lost) if box.stage.code == stage)
    assert box.totals.count == (listed[stage].count if stage in listed else 0)


def test_a_box_shows_the_first_tasks_and_how_many_there_are(
    engine: Engine, people: People, records: tuple[list[Row], list[Row]]
) -> None:
    with unit(engine, people("mate"), writes=False) as session:
        whole = dashboard(session, periods.period("today"), tasks=1000)
        part = dashboard(session, periods.period("today"), tasks=3)
    assert [task.id for task in part.later.rows] == [task.id for task in whole.later.rows][:3]
    assert part.later.count == whole.later.count > 3
    undated = [task.due is None for task in whole.later.rows]
    assert undated == sorted(undated)


def test_an_empty_company_has_an_empty_dashboard(engine: Engine, people: People) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        made = dashboard(session, periods.period("year"))
    assert made.empty
    assert [(step.reached, step.of_all, step.of_previous) for step in made.funnel] == [(0, None, None)] * 5


@given(part=st.integers(0, 10**6), more=st.integers(1, 10**6))
def test_a_share_is_per_cent_to_one_decimal(part: int, more: int) -> None:
    found = share(part, part + more)
    assert found is not None
    assert 0 <= found <= 100
    assert abs(found * (part + more) - 100 * part) * 20 <= part + more


def test_whose_figures_one_may_ask_for_follows_from_the_right_to_read(engine: Engine, people: People) -> None:
    def choosable(actor: Actor) -> list[str]:
        with unit(engine, actor, writes=False) as session:
            return [user.login for user in choosable_users(session)]

    assert choosable(people("nora")) == ["ada", "mate", "nora", "reka", "rita"]
    assert choosable(people("rita")) == ["rita"]
    team = dict(people("rita").grants) | {("opportunity", "read"): "team"}
    rita = people("rita")
    teammate = Actor(rita.user_id, "rita", "restricted", rita.team_id, "hu", team)
    assert choosable(teammate) == ["ada", "mate", "nora", "rita"]


def test_those_who_answer_for_others_begin_with_everyone(engine: Engine, people: People) -> None:
    for login, expected in (("mate", ""), ("nora", "me"), ("rita", "me")):
        with unit(engine, people(login), writes=False) as session:
            assert default_whose(session) == expected


def test_a_custom_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(AppError) as refused:
        periods.period("custom", date(2026, 2, 2), date(2026, 2, 1))
    assert refused.value.code == "period_backwards"


def test_periods_are_whole_days_around_today() -> None:
    day = today()
    assert periods.period("30days") == Period("30days", day - timedelta(days=29), day)
    month = periods.period("month")
    assert month.first == day.replace(day=1)
    assert month.last is not None
    assert (month.last + timedelta(days=1)).day == 1
    assert month.first <= day <= month.last
    assert periods.period("year") == Period("year", date(day.year, 1, 1), date(day.year, 12, 31))
    assert periods.period("no such") == month
