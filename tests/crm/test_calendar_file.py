"""The iCalendar file says what the calendar says, and nothing typed can break out of its line."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from crm.calendar_file import calendar_file
from crm.tables import Activity, ActivityType, Customer

KIND = ActivityType(code="meeting", names={"hu": "Személyes találkozó", "pl": "Spotkanie", "en": "Meeting"})
FIRM = Customer(name="Bartók, Fia; Társa Kft.")


def _activity(number: int, **values: object) -> Activity:
    given: dict[str, object] = {
        "subject": f"dolog {number}", "priority": "normal", "state": "open", "version": 3, "type": KIND,
        "customer": FIRM, "updated_at": datetime(2026, 11, 1, 8, tzinfo=UTC), **values,
    }  # fmt: skip
    return Activity(id=number, **given)


def test_hours_are_in_utc_and_days_without_a_zone() -> None:
    timed = _activity(1, due=date(2026, 7, 1), starts_at=datetime(2026, 7, 1, 8, tzinfo=UTC), minutes=90)
    whole = _activity(2, due=date(2026, 11, 30))
    written = calendar_file([timed, whole], "pl", "Kalendarz").decode()
    for line in (
        "DTSTART:20260701T080000Z", "DTEND:20260701T093000Z", "DTSTART;VALUE=DATE:20261130",
        "DTEND;VALUE=DATE:20261201", "X-WR-CALNAME:Kalendarz", "CATEGORIES:Spotkanie",
    ):  # fmt: skip
        assert f"{line}\r\n" in written


def test_one_without_a_day_is_left_out() -> None:
    assert b"BEGIN:VEVENT" not in calendar_file([_activity(1, due=None)], "hu", "x")


def test_the_same_activity_keeps_its_identifier() -> None:
    first, second = _activity(7, due=date(2026, 11, 30)), _activity(7, due=date(2026, 12, 1), version=4)
    uids = [Calendar.from_ical(calendar_file([a], "hu", "x")).events[0]["uid"] for a in (first, second)]
    assert uids == ["activity-7@virtuo-robo"] * 2


def test_what_was_typed_stays_text() -> None:
    typed = "a\r\nEND:VEVENT\r\nBEGIN:VALARM\nACTION:PROCEDURE; \\, árvíztűrő " + "ő" * 200
    written = calendar_file([_activity(1, due=date(2026, 11, 30), subject=typed, note=typed)], "hu", typed)
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    parsed = Calendar.from_ical(written)
    (event,) = parsed.events
    assert len(parsed.walk()) == 2
    assert event.description == typed.replace("\r\n", "\n")
    assert str(event["summary"]).startswith("a\nEND:VEVENT")
    assert str(event["summary"]).endswith("– Bartók, Fia; Társa Kft.")
