"""Exporting what people work with as csv files, in the shape the import reads."""

import csv
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, and_, case, or_, select
from sqlalchemy.sql.elements import ColumnElement

from core.clock import today
from core.errors import AppError
from core.money import exact
from crm.backup.rows import snapshot
from crm.tables import (
    Activity,
    Base,
    Contact,
    Customer,
    Offer,
    OfferLine,
    OfferVersion,
    Opportunity,
    Price,
    PriceList,
    Product,
    Team,
    User,
    table_of,
)

_BATCH = 1000
_USERS, _CUSTOMERS, _PRODUCTS = table_of(User), table_of(Customer), table_of(Product)
_TEAMS, _PRICES, _CONTACTS = table_of(Team), table_of(Price), table_of(Contact)
_LISTS = table_of(PriceList)
_DEALS, _ACTIVITIES = table_of(Opportunity), table_of(Activity)
_OFFERS, _VERSIONS, _LINES = table_of(Offer), table_of(OfferVersion), table_of(OfferLine)

# Texts a spreadsheet would run as a formula; phone numbers and amounts may begin with a sign.
_FORMULA = re.compile(r"[=@\t]|[+-](?![\d\s()./,-]*$)")


def _columns(entity: type[Base], *names: str) -> list[ColumnElement[object]]:
    return [table_of(entity).c[name] for name in names]


def _price(currency: str) -> ColumnElement[object]:
    day = today()
    return (
        select(_PRICES.c.unit_price)
        .where(
            and_(_PRICES.c.product_id == _PRODUCTS.c.id, _PRICES.c.currency == currency, _PRICES.c.valid_from <= day),
            or_(_PRICES.c.valid_to.is_(None), _PRICES.c.valid_to >= day),
            and_(_PRICES.c.price_list_id == 0, _PRICES.c.minimum_quantity == Decimal(0)),
        )
        .limit(1)
        .scalar_subquery()
        .label(f"price_{currency.lower()}")
    )


