"""The list of customers: what it can be narrowed by, how it is ordered, and what stands beside each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, Select, SQLColumnExpression, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from crm.customers import meant_by
from crm.days import BusinessDay, begins, ends
from crm.lists import PAGE_SIZE, Found, found, members
from crm.session import CrmSession
from crm.tables import Activity, Customer, Opportunity, Stage, User

ME, NOBODY, TEAM = "me", "unassigned", "team"
ORDERS = ("name", "code", "city", "owner", "newest", "last_contact")


@dataclass(frozen=True)
class CustomerFilters:
    """What the list is narrowed by; an empty value does not narrow it, several hold together.

    `text` is looked for in names, codes and tax numbers. `owner` is a login, `ME`, `TEAM` or `NOBODY`. `quiet_since`
    keeps customers without a finished activity on that day or after it; `open_opportunity` those that have
    one not yet won or lost (or, false, have none).
    """

    text: str = ""
    status: str = ""
    segment: str = ""
    industry: str = ""
    owner: str = ""
    country: str = ""
    city: str = ""
    currency: str = ""
    quiet_since: date | None = None
    open_opportunity: bool | None = None


def contact_day() -> ColumnElement[date]:
    """The business's day a finished activity took place: when it was done, or, where that was not recorded, was due."""
    return func.coalesce(BusinessDay(Activity.done_at), Activity.due, type_=Date())


def _last_contact_day() -> ColumnElement[date | None]:
    """The latest `contact_day` of a group: its day is worked out once, not for each activity of the group."""
    done = BusinessDay(func.max(Activity.done_at))
    due = func.max(case((Activity.done_at.is_(None), Activity.due)), type_=Date())
    return case((done.is_(None), due), (due > done, due), else_=done)


def contacted_between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    """Took place on these days, both inclusive; of finished activities the rule `contact_day` is the column of."""
    if first is None and last is None:
        return []
    done: list[ColumnElement[bool]] = []
    due: list[ColumnElement[bool]] = [Activity.done_at.is_(None)]
    if first is not None:
        done.append(Activity.done_at >= begins(first))
        due.append(Activity.due >= first)
    if last is not None:
        done.append(Activity.done_at < ends(last))
        due.append(Activity.due <= last)
    return [or_(and_(*done), and_(*due))]


def in_state(state: str) -> ColumnElement[bool]:
    """Activities in `state`, among those of a customer.

    Not a bare comparison: SQLite, which gathers no statistics by itself, would go through all activities in that
    state for each customer instead of through the customer's own few.
    """
    return func.coalesce(Activity.state, "") == state


def _contacted(query: Select[Customer], few: bool) -> tuple[Select[Customer], SQLColumnExpression[date | None]]:
    """`query` with the day of each customer's last finished activity; `few` says that few customers are left."""
    # ORM entities, so that the session leaves out activities the actor may not read.
    last = select(Activity.customer_id, _last_contact_day().label("day"))
    last = last.where(in_state("done"))
    if few:
        own = last.with_only_columns(last.selected_columns.day).where(Activity.customer_id == Customer.id)
        return query, own.correlate(Customer).scalar_subquery()
    # Of many customers, gathering all activities once takes a fraction of asking for each customer's.
    days = last.group_by(Activity.customer_id).subquery()
    return query.outerjoin(days, days.c.customer_id == Customer.id), days.c.day


def _has_open_opportunity() -> ColumnElement[bool]:
    open_stages = select(Stage.code).where(Stage.closed.is_(False))
    return (
        select(Opportunity.id)
        .where(Opportunity.customer_id == Customer.id, Opportunity.stage_code.in_(open_stages))
        .correlate(Customer)
        .exists()
    )


def _contacted_since(day: date) -> ColumnElement[bool]:
    return (
        select(Activity.id)
        .where(Activity.customer_id == Customer.id, in_state("done"), *contacted_between(day, None))
        .correlate(Customer)
        .exists()
    )


def _owned_by(session: CrmSession, owner: str) -> ColumnElement[bool]:
    if owner == NOBODY:
        return Customer.owner_id.is_(None)
    if owner == ME:
        return Customer.owner_id == session.actor.user_id
    if owner == TEAM:
        return Customer.owner_id.in_(members(session.actor))
    user_id = session.scalar(select(User.id).where(User.login == owner))
    return false() if user_id is None else Customer.owner_id == user_id


