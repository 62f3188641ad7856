"""An opportunity's own screen, and opening a new one."""

from collections.abc import Iterable
from decimal import Decimal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from api.console.offers import STATES, TONES
from api.console.offers_events import OFFER_EVENTS
from api.console.opportunities import PATH
from api.console.opportunities_forms import Typed, TypedDep, customer_meant, facts_of, typed_from
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError
from core.money import CURRENCIES
from crm import customers, days, opportunities, opportunity_changes
from crm.customer_list import owners
from crm.opportunity_history import history, offers_of, open_activities
from crm.opportunity_list import campaigns
from crm.pipeline_rules import Choice, rules
from crm.session import CrmSession
from crm.tables import Opportunity

router = APIRouter(include_in_schema=False)
SUGGESTED = 12


def _form_values(visit: Visit, session: CrmSession, deal: Opportunity | None = None) -> dict[str, object]:
    people = [(user.login, user.display_name(visit.language)) for user in owners(session)]
    owner = deal.owner if deal is not None else None
    if owner is not None and owner.login not in dict(people):
        people.append((owner.login, owner.display_name(visit.language)))
    return {
        "people": [("", visit.words("Nobody")), *people],
        "currencies": [(code, code) for code in CURRENCIES],
        "campaigns": campaigns(session),
        "amounts": visit.actor.sees("opportunity", "amount"),
    }


@router.get(PATH + "/new")
def blank(visit: VisitDep, customer: str = Query(default="", max_length=100)) -> HTMLResponse:
    """The form of a new opportunity, for `customer` (a code) if one is named."""
    with visit.reading() as session:
        firm = customers.find_by_code(session, customer) if customer else None
        values = {"origin": "direct", "owner": visit.actor.login, "currency": firm.currency if firm else "HUF"}
        if firm is not None:
            values["customer"] = f"{firm.code} · {firm.name}"
        return _new_page(visit, session, Typed(values))


def _new_page(visit: Visit, session: CrmSession, typed: Typed, status: int = 200) -> HTMLResponse:
    save = visit.control("save", visit.words("Open the opportunity"), "opportunity", "create")
    told = Screen("opportunity", fields=_told(typed), errors=dict(typed.errors), controls=(save,))
    shown = _form_values(visit, session)
    return visit.page("opportunities/new.html", told, status, typed=typed, save=save, **shown)


def _told(typed: Typed) -> dict[str, str | int | Decimal | None]:
    """What the form holds, for the widget, without the seal and the version."""
    return {name: value for name, value in typed.values.items() if name not in ("csrf", "version")}


@router.get(PATH + "/new/customers")
def suggest(visit: VisitDep, customer: str = Query(default="", max_length=100)) -> HTMLResponse:
    """Customers that what is typed may mean."""
    with visit.reading() as session:
        rows = customers.search(session, customer, SUGGESTED) if len(customer.strip()) > 1 else []
        return visit.fragment("opportunities/_customers.html", rows=rows)


@router.post(PATH + "/new")
def create(visit: VisitDep, typed: TypedDep) -> Response:
    """Open what was typed; the form comes back with everything that is wrong."""
    try:
        with visit.writing() as session:
            firm = customer_meant(visit, session, typed)
            facts = facts_of(visit, session, typed)
            if firm is None or typed.errors:
                return _new_page(visit, session, typed, 422)
            made = opportunity_changes.create(session, firm, facts, typed["origin"] or "direct")
            code = made.code
    except AppError as refused:
        typed.errors[""] = visit.refused(refused)
        with visit.reading() as session:
            return _new_page(visit, session, typed, refused.status)
    return visit.go(f"{PATH}/{code}", visit.words("Opportunity %(code)s is open.", code=code))


@router.get(PATH + "/{code}")
def show(visit: VisitDep, code: str) -> HTMLResponse:
    """The sheet of one opportunity."""
    return sheet(visit, code)


@router.post(PATH + "/{code}")
def save(visit: VisitDep, code: str, typed: TypedDep) -> Response:
    """Keep the facts that were typed; where someone was quicker, say what they saved and lose nothing."""
    version = int(typed["version"]) if typed["version"].isdecimal() else 0
    try:
        with visit.writing() as session:
            deal = opportunities.by_code(session, code)
            facts = facts_of(visit, session, typed, deal)
            if not typed.errors:
                opportunity_changes.update(session, deal, facts, version)
            code = deal.code
    except AppError as refused:
        if refused.status in (403, 404):
            raise
        typed.errors[""] = visit.refused(refused)
        # Only who was told of the other change may save over it.
        told = None if refused.code == "conflict" else version
        return sheet(visit, code, refused.status, typed=typed, version=told)
    if typed.errors:
        return sheet(visit, code, 422, typed=typed, version=version)
    return visit.go(f"{PATH}/{code}", visit.words("Saved."))


def sheet(
    visit: Visit,
    code: str,
    status: int = 200,
    typed: Typed | None = None,
    message: dict[str, object] | None = None,
    version: int | None = None,
) -> HTMLResponse:
    """The sheet as it is now, with the form as it was `typed`; `message` says how a move went.

    `version` is the one the form was filled in against, if the person was not told of a newer one yet.
    """
    words = visit.words
    with visit.reading() as session:
        deal = opportunities.by_code(session, code)
        known = rules(session)
        choices = {choice.stage: choice for choice in known.choices(deal.stage_code, visit.actor)}
        saved = typed_from(deal, deal.owner.login if deal.owner else "", visit.language)
        edit = visit.control("save", words("Save"), "opportunity", "update")
        controls = [edit, *_step_controls(visit, choices.values())]
        errors = dict(typed.errors) if typed else {}
        if message is not None and message["tone"] == "bad":
            errors[""] = str(message["text"])
        stage = known.name(deal.stage_code, visit.language)
        fields: dict[str, str | int | Decimal | None] = {words("Stage"): stage, **_told(typed or saved)}
        told = Screen("opportunity", ("opportunity", deal.code), fields, errors, tuple(controls))
        values: dict[str, object] = {
            "deal": deal,
            "version": deal.version if version is None else version,
            "stages": known.stages,
            "choices": choices,
            "typed": typed or saved,
            "saved": saved,
            "edit": edit,
            "message": message,
            "offers": offers_of(session, deal) if visit.can("offer", "read") else [],
            "tasks": open_activities(session, deal),
            "events": history(session, deal),
            "offer_events": OFFER_EVENTS,
            "offer_tones": TONES,
            "offer_states": {name: words(label) for name, label in STATES.items()},
            "today": today(),
            "since": days.day_of(deal.stage_since) if deal.stage_since else None,
            "stage_name": lambda code: known.name(code, visit.language),
        }
        return visit.page("opportunities/sheet.html", told, status, **values, **_form_values(visit, session, deal))


def _step_controls(visit: Visit, choices: Iterable[Choice]) -> list[Control]:
    """The stages as controls: what can be chosen and why the others cannot, as the widget is told."""
    return [
        Control(
            f"move-{choice.stage}",
            visit.words("Move to “%(stage)s”", stage=choice.name),
            choice.reason is None,
            choice.reason,
        )
        for choice in choices
    ]
