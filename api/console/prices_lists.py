"""Price lists: who they are for, when they hold, and the prices on them."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.prices_typed import day_of, number_of
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError, Forbidden
from core.money import CURRENCIES
from crm import catalogue, price_lists, product_changes
from crm.price_lists import ListFields
from crm.session import CrmSession
from crm.tables import Customer, Price, PriceList
from offers.documents.view import print_price

router = APIRouter(include_in_schema=False)
PATH = "/price-lists"
Text = Annotated[str, Form(max_length=400)]
PRICE_FIELDS = {
    "price_wrong": "unit_price",
    "price_currency_wrong": "currency",
    "price_day_wrong": "valid_from",
    "price_in_use": "valid_from",
    "price_end_wrong": "valid_to",
    "price_overlaps": "valid_to",
    "price_quantity_wrong": "minimum_quantity",
    "line_product_unknown": "sku",
}


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """Every price list."""
    new = visit.control("new", visit.words("New price list"), "price", "create")
    with visit.reading() as session:
        found = price_lists.lists(session)
        return visit.page(
            "prices/lists.html",
            Screen("price_lists", fields={visit.words("Price lists"): len(found)}, controls=(new,)),
            new=new if new.enabled else None,
            lists=[(one, _for_whom(visit, session, one), price_lists.holds(one)) for one in found],
            sizes=price_lists.sizes(session, found),
        )


def _for_whom(visit: Visit, session: CrmSession, found: PriceList) -> str:
    if found.customer_id is not None:
        customer = session.get(Customer, found.customer_id)
        return f"{customer.name} ({customer.code})" if customer else visit.words("a customer you cannot see")
    if found.campaign:
        return visit.words("campaign %(name)s", name=found.campaign)
    return visit.words("segment %(name)s", name=found.segment or "")


@router.get(PATH + "/new")
def blank(visit: VisitDep) -> HTMLResponse:
    """The form of a new list."""
    if not visit.can("price", "create"):
        raise Forbidden("create", "price")
    return _new_page(visit, {"valid_from": today().isoformat(), "active": "yes"}, {})


@router.post(PATH + "/new")
def create(
    visit: VisitDep,
    code: Text = "",
    name: Text = "",
    customer: Text = "",
    segment: Text = "",
    campaign: Text = "",
    valid_from: Text = "",
    valid_to: Text = "",
    active: Text = "",
) -> Response:
    """Make the list that was typed."""
    typed = _typed(name, customer, segment, campaign, valid_from, valid_to, active)
    fields = _fields(typed)
    try:
        with visit.writing() as session:
            made = price_lists.create(session, code, fields).code
    except AppError as refused:
        errors = _errors(visit, refused, fields)
        if refused.code in ("price_list_code", "price_list_taken"):
            errors["code"] = visit.refused(refused)
        return _new_page(visit, {"code": code, **typed}, errors, refused.status)
    return visit.go(f"{PATH}/{made}", visit.words("Price list %(code)s is made. Now give it prices.", code=made))


def _new_page(visit: Visit, typed: Mapping[str, str], errors: dict[str, str], status: int = 200) -> HTMLResponse:
    save = Control("save", visit.words("Make the price list"))
    told = Screen("price_list", fields=dict(typed), errors=errors, controls=(save,))
    with visit.reading() as session:
        return visit.page(
            "prices/new.html", told, status, typed=typed, errors=errors, save=save, **_choices(visit, session)
        )


def _choices(visit: Visit, session: CrmSession) -> dict[str, object]:
    none = [("", "–")]
    return {
        "segments": none + [(one, one) for one in price_lists.segments(session)],
        "campaigns": none + [(one, one) for one in price_lists.campaigns(session)],
    }


@router.get(PATH + "/{code}")
def sheet(visit: VisitDep, code: str) -> HTMLResponse:
    """A list, whom it is for, and its prices."""
    return _sheet(visit, code)


@router.post(PATH + "/{code}")
def change(
    visit: VisitDep,
    code: str,
    version: Annotated[int, Form()],
    name: Text = "",
    customer: Text = "",
    segment: Text = "",
    campaign: Text = "",
    valid_from: Text = "",
    valid_to: Text = "",
    active: Text = "",
) -> Response:
    """Change the list to what was typed."""
    typed = _typed(name, customer, segment, campaign, valid_from, valid_to, active)
    fields = _fields(typed)
    try:
        with visit.writing() as session:
            found = price_lists.by_code(session, code)
            price_lists.change(session, found, version, fields)
    except AppError as refused:
        return _sheet(visit, code, refused.status, typed=typed, errors=_errors(visit, refused, fields))
    return visit.go(f"{PATH}/{code.upper()}", visit.words("Price list %(code)s is saved.", code=code.upper()))


@router.post(PATH + "/{code}/prices")
def new_price(
    visit: VisitDep,
    code: str,
    sku: Text = "",
    currency: Text = "",
    unit_price: Text = "",
    minimum_quantity: Text = "",
    valid_from: Text = "",
    valid_to: Text = "",
) -> Response:
    """Put a price on the list."""
    asked = {"sku": sku, "currency": currency, "unit_price": unit_price, "minimum_quantity": minimum_quantity}
    asked |= {"valid_from": valid_from, "valid_to": valid_to}
    try:
        with visit.writing() as session:
            found = price_lists.by_code(session, code)
            product = catalogue.by_sku(session, sku)
            if product is None:
                raise AppError("line_product_unknown", 422, written=sku.strip()[:60])
            end = day_of(valid_to)
            if valid_to.strip() and end is None:
                raise AppError("price_end_wrong", 422)
            least = number_of(minimum_quantity or "0")
            price, first = number_of(unit_price), day_of(valid_from)
            product_changes.new_price(session, product, currency, price, first, end, found, least)
    except AppError as refused:
        if refused.status == 404:
            raise
        errors = {PRICE_FIELDS.get(refused.code, ""): visit.refused(refused)}
        return _sheet(visit, code, refused.status, asked=asked, price_errors=errors)
    return visit.go(f"{PATH}/{code.upper()}", visit.words("The new price is saved."))


def _sheet(
    visit: Visit,
    code: str,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    errors: dict[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
    price_errors: dict[str, str] | None = None,
) -> HTMLResponse:
    words, errors, price_errors = visit.words, errors or {}, price_errors or {}
    with visit.reading() as session:
        found = price_lists.by_code(session, code)
        save = Control("save", words("Save")) if visit.can("price", "update") else None
        add = Control("add-price", words("Put the price on the list")) if visit.can("price", "create") else None
        rows = price_lists.rows_of(session, found)
        whom = _for_whom(visit, session, found)
        told = Screen(
            "price_list",
            fields={words("Name"): found.name, words("For whom"): whom, words("Prices"): len(rows)},
            errors={**errors, **price_errors},
            controls=tuple(control for control in (save, add) if control is not None),
        )
        return visit.page(
            "prices/sheet.html",
            told,
            status,
            found=found,
            whom=whom,
            holds=price_lists.holds(found),
            typed=typed or _typed_of(session, found),
            errors=errors,
            save=save,
            add=add,
            asked=asked or {"currency": CURRENCIES[0], "valid_from": today().isoformat(), "minimum_quantity": "0"},
            price_errors=price_errors,
            currencies=[(each, each) for each in CURRENCIES],
            rows=[(row, when(row)) for row in rows],
            name_of=catalogue.name_of,
            price=print_price,
            **_choices(visit, session),
        )


def when(row: Price) -> str:
    """When a price row holds: `past`, `current` or `future`."""
    day = today()
    if row.valid_from > day:
        return "future"
    return "past" if row.valid_to is not None and row.valid_to < day else "current"


def _typed(*values: str) -> dict[str, str]:
    names = ("name", "customer", "segment", "campaign", "valid_from", "valid_to", "active")
    return dict(zip(names, values, strict=True))


def _typed_of(session: CrmSession, found: PriceList) -> dict[str, str]:
    customer = session.get(Customer, found.customer_id) if found.customer_id is not None else None
    return _typed(
        found.name,
        customer.code if customer else "",
        found.segment or "",
        found.campaign or "",
        found.valid_from.isoformat(),
        found.valid_to.isoformat() if found.valid_to else "",
        "yes" if found.active else "",
    )


def _fields(typed: Mapping[str, str]) -> ListFields:
    return ListFields(
        name=typed["name"],
        valid_from=day_of(typed["valid_from"]),
        customer=typed["customer"],
        segment=typed["segment"],
        campaign=typed["campaign"],
        valid_to=day_of(typed["valid_to"]),
        active=bool(typed["active"]),
    )


def _errors(visit: Visit, refused: AppError, fields: ListFields) -> dict[str, str]:
    errors = {"": visit.refused(refused)}
    errors |= {name: visit.refused(error) for name, error in price_lists.wrong(fields).items()}
    if refused.code == "not_found":
        errors["customer"] = visit.refused(refused)
    return errors
