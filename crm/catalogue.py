"""Products on sale and what they cost on a day."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Select, or_, select

from core.errors import AppError
from core.language import Language
from core.money import Currency
from core.text import fold
from crm.session import CrmSession
from crm.tables import Price, Product


def on_sale(session: CrmSession) -> list[Product]:
    """Every active product, by SKU."""
    return list(session.scalars(select(Product).where(Product.active).order_by(Product.sku)))


def by_sku(session: CrmSession, sku: str) -> Product | None:
    """The product with this SKU, in any letter case."""
    return session.scalar(select(Product).where(Product.sku == sku.strip().upper()))


def name_of(product: Product, language: Language) -> str:
    """The product's name in `language`."""
    names = {"hu": product.name_hu, "pl": product.name_pl, "en": product.name_en}
    return names[language]


def everybodys_prices() -> Select[Price]:
    """The price rows that hold for every customer and any quantity: those of no list and no quantity break."""
    return select(Price).where(Price.price_list_id == 0, Price.minimum_quantity == Decimal(0))


def prices_on(session: CrmSession, product: Product, day: date) -> list[Price]:
    """Every price row of `product` that holds on `day`: of everybody's prices and of price lists, in any currency."""
    query = select(Price).where(
        Price.product_id == product.id,
        Price.valid_from <= day,
        or_(Price.valid_to.is_(None), Price.valid_to >= day),
    )
    return list(session.scalars(query))


def price_on(session: CrmSession, product: Product, currency: Currency, day: date) -> Price:
    """Everybody's price row of `product` in `currency` valid on `day`, for the smallest quantity.

    Raises `AppError("no_price")`.
    """
    rows = [row for row in prices_on(session, product, day) if row.currency == currency and row.price_list_id == 0]
    if not rows:
        raise AppError("no_price", 409, sku=product.sku, currency=currency, day=day.isoformat())
    return min(rows, key=lambda row: (row.minimum_quantity, -row.valid_from.toordinal()))


def search(session: CrmSession, text: str, limit: int = 50) -> list[Product]:
    """Products whose SKU or a name in any language holds `text`, accents and case aside, by SKU."""
    wanted = fold(text.strip())
    found = [p for p in on_sale(session) if any(wanted in fold(t) for t in (p.sku, p.name_hu, p.name_pl, p.name_en))]
    return found[:limit]
