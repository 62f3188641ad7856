"""The form of an activity: a new one, and one there is."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from api.console.activities import PATH, PRIORITY_LABELS, colleagues, moved_text, types
from api.console.addresses import count_of
from api.console.screens import Screen
from api.console.visit import Visit, VisitDep, local_path
from core.clock import BUSINESS_ZONE
from core.errors import AppError
from crm import activity_changes, calendar, customers
from crm.activity_changes import ActivityFields
from crm.activity_list import when_of
from crm.days import moment_at
from crm.session import CrmSession
from crm.tables import Activity, Customer, Opportunity

router = APIRouter(include_in_schema=False)
_MOST = 20_000
# Which field a refusal of the data layer is about.
_FIELD = {
    "activity_without_subject": "subject",
    "activity_too_long": "subject",
    "activity_priority_unknown": "priority",
    "activity_type_unknown": "type",
    "activity_minutes": "minutes",
    "activity_when_unclear": "due",
    "activity_day_missing": "due",
    "activity_assignee_unknown": "assignee",
    "activity_opportunity_elsewhere": "opportunity",
}


@dataclass
class Typed:
    """A form as it was typed, and what is wrong with it by field, in the user's language."""

    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        """What was typed into `name`."""
        return self.values.get(name, "")

    def refuse(self, visit: Visit, refused: AppError, name: str = "") -> None:
        """Note a refusal at the field it is about."""
        self.errors[_FIELD.get(refused.code, name)] = visit.refused(refused)


async def _typed(request: Request) -> Typed:
    form = await request.form(max_fields=30)
    return Typed({name: text[:_MOST].replace("\r\n", "\n") for name, text in form.items() if isinstance(text, str)})


TypedDep = Annotated[Typed, Depends(_typed)]


def _asked(request: Request) -> Typed:
    """A new form, filled with what the address says."""
    query = request.query_params
    names = ("customer", "opportunity", "type", "due", "at", "assignee", "subject", "back")
    return Typed({name: query[name][:200] for name in names if name in query})


