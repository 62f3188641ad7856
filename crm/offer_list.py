"""The list of offers: what it can be narrowed by and how it is ordered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from core.clock import today
from core.text import folded_words
from crm.customers import escape_like, meant_by
from crm.days import begins, ends
from crm.lists import members
from crm.session import CrmSession
from crm.tables import Customer, Offer, OfferVersion, Opportunity, Stage, User, table_of

ME, TEAM = "me", "team"
STATES = ("draft", "awaiting_approval", "rejected", "issued", "accepted", "declined", "open", "expired")
ORDERS = ("number", "customer", "made", "valid_until", "owner", "gross")


@dataclass(frozen=True)
class OfferFilters:
    """What the list is narrowed by; an empty value does not narrow it, several hold together.

    `text` is looked for in numbers and in the words of the customer's name, code and tax number. `state` is one of
    `STATES`; `expired` are those whose validity is over, whatever else they are, and `open` those still valid that the
    customer has not answered and whose opportunity (if any) is neither won nor lost. `owner` is a login, `ME` or
    `TEAM`, `customer` a code. Pairs of days are both inclusive: `since` and `until` when the newest version was made,
    `valid_from` and `valid_to` its last day of validity, `issued_from` and `issued_to` when the offer was issued (days
    of the business, Europe/Budapest).
    """

    text: str = ""
    state: str = ""
    owner: str = ""
    customer: str = ""
    currency: str = ""
    since: date | None = None
    until: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    issued_from: date | None = None
    issued_to: date | None = None


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
    elif filters.state == "open":
        deals, stages = table_of(Opportunity), table_of(Stage)
        ended = select(deals.c.id).join(stages, stages.c.code == deals.c.stage_code).where(stages.c.closed)
        query = query.where(OfferVersion.valid_until >= today(), Offer.state.not_in(("accepted", "declined")))
        query = query.where(or_(Offer.opportunity_id.is_(None), Offer.opportunity_id.not_in(ended)))
    elif filters.state:
        query = query.where(Offer.state == filters.state)
    if filters.owner == ME:
        query = query.where(Offer.owner_id == session.actor.user_id)
    elif filters.owner == TEAM:
        query = query.where(Offer.owner_id.in_(members(session.actor)))
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
    if filters.valid_from is not None:
        query = query.where(OfferVersion.valid_until >= filters.valid_from)
    if filters.valid_to is not None:
        query = query.where(OfferVersion.valid_until <= filters.valid_to)
    if filters.issued_from is not None:
        query = query.where(Offer.issued_at >= begins(filters.issued_from))
    if filters.issued_to is not None:
        query = query.where(Offer.issued_at < ends(filters.issued_to))
    return query


def _by_version(filters: OfferFilters) -> bool:
    days = (filters.since, filters.until, filters.valid_from, filters.valid_to)
    return filters.state in ("open", "expired") or bool(filters.currency) or any(day is not None for day in days)


@dataclass(frozen=True)
class Sums:
    """Net and gross of offers in one currency, added up exactly."""

    net: Decimal
    gross: Decimal


def sums(session: CrmSession, filters: OfferFilters) -> dict[str, Sums]:
    """What the newest versions of the offers `filters` leave come to, by currency; one query."""
    query = _narrowed(session, filters).join(OfferVersion, _newest())
    rows = session.execute(
        query.with_only_columns(OfferVersion.currency, func.sum(OfferVersion.net), func.sum(OfferVersion.gross))
        .group_by(OfferVersion.currency)
        .order_by(OfferVersion.currency)
    )
    return {currency: Sums(net, gross) for currency, net, gross in rows}


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
    if name in ("made", "valid_until", "gross") or _by_version(filters):
        query = query.join(OfferVersion, _newest())
    ordered = [column.desc() if back else column.asc() for column in (*columns, Offer.id)]
    return query.order_by(*ordered).options(
        joinedload(Offer.customer), joinedload(Offer.owner), selectinload(Offer.versions)
    )
