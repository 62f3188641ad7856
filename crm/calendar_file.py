"""Activities as an iCalendar file (RFC 5545), for other calendar programs to read in."""

from collections.abc import Sequence
from datetime import timedelta

from icalendar import Calendar, Event, vText

from core.language import Language
from crm.calendar import end_of
from crm.tables import Activity

# RFC 5545, 3.8.1.9: 1 is the highest of nine.
_PRIORITY = {"high": 1, "normal": 5, "low": 9}


def calendar_file(found: Sequence[Activity], language: Language, title: str) -> bytes:
    """The activities that have a day, as a file of UTF-8 with lines ended by CR LF.

    The same activity has the same identifier every time, so that reading a newer file in changes it instead of
    doubling it. Hours are in UTC, days without a zone. One without an hour leaves its day free.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Virtuo Robo//CRM//EN")
    calendar.add("version", "2.0")
    calendar["x-wr-calname"] = vText(title)
    for activity in found:
        if activity.due is not None:
            calendar.add_component(_event(activity, language))
    return bytes(calendar.to_ical())


def _event(activity: Activity, language: Language) -> Event:
    event = Event()
    event.add("uid", f"activity-{activity.id}@virtuo-robo")
    event.add("dtstamp", activity.updated_at)
    event.add("sequence", activity.version)
    firm = activity.customer.name if activity.customer else ""
    event.add("summary", " – ".join(part for part in (activity.subject, firm) if part))
    event.add("categories", [str(activity.type.names.get(language, activity.type_code))])
    event.add("priority", _PRIORITY[activity.priority])
    if activity.note:
        event.add("description", activity.note)
    if activity.starts_at is None:
        assert activity.due is not None
        event.add("dtstart", activity.due)
        event.add("dtend", activity.due + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", activity.starts_at)
        event.add("dtend", end_of(activity))
    return event
