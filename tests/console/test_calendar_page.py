"""The calendar's screen: a month, a week, a day or what is ahead, of those whose calendar one may open."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import Engine

from core.clock import BUSINESS_ZONE, today
from crm.activity_changes import ActivityFields, create
from crm.people import actor_for
from crm.session import unit
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]


def _make(engine: Engine, login: str, subject: str, when: date | datetime, code: str = "C0003") -> int:
    timed = isinstance(when, datetime)
    fields = ActivityFields(
        "meeting", subject, assignee=login, due=None if timed else when, minutes=60,
        starts_at=when.replace(tzinfo=BUSINESS_ZONE) if isinstance(when, datetime) else None,
    )  # fmt: skip
    with unit(engine, actor_for(engine, login)) as session:
        return create(session, code, fields).activity.id


def _day(text: str, day: str) -> str:
    ends = r'(?=<td|<li class="day|</tr|</ol)'
    found = re.search(rf'<(td|li) class="day[^>]*data-day="{day}">.*?</\1>\s*{ends}', text, re.S)
    assert found is not None, day
    return found[0]


def test_a_month_shows_whole_weeks_with_everything_on_its_day(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "késő esti", datetime(2026, 10, 25, 23, 45))
    _make(engine, "nora", "egész napos", date(2026, 10, 31))
    text = console("nora").get("/calendar?view=month&on=2026-10-15").text
    days = re.findall(r'data-day="([\d-]+)"', text)
    assert (days[0], days[-1], len(days)) == ("2026-09-28", "2026-11-01", 35)
    assert "23:45" in _day(text, "2026-10-25") and "késő esti" in _day(text, "2026-10-26")
    assert "egész napos" in _day(text, "2026-10-31")
    assert "other-month" in _day(text, "2026-11-01") and "other-month" not in _day(text, "2026-10-31")


def test_a_week_starts_on_monday_and_today_is_marked(console: Console) -> None:
    text = console("nora").get(f"/calendar?view=week&on={today()}").text
    days = re.findall(r'data-day="([\d-]+)"', text)
    assert len(days) == 7 and date.fromisoformat(days[0]).weekday() == 0
    assert 'aria-current="date"' in _day(text, today().isoformat())
    assert text.count('aria-current="date"') == 1


def test_what_is_ahead_leaves_out_empty_days_and_a_day_shows_its_hours(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "délelőtti", datetime(2026, 12, 3, 9, 30))
    ahead = console("nora").get("/calendar?view=agenda&on=2026-12-01").text
    assert re.findall(r'data-day="([\d-]+)"', ahead) == ["2026-12-03"]
    assert "9:30–10:30" in console("nora").get("/calendar?view=day&on=2026-12-03").text.replace("09:30", "9:30")


@pytest.mark.parametrize(
    ("view", "before", "after"),
    [
        ("month", "2026-02-01", "2026-04-01"),
        ("week", "2026-03-24", "2026-04-07"),
        ("day", "2026-03-30", "2026-04-01"),
        ("agenda", "2026-03-01", "2026-04-30"),
    ],
)
def test_one_turns_to_the_period_before_and_after(console: Console, view: str, before: str, after: str) -> None:
    text = console("nora").get(f"/calendar?view={view}&on=2026-03-31").text
    turns = re.findall(r'rel="(prev|next)"[^>]*href="[^"]*on=([\d-]+)', text)
    assert turns == [("prev", before), ("next", after)]


def test_others_calendars_open_by_right(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "csak Nóráé", date(2026, 12, 3), "C0001")
    path = "/calendar?on=2026-12-01&person=nora"
    assert "csak Nóráé" in console("mate").get(path).text
    assert console("rita").get(path).status_code == 404
    assert console("rita").get("/calendar?person=nincs-ilyen").status_code == 404
    assert 'name="person"' not in console("rita").get("/calendar").text
    _make(engine, "nora", "közös ügyfélé", date(2026, 12, 4), "C0003")
    shared = console("rita").get(path).text
    assert "közös ügyfélé" in shared and "csak Nóráé" not in shared


def test_overlaps_are_said_in_words(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "egyik", datetime(2026, 12, 3, 10, 0))
    _make(engine, "nora", "másik", datetime(2026, 12, 3, 10, 30))
    text = console("nora").get("/calendar?view=week&on=2026-12-03").text
    assert text.count("Ütközik egy másik aktivitással") >= 2 and "2 aktivitás ütközik" in text


def test_a_full_day_says_how_many_more_there_are(engine: Engine, console: Console) -> None:
    for number in range(6):
        _make(engine, "nora", f"dolog {number}", date(2026, 12, 3))
    day = _day(console("nora").get("/calendar?on=2026-12-03").text, "2026-12-03")
    assert day.count('class="entry ') == 4 and "még 2" in day


def test_a_day_leads_to_a_new_activity_on_it_for_that_person(engine: Engine, console: Console) -> None:
    text = console("mate").get("/calendar?on=2026-12-03&person=nora").text
    link = re.search(r'day-add" href="([^"]*due=2026-12-03[^"]*)"', text)
    assert link is not None
    form = console("mate").get(link[1].replace("&amp;", "&")).text
    assert 'value="2026-12-03"' in form and '<option value="nora" selected>' in form


def test_the_file_holds_what_is_shown(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "benne van", datetime(2026, 12, 31, 9, 0))
    _make(engine, "nora", "nincs benne", date(2027, 3, 1))
    answer = console("nora").get("/calendar.ics?view=month&on=2026-12-05&person=nora")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert 'filename="calendar-2026-11-30-2027-01-03.ics"' in answer.headers["content-disposition"]
    (event,) = Calendar.from_ical(answer.content).events
    assert str(event["summary"]) == "benne van – Bartók Bt."
    assert console("rita").get("/calendar.ics?person=mate").status_code == 404


@pytest.mark.parametrize("odd", ["on=0001-01-01", "on=9999-12-31", "on=x&view=y", "on=2026-02-30", "person=x" * 99])
def test_odd_addresses_do_no_harm(console: Console, odd: str) -> None:
    assert console("nora").get(f"/calendar?{odd}").status_code in (200, 404)


@pytest.mark.parametrize("day", [today() + timedelta(days=n) for n in (0, 120, 240)])
def test_every_view_of_any_day_is_shown(console: Console, day: date) -> None:
    browser = console("nora")
    for view in ("month", "week", "day", "agenda"):
        assert browser.get(f"/calendar?view={view}&on={day}").status_code == 200
