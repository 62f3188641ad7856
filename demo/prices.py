"""Price lists, quantity breaks, a bundle, exchange rates and costs of the demo company, all from today on."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine

from core.clock import today
from crm import bundles, costs, exchange, price_lists, product_changes
from crm.actor import SYSTEM
from crm.price_lists import ListFields
from crm.session import CrmSession, unit

DATA = Path(__file__).with_name("data")


def load_prices(engine: Engine) -> None:
    """Put them into a database that has the demo's products and customers. Only for one that has none of them yet."""
    with unit(engine, SYSTEM) as session:
        _lists(session)
        for row in _rows("bundles"):
            bundle = product_changes.find(session, row["bundle"])
            bundles.put(session, bundle, row["sku"], Decimal(row["quantity"]))
        for row in _rows("rates"):
            exchange.give(session, row["base"], row["quote"], Decimal(row["rate"]), today(), row["source"])
        for row in _rows("costs"):
            product = product_changes.find(session, row["sku"])
            costs.give(session, product, row["currency"], Decimal(row["unit_cost"]), today())


def _lists(session: CrmSession) -> None:
    for row in _rows("price_lists"):
        fields = ListFields(row["name"], today(), row["customer_code"], row["segment"], row["campaign"])
        price_lists.create(session, row["code"], fields)
    for row in _rows("prices"):
        product_changes.new_price(
            session,
            product_changes.find(session, row["sku"]),
            row["currency"],
            Decimal(row["unit_price"]),
            today(),
            price_list=price_lists.by_code(session, row["price_list"]) if row["price_list"] else None,
            minimum_quantity=Decimal(row["minimum_quantity"]),
        )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
