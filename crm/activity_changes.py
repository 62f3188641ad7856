"""Changing activities: the rules of what one may hold, and what happens when one is done."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from core.clock import BUSINESS_ZONE, now
from core.errors import AppError, NotFound
from core.text import storable
from crm import customers, opportunities, pipeline
from crm.activity_list import PRIORITIES
from crm.days import day_of, moment_at
from crm.session import CrmSession
from crm.tables import Activity, ActivityType, Customer, Opportunity, User

LONGEST_SUBJECT = 200
LONGEST_NOTE = 10_000
MOST_MINUTES = 24 * 60
USUAL_MINUTES = 30


@dataclass(frozen=True)
class ActivityFields:
    """What a person says about an activity.

    One with `starts_at` (aware) has an hour and lasts `minutes`; its day follows from it. One without is for the
    whole of `due`, or for no day. `assignee` is a login, `opportunity` a code of the same customer's.
    """

    type_code: str
    subject: str
    opportunity: str | None = None
    assignee: str | None = None
    due: date | None = None
    starts_at: datetime | None = None
    minutes: int | None = None
    priority: str = "normal"
    note: str | None = None


@dataclass(frozen=True)
class Completion:
    """A completed activity, and the opportunity it moved (with the stage left behind), if it moved one."""

    activity: Activity
    moved: Opportunity | None = None
    left: str | None = None


def by_id(session: CrmSession, activity_id: int) -> Activity:
    """The activity with this id. Raises `NotFound`."""
    found = session.get(Activity, activity_id)
    if found is None:
        raise NotFound("activity", activity_id)
    return found


def _checked(fields: ActivityFields) -> ActivityFields:
    """`fields` in the form they are kept. Raises `AppError` 422 naming the first thing that is wrong."""
    subject = " ".join(storable(fields.subject).split())
    note = storable(fields.note or "").strip() or None
    if not subject:
        raise AppError("activity_without_subject", 422)
    if len(subject) > LONGEST_SUBJECT or len(note or "") > LONGEST_NOTE:
        raise AppError("activity_too_long", 422, subject=LONGEST_SUBJECT, note=LONGEST_NOTE)
    if fields.priority not in PRIORITIES:
        raise AppError("activity_priority_unknown", 422)
    if fields.starts_at is None:
        return replace(fields, subject=subject, note=note, minutes=None)
    minutes = USUAL_MINUTES if fields.minutes is None else fields.minutes
    if not 1 <= minutes <= MOST_MINUTES:
        raise AppError("activity_minutes", 422, most=MOST_MINUTES)
    return replace(fields, subject=subject, note=note, minutes=minutes, due=day_of(fields.starts_at))


def _assignee(session: CrmSession, login: str | None, present: int | None = None) -> int | None:
    if not login:
        return None
    user = session.scalar(select(User).where(User.login == login))
    # Someone who has left keeps what they have, and gets nothing new.
    if user is None or (not user.active and user.id != present):
        raise AppError("activity_assignee_unknown", 422, login=login)
    return user.id


def _kind(session: CrmSession, code: str) -> ActivityType:
    kind = session.get(ActivityType, code)
    if kind is None:
        raise AppError("activity_type_unknown", 422)
    return kind


def _opportunity(session: CrmSession, customer_id: int, code: str | None) -> int | None:
    if not code:
        return None
    found = opportunities.by_code(session, code)
    if found.customer_id != customer_id:
        raise AppError("activity_opportunity_elsewhere", 422, opportunity=found.code)
    return found.id


def _put(session: CrmSession, activity: Activity, fields: ActivityFields) -> None:
    # Looked up before anything is set: a look-up flushes, and half an activity shall not be written.
    _kind(session, fields.type_code)
    opportunity_id = _opportunity(session, activity.customer_id, fields.opportunity)
    assignee_id = _assignee(session, fields.assignee, activity.assignee_id)
    activity.opportunity_id, activity.assignee_id = opportunity_id, assignee_id
    for name in ("type_code", "subject", "due", "starts_at", "minutes", "priority", "note"):
        setattr(activity, name, getattr(fields, name))


def create(session: CrmSession, customer: Customer | str, fields: ActivityFields, *, done: bool = False) -> Completion:
    """A new activity with `customer` (a record or a code); one `done` already carries its type's move.

    Raises `AppError` 422 for fields that do not do, `NotFound` for a customer or opportunity out of reach, and what
    the pipeline raises where it refuses the move: then nothing is recorded.
    """
    fields = _checked(fields)
    firm = customers.by_code(session, customer) if isinstance(customer, str) else customer
    activity = Activity(customer_id=firm.id, state="open", opportunity_id=None, assignee_id=None)
    _put(session, activity, fields)
    session.add(activity)
    session.flush()
    return _finish(session, activity) if done else Completion(activity)


def _same(activity: Activity, version: int) -> None:
    if activity.version != version:
        raise AppError("conflict", 409)


def update(session: CrmSession, activity: Activity, version: int, fields: ActivityFields) -> Activity:
    """Change `activity` as it was at `version`; its customer and state stay. Raises like `create`, and `conflict`."""
    _same(activity, version)
    _put(session, activity, _checked(fields))
    session.flush()
    session.expire(activity, ["opportunity", "assignee", "type"])
    return activity


def _finish(session: CrmSession, activity: Activity) -> Completion:
    activity.state, activity.done_at = "done", now()
    session.flush()
    kind = _kind(session, activity.type_code)
    if kind.moves_to is None or activity.opportunity_id is None:
        return Completion(activity)
    opportunity = session.get(Opportunity, activity.opportunity_id)
    if opportunity is None:
        raise NotFound("opportunity", activity.opportunity_id)
    left = opportunity.stage_code
    pipeline.carry(session, opportunity, kind.moves_to)
    session.flush()
    return Completion(activity, opportunity, left) if opportunity.stage_code != left else Completion(activity)


def complete(session: CrmSession, activity: Activity, version: int) -> Completion:
    """Mark `activity` done; where its type carries a move, its opportunity takes that step.

    Raises what the pipeline raises where it refuses the step (`step_refused`, `Forbidden`): the activity then stays
    open. `conflict` where it was changed since `version`. One that is done already stays as it is.
    """
    if activity.state == "done":
        return Completion(activity)
    _same(activity, version)
    return _finish(session, activity)


def reopen(session: CrmSession, activity: Activity, version: int) -> Activity:
    """Mark `activity` as still to be done. A step its completion carried stays taken: the pipeline has its own undo."""
    if activity.state == "open":
        return activity
    _same(activity, version)
    activity.state, activity.done_at = "open", None
    session.flush()
    return activity


def postpone(session: CrmSession, activity: Activity, version: int, day: date) -> Activity:
    """Put an open activity off to `day`; one with an hour keeps the hour the clocks show, across summer time too."""
    _same(activity, version)
    if activity.state != "open":
        raise AppError("activity_already_done", 409)
    if activity.starts_at is not None:
        hour = activity.starts_at.astimezone(BUSINESS_ZONE).time()
        activity.starts_at = moment_at(day, hour)
    activity.due = day
    session.flush()
    return activity


def delete(session: CrmSession, activity: Activity, version: int) -> None:
    """Delete `activity`, by right. The audit keeps what it was."""
    _same(activity, version)
    session.delete(activity)
    session.flush()
