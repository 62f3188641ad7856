"""A field of a customer, changed where it stands: a cell that turns into a form and back."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse

from api.console.customers import PATH
from api.console.customers_words import EDITABLE, LANGUAGE_NAMES, STATUS_NAMES, Shown, labels_for
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from core.money import CURRENCIES
from crm import customer_changes, customer_fields, customers
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.tables import Customer

router = APIRouter(include_in_schema=False)
SEGMENTS = ("A", "B", "C", "D")


def options(visit: Visit, session: CrmSession, field: str, customer: Customer | None) -> list[tuple[str, str]] | None:
    """What a field is chosen from, as values and labels; None for one that is typed.

    What a customer has now is always among them.
    """
    words = visit.words
    match field:
        case "status":
            return [(code, words(name)) for code, name in STATUS_NAMES.items()]
        case "language":
            return [(code, words(name)) for code, name in LANGUAGE_NAMES.items()]
        case "currency":
            return [(code, code) for code in CURRENCIES]
        case "segment":
            known = {*SEGMENTS, *([customer.segment] if customer and customer.segment else [])}
            return [("", "–"), *((name, name) for name in sorted(known))]
        case "owner":
            users = customer_fields.possible_owners(session, "update" if customer else "create")
            if customer is not None and customer.owner is not None and customer.owner not in users:
                users.append(customer.owner)
            return [("", words("Unassigned")), *((u.login, u.display_name(visit.language)) for u in users)]
    return None


def _cell(
    visit: Visit,
    session: CrmSession,
    customer: Customer,
    field: str,
    *,
    editing: bool = False,
    typed: str | None = None,
    error: str | None = None,
    status: int = 200,
    saved: bool = False,
) -> HTMLResponse:
    shown = Shown(visit, customer)
    return visit.fragment(
        "customers/_cell_part.html",
        status,
        shown=shown,
        field=field,
        label=labels_for(visit)[field],
        editing=editing,
        value=shown.raw(field) if typed is None else typed,
        options=options(visit, session, field, customer) if editing else None,
        error=error,
        focus=True,
        saved=saved,
    )


def _known(visit: Visit, field: str) -> None:
    if field not in EDITABLE or not visit.actor.sees("customer", field):
        raise AppError("page_missing", 404, path=visit.request.url.path)


@router.get(PATH + "/{code}/cell/{field}")
def cell(visit: VisitDep, code: str, field: str, edit: Annotated[bool, Query()] = False) -> HTMLResponse:
    """The cell as it is now: to look at, or to `edit`."""
    _known(visit, field)
    with visit.reading() as session:
        return _cell(visit, session, customers.by_code(session, code), field, editing=edit)


@router.post(PATH + "/{code}/cell/{field}")
def change(
    visit: VisitDep,
    code: str,
    field: str,
    version: Annotated[int, Form()],
    value: Annotated[str, Form(max_length=2_000)] = "",
) -> HTMLResponse:
    """Keep what was typed. What cannot be kept comes back in the cell, as typed and with the reason."""
    _known(visit, field)
    try:
        with visit.writing() as session:
            customer = customer_changes.update(session, code, version, {field: value})
            session.refresh(customer)
            return _cell(visit, session, customer, field, saved=True)
    except AppError as refused:
        if refused.status == 404:
            raise
        fault = refused.faults[field] if isinstance(refused, FieldsRefused) and field in refused.faults else refused
        error, status = visit.refused(fault), refused.status
    with visit.reading() as session:
        customer = customers.by_code(session, code)
        # The next try is made against what is stored now; the message has said that it was changed.
        return _cell(visit, session, customer, field, editing=True, typed=value, error=error, status=status)
