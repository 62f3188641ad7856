"""The list of activities, and what is done to one in place: ticking it off, putting it off, deleting it."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from api.console.addresses import ListUrl
from api.console.screens import Screen, filters_told
from api.console.views import bar
from api.console.visit import Visit, VisitDep, local_path
from api.console.words import N_
from core.clock import today
from core.errors import AppError
from crm import activity_changes, activity_list
from crm.activity_changes import Completion
from crm.activity_list import DUES, PRIORITIES, ActivityFilters, Due, due_counts, query_for, when_of
from crm.lists import found
from crm.pipeline import stage_name
from crm.session import CrmSession
from crm.tables import Activity, ActivityType, User

router = APIRouter(include_in_schema=False)
PATH = "/activities"
DAYS = ("due_from", "due_to", "done_from", "done_to")
FILTERS = ("q", "state", "due", "type", "assignee", "priority", "customer", "opportunity", *DAYS)
DUE_LABELS: dict[Due, str] = {
    "overdue": N_("Overdue"),
    "today": N_("Today"),
    "week": N_("This week"),
    "later": N_("Later"),
    "none": N_("No due day"),
}
PRIORITY_LABELS = {"high": N_("High"), "normal": N_("Normal"), "low": N_("Low")}
Text = Annotated[str, Form(max_length=500)]
Version = Annotated[int, Form(ge=0)]


def filters_of(url: ListUrl) -> ActivityFilters:
    """What the address narrows to: open activities unless it says otherwise."""
    due = next((known for known in DUES if known == url["due"]), None)
    state = url["state"]
    return ActivityFilters(
        text=url["q"],
        state=None if state == "all" else "done" if state == "done" else "open",
        type_code=url["type"],
        assignee=url["assignee"],
        due=due,
        priority=next((known for known in PRIORITIES if known == url["priority"]), None),
        customer=url["customer"],
        opportunity=url["opportunity"],
        due_from=_day(url["due_from"]),
        due_to=_day(url["due_to"]),
        done_from=_day(url["done_from"]),
        done_to=_day(url["done_to"]),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def types(visit: Visit, session: CrmSession) -> list[tuple[str, str]]:
    """The types of activity, each code with its name, in the order they were made."""
    kinds = session.scalars(select(ActivityType).order_by(ActivityType.code))
    return [(kind.code, visit.words.name(kind.names)) for kind in kinds]


def colleagues(visit: Visit, session: CrmSession, and_login: str = "") -> list[tuple[str, str]]:
    """Whom something may be assigned to: login and name of the active users, and of `and_login`."""
    users = session.scalars(select(User).where(User.active | (User.login == and_login)))
    return sorted(((u.login, u.display_name(visit.language)) for u in users), key=lambda pair: pair[1].casefold())


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list of activities."""
    orders = tuple(activity_list.ORDERS)
    url = ListUrl.of(PATH, visit.request.query_params, FILTERS, "due", orders)
    filters = filters_of(url)
    order = next(o for o in orders if o == url.order.removeprefix("-"))
    new = visit.control("new", visit.words("New activity"), "activity", "create")
    with visit.reading() as session:
        query = query_for(visit.actor, filters, order, descending=url.order.startswith("-"))
        page = found(session, query, Activity.id, url.offset)
        shown: dict[str, str | int | Decimal | None] = {visit.words("Activities"): page.total}
        words, people = visit.words, colleagues(visit, session, filters.assignee)
        choices: dict[str, list[tuple[str, str]]] = {
            "assignee": [("me", words("Me")), ("team", words("My team")), ("nobody", words("Nobody")), *people],
            "type": types(visit, session),
            "priority": [(name, words(label)) for name, label in PRIORITY_LABELS.items()],
            "due": [(str(due), words(label)) for due, label in DUE_LABELS.items()],
        }
        return visit.page(
            "activities/list.html",
            Screen("activities", fields=shown, controls=(new,), filters=filters_told(words, url.filters, choices)),
            url=url,
            page=page,
            new=new,
            new_url=f"{PATH}/new?" + urlencode({**_about(url), "back": url.at(url.offset)}),
            may=visit.control("complete", visit.words("Mark as done"), "activity", "update"),
            counts=due_counts(session, filters),
            due_labels=DUE_LABELS,
            priorities=PRIORITY_LABELS,
            types=choices["type"],
            people=people,
            views=bar(visit, session, "activities", url),
            when_of=when_of,
        )


def _about(url: ListUrl) -> dict[str, str]:
    return {name: url[name] for name in ("customer", "opportunity", "type") if url[name]}


def moved_text(visit: Visit, session: CrmSession, done: Completion) -> str:
    """What completing an activity did to its opportunity, in words; empty where it did nothing."""
    if done.moved is None:
        return ""
    stage = stage_name(session, done.moved.stage_code, visit.language)
    return visit.words("Opportunity %(code)s moved to stage “%(stage)s”.", code=done.moved.code, stage=stage)


def _answer(visit: Visit, activity: Activity, back: str, note: str | None, notice: str) -> Response:
    """The tick anew where it was pressed in place, else the screen it was pressed on."""
    if not visit.by_htmx:
        return visit.go(local_path(back) if back else PATH, notice)
    may = visit.control("complete", visit.words("Mark as done"), "activity", "update")
    return visit.fragment("activities/_tick_part.html", activity=activity, may=may, back=back, note=note)


@router.post(PATH + "/{activity_id:int}/done")
def complete(visit: VisitDep, activity_id: int, version: Version, back: Text = "") -> Response:
    """Tick an activity off; its type may carry its opportunity along."""
    with visit.writing() as session:
        done = activity_changes.complete(session, activity_changes.by_id(session, activity_id), version)
        note = moved_text(visit, session, done)
    return _answer(visit, done.activity, back, note, " ".join(p for p in (visit.words("Marked as done."), note) if p))


@router.post(PATH + "/{activity_id:int}/reopen")
def reopen(visit: VisitDep, activity_id: int, version: Version, back: Text = "") -> Response:
    """Take the tick back."""
    with visit.writing() as session:
        activity = activity_changes.reopen(session, activity_changes.by_id(session, activity_id), version)
    return _answer(visit, activity, back, None, visit.words("Open again."))


def _day_put_off_to(to: str) -> date:
    day = today()
    if to == "tomorrow":
        return day + timedelta(days=1)
    if to == "week":
        return day + timedelta(days=7)
    raise AppError("activity_when_unclear", 422, given=to[:40])


@router.post(PATH + "/{activity_id:int}/postpone")
def postpone(visit: VisitDep, activity_id: int, version: Version, to: Text = "tomorrow", back: Text = "") -> Response:
    """Put an activity off to tomorrow or by a week from today."""
    day = _day_put_off_to(to)
    with visit.writing() as session:
        activity_changes.postpone(session, activity_changes.by_id(session, activity_id), version, day)
    notice = visit.words("Put off to %(day)s.", day=visit.words.day(day))
    return visit.go(local_path(back) if back else f"{PATH}/{activity_id}", notice)


@router.post(PATH + "/{activity_id:int}/delete")
def delete(visit: VisitDep, activity_id: int, version: Version, back: Text = "") -> Response:
    """Delete an activity, by right."""
    with visit.writing() as session:
        activity = activity_changes.by_id(session, activity_id)
        subject = activity.subject
        activity_changes.delete(session, activity, version)
    return visit.go(local_path(back) if back else PATH, visit.words("“%(subject)s” is deleted.", subject=subject))
