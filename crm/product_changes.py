"""Making and changing products, and giving them prices without touching what was offered before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from core.clock import today
from core.errors import AppError, NotFound
from core.money import CURRENCIES
from crm import catalogue, kept
from crm.session import CrmSession
from crm.tables import Price, PriceList, Product

_SKU = re.compile(r"[A-Z0-9ÁÉÍÓÖŐÚÜŰĄĆĘŁŃŚŹŻ][A-Z0-9ÁÉÍÓÖŐÚÜŰĄĆĘŁŃŚŹŻ._-]{0,39}")
_LONGEST = 300
_LARGEST = Decimal(10) ** 12 - 1
_PLACES = 4


@dataclass(frozen=True)
class ProductFields:
    """What is kept about a product. `vat_percent` is in per cent, `minimum_quantity` in `unit`; None is what could not
    be read. `active` ones can be offered."""

    name_hu: str
    name_pl: str
    name_en: str
    unit: str
    vat_percent: Decimal | None
    minimum_quantity: Decimal | None
    category: str = ""
    active: bool = True


def wrong(fields: ProductFields) -> Mapping[str, AppError]:
    """What is wrong with `fields`, by the name of the field; empty where nothing is."""
    errors: dict[str, AppError] = {}
    for name in ("name_hu", "name_pl", "name_en", "unit"):
        text = getattr(fields, name).strip()
        if not text:
            errors[name] = AppError("product_field_missing", 422)
        elif len(text) > _LONGEST:
            errors[name] = AppError("product_text_too_long", 422, most=_LONGEST)
    if len(fields.category.strip()) > _LONGEST:
        errors["category"] = AppError("product_text_too_long", 422, most=_LONGEST)
    # A rate between 0 and 1 is what a share looks like that was meant as per cent.
    if not _within(fields.vat_percent, Decimal(100)) or 0 < (fields.vat_percent or 0) < 1:
        errors["vat_percent"] = AppError("product_vat_wrong", 422)
    if not _within(fields.minimum_quantity, _LARGEST):
        errors["minimum_quantity"] = AppError("product_minimum_wrong", 422)
    return errors


def _within(number: Decimal | None, largest: Decimal) -> bool:
    if number is None or not number.is_finite() or not 0 <= number <= largest:
        return False
    return number == round(number, _PLACES)


def _assign(product: Product, fields: ProductFields) -> None:
    if found := wrong(fields):
        raise AppError("product_form_wrong", 422, count=len(found))
    assert fields.vat_percent is not None and fields.minimum_quantity is not None
    product.name_hu, product.name_pl, product.name_en, product.unit = (
        text.strip() for text in (fields.name_hu, fields.name_pl, fields.name_en, fields.unit)
    )
    product.vat_percent, product.minimum_quantity = fields.vat_percent, fields.minimum_quantity
    product.category = fields.category.strip() or None
    product.active = fields.active


def find(session: CrmSession, sku: str) -> Product:
    """The product with this SKU, on sale or not. Raises `NotFound`."""
    found = catalogue.by_sku(session, sku)
    if found is None:
        raise NotFound("product", sku)
    return found


def create(session: CrmSession, sku: str, fields: ProductFields) -> Product:
    """A new product. Its SKU is kept in capitals and never changes.

    Raises `AppError` for a SKU that is taken or no SKU, `AppError("product_form_wrong")` (see `wrong`), `Forbidden`.
    """
    code = sku.strip().upper()
    if not _SKU.fullmatch(code):
        raise AppError("product_sku_wrong", 422)
    if catalogue.by_sku(session, code) is not None:
        raise AppError("product_sku_taken", 409, sku=code)
    product = Product(sku=code)
    _assign(product, fields)
    session.add(product)
    session.flush()
    return product


def change(session: CrmSession, product: Product, version: int, fields: ProductFields) -> None:
    """Give `product`, read when its record had `version`, these fields. Offers made before keep what they say.

    Raises `AppError("conflict")`, `AppError("product_form_wrong")`, `Forbidden`.
    """
    if product.version != version:
        raise AppError("conflict", 409)
    _assign(product, fields)
    session.flush()


def price_rows(session: CrmSession, product: Product) -> list[Price]:
    """Every price of `product`, those of price lists too, by currency, list and quantity, oldest first."""
    order = (Price.currency, Price.price_list_id, Price.minimum_quantity, Price.valid_from)
    return list(session.scalars(select(Price).where(Price.product_id == product.id).order_by(*order)))


def new_price(
    session: CrmSession,
    product: Product,
    currency: str,
    unit_price: Decimal | None,
    valid_from: date | None,
    valid_to: date | None = None,
    price_list: PriceList | None = None,
    minimum_quantity: Decimal | None = Decimal(0),
) -> Price:
    """Have `product` cost `unit_price`, net per unit in `currency`, from `valid_from` on, to `valid_to` if given: for
    everybody or, with a `price_list`, for whom that is; for `minimum_quantity` and more, in the product's unit.

    What follows is of prices of that list, currency and quantity alone. The price that holds on the first day ends the
    day before; without a last day the new one holds until the next to come begins, or until further notice. A price
    that begins on that very day is corrected, unless an offer was made at it. Raises `AppError`: `price_wrong`,
    `price_quantity_wrong`, `price_currency_wrong`, `price_day_wrong` (none, or before today), `price_end_wrong` (before
    the first day), `price_overlaps` (reaches into the next one), `price_in_use`; `Forbidden`.
    """
    if unit_price is None or not _within(unit_price, _LARGEST):
        raise AppError("price_wrong", 422)
    if minimum_quantity is None or not _within(minimum_quantity, _LARGEST):
        raise AppError("price_quantity_wrong", 422)
    if currency not in CURRENCIES:
        raise AppError("price_currency_wrong", 422, known=", ".join(CURRENCIES))
    if valid_from is None or valid_from < today():
        raise AppError("price_day_wrong", 422)
    if valid_to is not None and valid_to < valid_from:
        raise AppError("price_end_wrong", 422)
    # Two who give prices at once take turns (SQLite's writing units do by themselves).
    session.scalars(select(Product).where(Product.id == product.id).with_for_update()).one()
    list_id = price_list.id if price_list is not None else 0
    key = (currency, list_id, minimum_quantity)
    rows = [
        row for row in price_rows(session, product) if (row.currency, row.price_list_id, row.minimum_quantity) == key
    ]
    later = min((row.valid_from for row in rows if row.valid_from > valid_from), default=None)
    if later is not None and valid_to is not None and valid_to >= later:
        raise AppError("price_overlaps", 409, day=later.isoformat())
    end = valid_to or (later - timedelta(days=1) if later else None)
    same = next((row for row in rows if row.valid_from == valid_from), None)
    if same is not None:
        if same.unit_price != unit_price and kept.is_used(session, same):
            raise AppError("price_in_use", 409, day=valid_from.isoformat())
        same.unit_price, same.valid_to = unit_price, end
        session.flush()
        return same
    for row in rows:
        if row.valid_from < valid_from and (row.valid_to is None or row.valid_to >= valid_from):
            row.valid_to = valid_from - timedelta(days=1)
    price = Price(
        product=product,
        product_id=product.id,
        currency=currency,
        unit_price=unit_price,
        valid_from=valid_from,
        valid_to=end,
        price_list_id=list_id,
        minimum_quantity=minimum_quantity,
    )
    session.add(price)
    session.flush()
    return price
