"""The offer editor: a new offer by form, and the next version of one, with totals while typing."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from api.console.offers import LANGUAGES, PATH, new_control
from api.console.offers_form import TypedLine, TypedOffer, TypedOfferDep, edit_of, typed_from
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from core.language import LANGUAGES as CODES
from core.money import CURRENCIES
from crm import catalogue, customers
from crm import offers as offer_records
from crm.company import company
from crm.session import CrmSession
from crm.tables import Customer
from offers.changing import edit_of_version
from offers.currency import as_currency
from offers.detail import OfferDetail
from offers.documents.view import print_price
from offers.documents.words import unit_word
from offers.figures import Edit, FiguredLine, Figures
from offers.warnings import told

router = APIRouter(include_in_schema=False)
SUGGESTED = 20
# Which field of a line an error belongs to; every other is about its product.
FIELD_OF = {
    "line_without_quantity": "quantity",
    "line_quantity_wrong": "quantity",
    "line_below_minimum": "quantity",
    "discount_wrong": "discount",
}
Code = Annotated[str, Query(max_length=100)]


@router.get(PATH + "/new")
def blank(visit: VisitDep, customer: Code = "", opportunity: Code = "") -> HTMLResponse:
    """The form of a new offer, for `customer` and `opportunity` (codes) if they are named."""
    if not visit.can("offer", "create"):
        raise Forbidden("create", "offer")
    with visit.reading() as session:
        firm = customers.find_by_code(session, customer) if customer else None
        until = today() + timedelta(days=company(session).offer_valid_days)
        terms = {"valid_until": until.isoformat(), "opportunity": opportunity}
        if firm is not None:
            terms |= {
                "customer": f"{firm.code} · {firm.name}",
                "currency": firm.currency,
                "language": firm.language,
                "payment_days": str(firm.payment_days),
            }
    return _page(visit, TypedOffer([TypedLine("n0")], terms))


@router.post(PATH + "/new")
def create(visit: VisitDep, typed: TypedOfferDep) -> Response:
    """Make the offer that was typed."""
    if typed.rearranged():
        return _page(visit, typed)
    with visit.reading() as session:
        edit, firm = _edit_new(session, typed)
    if firm is None:
        return _page(visit, typed, AppError("customer_unclear", 422))
    try:
        currency = as_currency(typed["currency"]) if typed["currency"] else None
        made = visit.parts.offers.create(visit.actor, firm.code, edit, typed["opportunity"] or None, currency)
    except AppError as refused:
        return _page(visit, typed, refused)
    return visit.go(f"{PATH}/{made.number}", visit.words("Offer %(number)s is made.", number=made.number))


@router.post(PATH + "/new/figures")
def figures_new(visit: VisitDep, typed: TypedOfferDep) -> HTMLResponse:
    """The figures of the offer being typed."""
    return visit.fragment("offers/_figures.html", 200, **{**_computed(visit, typed), "alone": True})


@router.get(PATH + "/new/customers")
def suggest_customers(visit: VisitDep, customer: Code = "") -> HTMLResponse:
    """Customers that may be meant by what was typed so far."""
    with visit.reading() as session:
        rows = customers.search(session, customer.split("·")[0].strip(), SUGGESTED) if customer.strip() else []
        options = [(f"{firm.code} · {firm.name}", firm.city or firm.country) for firm in rows]
    return visit.fragment("offers/_options.html", options=options)


@router.get(PATH + "/new/products")
def suggest_products(visit: VisitDep, product: Code = "") -> HTMLResponse:
    """Products that may be meant by what was typed so far."""
    with visit.reading() as session:
        found = catalogue.search(session, product.split("·")[0].strip(), SUGGESTED)
        options = [
            (f"{p.sku} · {catalogue.name_of(p, visit.language)}", unit_word(p.unit, p.minimum_quantity, visit.language))
            for p in found
        ]
    return visit.fragment("offers/_options.html", options=options)


@router.get(PATH + "/{number}/edit")
def edit(visit: VisitDep, number: str) -> HTMLResponse:
    """The form of an offer's next version."""
    offer = _editable(visit, number)
    return _page(visit, typed_from(offer.newest, offer.lock, visit.language), offer=offer)


