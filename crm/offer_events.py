"""What becomes of offers after they are written: approval, mails, links, answers. One source for every timeline.

Read as the actor may read offers; no right to the audit is needed for any of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from core.clock import now, today
from core.language import Language
from crm import mails
from crm.days import ends
from crm.session import CrmSession
from crm.tables import AcceptanceLink, ApprovalRequest, Offer, OfferDecision, OfferMail, OfferVersion, User

Kind = Literal[
    "asked",
    "delegated",
    "approved",
    "rejected",
    "mailed",
    "bounced",
    "link_made",
    "link_revoked",
    "opened",
    "accepted",
    "declined",
    "undone",
    "expired",
]


@dataclass(frozen=True)
class OfferEvent:
    """Something that happened to version `ordinal` of the offer `number` at `at`. `who` is a name, of ours or of the
    customer's; `note` what was said. `row` tells events of one moment apart."""

    at: datetime
    kind: Kind
    number: str
    ordinal: int
    who: str | None = None
    note: str = ""
    row: int = 0


def offer_events(session: CrmSession, wanted: ColumnElement[bool], most: int) -> list[OfferEvent]:
    """The newest events, at most `most`, of the offers for which `wanted` (a condition on `Offer`) holds."""
    language = session.actor.language
    found = [
        *_approvals(session, wanted, most, language),
        *_mails(session, wanted, most),
        *_links(session, wanted, most, language),
        *_decisions(session, wanted, most),
        *_expired(session, wanted, most),
    ]
    return sorted(found, key=lambda event: (event.at, event.kind, event.row), reverse=True)[:most]


def _name(user: User | None, language: Language) -> str | None:
    return user.display_name(language) if user is not None else None


def _approvals(session: CrmSession, wanted: ColumnElement[bool], most: int, language: Language) -> Iterator[OfferEvent]:
    query = (
        select(ApprovalRequest)
        .join(Offer, Offer.id == ApprovalRequest.offer_id)
        .where(wanted)
        .options(
            joinedload(ApprovalRequest.offer),
            joinedload(ApprovalRequest.offer_version),
            joinedload(ApprovalRequest.asked_by),
            joinedload(ApprovalRequest.delegate),
            joinedload(ApprovalRequest.decided_by),
        )
        .order_by(ApprovalRequest.id.desc())
        .limit(most)
    )
    for request in session.scalars(query):
        number, ordinal = request.offer.number, request.offer_version.ordinal
        yield OfferEvent(
            request.created_at, "asked", number, ordinal, _name(request.asked_by, language), row=request.id
        )
        if request.delegate is not None:
            handed = request.delegated_at or request.created_at
            yield OfferEvent(handed, "delegated", number, ordinal, _name(request.delegate, language), row=request.id)
        if request.decided_at is not None and request.state in ("approved", "rejected"):
            kind: Kind = "approved" if request.state == "approved" else "rejected"
            who = _name(request.decided_by, language)
            yield OfferEvent(request.decided_at, kind, number, ordinal, who, request.comment or "", request.id)


def _mails(session: CrmSession, wanted: ColumnElement[bool], most: int) -> Iterator[OfferEvent]:
    query = (
        select(OfferMail)
        .join(Offer, Offer.id == OfferMail.offer_id)
        .where(wanted, OfferMail.purpose == "offer", OfferMail.state.in_(("sent", "bounced")))
        .options(joinedload(OfferMail.offer), joinedload(OfferMail.offer_version))
        .order_by(OfferMail.id.desc())
        .limit(most)
    )
    for mail in session.scalars(query):
        kind: Kind = "mailed" if mail.state == "sent" else "bounced"
        at = mail.sent_at or mail.claimed_at or mail.confirmed_at
        to = ", ".join(mails.addresses(session, mail))
        yield OfferEvent(at, kind, mail.offer.number, mail.offer_version.ordinal, to, row=mail.id)


def _links(session: CrmSession, wanted: ColumnElement[bool], most: int, language: Language) -> Iterator[OfferEvent]:
    query = (
        select(AcceptanceLink, User)
        .join(Offer, Offer.id == AcceptanceLink.offer_id)
        .join(User, User.id == AcceptanceLink.made_by_id, isouter=True)
        .where(wanted)
        .options(joinedload(AcceptanceLink.offer), joinedload(AcceptanceLink.offer_version))
        .order_by(AcceptanceLink.id.desc())
        .limit(most)
    )
    for link, maker in session.execute(query):
        number, ordinal = link.offer.number, link.offer_version.ordinal
        yield OfferEvent(link.made_at, "link_made", number, ordinal, _name(maker, language), row=link.id)
        if link.opened_at is not None:
            yield OfferEvent(link.opened_at, "opened", number, ordinal, row=link.id)
        if link.revoked_at is not None:
            yield OfferEvent(link.revoked_at, "link_revoked", number, ordinal, row=link.id)


def _decisions(session: CrmSession, wanted: ColumnElement[bool], most: int) -> Iterator[OfferEvent]:
    query = (
        select(OfferDecision)
        .join(Offer, Offer.id == OfferDecision.offer_id)
        .where(wanted)
        .options(joinedload(OfferDecision.offer), joinedload(OfferDecision.offer_version))
        .order_by(OfferDecision.id.desc())
        .limit(most)
    )
    for decision in session.scalars(query):
        number, ordinal = decision.offer.number, decision.offer_version.ordinal
        kind: Kind = "accepted" if decision.decision == "accepted" else "declined"
        yield OfferEvent(decision.at, kind, number, ordinal, decision.name, decision.comment, decision.id)
        if decision.undone_at is not None:
            yield OfferEvent(decision.undone_at, "undone", number, ordinal, row=decision.id)


def _expired(session: CrmSession, wanted: ColumnElement[bool], most: int) -> Iterator[OfferEvent]:
    query: Select[OfferVersion] = (
        select(OfferVersion)
        .join(Offer, Offer.id == OfferVersion.offer_id)
        .where(
            wanted,
            Offer.state == "issued",
            OfferVersion.ordinal == Offer.latest_version,
            OfferVersion.valid_until < today(),
        )
        .options(joinedload(OfferVersion.offer))
        .order_by(OfferVersion.valid_until.desc(), OfferVersion.id.desc())
        .limit(most)
    )
    for version in session.scalars(query):
        at = min(ends(version.valid_until), now())
        yield OfferEvent(at, "expired", version.offer.number, version.ordinal, row=version.id)
