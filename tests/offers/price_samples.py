"""Price lists, rates and costs over the sample company, for the tests of prices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Engine, select

from core.clock import today
from crm import customers
from crm.actor import SYSTEM, Actor
from crm.company import company, set_company
from crm.session import CrmSession, unit
from crm.tables import ExchangeRate, Price, PriceList, Product
from offers.figures import Edit, EditedLine, Figures, figures
from offers.prices import ForWhom

D = Decimal


@dataclass(frozen=True)
class Row:
    """A price row to be: on the list with this place (None: everybody's), beginning and ending so many days from
    today."""

    on_list: int | None
    currency: str
    amount: Decimal
    least: Decimal
    first: int
    last: int | None


@dataclass(frozen=True)
class Listed:
    """A price list to be, for one customer (a code), segment or campaign."""

    customer: str | None
    segment: str | None
    campaign: str | None
    first: int
    last: int | None
    active: bool


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def product_of(session: CrmSession, sku: str = "TOLL") -> Product:
    return session.scalars(select(Product).where(Product.sku == sku)).one()


def put(session: CrmSession, lists: Sequence[Listed], rows: Sequence[Row], sku: str = "TOLL") -> list[PriceList]:
    """Replace the prices of a product by `rows`, on `lists`; the lists as made."""
    product = product_of(session, sku)
    for old in session.scalars(select(Price).where(Price.product_id == product.id)).all():
        session.delete(old)
    session.flush()
    made = []
    for place, one in enumerate(lists):
        buyer = customers.by_code(session, one.customer) if one.customer else None
        made.append(
            PriceList(
                code=f"L{place}",
                name=f"List {place}",
                customer_id=buyer.id if buyer else None,
                segment=one.segment,
                campaign=one.campaign,
                valid_from=in_days(one.first),
                valid_to=None if one.last is None else in_days(one.last),
                active=one.active,
            )
        )
    session.add_all(made)
    session.flush()
    for row in rows:
        session.add(
            Price(
                product_id=product.id,
                currency=row.currency,
                unit_price=row.amount,
                valid_from=in_days(row.first),
                valid_to=None if row.last is None else in_days(row.last),
                price_list_id=0 if row.on_list is None else made[row.on_list].id,
                minimum_quantity=row.least,
            )
        )
    session.flush()
    return made


def give_rate(session: CrmSession, base: str, quote: str, rate: Decimal, first: int = 0) -> ExchangeRate:
    made = ExchangeRate(base=base, quote=quote, rate=rate, valid_from=in_days(first))
    session.add(made)
    session.flush()
    return made


def set_vat(engine: Engine, **switches: object) -> None:
    """Switch the VAT rules as an administrator does."""
    with unit(engine, SYSTEM) as session:
        set_company(session, company(session).model_copy(update=switches))


def edit(*lines: tuple[str, str], discount: str = "0") -> Edit:
    """An edit of these (SKU, quantity) lines."""
    made = tuple(EditedLine(sku, D(quantity), D(discount)) for sku, quantity in lines)
    return Edit(made, in_days(30), 8)


def worked_out(
    engine: Engine, actor: Actor, asked: Edit, customer: str = "C0001", currency: str = "HUF", campaign: str = ""
) -> Figures:
    """The figures of `asked` for a customer, with nothing stored."""
    with unit(engine, actor, writes=False) as session:
        whom = ForWhom(customers.by_code(session, customer), campaign or None)
        return figures(session, asked, currency, "hu", whom)  # type: ignore[arg-type]
