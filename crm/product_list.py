"""The list of products with their prices: what holds today and what is to come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from core.clock import today
from core.text import fold
from crm import catalogue
from crm.session import CrmSession
from crm.tables import Price, Product

ORDERS = ("sku", "name", "category")
ON_SALE, WITHDRAWN = "on_sale", "withdrawn"


@dataclass(frozen=True)
class ProductFilters:
    """What the list is narrowed by: `text` in the SKU or a name in any language, accents and letter case aside;
    `category` as written; `state` `ON_SALE`, `WITHDRAWN`, or empty for both."""

    text: str = ""
    category: str = ""
    state: str = ""


@dataclass(frozen=True)
class Prices:
    """A product's list prices in one currency: today's, and the next one to come, if any."""

    current: Price | None = None
    coming: Price | None = None


def _named(session: CrmSession, text: str) -> list[int]:
    wanted = fold(text)
    # A catalogue has some thousand products; no database folds accents the same way.
    rows = session.execute(select(Product.id, Product.sku, Product.name_hu, Product.name_pl, Product.name_en))
    return [key for key, *names in rows if any(wanted in fold(name) for name in names)]


def query_for(
    session: CrmSession, filters: ProductFilters, order: str = "sku", language: str = "en"
) -> Select[Product]:
    """The products `filters` leave, in `order`: one of `ORDERS`, turned round by a minus sign before it; names are
    ordered in `language`. Those without a category come last. An unknown order is the one by SKU."""
    back, name = order.startswith("-"), order.removeprefix("-")
    query = select(Product)
    if text := filters.text.strip():
        query = query.where(Product.id.in_(_named(session, text)))
    if filters.category:
        query = query.where(Product.category == filters.category)
    if filters.state:
        query = query.where(Product.active if filters.state == ON_SALE else Product.active.is_(False))
    names = {"hu": Product.name_hu, "pl": Product.name_pl, "en": Product.name_en}
    column = {"name": names.get(language, Product.name_en), "category": Product.category}.get(name, Product.sku)
    ordered = column.desc() if back else column.asc()
    return query.order_by(ordered.nulls_last(), Product.sku.desc() if back else Product.sku.asc())


def prices(
    session: CrmSession, products: Sequence[Product], day: date | None = None
) -> Mapping[int, dict[str, Prices]]:
    """By product id and currency, everybody's price for any quantity on `day` (today) and the next to come after it."""
    day = day or today()
    query = (
        catalogue.everybodys_prices().where(Price.product_id.in_([p.id for p in products])).order_by(Price.valid_from)
    )
    found: dict[int, dict[str, Prices]] = defaultdict(dict)
    for row in session.scalars(query):
        known = found[row.product_id].get(row.currency, Prices())
        if row.valid_from > day:
            known = Prices(known.current, known.coming or row)
        elif row.valid_to is None or row.valid_to >= day:
            known = Prices(row, known.coming)
        found[row.product_id][row.currency] = known
    return found


def categories(session: CrmSession) -> list[str]:
    """Every category there is, by name."""
    found = session.scalars(select(Product.category).where(Product.category.is_not(None)).distinct())
    return sorted(category for category in found if category)
