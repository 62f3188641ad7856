"""Offers: the list, an offer's own screen, and what may be done with it there."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.console.addresses import ListUrl
from api.console.offers_events import EVENTS
from api.console.screens import Control, Screen, filters_told
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from api.routes.offers import TYPES
from core.clock import today
from core.errors import AppError
from core.money import CURRENCIES
from crm import offers as offer_records
from crm import pipeline
from crm.customer_list import owners
from crm.lists import found
from crm.offer_list import ORDERS, OfferFilters, query_for
from crm.session import CrmSession
from crm.tables import Offer
from offers.detail import ActionName, OfferDetail
from offers.documents.view import print_price, printed
from offers.documents.words import labels, unit_word
from offers.telling import told_terms
from offers.timeline import issued_ordinals
from offers.to_sheet import offer_sheet

router = APIRouter(include_in_schema=False)
PATH = "/offers"
DAYS = ("from", "to", "valid_from", "valid_to", "issued_from", "issued_to")
FILTERS = ("q", "state", "owner", "customer", "currency", *DAYS)
# What the state of an offer does not say by itself, but a list can be narrowed to.
STATE_FILTERS = {"open": N_("Open")}
STATES = {
    "draft": N_("Draft"),
    "awaiting_approval": N_("Awaiting approval"),
    "rejected": N_("Rejected"),
    "issued": N_("Issued"),
    "accepted": N_("Accepted"),
    "declined": N_("Declined"),
    "expired": N_("Expired"),
}
TONES = {
    "draft": "plain",
    "awaiting_approval": "warn",
    "rejected": "bad",
    "issued": "good",
    "accepted": "good",
    "declined": "bad",
}
LANGUAGES = {"hu": N_("Hungarian"), "pl": N_("Polish"), "en": N_("English")}
_ACTIONS: dict[ActionName, str] = {
    "edit": N_("Edit"),
    "approve": N_("Approve"),
    "send": N_("Send"),
    "issue": N_("Issue"),
}
Lock = Annotated[int, Form(alias="version")]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def new_control(visit: Visit) -> Control:
    """The button that opens the form of a new offer."""
    return visit.control("new", visit.words("New offer"), "offer", "create")


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list of offers."""
    url = ListUrl.of(PATH, visit.request.query_params, FILTERS, "-number", ORDERS)
    filters = OfferFilters(
        text=url["q"],
        state=url["state"],
        owner=url["owner"],
        customer=url["customer"],
        currency=url["currency"],
        since=_day(url["from"]),
        until=_day(url["to"]),
        valid_from=_day(url["valid_from"]),
        valid_to=_day(url["valid_to"]),
        issued_from=_day(url["issued_from"]),
        issued_to=_day(url["issued_to"]),
    )
    new = new_control(visit)
    with visit.reading() as session:
        rows = found(session, query_for(session, filters, url.order), Offer.id, url.offset)
        choices = _choices(visit, session)
        told = Screen(
            "offers",
            fields={visit.words("Offers"): rows.total},
            controls=(new,),
            filters=filters_told(visit.words, url.filters, choices),
        )
        return visit.page(
            "offers/list.html",
            told,
            rows=rows,
            url=url,
            new=new,
            narrowed=bool(url.filters),
            choices=choices,
            states=STATES,
            tones=TONES,
            today=today(),
        )


def _choices(visit: Visit, session: CrmSession) -> dict[str, list[tuple[str, str]]]:
    words = visit.words
    people = [(user.login, user.display_name(visit.language)) for user in owners(session)]
    others = [person for person in people if person[0] != visit.actor.login]
    return {
        "state": [
            ("", words("Every state")),
            *((code, words(label)) for code, label in (STATES | STATE_FILTERS).items()),
        ],
        "owner": [("", words("Anyone’s")), ("me", words("Mine")), ("team", words("My team’s")), *others],
        "currency": [("", words("Every currency")), *((code, code) for code in CURRENCIES)],
    }


@router.get(PATH + "/{number}")
def sheet(
    visit: VisitDep,
    number: str,
    version: Annotated[int | None, Query(ge=1)] = None,
    compare: Annotated[int | None, Query(ge=1)] = None,
) -> HTMLResponse:
    """An offer: its newest version, or the one asked for, compared with another if one is named."""
    return _sheet(visit, number, version, compare)


