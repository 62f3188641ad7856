"""A person's activities between two days, each on the days it touches, and which of them clash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import joinedload

from core.errors import AppError, NotFound
from crm.activity_changes import MOST_MINUTES, USUAL_MINUTES
from crm.days import begins, day_of, ends
from crm.session import CrmSession
from crm.tables import Activity, User

MOST_DAYS = 62


@dataclass(frozen=True)
class Entry:
    """An activity in the calendar. `starts` and `ends` (UTC) are empty for one without an hour.

    `clashes` are the ids of the open activities of the same person whose hours overlap its own.
    """

    activity: Activity
    starts: datetime | None
    ends: datetime | None
    clashes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Day:
    """A day of the calendar: its entries without an hour, then those with one as they follow."""

    date: date
    entries: tuple[Entry, ...]


def end_of(activity: Activity) -> datetime | None:
    """When an activity with an hour is over, UTC; None for one without."""
    if activity.starts_at is None:
        return None
    return activity.starts_at + timedelta(minutes=activity.minutes or USUAL_MINUTES)


def people(session: CrmSession) -> list[User]:
    """Whose calendars the actor may open: their own, and that of everyone who has an activity the actor may read."""
    query = select(User).where(User.active)
    if session.actor.scope("activity", "read") != "all":
        readable = exists(select(Activity.id).where(Activity.assignee_id == User.id))
        query = query.where(or_(User.id == session.actor.user_id, readable))
    return list(session.scalars(query.order_by(User.family_name, User.given_name, User.id)))


def person(session: CrmSession, login: str) -> User:
    """Whose calendar `login` is. Raises `NotFound` for nobody's, and for one that the actor may not open."""
    found = next((user for user in people(session) if user.login == login), None)
    if found is None:
        raise NotFound("user", login)
    return found


def activities(session: CrmSession, user_id: int, first: date, last: date) -> list[Activity]:
    """The activities assigned to `user_id` that touch the days `first` to `last`, as far as the actor may read them.

    Raises `AppError("calendar_range")` (422) for more than `MOST_DAYS` days.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise AppError("calendar_range", 422, most=MOST_DAYS)
    # One that began before the first day may last into it.
    earliest = begins(first) - timedelta(minutes=MOST_MINUTES)
    timed = and_(Activity.starts_at > earliest, Activity.starts_at < ends(last))
    whole_day = and_(Activity.starts_at.is_(None), Activity.due >= first, Activity.due <= last)
    query = (
        select(Activity)
        .where(Activity.assignee_id == user_id, or_(timed, whole_day))
        .options(joinedload(Activity.customer), joinedload(Activity.opportunity), joinedload(Activity.type))
        .order_by(Activity.due, Activity.starts_at, Activity.id)
    )
    found = session.scalars(query)
    return [a for a in found if a.starts_at is None or (end_of(a) or a.starts_at) > begins(first)]


def clashing(found: Sequence[Activity]) -> dict[int, tuple[int, ...]]:
    """For each open activity with an hour: the ids of the others whose hours overlap its own.

    Two that only touch, one ending as the other begins, do not overlap. Looks back only as far as one lasts.
    """
    timed = [(a.starts_at, end, a.id) for a in found if a.starts_at and (end := end_of(a)) and a.state == "open"]
    timed.sort()
    met: dict[int, list[int]] = {}
    running: list[tuple[datetime, int]] = []
    for start, end, key in timed:
        running = [(until, other) for until, other in running if until > start]
        for _, other in running:
            met.setdefault(key, []).append(other)
            met.setdefault(other, []).append(key)
        running.append((end, key))
    return {key: tuple(sorted(others)) for key, others in met.items()}


def overlapping(session: CrmSession, activity: Activity) -> list[Activity]:
    """The open activities of the same person that overlap the hours of `activity`, among those the actor may read."""
    end = end_of(activity)
    if activity.starts_at is None or end is None or activity.assignee_id is None or activity.state != "open":
        return []
    near = activities(session, activity.assignee_id, day_of(activity.starts_at), day_of(end))
    ids = clashing([a for a in near if a.id != activity.id] + [activity]).get(activity.id, ())
    return [a for a in near if a.id in ids]


def _touched(entry: Entry) -> list[date]:
    if entry.starts is None or entry.ends is None:
        return [entry.activity.due] if entry.activity.due else []
    first, last = day_of(entry.starts), day_of(entry.ends - timedelta(microseconds=1))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def days(session: CrmSession, user_id: int, first: date, last: date) -> list[Day]:
    """The calendar of `user_id` from `first` to `last`, a `Day` for each; raises like `activities`."""
    found = activities(session, user_id, first, last)
    clashes = clashing(found)
    by_day: dict[date, list[Entry]] = {}
    for activity in found:
        entry = Entry(activity, activity.starts_at, end_of(activity), clashes.get(activity.id, ()))
        for day in _touched(entry):
            by_day.setdefault(day, []).append(entry)
    return [
        Day(day, tuple(sorted(by_day.get(day, ()), key=_place)))
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
    ]


def _place(entry: Entry) -> tuple[bool, float, int]:
    starts = entry.starts
    return (starts is not None, starts.timestamp() if starts else 0.0, entry.activity.id)
