"""Making customers and changing them, each by right and against the version that was shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from core.errors import AppError, Forbidden
from crm import customer_fields, customers, numbers
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.tables import Activity, Customer, Opportunity, Stage

_NEEDED = ("name", "country", "currency", "language")
_MOST_ALIKE = 5


@dataclass(frozen=True)
class Alike:
    """A customer that may be the same firm: what a warning says of it, good beyond the unit of work."""

    code: str
    name: str
    city: str | None


class Duplicates(AppError):
    """The firm to be made may be one of `alike`, which the actor sees already; nothing was made."""

    def __init__(self, alike: list[Customer]) -> None:
        named = ", ".join(f"{c.name} ({c.code})" for c in alike)
        super().__init__("customer_may_exist", 409, alike=named)
        self.alike = [Alike(c.code, c.name, c.city) for c in alike]


def alike(session: CrmSession, name: str, tax_number: str | None) -> list[Customer]:
    """Customers the actor sees that may be the firm of this name or tax number: the one with the number first."""
    numbered = customers.find_by_tax_number(session, tax_number or "")
    key = customers.sounds_like(name)
    found = [numbered] if numbered is not None else []
    if key:
        found += [c for c in customers.like(session, (key,)) if customers.sounds_like(c.name) == key]
    return list(dict.fromkeys(found))[:_MOST_ALIKE]


def create(session: CrmSession, typed: Mapping[str, str], *, anyway: bool = False) -> Customer:
    """A new customer with a code drawn for it, from what was `typed` (see `customer_fields.read`).

    Raises `FieldsRefused`, `Forbidden`, or `Duplicates` where there may be such a firm already and it is not to be
    made `anyway`. A firm the actor may not see is no duplicate to them.
    """
    if session.actor.scope("customer", "create") is None:
        raise Forbidden("create", "customer")
    missing = {name: AppError("field_missing", 422) for name in _NEEDED if not typed.get(name, "").strip()}
    try:
        values = customer_fields.read(session, {k: v for k, v in typed.items() if k not in missing})
    except FieldsRefused as refused:
        raise FieldsRefused({**missing, **refused.faults}) from refused
    if missing:
        raise FieldsRefused(missing)
    known = [] if anyway else alike(session, str(values["name"]), typed.get("tax_number"))
    if known:
        raise Duplicates(known)
    # An empty field that has a default is left to it.
    kept = {name: value for name, value in values.items() if value is not None}
    customer = Customer(code=f"C{numbers.draw(session, 'customer'):04d}", **kept)
    session.add(customer)
    session.flush()
    return customer


def update(session: CrmSession, code: str, version: int, typed: Mapping[str, str]) -> Customer:
    """Give the customer `code`, as it was at `version`, the values `typed`; what is not named stays.

    One field is changed the same way as all. Raises `NotFound`, `FieldsRefused`, `Forbidden`, and
    `AppError("conflict")` where someone changed the customer meanwhile.
    """
    customer = customers.by_code(session, code)
    if customer.version != version:
        raise AppError("conflict", 409)
    for name, value in customer_fields.read(session, typed, customer).items():
        if getattr(customer, name) != value:
            setattr(customer, name, value)
    session.flush()
    return customer


@dataclass(frozen=True)
class HandedOver:
    """What went to the new owner: the customer, and how many open opportunities and activities with it."""

    customer: Customer
    opportunities: int
    activities: int


def hand_over(session: CrmSession, code: str, version: int, login: str, *, with_open_work: bool = False) -> HandedOver:
    """Make `login` (empty for nobody) the owner of the customer; `with_open_work` also of the open opportunities
    and activities there that were the previous owner's.

    Raises as `update` does; `Forbidden` where the open work may not be changed: then nothing is.
    """
    before = customers.by_code(session, code).owner_id
    customer = update(session, code, version, {"owner": login})
    if not with_open_work or before is None or customer.owner_id == before:
        return HandedOver(customer, 0, 0)
    deals = session.scalars(
        select(Opportunity)
        .join(Stage, Stage.code == Opportunity.stage_code)
        .where(Opportunity.customer_id == customer.id, Opportunity.owner_id == before, Stage.closed.is_(False))
    ).all()
    tasks = session.scalars(
        select(Activity).where(
            Activity.customer_id == customer.id, Activity.assignee_id == before, Activity.state == "open"
        )
    ).all()
    for deal in deals:
        deal.owner_id = customer.owner_id
    for task in tasks:
        task.assignee_id = customer.owner_id
    session.flush()
    return HandedOver(customer, len(deals), len(tasks))