def controls_of(visit: Visit, offer: OfferDetail) -> dict[str, Control]:
    """The buttons of an offer: those the level has, disabled with the reason where they are not possible now."""
    return {
        name: Control(
            name, visit.words(_ACTIONS[name]), reason is None, None if reason is None else visit.refused(reason)
        )
        for name, reason in offer.actions.items()
    }


def _sheet(
    visit: Visit,
    number: str,
    version: int | None = None,
    compare: int | None = None,
    refused: AppError | None = None,
) -> HTMLResponse:
    offer = visit.parts.offers.detail(visit.actor, number, version)
    shown, words = offer.shown, visit.words
    controls = controls_of(visit, offer)
    changes = offer.changes_from(compare) if compare and compare != shown.ordinal else None
    with visit.reading() as session:
        stage = pipeline.stage_name(session, offer.opportunity_stage, visit.language) if offer.opportunity_stage else ""
        told = Screen(
            "offer",
            ("offer", offer.number),
            fields={
                words("Customer"): f"{offer.customer_code} {offer.customer_name}",
                words("State"): words(STATES[offer.state]),
                words("Version"): shown.ordinal,
                words("Valid until"): words.day(shown.valid_until),
                words("Net"): words.money(shown.totals.net, shown.currency),
                words("Gross"): words.money(shown.totals.gross, shown.currency),
            },
            errors={"": visit.refused(refused)} if refused else {},
            controls=tuple(controls.values()),
            messages=shown.warnings,
        )
        return visit.page(
            "offers/sheet.html",
            told,
            refused.status if refused else 200,
            offer=offer,
            shown=shown,
            stage=stage,
            controls=controls,
            can_copy=visit.can("offer", "create"),
            refused=visit.refused(refused) if refused else None,
            before=offer.version(compare) if changes is not None and compare else None,
            changes=changes,
            terms=told_terms(offer.version(compare), shown, visit.language) if changes is not None and compare else (),
            issued=issued_ordinals(offer.events),
            states=STATES,
            tones=TONES,
            languages=LANGUAGES,
            events=EVENTS,
            price=print_price,
            unit_word=unit_word,
        )


@router.get(PATH + "/{number}/preview")
def preview(visit: VisitDep, number: str) -> HTMLResponse:
    """The newest version as its document says it, in the document's language."""
    with visit.reading() as session:
        offer = offer_sheet(session, offer_records.by_number(session, number))
    said = printed(offer)
    return visit.fragment("offers/_preview.html", doc=said, labels=labels(offer.language))


@router.post(PATH + "/{number}/issue")
def issue(visit: VisitDep, number: str, version: Lock) -> Response:
    """Issue the offer that was looked at."""
    try:
        visit.parts.offers.issue(visit.actor, number, version)
    except AppError as refused:
        return refused_sheet(visit, number, refused)
    return visit.go(f"{PATH}/{number}", visit.words("Offer %(number)s is issued.", number=number))


@router.post(PATH + "/{number}/approve")
def approve(visit: VisitDep, number: str, version: Lock) -> Response:
    """Approve the offer that was looked at."""
    try:
        visit.parts.offers.approve(visit.actor, number, version)
    except AppError as refused:
        return refused_sheet(visit, number, refused)
    return visit.go(f"{PATH}/{number}", visit.words("Offer %(number)s is approved.", number=number))


def refused_sheet(visit: Visit, number: str, refused: AppError) -> HTMLResponse:
    """The sheet with why what was asked for is refused; raises what is not there."""
    if refused.status == 404:
        raise refused
    return _sheet(visit, number, refused=refused)


@router.get(PATH + "/{number}/documents/{kind}")
def document(
    visit: VisitDep,
    number: str,
    kind: Literal["docx", "pdf"],
    version: Annotated[int | None, Query(ge=1)] = None,
) -> FileResponse:
    """The Word or PDF file of the newest version, made now if it is missing, or of an earlier one as it was made."""
    path = visit.parts.offers.document(visit.actor, number, kind, version)
    shown = "inline" if kind == "pdf" else "attachment"
    headers = {"Cache-Control": "no-store"}
    return FileResponse(
        path, headers=headers, media_type=TYPES[kind], filename=path.name, content_disposition_type=shown
    )
