"""The contacts on a customer's sheet: a card that changes in place."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from api.console.addresses import count_of
from api.console.customers import PATH
from api.console.customers_forms import FormDep, faults_of
from api.console.customers_sheet import contact_values, sheet_controls
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from crm import contacts, customers
from crm.contacts import ContactFields
from crm.session import CrmSession
from crm.tables import Contact, Customer

router = APIRouter(include_in_schema=False)
NEW = 0


def _typed(form: dict[str, str]) -> ContactFields:
    names = ("family_name", "given_name", "position", "email", "phone")
    return ContactFields(**{name: form.get(name, "") for name in names}, marketing_consent="marketing_consent" in form)


def _of(contact: Contact) -> ContactFields:
    return ContactFields(
        contact.family_name,
        contact.given_name,
        contact.position or "",
        contact.email or "",
        contact.phone or "",
        contact.marketing_consent,
    )


def _card(
    visit: Visit,
    session: CrmSession,
    customer: Customer,
    *,
    editing: int | None = None,
    typed: ContactFields | None = None,
    errors: dict[str, str] | None = None,
    said: str = "",
    status: int = 200,
) -> HTMLResponse:
    """The card; `editing` is the id of the contact whose form is open, `NEW` for one to be added."""
    there = contacts.of(session, customer)
    known = next((contact for contact in there if contact.id == editing), None)
    return visit.fragment(
        "customers/_contacts.html",
        status,
        customer=customer,
        controls=sheet_controls(visit),
        editing=editing,
        typed=typed or (_of(known) if known is not None else ContactFields()),
        known=known,
        errors=errors or {},
        said=said,
        **contact_values(visit, there),
    )


@router.get(PATH + "/{code}/contacts")
def show(visit: VisitDep, code: str, edit: int | None = None) -> HTMLResponse:
    """The card, with the form of the contact `edit` open (0 is a new one)."""
    with visit.reading() as session:
        return _card(visit, session, customers.by_code(session, code), editing=edit)


@router.post(PATH + "/{code}/contacts")
def add(visit: VisitDep, code: str, form: FormDep) -> HTMLResponse:
    """Add a contact."""
    return _change(visit, code, NEW, form)


@router.post(PATH + "/{code}/contacts/{contact_id}")
def change(visit: VisitDep, code: str, contact_id: int, form: FormDep) -> HTMLResponse:
    """Change a contact."""
    return _change(visit, code, contact_id, form)


def _change(visit: Visit, code: str, contact_id: int, form: dict[str, str]) -> HTMLResponse:
    typed, version = _typed(form), count_of(form.get("version", ""))
    try:
        with visit.writing() as session:
            customer = customers.by_code(session, code)
            if contact_id == NEW:
                contacts.add(session, customer, typed)
                said = visit.words("The contact is added.")
            else:
                contacts.change(session, customer, contact_id, version, typed)
                said = visit.words("Saved.")
            return _card(visit, session, customer, said=said)
    except AppError as refused:
        if refused.status in (403, 404):
            raise
        errors, status = faults_of(visit, refused), refused.status
    with visit.reading() as session:
        customer = customers.by_code(session, code)
        return _card(visit, session, customer, editing=contact_id, typed=typed, errors=errors, status=status)


@router.post(PATH + "/{code}/contacts/{contact_id}/remove")
def remove(visit: VisitDep, code: str, contact_id: int, version: Annotated[int, Form()]) -> HTMLResponse:
    """Remove a contact."""
    with visit.writing() as session:
        customer = customers.by_code(session, code)
        contacts.remove(session, customer, contact_id, version)
        return _card(visit, session, customer, said=visit.words("The contact is removed."))
