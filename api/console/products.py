"""Products and their prices: the list, a product's own screen, making and changing them by right."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.addresses import ListUrl
from api.console.prices_lists import PRICE_FIELDS, when
from api.console.prices_typed import day_of, number_of, typed_from
from api.console.screens import Control, Screen, filters_told
from api.console.visit import Visit, VisitDep
from core.clock import today
from core.errors import AppError, Forbidden
from core.language import Language
from core.money import CURRENCIES
from crm import bundles, catalogue, costs, price_lists, product_changes, product_list
from crm.lists import found
from crm.product_changes import ProductFields
from crm.product_list import ON_SALE, ORDERS, WITHDRAWN, ProductFilters
from crm.session import CrmSession
from crm.tables import Price, Product
from offers.currency import as_currency
from offers.documents.view import print_price
from offers.documents.words import unit_word

router = APIRouter(include_in_schema=False)
PATH = "/products"
FILTERS = ("q", "category", "state")
Text = Annotated[str, Form(max_length=400)]


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list of products with today's prices and those to come."""
    url = ListUrl.of(PATH, visit.request.query_params, FILTERS, "sku", ORDERS)
    filters = ProductFilters(url["q"], url["category"], url["state"])
    controls = (_new(visit),) if visit.can("product", "create") else ()
    words = visit.words
    with visit.reading() as session:
        rows = found(
            session, product_list.query_for(session, filters, url.order, visit.language), Product.id, url.offset
        )
        states = [(ON_SALE, words("On sale")), (WITHDRAWN, words("Withdrawn"))]
        categories = [(name, name) for name in product_list.categories(session)]
        return visit.page(
            "products/list.html",
            Screen(
                "products",
                fields={words("Products"): rows.total},
                controls=controls,
                filters=filters_told(words, url.filters, {"state": states}),
            ),
            rows=rows,
            url=url,
            new=controls[0] if controls else None,
            prices=product_list.prices(session, rows.rows),
            categories=[("", words("Every category")), *categories],
            states=[("", words("On sale and withdrawn")), *states],
            currencies=CURRENCIES,
            name_of=catalogue.name_of,
            price=print_price,
            unit_word=unit_word,
        )


def _new(visit: Visit) -> Control:
    return visit.control("new", visit.words("New product"), "product", "create")


@router.get(PATH + "/new")
def blank(visit: VisitDep) -> HTMLResponse:
    """The form of a new product."""
    if not visit.can("product", "create"):
        raise Forbidden("create", "product")
    return _new_page(visit, {"unit": "db", "minimum_quantity": "1", "active": "yes"}, {})


@router.post(PATH + "/new")
def create(
    visit: VisitDep,
    sku: Text = "",
    name_hu: Text = "",
    name_pl: Text = "",
    name_en: Text = "",
    unit: Text = "",
    vat_percent: Text = "",
    minimum_quantity: Text = "",
    category: Text = "",
    active: Text = "",
) -> Response:
    """Make the product that was typed."""
    typed = {
        "sku": sku,
        **_typed(name_hu, name_pl, name_en, unit, vat_percent, minimum_quantity, category, active),
    }
    fields = _fields(typed)
    try:
        with visit.writing() as session:
            code = product_changes.create(session, sku, fields).sku
    except AppError as refused:
        errors = _errors(visit, refused, fields)
        if refused.code.startswith("product_sku"):
            errors["sku"] = visit.refused(refused)
        return _new_page(visit, typed, errors, refused.status)
    return visit.go(f"{PATH}/{code}", visit.words("Product %(sku)s is made.", sku=code))


