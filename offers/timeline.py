"""What happened to an offer, in order: from its own records, and from the audit for those who may read that."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from crm import offer_events
from crm.session import CrmSession
from crm.tables import AuditEntry, Offer, OfferVersion, User

EventKind = Literal["made", "revised", "documents", "issued"] | offer_events.Kind
_MOST = 200


@dataclass(frozen=True)
class Event:
    """Something that happened to version `ordinal` of an offer at `at`; `who` is a name, None where it is not known
    to the one who asks; `note` is what was said."""

    at: datetime
    kind: EventKind
    ordinal: int
    who: str | None
    note: str = ""


def timeline(session: CrmSession, offer: Offer) -> tuple[Event, ...]:
    """Everything that happened to `offer`, newest first.

    Earlier issuings and who wrote a version are in the audit alone: without the right to read it they are left out,
    all but the offer's owner.
    """
    entries = _entries(session, offer)
    names = _names(session, {entry.actor for entry in entries})
    authors = {e.record_code: e.actor for e in entries if e.resource_name == OfferVersion.__tablename__}
    owner = offer.owner.display_name(session.actor.language)
    events = []
    for version in offer.versions:
        first = version is offer.versions[0]
        who = names.get(authors.get(version.record, ""), owner if first else None)
        events.append(Event(version.made_at, "made" if first else "revised", version.ordinal, who))
        if version.documents:
            made_at = max(document.made_at for document in version.documents)
            events.append(Event(made_at, "documents", version.ordinal, None))
    told = offer_events.offer_events(session, Offer.id == offer.id, _MOST)
    asked = {event.ordinal for event in told if event.kind == "asked"}
    events += [Event(event.at, event.kind, event.ordinal, event.who, event.note) for event in told]
    audited = []
    for entry in entries:
        ordinal, kind = _ordinal_at(offer, entry.at), _kind(entry)
        # What was approved before there were requests is in the audit alone.
        if kind is not None and not (kind == "approved" and ordinal in asked):
            audited.append(Event(entry.at, kind, ordinal, names.get(entry.actor, entry.actor)))
    if offer.issued_at is not None and not any(event.kind == "issued" for event in audited):
        events.append(Event(offer.issued_at, "issued", _ordinal_at(offer, offer.issued_at), None))
    # Of things done in one moment the later kind comes last: an offer is made, then its documents are.
    return tuple(sorted((*events, *audited), key=lambda event: event.at, reverse=True))


def issued_ordinals(events: tuple[Event, ...]) -> frozenset[int]:
    """The versions that were issued, as far as the timeline tells."""
    return frozenset(event.ordinal for event in events if event.kind == "issued")


def _kind(entry: AuditEntry) -> EventKind | None:
    if entry.resource_name != Offer.__tablename__ or "state" not in (entry.after or {}):
        return None
    state = (entry.after or {})["state"]
    if entry.action == "issue" and state == "issued":
        return "issued"
    return "approved" if entry.action == "approve" and state == "draft" else None


def _ordinal_at(offer: Offer, moment: datetime) -> int:
    """The newest version there was at `moment`."""
    return max((v.ordinal for v in offer.versions if v.made_at <= moment), default=1)


def _entries(session: CrmSession, offer: Offer) -> list[AuditEntry]:
    actor = session.actor
    if actor.scope("audit", "read") is None or not actor.sees("contact", "email"):
        return []
    versions = [version.record for version in offer.versions]
    return [
        *session.scalars(
            select(AuditEntry).where(
                AuditEntry.record_code == offer.number, AuditEntry.resource_name == Offer.__tablename__
            )
        ),
        *session.scalars(
            select(AuditEntry).where(
                AuditEntry.record_code.in_(versions), AuditEntry.resource_name == OfferVersion.__tablename__
            )
        ),
    ]


def _names(session: CrmSession, logins: set[str]) -> dict[str, str]:
    if not logins:
        return {}
    people = session.scalars(select(User).where(User.login.in_(logins)))
    return {person.login: person.display_name(session.actor.language) for person in people}
