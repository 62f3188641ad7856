"""Price lists: prices that hold for one customer, one segment or one campaign only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from core.clock import today
from core.errors import AppError, NotFound
from crm import customers
from crm.session import CrmSession
from crm.tables import Customer, Opportunity, Price, PriceList

_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
_LONGEST = 200
STANDARD = 0


@dataclass(frozen=True)
class ListFields:
    """What is kept about a price list. Exactly one of `customer` (a code), `segment` and `campaign` says whom it is
    for; it holds from `valid_from` to `valid_to` inclusive, None being without an end."""

    name: str
    valid_from: date | None
    customer: str = ""
    segment: str = ""
    campaign: str = ""
    valid_to: date | None = None
    active: bool = True


def wrong(fields: ListFields) -> Mapping[str, AppError]:
    """What is wrong with `fields`, by the name of the field; empty where nothing is."""
    errors: dict[str, AppError] = {}
    if not fields.name.strip():
        errors["name"] = AppError("price_list_name", 422)
    for name in ("name", "segment", "campaign"):
        if len(getattr(fields, name).strip()) > _LONGEST:
            errors[name] = AppError("product_text_too_long", 422, most=_LONGEST)
    if sum(bool(text.strip()) for text in (fields.customer, fields.segment, fields.campaign)) != 1:
        errors["customer"] = AppError("price_list_for_whom", 422)
    if fields.valid_from is None:
        errors["valid_from"] = AppError("price_list_day", 422)
    elif fields.valid_to is not None and fields.valid_to < fields.valid_from:
        errors["valid_to"] = AppError("price_end_wrong", 422)
    return errors


def active_on(session: CrmSession, day: date) -> list[PriceList]:
    """The active lists that hold on `day`."""
    query = select(PriceList).where(
        PriceList.active,
        PriceList.valid_from <= day,
        or_(PriceList.valid_to.is_(None), PriceList.valid_to >= day),
    )
    return list(session.scalars(query))


def lists(session: CrmSession) -> list[PriceList]:
    """Every price list, active ones first, by code."""
    return list(session.scalars(select(PriceList).order_by(PriceList.active.desc(), PriceList.code)))


def sizes(session: CrmSession, found: Sequence[PriceList]) -> dict[int, int]:
    """How many price rows each of the lists has, by its id."""
    ids = [one.id for one in found]
    query = select(Price.price_list_id, func.count(Price.id)).where(Price.price_list_id.in_(ids))
    rows = session.execute(query.group_by(Price.price_list_id))
    counted: dict[int, int] = {row[0]: row[1] for row in rows}
    return {key: counted.get(key, 0) for key in ids}


def by_code(session: CrmSession, code: str) -> PriceList:
    """The list with this code, in any letter case. Raises `NotFound`."""
    found = session.scalar(select(PriceList).where(PriceList.code == code.strip().upper()))
    if found is None:
        raise NotFound("price", code)
    return found


def rows_of(session: CrmSession, found: PriceList) -> list[Price]:
    """The prices of a list, by SKU, currency, quantity and first day."""
    rows = session.scalars(select(Price).where(Price.price_list_id == found.id)).all()
    return sorted(rows, key=lambda row: (row.product.sku, row.currency, row.minimum_quantity, row.valid_from))


def create(session: CrmSession, code: str, fields: ListFields) -> PriceList:
    """A new list. Its code is kept in capitals and never changes.

    Raises `AppError` for a code that is taken or none, `AppError("price_list_wrong")` (see `wrong`), `NotFound` for the
    customer, `Forbidden`.
    """
    kept = code.strip().upper()
    if not _CODE.fullmatch(kept):
        raise AppError("price_list_code", 422)
    if session.scalar(select(PriceList.id).where(PriceList.code == kept)) is not None:
        raise AppError("price_list_taken", 409, code=kept)
    made = PriceList(code=kept)
    _assign(session, made, fields)
    session.add(made)
    session.flush()
    return made


def change(session: CrmSession, found: PriceList, version: int, fields: ListFields) -> None:
    """Give a list, read when its record had `version`, these fields. Offers made before keep what they say.

    Raises `AppError("conflict")`, `AppError("price_list_wrong")`, `NotFound` for the customer, `Forbidden`.
    """
    if found.version != version:
        raise AppError("conflict", 409)
    _assign(session, found, fields)
    session.flush()


def _assign(session: CrmSession, found: PriceList, fields: ListFields) -> None:
    if faults := wrong(fields):
        raise AppError("price_list_wrong", 422, count=len(faults))
    buyer: Customer | None = customers.by_code(session, fields.customer) if fields.customer.strip() else None
    found.name = fields.name.strip()
    found.customer_id = buyer.id if buyer else None
    found.segment = fields.segment.strip() or None
    found.campaign = fields.campaign.strip() or None
    assert fields.valid_from is not None
    found.valid_from, found.valid_to, found.active = fields.valid_from, fields.valid_to, fields.active


def segments(session: CrmSession) -> list[str]:
    """The segments customers have that the actor may see."""
    found = session.scalars(select(Customer.segment).where(Customer.segment.is_not(None)).distinct())
    return sorted(name for name in found if name)


def campaigns(session: CrmSession) -> list[str]:
    """The campaigns opportunities have that the actor may see."""
    found = session.scalars(select(Opportunity.campaign).where(Opportunity.campaign.is_not(None)).distinct())
    return sorted(name for name in found if name)


def holds(found: PriceList) -> bool:
    """Whether prices of the list hold today."""
    return found.active and found.valid_from <= today() and (found.valid_to is None or found.valid_to >= today())