def _narrowed(session: CrmSession, filters: CustomerFilters) -> Select[Customer]:
    query = select(Customer)
    rule = meant_by(filters.text)
    if rule is not None:
        query = query.where(rule)
    elif filters.text.strip():
        # Only signs that names and codes do not have: nothing is called that.
        query = query.where(false())
    for name in ("status", "segment", "industry", "country", "city", "currency"):
        if wanted := getattr(filters, name):
            query = query.where(getattr(Customer, name) == wanted)
    if filters.owner:
        query = query.where(_owned_by(session, filters.owner))
    if filters.quiet_since is not None:
        query = query.where(~_contacted_since(filters.quiet_since))
    if filters.open_opportunity is not None:
        rule = _has_open_opportunity()
        query = query.where(rule if filters.open_opportunity else ~rule)
    return query


def query_for(session: CrmSession, filters: CustomerFilters, order: str = "name") -> Select[Customer]:
    """The customers `filters` leave, in `order`: one of `ORDERS`, turned round by a minus sign before it.

    What a customer lacks (a city, an owner, a contact) comes last either way, except in `last_contact`, where
    those never contacted come first: they have waited longest. An unknown order is the one by name.
    """
    back = order.startswith("-")
    name = order.removeprefix("-")
    # Owners by a select of their own: joined, SQLite would join them to every row before it sorts.
    query = _narrowed(session, filters).options(selectinload(Customer.owner))
    columns: list[ColumnElement[str] | ColumnElement[str | None]]
    match name:
        case "code":
            columns = [Customer.code.expression]
        case "city":
            columns = [Customer.city.expression]
        case "newest":
            # Ids grow in the order records are made. Newest first is the order; turned round, oldest first.
            return query.order_by(Customer.id.asc() if back else Customer.id.desc())
        case "last_contact":
            query, last = _contacted(query, few=bool(filters.text or filters.owner))
            return query.order_by(
                last.desc().nulls_last() if back else last.asc().nulls_first(),
                Customer.id.desc() if back else Customer.id,
            )
        case "owner":
            owner = aliased(User)
            query = query.outerjoin(owner, owner.id == Customer.owner_id)
            columns = [owner.family_name.expression, owner.given_name.expression, Customer.name_key.expression]
        case _:
            columns = [Customer.name_key.expression]
    ordered = [(c.desc() if back else c.asc()) for c in columns]
    if name in ("city", "owner"):
        ordered[0] = ordered[0].nulls_last()
    return query.order_by(*ordered, Customer.id.desc() if back else Customer.id)


def page(
    session: CrmSession, filters: CustomerFilters, order: str = "name", offset: int = 0, size: int = PAGE_SIZE
) -> Found[Customer]:
    """One page of the list, and how many customers `filters` leave."""
    return found(session, query_for(session, filters, order), Customer.id, offset, size, _narrowed(session, filters))


@dataclass(frozen=True)
class Beside:
    """What a list shows of a customer besides its own fields, as far as the actor may see it."""

    last_contact: date | None = None
    next_due: date | None = None
    open_opportunities: int = 0


def beside(session: CrmSession, customers: Sequence[Customer]) -> dict[int, Beside]:
    """The last finished activity's day, the next open one's due date and the number of open opportunities, by id."""
    ids = [customer.id for customer in customers]
    contacts = session.execute(
        select(Activity.customer_id, _last_contact_day())
        .where(Activity.customer_id.in_(ids), in_state("done"))
        .group_by(Activity.customer_id)
    )
    last = {row[0]: row[1] for row in contacts}
    tasks = session.execute(
        select(Activity.customer_id, func.min(Activity.due))
        .where(Activity.customer_id.in_(ids), in_state("open"))
        .group_by(Activity.customer_id)
    )
    due = {row[0]: row[1] for row in tasks}
    deals = session.execute(
        select(Opportunity.customer_id, func.count(Opportunity.id))
        .join(Stage, Stage.code == Opportunity.stage_code)
        .where(Opportunity.customer_id.in_(ids), Stage.closed.is_(False))
        .group_by(Opportunity.customer_id)
    )
    count = {row[0]: row[1] for row in deals}
    return {n: Beside(last.get(n), due.get(n), count.get(n, 0)) for n in ids}


@dataclass(frozen=True)
class Choices:
    """The values the customers within reach have, for offering as filters."""

    segments: tuple[str, ...]
    industries: tuple[str, ...]
    countries: tuple[str, ...]
    currencies: tuple[str, ...]


def choices(session: CrmSession) -> Choices:
    """Every segment, industry, country and currency there is among the customers the actor may see."""
    rows = session.execute(
        select(Customer.segment, Customer.industry, Customer.country, Customer.currency).distinct()
    ).all()

    def of(place: int) -> tuple[str, ...]:
        return tuple(sorted({str(row[place]) for row in rows if row[place]}))

    return Choices(of(0), of(1), of(2), of(3))


def owners(session: CrmSession) -> list[User]:
    """Active users by name, for choosing whose customers to list."""
    return list(session.scalars(select(User).where(User.active).order_by(User.family_name, User.given_name)))
