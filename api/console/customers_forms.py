"""Making a customer, and changing all of its facts at once."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.console.addresses import count_of
from api.console.customers import PATH, may_read
from api.console.customers_cells import options
from api.console.customers_words import Shown, labels_for
from api.console.screens import Screen
from api.console.visit import Visit, VisitDep
from core.errors import AppError, Forbidden
from crm import customer_changes, customer_list, customers
from crm.customer_changes import Duplicates
from crm.customer_fields import FIELDS, FieldsRefused
from crm.session import CrmSession
from crm.tables import Customer

router = APIRouter(include_in_schema=False)
_FRESH = {"country": "HU", "currency": "HUF", "language": "hu", "status": "potential", "payment_days": "8"}
_AT_HOME = {"hu": ("HU", "HUF"), "pl": ("PL", "PLN"), "en": ("GB", "EUR")}


async def _form(request: Request) -> dict[str, str]:
    form = await request.form(max_fields=40)
    return {name: value[:2_000] for name, value in form.items() if isinstance(value, str)}


FormDep = Annotated[dict[str, str], Depends(_form)]


def faults_of(visit: Visit, refused: AppError) -> dict[str, str]:
    """The errors of a form by field, in the user's language; those of no one field under the empty name."""
    if isinstance(refused, FieldsRefused):
        return {name: visit.refused(fault) for name, fault in refused.faults.items()}
    return {"": visit.refused(refused)}


def _page(
    visit: Visit,
    session: CrmSession,
    typed: dict[str, str],
    *,
    customer: Customer | None = None,
    refused: AppError | None = None,
) -> HTMLResponse:
    """The form as `typed`: of a new customer, or of the `customer` there is."""
    words, labels = visit.words, labels_for(visit)
    errors = faults_of(visit, refused) if refused is not None else {}
    action = "update" if customer is not None else "create"
    save = visit.control(
        "save", words("Save") if customer is not None else words("Add the customer"), "customer", action
    )
    shown = [name for name in FIELDS if name in labels]
    screen = Screen(
        "customer",
        ("customer", customer.code) if customer is not None else None,
        {labels[name]: typed.get(name, "") for name in shown},
        {labels.get(name, ""): text for name, text in errors.items()},
        (save,),
    )
    there = customer_list.choices(session)
    saved = Shown(visit, customer) if customer is not None else None
    return visit.page(
        "customers/form.html",
        screen,
        refused.status if refused is not None else 200,
        typed=typed,
        errors=errors,
        labels=labels,
        fields=shown,
        options={name: options(visit, session, name, customer) for name in shown},
        industries=there.industries,
        alike=refused.alike if isinstance(refused, Duplicates) else [],
        customer=customer,
        # What is stored now, where somebody was quicker.
        saved={name: saved.raw(name) for name in shown} if saved is not None and errors else {},
        save=save,
    )


@router.get(PATH + "/new")
def blank(visit: VisitDep) -> HTMLResponse:
    """The form of a new customer."""
    may_read(visit)
    country, currency = _AT_HOME[visit.language]
    typed = {**_FRESH, "country": country, "currency": currency, "language": visit.language}
    with visit.reading() as session:
        return _page(visit, session, {**typed, "owner": visit.actor.login})


@router.post(PATH + "/new")
def create(visit: VisitDep, typed: FormDep) -> Response:
    """Add what was typed; where there may be such a firm already, only after a second yes."""
    may_read(visit)
    try:
        with visit.writing() as session:
            made = customer_changes.create(session, typed, anyway=typed.get("anyway") == "yes")
            code, name = made.code, made.name
    except Forbidden:
        raise
    except AppError as refused:
        with visit.reading() as session:
            return _page(visit, session, typed, refused=refused)
    return visit.go(f"{PATH}/{code}", visit.words("%(name)s is added as %(code)s.", name=name, code=code))


@router.get(PATH + "/{code}/edit")
def facts(visit: VisitDep, code: str) -> HTMLResponse:
    """The form of a customer there is."""
    with visit.reading() as session:
        customer = customers.by_code(session, code)
        shown = Shown(visit, customer)
        typed = {name: shown.raw(name) for name in FIELDS}
        return _page(visit, session, {**typed, "version": str(customer.version)}, customer=customer)


@router.post(PATH + "/{code}/edit")
def save(visit: VisitDep, code: str, typed: FormDep) -> Response:
    """Keep what was typed; where someone was quicker, nothing typed is lost."""
    version = count_of(typed.get("version", ""))
    try:
        with visit.writing() as session:
            code = customer_changes.update(session, code, version, typed).code
    except AppError as refused:
        if refused.status == 404 or isinstance(refused, Forbidden):
            raise
        with visit.reading() as session:
            customer = customers.by_code(session, code)
            # Saved again, it is saved over what somebody else stored, which the form now shows beside it.
            again = {**typed, "version": str(customer.version)}
            return _page(visit, session, again, customer=customer, refused=refused)
    return visit.go(f"{PATH}/{code}", visit.words("Saved."))
