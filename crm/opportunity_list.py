"""Opportunities as lists and as a board: filtered, ordered, counted and summed in SQL, within the actor's rights."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, null, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from core.text import folded_words
from crm import days
from crm.customers import begins, escape_like
from crm.lists import members
from crm.pipeline_rules import rules
from crm.session import CrmSession
from crm.tables import Activity, Customer, CustomerWord, Opportunity, Stage, User, table_of

CARDS = 20
ME, NOBODY, TEAM = "me", "nobody", "team"
ANY = "any"

ORDERS: dict[str, InstrumentedAttribute[Any]] = {
    "opened": Opportunity.opened_on,
    "amount": Opportunity.amount,
    "since": Opportunity.stage_since,
    "title": Opportunity.title,
    "customer": Customer.name_key,
    "owner": User.family_name,
    "stage": Stage.position,
    "code": Opportunity.code,
}
DEFAULT_ORDER = "-opened"
_JOINED = {"customer": Opportunity.customer, "owner": Opportunity.owner, "stage": Opportunity.stage}


@dataclass(frozen=True)
class OpportunityFilters:
    """Which opportunities a list shows; an empty field leaves everything in.

    `owner` is a login, `me`, `team` or `nobody`; `state` is `open` or `closed`; `customer` is a code; `source` is
    one as written, or `any` for those that have one: enquiries from outside. Days are those of
    the business (Europe/Budapest), both ends included: `opened_from` and `opened_to` of `opened_on`, `since_from`
    and `since_to` of the day the opportunity came to its stage, or of `opened_on` where that was never recorded.
    """

    q: str = ""
    stage: str = ""
    owner: str = ""
    campaign: str = ""
    customer: str = ""
    state: str = ""
    source: str = ""
    opened_from: date | None = None
    opened_to: date | None = None
    since_from: date | None = None
    since_to: date | None = None


def opened_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Opened on `first`, on `last` or on a day between; None is no limit."""
    limits: list[ColumnElement[bool]] = []
    if first is not None:
        limits.append(Opportunity.opened_on >= first)
    if last is not None:
        limits.append(Opportunity.opened_on <= last)
    return limits


def came_to_stage_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Came to its present stage on these days; where that was never recorded, the day it was opened counts."""
    if first is None and last is None:
        return []
    known: list[ColumnElement[bool]] = []
    if first is not None:
        known.append(Opportunity.stage_since >= days.begins(first))
    if last is not None:
        known.append(Opportunity.stage_since < days.ends(last))
    return [or_(and_(*known), and_(Opportunity.stage_since.is_(None), *opened_between(first, last)))]


def owned_by(session: CrmSession, owner: str) -> list[ColumnElement[bool]]:
    """Owned by the user with this login, by the actor (`me`), someone in their team (`team`) or no one
    (`nobody`); by anyone where empty."""
    if not owner:
        return []
    if owner == NOBODY:
        return [Opportunity.owner_id.is_(None)]
    if owner == ME:
        return [Opportunity.owner_id == session.actor.user_id]
    if owner == TEAM:
        return [Opportunity.owner_id.in_(members(session.actor))]
    # A Core table: an ORM subquery would get the criteria of users a second time.
    users = table_of(User)
    return [Opportunity.owner_id.in_(select(users.c.id).where(users.c.login == owner))]


def _matches(text: str) -> list[ColumnElement[bool]]:
    """Its title holds `text`, its code begins with it, or its customer's name has words beginning so."""
    text, parts = text.strip(), folded_words(text)
    if not text:
        return []
    deals, words = table_of(Opportunity), table_of(CustomerWord)
    found = [
        select(deals.c.id).where(deals.c.title.ilike(f"%{escape_like(text)}%", escape="\\")),
        select(deals.c.id).where(begins(deals.c.code, text.upper())),
    ]
    if parts:
        holders = [
            deals.c.customer_id.in_(select(words.c.customer_id).where(begins(words.c.word, part))) for part in parts
        ]
        found.append(select(deals.c.id).where(*holders))
    # Ids alone come from Core tables; the rows shown are filtered by the session.
    return [Opportunity.id.in_(union(*found))]


def conditions(session: CrmSession, filters: OpportunityFilters) -> list[ColumnElement[bool]]:
    """What `filters` ask of an opportunity, for any query of the entity."""
    wanted = [*_matches(filters.q), *owned_by(session, filters.owner)]
    if filters.stage:
        wanted.append(Opportunity.stage_code == filters.stage)
    if filters.campaign:
        wanted.append(Opportunity.campaign == filters.campaign)
    if filters.source:
        some = Opportunity.source.is_not(None) & (Opportunity.source != "")
        wanted.append(some if filters.source == ANY else Opportunity.source == filters.source)
    if filters.customer:
        firms = table_of(Customer)
        code = select(firms.c.id).where(firms.c.code == filters.customer.strip().upper())
        wanted.append(Opportunity.customer_id.in_(code))
    if filters.state in ("open", "closed"):
        stages = table_of(Stage)
        codes = select(stages.c.code).where(stages.c.closed.is_(filters.state == "closed"))
        wanted.append(Opportunity.stage_code.in_(codes))
    wanted += opened_between(filters.opened_from, filters.opened_to)
    return wanted + came_to_stage_between(filters.since_from, filters.since_to)