def _new_page(visit: Visit, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> HTMLResponse:
    save = Control("save", visit.words("Make the product"))
    told = Screen("product", fields=dict(typed), errors=errors, controls=(save,))
    return visit.page("products/new.html", told, status, typed=typed, errors=errors, save=save)


@router.get(PATH + "/{sku}")
def sheet(visit: VisitDep, sku: str) -> HTMLResponse:
    """A product, its fields and every price it had, has and will have."""
    return sheet_page(visit, sku)


@router.post(PATH + "/{sku}")
def change(
    visit: VisitDep,
    sku: str,
    version: Annotated[int, Form()],
    name_hu: Text = "",
    name_pl: Text = "",
    name_en: Text = "",
    unit: Text = "",
    vat_percent: Text = "",
    minimum_quantity: Text = "",
    category: Text = "",
    active: Text = "",
) -> Response:
    """Change the product to what was typed."""
    typed = _typed(name_hu, name_pl, name_en, unit, vat_percent, minimum_quantity, category, active)
    fields = _fields(typed)
    try:
        with visit.writing() as session:
            product_changes.change(session, product_changes.find(session, sku), version, fields)
    except AppError as refused:
        if refused.status == 404:
            raise
        return sheet_page(visit, sku, refused.status, typed=typed, errors=_errors(visit, refused, fields))
    return visit.go(f"{PATH}/{sku.upper()}", visit.words("Product %(sku)s is saved.", sku=sku.upper()))


@router.post(PATH + "/{sku}/prices")
def new_price(
    visit: VisitDep,
    sku: str,
    currency: Text = "",
    unit_price: Text = "",
    valid_from: Text = "",
    valid_to: Text = "",
    price_list: Text = "",
    minimum_quantity: Text = "",
) -> Response:
    """Give the product a new price, for everybody or on a price list, for any quantity or from one on."""
    asked = {"currency": currency, "unit_price": unit_price, "valid_from": valid_from, "valid_to": valid_to}
    asked |= {"price_list": price_list, "minimum_quantity": minimum_quantity}
    try:
        with visit.writing() as session:
            product = product_changes.find(session, sku)
            end = day_of(valid_to)
            if valid_to.strip() and end is None:
                raise AppError("price_end_wrong", 422)
            price, first, least = number_of(unit_price), day_of(valid_from), number_of(minimum_quantity or "0")
            on_list = price_lists.by_code(session, price_list) if price_list.strip() else None
            product_changes.new_price(session, product, currency, price, first, end, on_list, least)
    except AppError as refused:
        if refused.status == 404:
            raise
        errors = {PRICE_FIELDS.get(refused.code, ""): visit.refused(refused)}
        return sheet_page(visit, sku, refused.status, asked=asked, price_errors=errors)
    return visit.go(f"{PATH}/{sku.upper()}", visit.words("The new price is saved."))


def sheet_page(
    visit: Visit,
    sku: str,
    status: int = 200,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    asked: dict[str, str] | None = None,
    price_errors: dict[str, str] | None = None,
    cost_errors: dict[str, str] | None = None,
    part_errors: dict[str, str] | None = None,
) -> HTMLResponse:
    """The sheet of a product; `typed` and `asked` are what comes back in its forms, with what is wrong in each."""
    words, errors, price_errors = visit.words, errors or {}, price_errors or {}
    with visit.reading() as session:
        product = product_changes.find(session, sku)
        save = Control("save", words("Save")) if visit.can("product", "update") else None
        add = Control("add-price", words("Save the new price")) if visit.can("price", "create") else None
        name = catalogue.name_of(product, visit.language)
        told = Screen(
            "product",
            ("product", product.sku),
            fields={words("Name"): name, words("Unit"): product.unit, words("VAT"): product.vat_percent},
            errors={**errors, **price_errors},
            controls=tuple(control for control in (save, add) if control is not None),
        )
        return visit.page(
            "products/sheet.html",
            told,
            status,
            product=product,
            name=name,
            typed=typed or _typed_from(product, visit.language),
            errors=errors,
            save=save,
            add=add,
            asked=asked or {"currency": CURRENCIES[0], "valid_from": today().isoformat()},
            price_errors=price_errors,
            currencies=[(code, code) for code in CURRENCIES],
            rows=_rows(session, product),
            lists=[("", words("everybody")), *((one.code, one.name) for one in price_lists.lists(session))],
            parts=bundles.parts(session, product),
            costs=costs.cost_rows(session, product),
            cost_errors=cost_errors or {},
            part_errors=part_errors or {},
            today=today().isoformat(),
            name_of=catalogue.name_of,
            price=print_price,
            unit_word=unit_word,
        )


def _rows(session: CrmSession, product: Product) -> list[tuple[Price, str]]:
    """Every price with when it holds: by currency, everybody's before those of lists, by quantity, newest first."""
    rows = product_changes.price_rows(session, product)
    rows.sort(
        key=lambda row: (
            CURRENCIES.index(as_currency(row.currency)),
            row.price_list.code if row.price_list else "",
            row.minimum_quantity,
            -row.valid_from.toordinal(),
        )
    )
    return [(row, when(row)) for row in rows]


def _typed(*values: str) -> dict[str, str]:
    names = ("name_hu", "name_pl", "name_en", "unit", "vat_percent", "minimum_quantity", "category", "active")
    return dict(zip(names, values, strict=True))


def _typed_from(product: Product, language: Language) -> dict[str, str]:
    return _typed(
        product.name_hu,
        product.name_pl,
        product.name_en,
        product.unit,
        typed_from(product.vat_percent, language),
        typed_from(product.minimum_quantity, language),
        product.category or "",
        "yes" if product.active else "",
    )


def _fields(typed: dict[str, str]) -> ProductFields:
    return ProductFields(
        name_hu=typed["name_hu"],
        name_pl=typed["name_pl"],
        name_en=typed["name_en"],
        unit=typed["unit"],
        vat_percent=number_of(typed["vat_percent"]),
        minimum_quantity=number_of(typed["minimum_quantity"]),
        category=typed["category"],
        active=bool(typed["active"]),
    )


def _errors(visit: Visit, refused: AppError, fields: ProductFields) -> dict[str, str]:
    wrong = product_changes.wrong(fields)
    return {"": visit.refused(refused), **{name: visit.refused(error) for name, error in wrong.items()}}
