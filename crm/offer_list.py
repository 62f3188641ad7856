"""The list of offers: what it can be narrowed by and how it is ordered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, false, select, union
from sqlalchemy.orm import joinedload, selectinload

from core.clock import today
from core.text import folded_words
from crm.customers import escape_like, meant_by
from crm.session import CrmSession
from crm.tables import Customer, Offer, OfferVersion, User, table_of

ME = "me"
STATES = ("draft", "awaiting_approval", "issued", "expired")
ORDERS = ("number", "customer", "made", "valid_until", "owner", "gross")


@dataclass(frozen=True)
class OfferFilters:
    """What the list is narrowed by; an empty value does not narrow it, several hold together.

    `text` is looked for in numbers and in the words of the customer's name, code and tax number. `state` is one of
    `STATES`; `expired` are those whose validity is over, whatever else they are. `owner` is a login or `ME`,
    `customer` a code. `since` and `until` are days between which the newest version was made, both inclusive.
    """

    text: str = ""
    state: str = ""
    owner: str = ""
    customer: str = ""
    currency: str = ""
    since: date | None = None
    until: date | None = None


def _newest() -> ColumnElement[bool]:
    return and_(OfferVersion.offer_id == Offer.id, OfferVersion.ordinal == Offer.latest_version)


def _named(text: str) -> ColumnElement[bool]:
    # Core tables: only offers are returned, and those the session filters.
    offers, customers = table_of(Offer), table_of(Customer)
    pattern = f"%{escape_like(text.upper())}%"
    ways = [select(offers.c.id).where(offers.c.number.like(pattern, escape="\\"))]
    rule = meant_by(text)
    if rule is not None:
        firms = select(customers.c.id).where(rule)
        ways.append(select(offers.c.id).where(offers.c.customer_id.in_(firms)))
    return Offer.id.in_(union(*ways))


def _narrowed(session: CrmSession, filters: OfferFilters) -> Select[Offer]:
    query = select(Offer)
    text = filters.text.strip()
    if text:
        query = query.where(_named(text) if folded_words(text) else false())
    if filters.state == "expired":
        query = query.where(OfferVersion.valid_until < today())
    elif filters.state:
        query = query.where(Offer.state == filters.state)
    if filters.owner == ME:
        query = query.where(Offer.owner_id == session.actor.user_id)
    elif filters.owner:
        query = query.where(Offer.owner_id == session.scalar(select(User.id).where(User.login == filters.owner)))
    if filters.customer:
        code = filters.customer.strip().upper()
        query = query.where(Offer.customer_id == session.scalar(select(Customer.id).where(Customer.code == code)))
    if filters.currency:
        query = query.where(OfferVersion.currency == filters.currency.upper())
    if filters.since is not None:
        query = query.where(OfferVersion.made_on >= filters.since)
    if filters.until is not None:
        query = query.where(OfferVersion.made_on <= filters.until)
    return query


def query_for(session: CrmSession, filters: OfferFilters, order: str = "-number") -> Select[Offer]:
    """The offers `filters` leave, in `order`: one of `ORDERS`, turned round by a minus sign before it.

    The order by number is the order they were made in. Gross amounts are comparable within one currency only: without
    that filter their order is the one by number, as it is for an unknown order.
    """
    back, name = order.startswith("-"), order.removeprefix("-")
    if name == "gross" and not filters.currency:
        name = "number"
    query = _narrowed(session, filters)
    columns: list[ColumnElement[str] | ColumnElement[date] | ColumnElement[Decimal]] = []
    match name:
        case "customer":
            query = query.join(Customer, Customer.id == Offer.customer_id)
            columns = [Customer.name_key.expression]
        case "owner":
            query = query.join(User, User.id == Offer.owner_id)
            columns = [User.family_name.expression, User.given_name.expression]
        case "made":
            columns = [OfferVersion.made_on.expression]
        case "valid_until":
            columns = [OfferVersion.valid_until.expression]
        case "gross":
            columns = [OfferVersion.gross.expression]
    by_version = name in ("made", "valid_until", "gross") or filters.state == "expired"
    if by_version or filters.currency or filters.since or filters.until:
        query = query.join(OfferVersion, _newest())
    ordered = [column.desc() if back else column.asc() for column in (*columns, Offer.id)]
    return query.order_by(*ordered).options(
        joinedload(Offer.customer), joinedload(Offer.owner), selectinload(Offer.versions)
    )
