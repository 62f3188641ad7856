"""Products on sale and what they cost on a day."""

from datetime import date

from sqlalchemy import or_, select

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


def price_on(session: CrmSession, product: Product, currency: Currency, day: date) -> Price:
    """The list price row of `product` in `currency` valid on `day`. Raises `AppError("no_price")`."""
    found = session.scalars(
        select(Price)
        .where(
            Price.product_id == product.id,
            Price.currency == currency,
            Price.valid_from <= day,
            or_(Price.valid_to.is_(None), Price.valid_to >= day),
        )
        .order_by(Price.valid_from.desc())
        .limit(1)
    ).first()
    if found is None:
        raise AppError("no_price", 409, sku=product.sku, currency=currency, day=day.isoformat())
    return found


def search(session: CrmSession, text: str, limit: int = 50) -> list[Product]:
    """Products whose SKU or a name in any language holds `text`, accents and case aside, by SKU."""
    wanted = fold(text.strip())
    found = [p for p in on_sale(session) if any(wanted in fold(t) for t in (p.sku, p.name_hu, p.name_pl, p.name_en))]
    return found[:limit]
