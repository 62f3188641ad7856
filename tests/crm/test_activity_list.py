"""The list of activities: each filter leaves what it says, within what the actor may read."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import get_args

import pytest
from sqlalchemy import Engine

from core.clock import today
from crm import activity_list, customers, opportunities
from crm.activity_list import ActivityFilters, Due, Order, due_counts, is_overdue, is_today, query_for
from crm.actor import SYSTEM, Actor
from crm.days import moment_at, sunday_of
from crm.lists import found
from crm.session import unit
from crm.tables import Activity

People = Callable[[str], Actor]
NOON = datetime(2026, 11, 18, 11, 0)  # a Wednesday
DAY = NOON.date()


@pytest.fixture(autouse=True)
def wednesday_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Wednesday 18 November 2026, noon where the business is."""
    moment = moment_at(DAY, NOON.time().replace(hour=12))
    monkeypatch.setattr(activity_list, "now", lambda: moment)
    monkeypatch.setattr(activity_list, "today", lambda: DAY)


def _at(hour: int) -> datetime:
    return moment_at(DAY, NOON.time().replace(hour=hour))


# subject: customer, assignee, due, hour, state, priority
KEPT: dict[str, tuple[str, str | None, date | None, int | None, str, str]] = {
    "tegnapi": ("C0001", "nora", DAY - timedelta(1), None, "open", "high"),
    "mai": ("C0001", "nora", DAY, None, "open", "normal"),
    "mai tízkor": ("C0002", "rita", DAY, 10, "open", "normal"),
    "mai négykor": ("C0003", "nora", DAY, 16, "open", "low"),
    "vasárnapi": ("C0004", None, sunday_of(DAY), None, "open", "normal"),
    "hétfői": ("C0004", "nora", sunday_of(DAY) + timedelta(1), None, "open", "normal"),
    "határidő nélküli": ("C0005", "nora", None, None, "open", "normal"),
    "elvégzett": ("C0005", "nora", DAY - timedelta(1), None, "done", "high"),
}


@pytest.fixture
def kept(engine: Engine, people: People, company: None) -> None:
    """An activity of each sort."""
    with unit(engine, SYSTEM) as session:
        for subject, (code, login, due, hour, state, priority) in KEPT.items():
            session.add(
                Activity(
                    customer_id=customers.by_code(session, code).id,
                    type_code="call" if "mai" in subject else "task",
                    subject=subject,
                    assignee_id=people(login).user_id if login else None,
                    due=due,
                    starts_at=None if hour is None else _at(hour),
                    state=state,
                    priority=priority,
                )
            )


def _subjects(
    engine: Engine, actor: Actor, order: Order = "due", descending: bool = False, **filters: object
) -> list[str]:
    with unit(engine, actor, writes=False) as session:
        query = query_for(actor, ActivityFilters(**filters), order, descending=descending)  # type: ignore[arg-type]
        page = found(session, query, Activity.id)
        assert page.total == len(page.rows)
        return [row.subject for row in page.rows]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"state": "done"}, {"elvégzett"}),
        ({"due": "overdue"}, {"tegnapi", "mai tízkor"}),
        ({"due": "today"}, {"mai", "mai négykor"}),
        ({"due": "week"}, {"mai", "mai négykor", "vasárnapi"}),
        ({"due": "later"}, {"hétfői"}),
        ({"due": "none"}, {"határidő nélküli"}),
        ({"assignee": "rita"}, {"mai tízkor"}),
        ({"assignee": "nobody"}, {"vasárnapi"}),
        ({"assignee": "me", "due": "overdue"}, {"tegnapi"}),
        ({"priority": "high"}, {"tegnapi", "elvégzett"}),
        ({"type_code": "call", "state": "open"}, {"mai", "mai tízkor", "mai négykor"}),
        ({"customer": "c0004"}, {"vasárnapi", "hétfői"}),
        ({"text": "tegnap"}, {"tegnapi"}),
        ({"text": "malinow"}, {"vasárnapi", "hétfői"}),
        ({"text": "100%"}, set()),
        ({"assignee": "nincs-ilyen"}, set()),
    ],
)
def test_a_filter_leaves_what_it_says(
    engine: Engine, people: People, kept: None, filters: dict[str, object], left: set[str]
) -> None:
    assert set(_subjects(engine, people("nora"), **filters)) == left


def test_the_list_shows_only_what_the_actor_may_read(engine: Engine, people: People, kept: None) -> None:
    assert set(_subjects(engine, people("rita"))) == {"mai tízkor", "mai négykor"}
    assert _subjects(engine, people("rita"), customer="C0001") == []
    assert _subjects(engine, people("rita"), text="malinow") == []


def test_by_due_day_the_earliest_comes_first_and_no_day_last(engine: Engine, people: People, kept: None) -> None:
    expected = ["tegnapi", "mai", "mai tízkor", "mai négykor", "vasárnapi", "hétfői", "határidő nélküli"]
    assert _subjects(engine, people("nora"), "due", state="open") == expected
    back = _subjects(engine, people("nora"), "due", True, state="open")
    assert (back[0], back[-1]) == ("hétfői", "határidő nélküli")


@pytest.mark.parametrize("order", get_args(Order))
def test_every_order_keeps_every_row(engine: Engine, people: People, kept: None, order: Order) -> None:
    for descending in (False, True):
        assert sorted(_subjects(engine, people("nora"), order, descending)) == sorted(KEPT)


def test_by_priority_high_comes_before_normal_before_low(engine: Engine, people: People, kept: None) -> None:
    ranks = [KEPT[subject][5] for subject in _subjects(engine, people("nora"), "priority", state="open")]
    assert ranks == ["high"] + ["normal"] * 5 + ["low"]


def test_an_opportunitys_activities_are_found_by_its_code(engine: Engine, people: People, kept: None) -> None:
    with unit(engine, people("nora")) as session:
        firm = customers.by_code(session, "C0001")
        deal = opportunities.open_new(session, firm, "Üzlet", "direct")
        session.add(Activity(customer_id=firm.id, type_code="call", subject="az üzletről", opportunity_id=deal.id))
    assert _subjects(engine, people("nora"), opportunity=deal.code.lower()) == ["az üzletről"]


def test_the_ranges_are_counted_as_they_are_listed(engine: Engine, people: People, kept: None) -> None:
    for login in ("nora", "rita"):
        with unit(engine, people(login), writes=False) as session:
            counts = due_counts(session, ActivityFilters(state="done"))
        assert counts == {due: len(_subjects(engine, people(login), due=due)) for due in get_args(Due)}


def test_what_is_shown_as_overdue_or_today_is_what_the_filters_find(engine: Engine, people: People, kept: None) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        rows = found(session, query_for(people("nora"), ActivityFilters()), Activity.id).rows
        assert {r.subject for r in rows if is_overdue(r)} == {"tegnapi", "mai tízkor"}
        assert {r.subject for r in rows if is_today(r)} == {"mai", "mai négykor"}


def test_today_is_the_business_day() -> None:
    assert activity_list.today() == DAY != today()