def _queries() -> dict[str, Select[object]]:
    """What each file holds. The six kinds an import knows have its columns."""
    owner, customer_code = _USERS.c.login.label("owner"), _CUSTOMERS.c.code.label("customer_code")
    in_huf = case((_DEALS.c.currency == "HUF", _DEALS.c.amount))
    return {
        "users": select(
            *_columns(User, "login", "family_name", "given_name", "email"),
            _USERS.c.role_code.label("role"),
            _TEAMS.c.name.label("team"),
            *_columns(User, "language", "active"),
        )
        .select_from(_USERS.outerjoin(_TEAMS))
        .order_by(_USERS.c.login),
        "products": select(
            *_columns(Product, "sku", "name_hu", "name_en", "name_pl", "unit"),
            *(_price(currency) for currency in ("HUF", "EUR", "PLN")),
            *_columns(Product, "vat_percent", "category", "minimum_quantity", "active"),
        ).order_by(_PRODUCTS.c.sku),
        "prices": select(
            _PRODUCTS.c.sku,
            *_columns(Price, "currency", "unit_price", "valid_from", "valid_to"),
            _LISTS.c.code.label("price_list"),
            *_columns(Price, "minimum_quantity"),
        )
        .select_from(_PRICES.join(_PRODUCTS).outerjoin(_LISTS, _LISTS.c.id == _PRICES.c.price_list_id))
        .order_by(_PRODUCTS.c.sku, _PRICES.c.currency, _LISTS.c.code, _PRICES.c.minimum_quantity, _PRICES.c.valid_from),
        "customers": select(
            *_columns(Customer, "code", "name", "tax_number", "country", "city", "address", "industry"),
            *_columns(Customer, "employees", "sites", "status", "segment"),
            owner,
            *_columns(Customer, "currency", "language", "payment_days"),
        )
        .select_from(_CUSTOMERS.outerjoin(_USERS, _USERS.c.id == _CUSTOMERS.c.owner_id))
        .order_by(_CUSTOMERS.c.code),
        "contacts": select(
            customer_code,
            *_columns(Contact, "family_name", "given_name", "position", "email", "phone", "marketing_consent"),
        )
        .select_from(_CONTACTS.join(_CUSTOMERS))
        .order_by(_CONTACTS.c.id),
        "activities": select(
            customer_code,
            _ACTIVITIES.c.type_code.label("type"),
            _ACTIVITIES.c.subject,
            _USERS.c.login.label("assignee"),
            *_columns(Activity, "due", "state", "priority", "note"),
        )
        .select_from(
            _ACTIVITIES.join(_CUSTOMERS, _CUSTOMERS.c.id == _ACTIVITIES.c.customer_id).outerjoin(
                _USERS, _USERS.c.id == _ACTIVITIES.c.assignee_id
            )
        )
        .order_by(_ACTIVITIES.c.id),
        "opportunities": select(
            _DEALS.c.code,
            customer_code,
            _DEALS.c.title,
            _DEALS.c.stage_code.label("stage"),
            owner,
            in_huf.label("amount_huf"),
            _DEALS.c.source,
            _DEALS.c.opened_on.label("created"),
            *_columns(Opportunity, "campaign", "amount", "currency"),
        )
        .select_from(
            _DEALS.join(_CUSTOMERS, _CUSTOMERS.c.id == _DEALS.c.customer_id).outerjoin(
                _USERS, _USERS.c.id == _DEALS.c.owner_id
            )
        )
        .order_by(_DEALS.c.code),
        "offers": select(
            _OFFERS.c.number,
            _VERSIONS.c.ordinal.label("version"),
            _OFFERS.c.state,
            customer_code,
            owner,
            *_columns(OfferVersion, "currency", "language", "made_on", "valid_until", "net", "vat", "gross"),
        )
        .select_from(
            _OFFERS.join(_VERSIONS, _VERSIONS.c.offer_id == _OFFERS.c.id)
            .join(_CUSTOMERS, _CUSTOMERS.c.id == _OFFERS.c.customer_id)
            .join(_USERS, _USERS.c.id == _OFFERS.c.owner_id)
        )
        .order_by(_OFFERS.c.number, _VERSIONS.c.ordinal),
        "offer_lines": select(
            _OFFERS.c.number,
            _VERSIONS.c.ordinal.label("version"),
            *_columns(OfferLine, "position", "sku", "name", "quantity", "unit", "unit_price"),
            *_columns(OfferLine, "discount_percent", "net", "vat_percent"),
        )
        .select_from(
            _LINES.join(_VERSIONS, _VERSIONS.c.id == _LINES.c.offer_version_id).join(
                _OFFERS, _OFFERS.c.id == _VERSIONS.c.offer_id
            )
        )
        .order_by(_OFFERS.c.number, _VERSIONS.c.ordinal, _LINES.c.position),
    }


def safe_cell(value: object) -> str:
    """A value as csv text; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return exact(value)
    text = value.isoformat() if isinstance(value, date) else str(value)
    return f"'{text}" if _FORMULA.match(text) else text


def export(engine: Engine, target: Path) -> list[Path]:
    """Write csv files (UTF-8 with mark, as spreadsheets expect) into the folder `target`, all of one moment.

    No passwords, no conversations and no audit; `backup` has those. Raises `AppError` for a folder that holds
    files of these names already.
    """
    target.mkdir(parents=True, exist_ok=True)
    queries = _queries()
    there = [f"{name}.csv" for name in queries if (target / f"{name}.csv").exists()]
    if there:
        raise AppError("export_exists", 409, folder=str(target), files=", ".join(there))
    with snapshot(engine) as connection:
        return [_write(connection, query, target / f"{name}.csv") for name, query in queries.items()]


def _write(connection: Connection, query: Select[object], file: Path) -> Path:
    result = connection.execute(query.execution_options(yield_per=_BATCH))
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(result.keys())
        rows: Iterable[Iterable[object]] = result
        writer.writerows([safe_cell(value) for value in row] for row in rows)
    return file
