"""What happened with a customer, and apart from it what is to be done.

Everything is read as the actor may read it. Changes of fields and earlier moves are in the audit alone; who may not
read that sees what the records themselves tell: when an opportunity was opened and came to its present stage.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from core.clock import now
from crm.customer_list import in_state
from crm.days import begins, day_of
from crm.offer_events import offer_events
from crm.session import CrmSession
from crm.tables import Activity, AuditEntry, Contact, Customer, Offer, OfferVersion, Opportunity

Kind = Literal[
    "customer_added",
    "contact_added",
    "activity_done",
    "opportunity_opened",
    "stage_moved",
    "offer_made",
    "offer_revised",
    "offer_issued",
    "fields_changed",
    "offer_asked",
    "offer_delegated",
    "offer_approved",
    "offer_rejected",
    "offer_mailed",
    "offer_bounced",
    "offer_link_made",
    "offer_link_revoked",
    "offer_opened",
    "offer_accepted",
    "offer_declined",
    "offer_undone",
    "offer_expired",
]
_KIND: TypeAdapter[Kind] = TypeAdapter(Kind)
PAGE_SIZE = 20
# Columns that say nothing to people.
_TECHNICAL = frozenset({"version", "updated_at", "created_at", "id", "code", "tax_key", "stage_since", "customer_id"})


@dataclass(frozen=True)
class FieldChange:
    """A field that was changed, by its column's name, with both values as the audit keeps them."""

    field: str
    before: object
    after: object


@dataclass(frozen=True)
class Event:
    """Something that happened. `whole_day` says that only its day is known.

    `code` is the record it is about (an activity's or contact's id, an opportunity's code, an offer's number),
    `title` what that is called; `kind_code` is an activity's type or the stage moved to, `left` the stage left.
    """

    kind: Kind
    at: datetime
    title: str = ""
    code: str = ""
    by: str | None = None
    whole_day: bool = False
    kind_code: str = ""
    left: str = ""
    note: str | None = None
    changes: tuple[FieldChange, ...] = ()
    # The row it was read from: of one moment the later row comes first, in each source's select as in the whole.
    row: int = 0

    @property
    def day(self) -> date:
        """The business's day it falls on."""
        return day_of(self.at)


@dataclass(frozen=True)
class Timeline:
    """Events from the `offset`-th newest on; `more` says whether there are older ones."""

    events: Sequence[Event]
    offset: int
    more: bool


def reads_audit(session: CrmSession) -> bool:
    """Whether the actor may see field changes. Not one from whom fields are hidden: the audit repeats them."""
    return session.actor.scope("audit", "read") is not None and not session.actor.hidden


def past(session: CrmSession, customer: Customer, offset: int = 0, size: int = PAGE_SIZE) -> Timeline:
    """What happened with `customer`, newest first."""
    offset, size = max(0, offset), max(1, min(size, 200))
    # No source holds more of the page than all of it: the newest so many of each are enough.
    most = offset + size + 1
    sources = [_activities, _opportunities, _offers, _answers, _contacts]
    if reads_audit(session):
        sources += [_moves, _changes]
    else:
        sources.append(_stages)
    events = [event for source in sources for event in source(session, customer, most)]
    events.append(Event("customer_added", customer.created_at, customer.name, customer.code))
    # The same order as in each select, or a page's end would cut events off that belong on it.
    events.sort(key=lambda e: (e.at, e.kind, e.row), reverse=True)
    return Timeline(events[offset : offset + size], offset, len(events) > offset + size)


def to_dos(session: CrmSession, customer: Customer, limit: int = 200) -> list[Activity]:
    """The open activities of `customer` by due date, those without one last."""
    query = (
        select(Activity)
        .where(Activity.customer_id == customer.id, in_state("open"))
        .options(joinedload(Activity.assignee), joinedload(Activity.opportunity), joinedload(Activity.type))
        .order_by(Activity.due.asc().nulls_last(), Activity.starts_at.asc().nulls_last(), Activity.id)
    )
    return list(session.scalars(query.limit(limit)))


