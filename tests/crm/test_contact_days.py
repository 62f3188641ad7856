"""The day of a finished activity is that of the business, whichever database works it out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Engine, select

from core.clock import today
from crm import activity_list, customer_list
from crm.activity_list import ActivityFilters
from crm.actor import SYSTEM, Actor
from crm.customer_list import CustomerFilters, contact_day
from crm.days import BusinessDay, day_of, moment_at
from crm.session import unit
from crm.tables import Activity, Customer

People = Callable[[str], Actor]
DAY = timedelta(days=1)


def utc(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=UTC)


# Around midnight of the business in winter and summer, and around the hours the clocks change.
_TURNS = [
    *(utc(1, 15, 22, 59), utc(1, 15, 23), utc(7, 15, 21, 59), utc(7, 15, 22), utc(12, 31, 22, 59), utc(12, 31, 23)),
    *(utc(month, day, hour, 30) for month in (3, 10) for day in range(24, 32) for hour in (21, 22, 23, 0, 1)),
]


def add(engine: Engine, code: str, subject: str, at: datetime | None, due: date | None = None) -> None:
    with unit(engine, SYSTEM) as session:
        firm = session.scalars(select(Customer).where(Customer.code == code)).one()
        made = Activity(customer_id=firm.id, type_code="call", subject=subject, state="done", done_at=at, due=due)
        session.add(made)


def test_databases_work_out_the_days_the_clocks_of_the_business_show(engine: Engine, company: None) -> None:
    hours = [at.replace(year=year) for year in (2023, 2024, 2025, 2026) for at in _TURNS]
    for hour in hours:
        add(engine, "C0001", "turn", hour)
    with unit(engine, SYSTEM, writes=False) as session:
        days = session.execute(
            select(Activity.done_at, BusinessDay(Activity.done_at)).where(Activity.subject == "turn")
        ).all()
    told = {at: day for at, day in days if at is not None}
    assert told == {at: day_of(at) for at in hours}
    assert {day - at.date() for at, day in told.items()} == {timedelta(0), DAY}


def test_lists_narrow_by_the_days_of_the_business(engine: Engine, company: None, people: People) -> None:
    add(engine, "C0001", "just after midnight", moment_at(today(), time(0, 20)), today() - 5 * DAY)
    add(engine, "C0001", "before midnight", moment_at(today(), time(0)) - timedelta(seconds=1), today())
    add(engine, "C0001", "day alone", None, today())
    with unit(engine, people("nora"), writes=False) as session:

        def found(first: date | None, last: date | None) -> set[str]:
            filters = ActivityFilters(state="done", done_from=first, done_to=last)
            return {a.subject for a in session.scalars(activity_list.query_for(session.actor, filters))}

        assert found(today(), today()) == {"just after midnight", "day alone"}
        assert found(today() - DAY, today() - DAY) == {"before midnight"}
        assert found(today() + DAY, None) == set()
        assert found(None, today()) == {"just after midnight", "before midnight", "day alone"}


def test_customers_are_quiet_since_a_day_of_the_business(engine: Engine, company: None, people: People) -> None:
    add(engine, "C0001", "a", moment_at(today(), time(0, 20)))
    add(engine, "C0002", "b", moment_at(today(), time(0)) - timedelta(seconds=1))
    add(engine, "C0003", "c", None, today())
    add(engine, "C0003", "d", moment_at(today() - 3 * DAY, time(12)))
    add(engine, "C0004", "e", moment_at(today(), time(12)) - DAY)
    add(engine, "C0004", "f", None, today() - 2 * DAY)
    with unit(engine, people("nora"), writes=False) as session:
        quiet = customer_list.page(session, CustomerFilters(quiet_since=today()))
        assert {c.code for c in quiet.rows} & {"C0001", "C0002", "C0003", "C0004"} == {"C0002", "C0004"}
        firms = {c.code: c for c in session.scalars(select(Customer))}
        told = customer_list.beside(session, list(firms.values()))
        last = {code: told[firms[code].id].last_contact for code in ("C0001", "C0002", "C0003", "C0004")}
        assert last == {"C0001": today(), "C0002": today() - DAY, "C0003": today(), "C0004": today() - DAY}
        ordered = [c.code for c in customer_list.page(session, CustomerFilters(), "-last_contact").rows]
        assert set(ordered[:2]) == {"C0001", "C0003"}
        assert session.scalar(select(contact_day()).where(Activity.subject == "a")) == today()
