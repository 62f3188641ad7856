"""What an offer said and what a price was stay as they were: the check besides the rights, whoever writes."""

from datetime import date

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from core.clock import today
from core.errors import Forbidden
from crm.tables import Base, Offer, OfferAttachment, OfferDocument, OfferLine, OfferVersion, Price, table_of

_OUT = ("issued", "accepted", "declined")
_DECIDED = ("product_id", "currency", "unit_price", "valid_from", "price_list_id", "minimum_quantity")


def check(session: Session, record: Base, action: str) -> None:
    """Raise `Forbidden` for a write that would alter the past.

    - A version of an offer and its lines are made once: never changed, removed, added to or moved elsewhere.
    - An offer is never deleted, so that no number is missing; what is attached to a version stays once it is issued.
    - A document belongs to its version for good, and is noted only for the newest version while it is not issued.
    - The state of an offer is set back only together with a new version that says why.
    - A price that began before today and stands in an offer keeps its figures; it can only end.
    """
    refused = False
    if isinstance(record, OfferVersion) and action == "create":
        offer = record.__dict__.get("offer") or session.get(Offer, record.offer_id)
        refused = offer is not None and offer.state in _OUT
    elif isinstance(record, OfferLine) and action == "create":
        version = record.__dict__.get("offer_version")
        refused = version is None or inspect(version).persistent
    elif isinstance(record, OfferVersion | OfferLine):
        # A document that is added makes its version count as modified, though no column of it is.
        refused = action == "delete" or _altered(record)
    elif isinstance(record, Offer):
        # Its number would be missing in the series.
        refused = action == "delete"
    elif isinstance(record, OfferAttachment):
        refused = action == "update" or not _open_for_documents(session, record)
    elif isinstance(record, OfferDocument):
        moved = action != "create" and _changed(record, "offer_version_id")
        refused = action == "delete" or moved or not _open_for_documents(session, record)
    elif isinstance(record, Price) and action != "create":
        decided = action == "delete" or any(_changed(record, name) for name in _DECIDED)
        refused = decided and _first_day(record) < today() and is_used(session, record)
    if refused:
        raise Forbidden(action, record.resource)


def makes_new_version(session: Session, offer: Offer) -> bool:
    """Whether this very write gives `offer` a new version and the state of one that was not issued."""
    return offer.state in ("draft", "awaiting_approval") and any(
        isinstance(new, OfferVersion) and new.offer is offer and new.ordinal == offer.latest_version
        for new in session.new
    )


def is_used(session: Session, price: Price) -> bool:
    """Whether any offer, visible or not, took its price from this row."""
    lines = table_of(OfferLine)
    query = select(lines.c.id).where(lines.c.price_id == price.id).limit(1)
    return session.connection().execute(query).first() is not None


def _changed(record: Base, name: str) -> bool:
    return inspect(record).attrs[name].load_history().has_changes()


def _altered(record: Base) -> bool:
    return any(_changed(record, column.key) for column in inspect(type(record)).column_attrs)


def _first_day(price: Price) -> date:
    """The first day of the price as the database has it."""
    history = inspect(price).attrs.valid_from.load_history()
    known = [*history.deleted, *history.unchanged, *history.added]
    day: date = known[0]
    return day


def _open_for_documents(session: Session, document: OfferDocument | OfferAttachment) -> bool:
    versions, offers = table_of(OfferVersion), table_of(Offer)
    query = (
        select(offers.c.state, offers.c.latest_version, versions.c.ordinal)
        .join(offers, offers.c.id == versions.c.offer_id)
        .where(versions.c.id == document.offer_version_id)
    )
    row = session.connection().execute(query).first()
    # No row: the version is made in this same flush.
    return row is None or (row.state not in _OUT and row.ordinal == row.latest_version)