def _activities(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    query = (
        select(Activity)
        .where(Activity.customer_id == customer.id, in_state("done"))
        .options(joinedload(Activity.assignee))
    )
    # Two selects, each ordered by one column: by the one where the moment is known, by the day where not.
    timed = query.where(Activity.done_at.is_not(None)).order_by(Activity.done_at.desc(), Activity.id.desc())
    dated = query.where(Activity.done_at.is_(None)).order_by(Activity.due.desc().nulls_last(), Activity.id.desc())
    for activity in [*session.scalars(timed.limit(most)), *session.scalars(dated.limit(most))]:
        at = activity.done_at or (begins(activity.due) if activity.due else activity.updated_at)
        yield Event(
            "activity_done",
            at,
            activity.subject,
            str(activity.id),
            activity.assignee.login if activity.assignee else None,
            whole_day=activity.done_at is None,
            kind_code=activity.type_code,
            note=activity.note,
            row=activity.id,
        )


def _opportunities(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    query = select(Opportunity).where(Opportunity.customer_id == customer.id)
    for deal in session.scalars(query.order_by(Opportunity.opened_on.desc(), Opportunity.id.desc()).limit(most)):
        exact = day_of(deal.created_at) == deal.opened_on
        at = deal.created_at if exact else begins(deal.opened_on)
        yield Event("opportunity_opened", at, deal.title, deal.code, whole_day=not exact, row=deal.id)


def _stages(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    query = select(Opportunity).where(
        Opportunity.customer_id == customer.id,
        Opportunity.stage_since.is_not(None),
        Opportunity.stage_since > Opportunity.created_at,
    )
    for deal in session.scalars(query.order_by(Opportunity.stage_since.desc(), Opportunity.id.desc()).limit(most)):
        # Made in its stage within the same moment is no move.
        if deal.stage_since is not None and (deal.stage_since - deal.created_at).total_seconds() > 1:
            yield Event("stage_moved", deal.stage_since, deal.title, deal.code, kind_code=deal.stage_code, row=deal.id)


def _offers(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    versions = (
        select(OfferVersion)
        .join(Offer, Offer.id == OfferVersion.offer_id)
        .where(Offer.customer_id == customer.id)
        .options(joinedload(OfferVersion.offer))
        .order_by(OfferVersion.made_at.desc(), OfferVersion.id.desc())
        .limit(most)
    )
    for version in session.scalars(versions):
        kind: Kind = "offer_made" if version.ordinal == 1 else "offer_revised"
        yield Event(kind, version.made_at, version.offer.number, version.offer.number, row=version.id)
    issued = select(Offer).where(Offer.customer_id == customer.id, Offer.issued_at.is_not(None))
    for offer in session.scalars(issued.order_by(Offer.issued_at.desc(), Offer.id.desc()).limit(most)):
        yield Event("offer_issued", offer.issued_at or now(), offer.number, offer.number, row=offer.id)


def _answers(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    for event in offer_events(session, Offer.customer_id == customer.id, most):
        kind = _KIND.validate_python(f"offer_{event.kind}")
        yield Event(kind, event.at, event.number, event.number, event.who, note=event.note or None, row=event.row)


def _contacts(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    query = select(Contact).where(Contact.customer_id == customer.id)
    for contact in session.scalars(query.order_by(Contact.created_at.desc(), Contact.id.desc()).limit(most)):
        parts = (contact.family_name, contact.given_name)
        name = " ".join(parts if session.actor.language == "hu" else reversed(parts))
        yield Event("contact_added", contact.created_at, name, str(contact.id), row=contact.id)


def _entries(
    session: CrmSession, table: str, records: ColumnElement[bool], actions: Sequence[str], most: int
) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.resource_name == table, records, AuditEntry.action.in_(actions))
    return session.scalars(query.order_by(AuditEntry.seq.desc()).limit(most)).all()


def _moves(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    deals = session.execute(
        select(Opportunity.code, Opportunity.title).where(Opportunity.customer_id == customer.id)
    ).all()
    titles = {deal.code: deal.title for deal in deals}
    named = AuditEntry.record_code.in_(titles)
    for entry in _entries(session, "opportunities", named, ("transition", "undo"), most):
        before, after = entry.before or {}, entry.after or {}
        if "stage_code" in after:
            yield Event(
                "stage_moved",
                entry.at,
                titles[entry.record_code],
                entry.record_code,
                entry.actor,
                kind_code=str(after["stage_code"]),
                left=str(before.get("stage_code") or ""),
                row=entry.seq,
            )


def _changes(session: CrmSession, customer: Customer, most: int) -> Iterator[Event]:
    named = AuditEntry.record_code == customer.code
    for entry in _entries(session, "customers", named, ("update",), most):
        before, after = entry.before or {}, entry.after or {}
        changes = tuple(
            FieldChange(field, before.get(field), after.get(field))
            for field in sorted(after)
            if field not in _TECHNICAL and before.get(field) != after.get(field)
        )
        if changes:
            yield Event(
                "fields_changed", entry.at, customer.name, customer.code, entry.actor, changes=changes, row=entry.seq
            )


def counts(session: CrmSession, customer: Customer) -> dict[str, int]:
    """How many contacts, opportunities, offers and open activities the actor sees at `customer`."""

    def count(query: ColumnElement[int], *rules: ColumnElement[bool]) -> int:
        return session.scalar(select(query).where(*rules)) or 0

    return {
        "contacts": count(func.count(Contact.id), Contact.customer_id == customer.id),
        "opportunities": count(func.count(Opportunity.id), Opportunity.customer_id == customer.id),
        "offers": count(func.count(Offer.id), Offer.customer_id == customer.id),
        "to_dos": count(func.count(Activity.id), Activity.customer_id == customer.id, in_state("open")),
    }
