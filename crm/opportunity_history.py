"""What happened with an opportunity, newest first, as far as the actor may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from crm import days
from crm.offer_events import OfferEvent, offer_events
from crm.session import CrmSession
from crm.tables import Activity, AuditEntry, Offer, Opportunity

Kind = Literal["opened", "stage", "activity", "offer_made", "offer_issued", "offer_event"]
LONGEST = 100


@dataclass(frozen=True)
class Event:
    """Something that happened. `text` is a stage's code, an activity's subject or an offer's number; `about` is what
    became of an offer, for an `offer_event`.

    `whole_day` says that only the day is known. `by` is a login, where the actor may read who it was.
    """

    at: datetime
    kind: Kind
    text: str = ""
    activity: Activity | None = None
    by: str | None = None
    whole_day: bool = False
    about: OfferEvent | None = None

    @property
    def day(self) -> date:
        """The day it happened, where the business is."""
        return days.day_of(self.at)


def history(session: CrmSession, opportunity: Opportunity) -> list[Event]:
    """At most `LONGEST` events, newest first.

    Who moved it, and every stage it went through, is in the audit: those without the right to it see only since
    when the opportunity is in its present stage.
    """
    events = [Event(days.begins(opportunity.opened_on), "opened", whole_day=True)]
    moves = list(_moves(session, opportunity))
    if not moves and opportunity.stage_since is not None:
        since = opportunity.stage_since
        # An imported day is kept as its first moment.
        moves = [Event(since, "stage", opportunity.stage_code, whole_day=since == days.begins(days.day_of(since)))]
    events += moves
    events += _activities(session, opportunity)
    for offer in offers_of(session, opportunity):
        events.append(Event(offer.created_at, "offer_made", offer.number))
        if offer.issued_at is not None:
            events.append(Event(offer.issued_at, "offer_issued", offer.number))
    for told in offer_events(session, Offer.opportunity_id == opportunity.id, LONGEST):
        events.append(Event(told.at, "offer_event", told.number, by=told.who, about=told))
    return sorted(events, key=lambda event: (event.at, not event.whole_day), reverse=True)[:LONGEST]


def _moves(session: CrmSession, opportunity: Opportunity) -> Iterator[Event]:
    actor = session.actor
    # Contacts are called by their e-mail address in the audit: who does not see those cannot ask it by name.
    if actor.scope("audit", "read") is None or not actor.sees("contact", "email"):
        return
    rows = session.scalars(
        select(AuditEntry)
        .where(
            AuditEntry.resource_name == Opportunity.__tablename__,
            AuditEntry.record_code == opportunity.code,
            AuditEntry.action.in_(("transition", "undo")),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(LONGEST)
    )
    for entry in rows:
        stage = (entry.after or {}).get("stage_code")
        if isinstance(stage, str):
            yield Event(entry.at, "stage", stage, by=entry.actor)


def _activities(session: CrmSession, opportunity: Opportunity) -> Iterator[Event]:
    rows = session.scalars(
        select(Activity)
        .where(Activity.opportunity_id == opportunity.id, Activity.state == "done")
        .options(joinedload(Activity.type))
        .order_by(Activity.id.desc())
        .limit(LONGEST)
    )
    for row in rows:
        if row.done_at is not None:
            yield Event(row.done_at, "activity", row.subject, row)
        else:
            at = days.begins(row.due) if row.due is not None else row.created_at
            yield Event(at, "activity", row.subject, row, whole_day=row.due is not None)


def open_activities(session: CrmSession, opportunity: Opportunity) -> list[Activity]:
    """What is still to be done about it, in order of the due day; at most `LONGEST`."""
    query = select(Activity).where(Activity.opportunity_id == opportunity.id, Activity.state == "open")
    query = query.options(joinedload(Activity.type), joinedload(Activity.assignee))
    return list(session.scalars(query.order_by(Activity.due.asc().nulls_last(), Activity.id).limit(LONGEST)))


def offers_of(session: CrmSession, opportunity: Opportunity) -> list[Offer]:
    """The offers that belong to it, newest first; at most `LONGEST`."""
    query = select(Offer).where(Offer.opportunity_id == opportunity.id).options(joinedload(Offer.versions))
    return list(session.scalars(query.order_by(Offer.id.desc()).limit(LONGEST)).unique())