@router.post(PATH + "/{number}/edit")
def revise(visit: VisitDep, number: str, typed: TypedOfferDep) -> Response:
    """Make the next version as it was typed."""
    offer = _editable(visit, number)
    if typed.rearranged():
        return _page(visit, typed, offer=offer)
    with visit.reading() as session:
        asked = edit_of(session, typed, _before(session, number))
    try:
        made = visit.parts.offers.revise(visit.actor, number, typed.version, asked)
    except AppError as refused:
        if refused.code == "conflict":
            # What was typed is kept; sending it again makes a version after the one that came between.
            refused, typed.version = AppError("offer_edited_meanwhile", 409, number=offer.number), offer.lock
        return _page(visit, typed, refused, offer=offer)
    words = visit.words
    return visit.go(f"{PATH}/{made.number}", words("Version %(n)s is saved.", n=words.number(made.version)))


@router.post(PATH + "/{number}/figures")
def figures(visit: VisitDep, number: str, typed: TypedOfferDep) -> HTMLResponse:
    """The figures of the version being typed."""
    return visit.fragment("offers/_figures.html", 200, **{**_computed(visit, typed, number), "alone": True})


def _editable(visit: Visit, number: str) -> OfferDetail:
    offer = visit.parts.offers.detail(visit.actor, number)
    if "edit" not in offer.actions:
        raise Forbidden("update", "offer")
    return offer


def _before(session: CrmSession, number: str) -> Edit:
    """The newest version as it would be typed: saving the form loses nothing of it."""
    return edit_of_version(offer_records.by_number(session, number).latest)


def _edit_new(session: CrmSession, typed: TypedOffer) -> tuple[Edit, Customer | None]:
    """The edit, and the one customer that what was typed means; without a term of payment it has the customer's."""
    text = typed["customer"].split("·")[0].strip()
    found = customers.find_by_code(session, text) if text else None
    if text and found is None:
        named = customers.search(session, text, 2)
        found = named[0] if len(named) == 1 else None
    edit = edit_of(session, typed)
    if found is not None and not typed["payment_days"].strip():
        edit = replace(edit, payment_days=found.payment_days)
    return edit, found


def _computed(visit: Visit, typed: TypedOffer, number: str | None = None) -> dict[str, object]:
    """What the figures' part of the form shows: `figures` (none before a customer is known), and those of each row by
    its key."""
    computed: Figures | None = None
    with visit.reading() as session:
        if number is None:
            asked, firm = _edit_new(session, typed)
        else:
            asked, firm = edit_of(session, typed, _before(session, number)), None
    if number is not None:
        computed = visit.parts.offers.compute(visit.actor, number, asked)
    elif firm is not None:
        currency = next((code for code in CURRENCIES if code == typed["currency"]), None)
        computed = visit.parts.offers.compute_new(visit.actor, firm.code, asked, currency, typed["opportunity"] or None)
    rows: dict[str, FiguredLine] = {}
    if computed is not None:
        rows = {line.key: row for line, row in zip(typed.filled, computed.lines, strict=True)}
    return {
        "typed": typed,
        "figures": computed,
        "rows": rows,
        "figures_path": f"{PATH}/{number}/figures" if number else f"{PATH}/new/figures",
        "field_of": FIELD_OF,
        "refusal": visit.refused,
        "alone": False,
        "price": print_price,
        "unit_word": unit_word,
        "name_of": catalogue.name_of,
        "told": told,
    }


def _page(
    visit: Visit, typed: TypedOffer, refused: AppError | None = None, offer: OfferDetail | None = None
) -> HTMLResponse:
    if refused is not None and isinstance(refused, NotFound) and offer is not None:
        raise refused
    values, words = _computed(visit, typed, offer.number if offer else None), visit.words
    computed = values["figures"]
    errors: dict[str, str] = {}
    if refused is not None:
        errors[""] = visit.refused(refused)
        if isinstance(computed, Figures):
            errors |= {name: visit.refused(error) for name, error in computed.errors.items()}
    label = words("Save as version %(n)s", n=len(offer.versions) + 1) if offer else words("Make the offer")
    save = Control("save", label) if offer else Control("save", label, new_control(visit).enabled)
    told = Screen(
        "offer",
        ("offer", offer.number) if offer else None,
        fields={name: value for name, value in typed.terms.items() if value},
        errors=errors,
        controls=(save,),
    )
    return visit.page(
        "offers/editor.html",
        told,
        refused.status if refused else 200,
        offer=offer,
        errors=errors,
        save=save,
        blank_line=TypedLine("KEY"),
        dirty=bool(typed.do) or refused is not None,
        languages=[(code, words(LANGUAGES[code])) for code in CODES],
        currencies=[
            *([] if offer else [("", words("The customer’s currency"))]),
            *((code, code) for code in CURRENCIES),
        ],
        fields_more=bool(typed["title"] or typed["notes"] or typed["delivery"] or typed["warranty"]),
        **values,
    )