def day_of(text: str) -> date | None:
    """The day a form says, none for nothing. Raises `AppError` 422 for what is none, or out of all reason."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1950 <= day.year <= 2150:
        raise AppError("activity_when_unclear", 422, given=text[:40])
    return day


def _starts(day: date | None, at: str) -> datetime | None:
    if not at:
        return None
    try:
        hour = time.fromisoformat(at)
    except ValueError as unclear:
        raise AppError("activity_when_unclear", 422, given=at[:40]) from unclear
    if day is None:
        raise AppError("activity_day_missing", 422)
    return moment_at(day, hour)


def fields_of(typed: Typed) -> ActivityFields:
    """What the form says. Raises `AppError` 422 for a day, an hour or a length that cannot be read."""
    day = day_of(typed["due"])
    starts = _starts(day, typed["at"])
    minutes = typed["minutes"].strip()
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 6):
        raise AppError("activity_minutes", 422, most=activity_changes.MOST_MINUTES)
    return ActivityFields(
        typed["type"],
        typed["subject"],
        typed["opportunity"] or None,
        typed["assignee"] or None,
        day,
        starts,
        int(minutes) if minutes else None,
        typed["priority"] or "normal",
        typed["note"] or None,
    )


def typed_from(activity: Activity) -> Typed:
    """The form of an activity there is."""
    starts = activity.starts_at.astimezone(BUSINESS_ZONE) if activity.starts_at else None
    values = {
        "type": activity.type_code,
        "subject": activity.subject,
        "opportunity": activity.opportunity.code if activity.opportunity else "",
        "assignee": activity.assignee.login if activity.assignee else "",
        "due": activity.due.isoformat() if activity.due else "",
        "at": starts.strftime("%H:%M") if starts else "",
        "minutes": str(activity.minutes or ""),
        "priority": activity.priority,
        "note": activity.note or "",
    }
    return Typed(values)


def _choices(visit: Visit, session: CrmSession, customer: Customer | None, typed: Typed) -> dict[str, object]:
    """What the form offers to choose from, and the hints it shows."""
    deals: list[tuple[str, str]] = []
    if customer is not None and visit.can("opportunity", "read"):
        query = select(Opportunity).where(Opportunity.customer_id == customer.id).order_by(Opportunity.id.desc())
        deals = [(deal.code, f"{deal.code} · {deal.title}") for deal in session.scalars(query.limit(200))]
    return {
        "types": types(visit, session),
        "people": colleagues(visit, session, typed["assignee"]),
        "priorities": PRIORITY_LABELS,
        "opportunities": deals,
        "customer": customer,
        "typed": typed,
        "errors": typed.errors,
    }


def _new(visit: Visit, session: CrmSession, customer: Customer | None, typed: Typed, status: int = 200) -> HTMLResponse:
    values = _choices(visit, session, customer, typed)
    if visit.by_htmx:
        return visit.fragment("activities/_new.html", status, **values)
    save = visit.control("save", visit.words("Save"), "activity", "create")
    named = customer.code if customer else typed["customer"]
    screen = Screen("activities", fields={visit.words("Customer"): named}, errors=typed.errors, controls=(save,))
    return visit.page("activities/new.html", screen, status, save=save, **values)


@router.get(PATH + "/new")
def ask(visit: VisitDep, request: Request) -> HTMLResponse:
    """The form of a new activity: a page, or the form alone where another screen asks for it."""
    typed = _asked(request)
    typed.values.setdefault("type", "task")
    typed.values.setdefault("assignee", visit.actor.login)
    with visit.reading() as session:
        customer = customers.by_code(session, typed["customer"]) if typed["customer"] else None
        return _new(visit, session, customer, typed)


@router.get(PATH + "/customers")
def suggest(visit: VisitDep, customer: str = "") -> HTMLResponse:
    """Customers to choose from while one is typed."""
    with visit.reading() as session:
        rows = customers.search(session, customer.split("·")[0].strip()[:100], 12) if customer.strip() else []
        return visit.fragment("activities/_customers.html", rows=rows)


def _meant(visit: Visit, session: CrmSession, typed: Typed) -> Customer | None:
    """The customer typed as a code (a picked suggestion reads "C0001 · name") or as a name only one bears."""
    text = typed["customer"].strip()
    code = text.split("·")[0].strip()
    one = customers.find_by_code(session, code) if code else None
    rows = [one] if one is not None else customers.search(session, text, 2) if text else []
    if len(rows) == 1:
        return rows[0]
    if not text:
        typed.errors["customer"] = visit.words("Say which customer it is for.")
    elif rows:
        typed.errors["customer"] = visit.words(
            "Several customers are called so. Pick one from the list, or type its code."
        )
    else:
        typed.errors["customer"] = visit.words("No customer is called so. Check the name, or type the code.")
    return None


@router.post(PATH + "/new")
def create(visit: VisitDep, typed: TypedDep) -> Response:
    """Record a new activity, or one that is done already."""
    status = 422
    try:
        with visit.writing() as session:
            customer = _meant(visit, session, typed)
            if customer is not None:
                done = activity_changes.create(session, customer, fields_of(typed), done=typed["done"] == "yes")
                notice = _said(visit, session, done.activity, visit.words("The activity is saved."))
                notice = " ".join(part for part in (notice, moved_text(visit, session, done)) if part)
    except AppError as refused:
        typed.refuse(visit, refused)
        status = refused.status
    if typed.errors:
        with visit.reading() as session:
            customer = customers.find_by_code(session, typed["customer"].split("·")[0])
            return _new(visit, session, customer, typed, status)
    return visit.go(local_path(typed["back"]) if typed["back"] else PATH, notice)


def _said(visit: Visit, session: CrmSession, activity: Activity, saved: str) -> str:
    clashes = calendar.overlapping(session, activity)
    if not clashes:
        return saved
    names = ", ".join(other.subject for other in clashes[:3])
    return " ".join((saved, visit.words("It overlaps with: %(names)s.", names=names)))


def _page(
    visit: Visit, session: CrmSession, activity: Activity, typed: Typed, version: int, status: int = 200
) -> HTMLResponse:
    controls = {
        "save": visit.control("save", visit.words("Save"), "activity", "update"),
        "complete": visit.control("complete", visit.words("Mark as done"), "activity", "update"),
        "delete": visit.control("delete", visit.words("Delete"), "activity", "delete"),
    }
    words = visit.words
    facts: dict[str, str | int | Decimal | None] = {
        words("Customer"): f"{activity.customer.code} {activity.customer.name}" if activity.customer else None,
        words("Type"): words.name(activity.type.names),
        words("Subject"): typed["subject"],
        words("Due"): typed["due"],
        words("State"): words("Done") if activity.state == "done" else words("Open"),
    }
    screen = Screen("activity", ("activity", str(activity.id)), facts, typed.errors, tuple(controls.values()))
    return visit.page(
        "activities/sheet.html",
        screen,
        status,
        activity=activity,
        version=version,
        controls=controls,
        when=when_of(activity),
        clashes=calendar.overlapping(session, activity),
        **_choices(visit, session, activity.customer, typed),
    )


@router.get(PATH + "/{activity_id:int}")
def sheet(visit: VisitDep, activity_id: int, back: str = "") -> HTMLResponse:
    """An activity, to see and to change."""
    with visit.reading() as session:
        activity = activity_changes.by_id(session, activity_id)
        typed = typed_from(activity)
        typed.values["back"] = local_path(back) if back else ""
        return _page(visit, session, activity, typed, activity.version)


@router.post(PATH + "/{activity_id:int}")
def change(visit: VisitDep, activity_id: int, typed: TypedDep) -> Response:
    """Change an activity as it was when its form was opened."""
    version = count_of(typed["version"])
    status = 422
    try:
        with visit.writing() as session:
            activity = activity_changes.by_id(session, activity_id)
            activity_changes.update(session, activity, version, fields_of(typed))
            notice = _said(visit, session, activity, visit.words("The activity is saved."))
        return visit.go(local_path(typed["back"]) if typed["back"] else f"{PATH}/{activity_id}", notice)
    except AppError as refused:
        typed.refuse(visit, refused)
        status = refused.status
    with visit.reading() as session:
        return _page(visit, session, activity_changes.by_id(session, activity_id), typed, version, status)
