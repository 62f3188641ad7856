"""Products from a file, known by their SKU, and their list prices."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

from sqlalchemy import select

from core.clock import today
from crm import catalogue
from crm.imports.cells import LARGEST_NUMBER, Code, Money, OptionalText, Text, number_between
from crm.imports.report import ImportReport
from crm.imports.table import Row, TypedTable, assign
from crm.session import CrmSession
from crm.tables import Price, Product


class ProductRow(Row):
    """Something sold. `vat_percent` is 0, or from 1 to 100; prices are net per `unit`; an empty price changes none.

    A rate between 0 and 1 is refused: it is what a spreadsheet keeps for a cell shown as per cent.
    """

    sku: Code
    name_hu: Text
    name_en: Text
    name_pl: Text
    unit: Text
    vat_percent: Annotated[Decimal, number_between(Decimal(0), Decimal(100), gap=Decimal(1))]
    category: OptionalText = None
    minimum_quantity: Annotated[Decimal, number_between(Decimal(0), LARGEST_NUMBER, default=Decimal(1))] = Decimal(1)
    price_huf: Money = None
    price_eur: Money = None
    price_pln: Money = None

    @property
    def prices(self) -> dict[str, Decimal]:
        """The prices the row states, by currency."""
        stated = {"HUF": self.price_huf, "EUR": self.price_eur, "PLN": self.price_pln}
        return {currency: price for currency, price in stated.items() if price is not None}


_PLAIN = {
    name: name
    for name in ("sku", "name_hu", "name_en", "name_pl", "unit", "vat_percent", "category", "minimum_quantity")
}


def set_price(session: CrmSession, product: Product, rows: list[Price], unit_price: Decimal, currency: str) -> bool:
    """Have `product` cost `unit_price` from today on; whether that changed anything.

    `rows` are the product's prices in `currency`, oldest first. The price valid until now ends yesterday, so that
    what was offered before keeps its price; one that began today is corrected. A price that begins later stands.
    """
    day = today()
    present = next((p for p in rows if p.valid_from <= day and (p.valid_to is None or p.valid_to >= day)), None)
    if present is not None and present.unit_price == unit_price:
        return False
    if present is not None and present.valid_from == day:
        present.unit_price = unit_price
        return True
    later = [p.valid_from for p in rows if p.valid_from > day]
    until: date | None = min(later) - timedelta(days=1) if later else None
    if present is not None:
        until = present.valid_to
        present.valid_to = day - timedelta(days=1)
    new = Price(product=product, currency=currency, unit_price=unit_price, valid_from=day, valid_to=until)
    session.add(new)
    rows.append(new)
    return True


def _load(session: CrmSession, rows: list[ProductRow], report: ImportReport) -> None:
    skus = [row.sku for row in rows]
    known = {p.sku: p for p in session.scalars(select(Product).where(Product.sku.in_(skus)))}
    prices: dict[tuple[str, str], list[Price]] = defaultdict(list)
    ids = [p.id for p in known.values()]
    # A file states everybody's price for any quantity; price lists and quantity breaks stay as they are.
    stated = catalogue.everybodys_prices().where(Price.product_id.in_(ids))
    for price in session.scalars(stated.order_by(Price.valid_from)):
        prices[price.product.sku, price.currency].append(price)
    for row in rows:
        product, values = known.get(row.sku), row.given(**_PLAIN)
        if product is None:
            product = known[row.sku] = Product(**values)
            session.add(product)
            for currency, unit_price in row.prices.items():
                set_price(session, product, prices[row.sku, currency], unit_price, currency)
            report.created += 1
            continue
        changed = assign(product, values)
        for currency, unit_price in row.prices.items():
            changed |= set_price(session, product, prices[row.sku, currency], unit_price, currency)
        report.updated += changed
        report.unchanged += not changed


def table() -> TypedTable[ProductRow]:
    """The import of products."""
    return TypedTable(ProductRow, _load, lambda row: row.sku)
