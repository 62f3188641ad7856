"""A customer's own screen: facts, contacts, what is to be done and, apart from it, what happened."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from api.console.customers import PATH
from api.console.customers_words import EDITABLE, LABELS, Shown, labels_for
from api.console.offers import STATES, TONES
from api.console.offers_events import OFFER_EVENTS
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError
from core.language import Language
from crm import contacts, customer_changes, customer_fields, customers, pipeline_rules, timeline
from crm.activity_list import when_of
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.tables import ActivityType, Contact, Customer, Offer, Opportunity

router = APIRouter(include_in_schema=False)
_MOST = 30
FACTS = (
    *("status", "segment", "owner", "tax_number", "country", "city", "address", "industry", "employees", "sites"),
    *("currency", "language", "payment_days"),
)


def contact_name(contact: Contact, language: Language) -> str:
    """A contact's name in the order of `language`."""
    names = (contact.family_name, contact.given_name)
    return " ".join(names if language == "hu" else reversed(names))


def _opportunities(session: CrmSession, customer: Customer) -> list[Opportunity]:
    query = select(Opportunity).where(Opportunity.customer_id == customer.id)
    return list(session.scalars(query.order_by(Opportunity.opened_on.desc(), Opportunity.id.desc()).limit(_MOST)))


def _offers(session: CrmSession, customer: Customer) -> list[Offer]:
    query = select(Offer).where(Offer.customer_id == customer.id).options(selectinload(Offer.versions))
    return list(session.scalars(query.order_by(Offer.id.desc()).limit(_MOST)))


def sheet_controls(visit: Visit) -> dict[str, Control]:
    """What can be done on the sheet, by name: enabled where the user has the right to it."""
    words = visit.words
    return {
        "offer": visit.control("offer", words("Make an offer"), "offer", "create"),
        "activity": visit.control("activity", words("New activity"), "activity", "create"),
        "opportunity": visit.control("opportunity", words("New opportunity"), "opportunity", "create"),
        "edit": visit.control("edit", words("Edit all facts"), "customer", "update"),
        "hand_over": visit.control("hand_over", words("Hand over"), "customer", "update"),
        "contact": visit.control("contact", words("New contact"), "contact", "create"),
        "change_contact": visit.control("change_contact", words("Edit contact"), "contact", "update"),
        "remove_contact": visit.control("remove_contact", words("Remove contact"), "contact", "delete"),
        "complete": visit.control("complete", words("Mark as done"), "activity", "update"),
    }


@router.get(PATH + "/{code}")
def show(visit: VisitDep, code: str) -> HTMLResponse:
    """The data sheet of one customer."""
    return sheet(visit, code)


def sheet(
    visit: Visit, code: str, status: int = 200, error: str | None = None, chosen: str | None = None
) -> HTMLResponse:
    """The data sheet; `error` says why handing over to the owner `chosen` was refused."""
    with visit.reading() as session:
        customer = customers.by_code(session, code)
        shown, labels, controls = Shown(visit, customer), labels_for(visit), sheet_controls(visit)
        facts = [name for name in FACTS if name in labels]
        there = contacts.of(session, customer)
        fields: dict[str, str] = {labels["name"]: customer.name, **{labels[n]: shown[n] for n in facts}}
        if there:
            fields[visit.words("Contacts")] = ", ".join(contact_name(c, visit.language) for c in there[:10])
        told = Screen(
            "customer",
            ("customer", customer.code),
            dict(fields),
            {labels["owner"]: error} if error else {},
            tuple(controls.values()),
        )
        rules = pipeline_rules.rules(session)
        return visit.page(
            "customers/sheet.html",
            told,
            status,
            customer=customer,
            offer_states=STATES,
            offer_tones=TONES,
            shown=shown,
            facts=facts,
            labels=labels,
            editable=EDITABLE if controls["edit"].enabled else (),
            controls=controls,
            error=error,
            chosen=shown.raw("owner") if chosen is None else chosen,
            people=customer_fields.possible_owners(session) if controls["hand_over"].enabled else [],
            to_dos=timeline.to_dos(session, customer),
            when_of=when_of,
            today=today(),
            opportunities=_opportunities(session, customer),
            offers=_offers(session, customer),
            **contact_values(visit, there),
            **history_values(visit, session, customer, 0),
            stage_name=lambda stage: rules.name(stage, visit.language),
        )


def contact_values(visit: Visit, there: list[Contact]) -> dict[str, object]:
    """What the card of contacts shows besides the customer and the controls."""
    return {
        "contacts": there,
        "contact_name": lambda contact: contact_name(contact, visit.language),
        "sees_email": visit.actor.sees("contact", "email"),
        "sees_phone": visit.actor.sees("contact", "phone"),
    }


def history_values(visit: Visit, session: CrmSession, customer: Customer, offset: int) -> dict[str, object]:
    """What the history shows from the `offset`-th newest event on."""
    kinds = {kind.code: visit.words.name(kind.names) for kind in session.scalars(select(ActivityType))}
    labels = {name: visit.words(label) for name, label in LABELS.items()}
    return {
        "offer_events": OFFER_EVENTS,
        "past": timeline.past(session, customer, offset),
        "kinds": kinds,
        "field_label": lambda field: labels.get(field.removesuffix("_id"), field),
        "field_value": lambda change, value: _worded(visit, session, change.field, value),
    }


def _worded(visit: Visit, session: CrmSession, field: str, value: object) -> str:
    """A value of the audit as people read it: an owner's name instead of a number."""
    if value is None or value == "":
        return visit.words("Unassigned") if field == "owner_id" else "–"
    if field == "owner_id":
        owner = next((u for u in customer_fields.possible_owners(session) if u.id == value), None)
        return owner.display_name(visit.language) if owner is not None else str(value)
    stand_in = Customer(**{field: value})
    return Shown(visit, stand_in)[field] if field in ("status", "language", "country") else str(value)


@router.get(PATH + "/{code}/history")
def older(visit: VisitDep, code: str, offset: Annotated[int, Query(ge=0, le=100_000)] = 0) -> HTMLResponse:
    """More of the history, to be put below what is shown."""
    with visit.reading() as session:
        customer = customers.by_code(session, code)
        rules = pipeline_rules.rules(session)
        return visit.fragment(
            "customers/_history.html",
            200,
            customer=customer,
            stage_name=lambda stage: rules.name(stage, visit.language),
            **history_values(visit, session, customer, offset),
        )


@router.post(PATH + "/{code}/owner")
def hand_over(
    visit: VisitDep,
    code: str,
    version: Annotated[int, Form()],
    owner: Annotated[str, Form(max_length=100)] = "",
    open_work: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Give the customer to another owner, with its open work where that is ticked."""
    words = visit.words
    try:
        with visit.writing() as session:
            given = customer_changes.hand_over(session, code, version, owner, with_open_work=bool(open_work))
            moved = given.opportunities + given.activities
    except AppError as refused:
        if refused.status == 404:
            raise
        fault = refused.faults.get("owner", refused) if isinstance(refused, FieldsRefused) else refused
        return sheet(visit, code, refused.status, visit.refused(fault), owner)
    notice = words("Handed over.")
    if moved:
        notice = words.count("Handed over with %(num)s open item.", "Handed over with %(num)s open items.", moved)
    return visit.go(f"{PATH}/{code}", notice)
