"""The calendar shows each activity on the days the business's clocks say, and marks hours taken twice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.clock import BUSINESS_ZONE
from core.errors import AppError, NotFound
from crm import calendar, customers
from crm.activity_changes import ActivityFields, create
from crm.actor import Actor
from crm.days import begins, day_of, ends, moment_at, monday_of, sunday_of
from crm.session import unit
from crm.tables import Activity

People = Callable[[str], Actor]
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def _add(
    engine: Engine, actor: Actor, subject: str, when: date | datetime, minutes: int = 60, code: str = "C0003"
) -> int:
    timed = isinstance(when, datetime)
    fields = ActivityFields(
        "meeting",
        subject,
        assignee=actor.login,
        due=None if timed else when,
        starts_at=when.replace(tzinfo=BUSINESS_ZONE) if isinstance(when, datetime) else None,
        minutes=minutes,
    )
    with unit(engine, actor) as session:
        return create(session, "C0003", fields).activity.id


def _shown(engine: Engine, actor: Actor, whose: str, first: date, last: date) -> dict[str, list[str]]:
    with unit(engine, actor, writes=False) as session:
        user = calendar.person(session, whose)
        shown = calendar.days(session, user.id, first, last)
        assert [d.date for d in shown] == [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return {d.date.isoformat(): [e.activity.subject for e in d.entries] for d in shown if d.entries}


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 22), 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    assert ends(day) - begins(day) == timedelta(hours=hours)


@given(DATES)
def test_days_follow_each_other_without_gap(day: date) -> None:
    assert ends(day) == begins(day + timedelta(days=1))
    assert day_of(begins(day)) == day == day_of(ends(day) - timedelta(microseconds=1))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC)))
def test_every_moment_lies_within_its_day(moment: datetime) -> None:
    assert begins(day_of(moment)) <= moment < ends(day_of(moment))


@given(DATES, st.times())
def test_an_hour_of_the_clocks_is_found_again(day: date, hour: time) -> None:
    local = moment_at(day, hour).astimezone(BUSINESS_ZONE)
    skipped = local.replace(tzinfo=None) != datetime.combine(day, hour)
    assert not skipped or (day.month == 3 and hour.hour == 2 and local.hour == 3)


@given(DATES)
def test_a_week_runs_from_monday_to_sunday(day: date) -> None:
    assert monday_of(day) <= day <= sunday_of(day)
    assert (monday_of(day).weekday(), sunday_of(day).weekday()) == (0, 6)


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_first_and_last_minutes_of_a_day_of_change_belong_to_it(
    engine: Engine, people: People, company: None, day: date
) -> None:
    nora = people("nora")
    _add(engine, nora, "éjfél után", datetime.combine(day, time(0, 1)), 1)
    _add(engine, nora, "éjfél előtt", datetime.combine(day, time(23, 58)), 2)
    _add(engine, nora, "egész nap", day)
    assert _shown(engine, nora, "nora", day, day) == {day.isoformat(): ["egész nap", "éjfél után", "éjfél előtt"]}
    for other in (day - timedelta(1), day + timedelta(1)):
        assert _shown(engine, nora, "nora", other, other) == {}


def test_one_over_midnight_stands_on_both_days(engine: Engine, people: People, company: None) -> None:
    nora = people("nora")
    _add(engine, nora, "éjszakai", datetime(2026, 11, 20, 23, 30), 60)
    for first, last in ((20, 20), (21, 21), (20, 21)):
        days = _shown(engine, nora, "nora", date(2026, 11, first), date(2026, 11, last))
        assert days == {f"2026-11-{n}": ["éjszakai"] for n in range(first, last + 1)}


def test_a_calendar_shows_only_what_the_actor_may_read(engine: Engine, people: People, company: None) -> None:
    day = date(2026, 11, 20)
    with unit(engine, people("nora")) as session:
        for code in ("C0001", "C0003"):
            create(session, code, ActivityFields("task", f"dolog {code}", assignee="nora", due=day))
    assert _shown(engine, people("mate"), "nora", day, day) == {"2026-11-20": ["dolog C0001", "dolog C0003"]}
    assert _shown(engine, people("rita"), "nora", day, day) == {"2026-11-20": ["dolog C0003"]}


def test_a_restricted_user_opens_their_own_and_those_they_see_something_of(
    engine: Engine, people: People, company: None
) -> None:
    rita = people("rita")
    with unit(engine, rita, writes=False) as session:
        assert [user.login for user in calendar.people(session)] == ["rita"]
        with pytest.raises(NotFound):
            calendar.person(session, "nora")
    _add(engine, people("nora"), "közös", date(2026, 11, 20))
    with unit(engine, rita, writes=False) as session:
        assert {user.login for user in calendar.people(session)} == {"rita", "nora"}
    with unit(engine, people("mate"), writes=False) as session:
        assert len(calendar.people(session)) == 5


def test_too_long_a_range_is_refused(engine: Engine, people: People, company: None) -> None:
    for last in (date(2026, 11, 1) + timedelta(days=calendar.MOST_DAYS), date(2026, 10, 31)):
        with pytest.raises(AppError) as refused:
            _shown(engine, people("nora"), "nora", date(2026, 11, 1), last)
        assert refused.value.code == "calendar_range"


def test_hours_taken_twice_are_marked_and_said(engine: Engine, people: People, company: None) -> None:
    nora = people("nora")
    ten = _add(engine, nora, "tíz", datetime(2026, 11, 20, 10), 60)
    half = _add(engine, nora, "fél tizenegy", datetime(2026, 11, 20, 10, 30), 60)
    _add(engine, nora, "fél tizenkettő", datetime(2026, 11, 20, 11, 30), 60)
    _add(engine, people("mate"), "másé", datetime(2026, 11, 20, 10), 60)
    with unit(engine, nora, writes=False) as session:
        (day,) = calendar.days(session, nora.user_id, date(2026, 11, 20), date(2026, 11, 20))
        assert {e.activity.subject: e.clashes for e in day.entries} == {
            "tíz": (half,), "fél tizenegy": (ten,), "fél tizenkettő": (),
        }  # fmt: skip
        activity = session.get_one(Activity, ten)
        assert [a.subject for a in calendar.overlapping(session, activity)] == ["fél tizenegy"]


_BASE = datetime(2026, 11, 20, tzinfo=UTC)
TIMES = st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 1440), st.booleans()), max_size=12)


@given(TIMES)
def test_clashes_are_exactly_the_overlapping_pairs(times: list[tuple[int, int, bool]]) -> None:
    made = [
        Activity(
            id=n, subject="x", state="open" if still_open else "done",
            starts_at=_BASE + timedelta(minutes=start), minutes=minutes,
        )
        for n, (start, minutes, still_open) in enumerate(times)
    ]  # fmt: skip
    expected = {
        n: tuple(
            m
            for m, (other, length, other_open) in enumerate(times)
            if m != n and still_open and other_open and start < other + length and other < start + minutes
        )
        for n, (start, minutes, still_open) in enumerate(times)
    }
    assert calendar.clashing(made) == {n: others for n, others in expected.items() if others}


def test_an_activity_of_an_unreadable_customer_is_not_said_to_overlap(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("nora")) as session:
        starts = datetime(2026, 11, 20, 10, tzinfo=BUSINESS_ZONE)
        fields = ActivityFields("task", "titkos", assignee="nora", starts_at=starts, minutes=30)
        create(session, customers.by_code(session, "C0001"), fields)
        shared = create(session, "C0003", fields).activity.id
    with unit(engine, people("rita"), writes=False) as session:
        assert calendar.overlapping(session, session.get_one(Activity, shared)) == []
