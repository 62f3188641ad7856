"""The list of activities: what it can be narrowed to, and in which orders it comes."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, UnaryExpression, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from core.clock import now, today
from crm import customers
from crm.actor import Actor
from crm.customer_list import contacted_between
from crm.days import sunday_of
from crm.lists import members
from crm.session import CrmSession
from crm.tables import Activity, Customer, Opportunity, User

State = Literal["open", "done"]
Due = Literal["overdue", "today", "week", "later", "none"]
Priority = Literal["high", "normal", "low"]
Order = Literal["due", "priority", "subject", "customer", "type", "created", "done"]

STATES: tuple[State, ...] = get_args(State)
DUES: tuple[Due, ...] = get_args(Due)
PRIORITIES: tuple[Priority, ...] = get_args(Priority)
ORDERS: tuple[Order, ...] = get_args(Order)

ME, TEAM, NOBODY = "me", "team", "nobody"


@dataclass(frozen=True)
class ActivityFilters:
    """What the list is narrowed to; an empty value narrows nothing.

    `text` is looked for in subjects and customers. `assignee` is a login, `me`, `team` or `nobody`. `due` speaks of
    open activities alone: `week` is from today to Sunday, `later` after that, `none` has no due day. Pairs of days are
    both inclusive: `due_from` and `due_to` the due day, `done_from` and `done_to` the day it was done, or was due
    where that was not recorded.
    """

    text: str = ""
    state: State | None = None
    type_code: str = ""
    assignee: str = ""
    due: Due | None = None
    priority: Priority | None = None
    customer: str = ""
    opportunity: str = ""
    due_from: date | None = None
    due_to: date | None = None
    done_from: date | None = None
    done_to: date | None = None


def is_overdue(activity: Activity) -> bool:
    """Still open although its day, or its hour where it has one, has passed."""
    if activity.state != "open" or activity.due is None:
        return False
    return activity.due < today() or (activity.starts_at is not None and activity.starts_at < now())


def is_today(activity: Activity) -> bool:
    """Open, due today, and its hour (if any) still ahead."""
    return activity.state == "open" and activity.due == today() and not is_overdue(activity)


def when_of(activity: Activity) -> Literal["done", "overdue", "today", "later", "none"]:
    """How an activity stands to its time; `later` is any day after today, `none` has no due day."""
    if activity.state == "done":
        return "done"
    if activity.due is None:
        return "none"
    return "overdue" if is_overdue(activity) else "today" if is_today(activity) else "later"


def _overdue(day: date) -> ColumnElement[bool]:
    return or_(Activity.due < day, Activity.starts_at < now())


def _within(due: Due) -> ColumnElement[bool]:
    day = today()
    if due == "none":
        return Activity.due.is_(None)
    if due == "overdue":
        return _overdue(day)
    ahead = or_(Activity.starts_at.is_(None), Activity.starts_at >= now())
    if due == "today":
        return and_(Activity.due == day, ahead)
    if due == "week":
        return and_(Activity.due >= day, Activity.due <= sunday_of(day), ahead)
    return Activity.due > sunday_of(day)


def _assigned(actor: Actor, assignee: str) -> ColumnElement[bool]:
    if assignee == NOBODY:
        return Activity.assignee_id.is_(None)
    if assignee == ME:
        return Activity.assignee_id == actor.user_id
    if assignee == TEAM:
        return Activity.assignee_id.in_(members(actor))
    return Activity.assignee_id == select(User.id).where(User.login == assignee).scalar_subquery()


def _about(text: str) -> ColumnElement[bool]:
    pattern = f"%{customers.escape_like(text)}%"
    subject = Activity.subject.ilike(pattern, escape="\\")
    rule = customers.meant_by(text)
    return subject if rule is None else or_(subject, Activity.customer_id.in_(select(Customer.id).where(rule)))


def _days(filters: ActivityFilters) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if filters.due_from is not None:
        rules.append(Activity.due >= filters.due_from)
    if filters.due_to is not None:
        rules.append(Activity.due <= filters.due_to)
    return rules + contacted_between(filters.done_from, filters.done_to)


def _rules(actor: Actor, filters: ActivityFilters) -> list[ColumnElement[bool]]:
    rules: list[ColumnElement[bool]] = []
    if filters.text.strip():
        rules.append(_about(filters.text.strip()))
    if filters.due is not None or filters.state is not None:
        rules.append(Activity.state == ("open" if filters.due is not None else filters.state))
    if filters.due is not None:
        rules.append(_within(filters.due))
    if filters.type_code:
        rules.append(Activity.type_code == filters.type_code)
    if filters.assignee:
        rules.append(_assigned(actor, filters.assignee))
    if filters.priority is not None:
        rules.append(Activity.priority == filters.priority)
    rules += _days(filters)
    if filters.customer:
        code = filters.customer.strip().upper()
        rules.append(Activity.customer_id == select(Customer.id).where(Customer.code == code).scalar_subquery())
    if filters.opportunity:
        code = filters.opportunity.strip().upper()
        rules.append(
            Activity.opportunity_id == select(Opportunity.id).where(Opportunity.code == code).scalar_subquery()
        )
    return rules


_RANK = case((Activity.priority == "high", 0), (Activity.priority == "normal", 1), else_=2)
_NAME: InstrumentedAttribute[str] = Customer.name_key
# What each order sorts by; of one day, those with an hour follow in its order after those without.
_BY_DUE: tuple[SQLColumnExpression[object], ...] = (Activity.due, Activity.starts_at, _RANK)
_ORDERS: dict[Order, tuple[SQLColumnExpression[object], ...]] = {
    "due": _BY_DUE,
    "priority": (_RANK, *_BY_DUE),
    "subject": (func.lower(Activity.subject), Activity.due),
    "customer": (_NAME, *_BY_DUE),
    "type": (Activity.type_code, *_BY_DUE),
    "created": (Activity.created_at,),
    "done": (Activity.done_at, Activity.due),
}


def _sorted_by(order: Order, descending: bool) -> list[UnaryExpression[object]]:
    """The first key in the direction asked for, the others ascending; what has no value comes last either way."""
    first, *others = _ORDERS[order]
    ahead = (first.desc() if descending else first.asc()).nulls_last()
    return [
        ahead,
        *(key.asc().nulls_first() if key is Activity.starts_at else key.asc().nulls_last() for key in others),
    ]


def query_for(
    actor: Actor, filters: ActivityFilters, order: Order = "due", *, descending: bool = False
) -> Select[Activity]:
    """The activities `filters` leave, in `order`; customer, opportunity, assignee and type are loaded with them."""
    query = select(Activity).where(*_rules(actor, filters))
    if order == "customer":
        query = query.join(Customer, Customer.id == Activity.customer_id)
    parts = (Activity.customer, Activity.opportunity, Activity.assignee, Activity.type)
    return query.options(*(selectinload(part) for part in parts)).order_by(*_sorted_by(order, descending), Activity.id)


def due_counts(session: CrmSession, filters: ActivityFilters) -> dict[Due, int]:
    """How many open activities lie in each range of due days, whatever range and state `filters` ask for."""
    others = ActivityFilters(**{**vars(filters), "state": "open", "due": None})
    counts = [func.count(case((_within(due), 1))) for due in DUES]
    row = session.execute(select(*counts).select_from(Activity).where(*_rules(session.actor, others))).one()
    return dict(zip(DUES, (int(n) for n in row), strict=True))
