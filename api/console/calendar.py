"""The calendar: a month, a week, a day or what is ahead, of oneself or of others."""

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import urlencode

from babel.dates import format_date, format_interval
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import QueryParams

from api.console.screens import Screen
from api.console.visit import VisitDep
from api.console.words import N_, Words
from core.clock import today
from crm import calendar
from crm.activity_list import when_of
from crm.calendar_file import calendar_file
from crm.days import monday_of, sunday_of

router = APIRouter(include_in_schema=False)
PATH = "/calendar"
View = Literal["month", "week", "day", "agenda"]
VIEWS: dict[View, str] = {"month": N_("Month"), "week": N_("Week"), "day": N_("Day"), "agenda": N_("What is ahead")}
AHEAD = timedelta(days=29)
# How many entries a day of the month view shows before it says how many more there are.
SHOWN_A_DAY = 4
_EARLIEST, _LATEST = date(1950, 1, 1), date(2150, 12, 31)


@dataclass(frozen=True)
class CalendarUrl:
    """The state of the calendar as its address has it: the view, a day in it, and whose it is (a login)."""

    view: View
    on: date
    person: str

    @classmethod
    def of(cls, query: QueryParams, login: str) -> "CalendarUrl":
        """What the address asks for; the present month of `login` where it does not say."""
        view: View = next((known for known in VIEWS if known == query.get("view")), "month")
        try:
            day = date.fromisoformat(query.get("on", ""))
        except ValueError:
            day = today()
        return cls(view, min(max(day, _EARLIEST), _LATEST), query.get("person", "")[:100] or login)

    @property
    def range(self) -> tuple[date, date]:
        """The first and the last day shown."""
        if self.view == "day":
            return self.on, self.on
        if self.view == "week":
            return monday_of(self.on), sunday_of(self.on)
        if self.view == "agenda":
            return self.on, self.on + AHEAD
        last = self.on.replace(day=months.monthrange(self.on.year, self.on.month)[1])
        return monday_of(self.on.replace(day=1)), sunday_of(last)

    def address(self, path: str = PATH, **changes: str) -> str:
        """The address of this state, or of one with something else."""
        return f"{path}?" + urlencode({"view": self.view, "on": self.on, "person": self.person, **changes})

    def moved(self, by: int) -> str:
        """The address of the period before (-1) or after (1)."""
        if self.view == "month":
            edge = self.on.replace(day=1) - timedelta(days=1) if by < 0 else self.on.replace(day=28) + timedelta(days=4)
            return self.address(on=edge.replace(day=1).isoformat())
        length = {"day": 1, "week": 7}.get(self.view, AHEAD.days + 1)
        return self.address(on=(self.on + timedelta(days=by * length)).isoformat())

    def title(self, words: Words) -> str:
        """The period in words."""
        first, last = self.range
        if self.view == "month":
            return words.month(self.on)
        if first == last:
            return words.day(first)
        return str(format_interval(first, last, "yMMMd", locale=words.language))


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The calendar as its address says."""
    url = CalendarUrl.of(visit.request.query_params, visit.actor.login)
    first, last = url.range
    new = visit.control("new", visit.words("New activity"), "activity", "create")
    with visit.reading() as session:
        person = calendar.person(session, url.person)
        days = calendar.days(session, person.id, first, last)
        people = [(u.login, u.display_name(visit.language)) for u in calendar.people(session)]
        entries = {entry.activity.id: entry for day in days for entry in day.entries}
        words = visit.words
        name = person.display_name(visit.language)
        fields = {words("Calendar"): url.title(words), words("Person"): name, words("Activities"): str(len(entries))}
        clashing = sum(1 for entry in entries.values() if entry.clashes)
        clash_text = words.count(
            "%(num)s activity overlaps another.", "%(num)s activities overlap one another.", clashing
        )
        return visit.page(
            "calendar/index.html",
            Screen("calendar", fields=dict(fields), controls=(new,), messages=(clash_text,) if clashing else ()),
            url=url,
            views=VIEWS,
            days=days,
            weeks=[days[n : n + 7] for n in range(0, len(days), 7)],
            people=sorted(people, key=lambda pair: pair[1].casefold()),
            person=person,
            name=name,
            clash_text=clash_text if clashing else "",
            today=today(),
            when_of=when_of,
            new=new,
            day_name=lambda day: str(format_date(day, "EEE", locale=visit.language)),
            most=SHOWN_A_DAY,
            empty=not entries,
        )


@router.get(PATH + ".ics")
def download(visit: VisitDep) -> Response:
    """What the calendar shows, as a file for other calendar programs."""
    url = CalendarUrl.of(visit.request.query_params, visit.actor.login)
    first, last = url.range
    with visit.reading() as session:
        person = calendar.person(session, url.person)
        found = calendar.activities(session, person.id, first, last)
        content = calendar_file(found, visit.language, f"Virtuo Robo: {person.display_name(visit.language)}")
    headers = {
        "Content-Disposition": f'attachment; filename="calendar-{first}-{last}.ics"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