def query_for(session: CrmSession, filters: OpportunityFilters, order: str = DEFAULT_ORDER) -> Select[Opportunity]:
    """The opportunities `filters` leave in, with customer and owner loaded.

    `order` is a name in `ORDERS`, with a minus before it for falling order; any other is the default one. Those
    without a value in that column come last either way. Amounts are ordered as numbers, whatever their currency.
    """
    name = order.removeprefix("-")
    if name not in ORDERS or not session.actor.sees("opportunity", name):
        return query_for(session, filters)
    query = select(Opportunity).where(*conditions(session, filters))
    query = query.options(joinedload(Opportunity.customer), joinedload(Opportunity.owner))
    if name in _JOINED:
        query = query.outerjoin(_JOINED[name])
    column, falling = ORDERS[name], order.startswith("-")
    first = column.desc() if falling else column.asc()
    # Most columns always hold a value; asking for nulls last there would keep their index from being used.
    if name in ("amount", "since", "owner"):
        first = first.nulls_last()
    return query.order_by(first, Opportunity.id.desc() if falling else Opportunity.id)


@dataclass(frozen=True)
class Totals:
    """How many opportunities, and the sum of their net amounts in each currency; currencies are never added."""

    count: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)


def totals_by_stage(session: CrmSession, wanted: Sequence[ColumnElement[bool]]) -> dict[str, Totals]:
    """Count and sums of the opportunities that are `wanted`, by stage code; one query. Empty stages are left out.

    There are no sums for a level that does not see amounts.
    """
    amounts = func.sum(Opportunity.amount) if session.actor.sees("opportunity", "amount") else null()
    rows = session.execute(
        select(Opportunity.stage_code, Opportunity.currency, func.count(Opportunity.id), amounts)
        .where(*wanted)
        .group_by(Opportunity.stage_code, Opportunity.currency)
        .order_by(Opportunity.stage_code, Opportunity.currency)
    )
    made: dict[str, Totals] = {}
    for code, currency, count, amount in rows:
        before = made.get(code, Totals())
        sums = before.sums if amount is None else {**before.sums, currency: amount}
        made[code] = Totals(before.count + count, sums)
    return made


@dataclass(frozen=True)
class Card:
    """An opportunity on the board, with the open activity that is due first, if there is one."""

    opportunity: Opportunity
    next_task: Activity | None


@dataclass(frozen=True)
class Column:
    """A stage of the board: its first cards, and the figures of all that are in it."""

    stage: Stage
    cards: Sequence[Card]
    totals: Totals

    @property
    def hidden(self) -> int:
        """How many opportunities are in the stage beyond the cards shown."""
        return self.totals.count - len(self.cards)


def board(
    session: CrmSession,
    filters: OpportunityFilters,
    order: str = DEFAULT_ORDER,
    cards: int = CARDS,
    ended_cards: int | None = None,
) -> list[Column]:
    """Every stage `filters` leave in, in pipeline order, each with its first `cards` opportunities.

    Stages that end the pipeline show `ended_cards`, if given. Figures are those of the whole column, whatever is
    shown of it.
    """
    totals = totals_by_stage(session, conditions(session, filters))
    shown: list[tuple[Stage, Sequence[Opportunity]]] = []
    for stage in rules(session).stages:
        if filters.stage and stage.code != filters.stage:
            continue
        if filters.state and stage.closed is not (filters.state == "closed"):
            continue
        rows: Sequence[Opportunity] = ()
        if stage.code in totals:
            most = ended_cards if stage.closed and ended_cards is not None else cards
            of_stage = replace(filters, stage=stage.code)
            rows = session.scalars(query_for(session, of_stage, order).limit(most)).unique().all()
        shown.append((stage, rows))
    tasks = next_tasks(session, [o.id for _, rows in shown for o in rows])
    return [
        Column(stage, [Card(o, tasks.get(o.id)) for o in rows], totals.get(stage.code, Totals()))
        for stage, rows in shown
    ]


def next_tasks(session: CrmSession, ids: Sequence[int]) -> dict[int, Activity]:
    """For each of these opportunities the open activity due first; those without a due day come last."""
    if not ids:
        return {}
    rows = session.scalars(
        select(Activity)
        .where(Activity.opportunity_id.in_(ids), Activity.state == "open")
        .order_by(Activity.due.desc().nulls_first(), Activity.id.desc())
    )
    return {row.opportunity_id: row for row in rows if row.opportunity_id is not None}


def campaigns(session: CrmSession) -> list[str]:
    """The campaigns of the opportunities the actor may see, by name."""
    query = select(Opportunity.campaign).where(Opportunity.campaign.is_not(None)).distinct()
    return sorted(name for name in session.scalars(query) if name)
