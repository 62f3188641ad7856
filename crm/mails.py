"""Mails with offers as people see and decide about them: putting one into the outbox, the list, what to do with one
whose fate nobody knows."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from core.clock import now, today
from core.errors import AppError, NotFound, catalogue, say
from crm import guard, links
from crm.offers import OUT, issuable
from crm.session import CrmSession, acting
from crm.tables import Offer, OfferMail, OfferVersion

MailState = Literal["queued", "claimed", "transmitting", "sent", "failed", "uncertain", "bounced", "cancelled"]
STATES: tuple[MailState, ...] = get_args(MailState)
# What a person has to look at, the most pressing first.
TROUBLED: tuple[MailState, ...] = ("uncertain", "failed", "bounced")
Decision = Literal["arrived", "again", "cancel"]
# The decisions a person may take about a mail in each state.
DECISIONS: Mapping[str, tuple[Decision, ...]] = {
    "queued": ("cancel",),
    "uncertain": ("arrived", "again"),
    "failed": ("again", "cancel"),
}
# No letters and digits that are taken for one another.
_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
MASKED = "…"
_LINK = re.compile(r"(/o/)([A-Za-z0-9_-]{20,})")
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"'„”“]+@[^\s<>()\[\]:;,\"'„”“]+")


@dataclass(frozen=True)
class NewMail:
    """A mail as it was previewed and confirmed, as `OfferMail` keeps it. `domain` is the one its Message-ID ends with;
    `files` are `{"name", "path", "sha256", "size", "media_type"}` each, the path relative to `ROBO_HOME`."""

    sender: str
    domain: str
    recipients: Sequence[str]
    subject: str
    body: str
    files: Sequence[Mapping[str, object]]
    digest: str
    copies: Sequence[str] = ()
    purpose: str = "offer"


def sendable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not send `offer` now: `Forbidden`, or `AppError` as `crm.offers.issuable` where it
    would have to be issued for that, and for an issued one that has run out. Missing documents are no hindrance: they
    are made when the mail is written."""
    guard.check(session, session.actor, offer, "issue")
    if offer.state in OUT:
        if offer.state == "issued" and offer.latest.valid_until < today():
            raise AppError("offer_expired", 409, number=offer.number, day=offer.latest.valid_until.isoformat())
        return
    try:
        issuable(session, offer)
    except AppError as reason:
        if reason.code != "offer_without_documents":
            raise


def put(session: CrmSession, version: OfferVersion, new: NewMail) -> OfferMail:
    """Put a mail with this version of an offer into the outbox, in the unit of work of whatever it belongs to.

    Raises `Forbidden` or `NotFound` where the actor has no right to issue the offer.
    """
    guard.check(session, session.actor, version.offer, "issue")
    code = "M" + "".join(secrets.choice(_SIGNS) for _ in range(9))
    mail = OfferMail(
        code=code,
        offer=version.offer,
        offer_version=version,
        purpose=new.purpose,
        sender=new.sender,
        recipients=list(new.recipients),
        copies=list(new.copies),
        subject=new.subject,
        body=new.body,
        files=[dict(file) for file in new.files],
        digest=new.digest,
        message_id=f"<{code.lower()}.{secrets.token_hex(8)}@{new.domain}>",
        confirmed_by_id=session.actor.user_id or None,
        confirmed_at=now().replace(microsecond=0),
    )
    session.add(mail)
    session.flush()
    return mail


def by_code(session: CrmSession, code: str, *, locked: bool = False) -> OfferMail:
    """The mail with this code. Raises `NotFound`."""
    query = select(OfferMail).where(OfferMail.code == code.strip().upper())
    found = session.scalar(query.with_for_update(of=OfferMail) if locked else query)
    if found is None:
        raise NotFound("mail", code[:60])
    return found


def of_offer(session: CrmSession, offer: Offer) -> list[OfferMail]:
    """The mails with an offer, newest first."""
    query = select(OfferMail).where(OfferMail.offer_id == offer.id).order_by(OfferMail.id.desc())
    return list(session.scalars(query.options(joinedload(OfferMail.confirmed_by), joinedload(OfferMail.offer_version))))


@dataclass(frozen=True)
class MailFilters:
    """What the list of mails is narrowed by: one of `STATES`, `troubled` for all of `TROUBLED`; an empty value does not
    narrow it."""

    state: str = ""


def query_for(filters: MailFilters) -> Select[OfferMail]:
    """The mails `filters` leave: uncertain ones first, then failed and bounced ones, then the newest."""
    order = case({state: rank for rank, state in enumerate(TROUBLED)}, value=OfferMail.state, else_=len(TROUBLED))
    query = select(OfferMail).order_by(order, OfferMail.id.desc())
    if filters.state == "troubled":
        query = query.where(OfferMail.state.in_(TROUBLED))
    elif filters.state:
        query = query.where(OfferMail.state == filters.state)
    return query.options(
        joinedload(OfferMail.offer).joinedload(Offer.customer),
        joinedload(OfferMail.offer_version),
        joinedload(OfferMail.confirmed_by),
    )


def troubled(session: CrmSession) -> int:
    """How many of the mails the actor sees wait for a person: those of `TROUBLED`."""
    if session.actor.scope("offer", "read") is None:
        return 0
    return session.scalar(select(func.count(OfferMail.id)).where(OfferMail.state.in_(TROUBLED))) or 0


def is_superseded(mail: OfferMail) -> bool:
    """Whether `mail` would bring an offer as it was before its newest version: other figures, and a dead link."""
    return mail.purpose == "offer" and mail.offer.latest.id != mail.offer_version_id


def decide(session: CrmSession, code: str, decision: Decision) -> OfferMail:
    """Have a person settle a mail: it `arrived`, send it `again` (whole, under the same Message-ID), or `cancel` it.

    Audited as issuing, and needs that right. Raises `NotFound`, `Forbidden`, `AppError("mail_not_undecided")` where its
    state leaves no such choice, `AppError("mail_version_superseded")` where the offer says something else by now.
    """
    mail = by_code(session, code, locked=True)
    guard.check(session, session.actor, mail.offer, "issue")
    if decision not in DECISIONS.get(mail.state, ()):
        raise AppError("mail_not_undecided", 409, mail=mail.code)
    if decision == "again" and is_superseded(mail):
        raise AppError("mail_version_superseded", 409)
    with acting(session, "issue"):
        if decision == "again":
            mail.state, mail.claim, mail.claimed_at, mail.attempts = "queued", None, None, 0
            mail.due_at, mail.fault = now(), None
        elif decision == "arrived":
            mail.state, mail.sent_at = "sent", mail.claimed_at or now()
        else:
            mail.state = "cancelled"
    return mail


def addresses(session: CrmSession, mail: OfferMail) -> tuple[str, ...]:
    """Everybody a mail goes to; masked for those whose level does not see contacts' e-mail addresses."""
    everybody = [str(each) for each in (*mail.recipients, *mail.copies)]
    return tuple(everybody) if session.actor.sees("contact", "email") else tuple(MASKED for _ in everybody)


def shown_body(mail: OfferMail) -> str:
    """The text of a mail without the customer's link: whoever has that can answer in their name."""
    return _LINK.sub(rf"\1{MASKED}", mail.body)


def carries(mail: OfferMail, token_sha256: str) -> bool:
    """Whether the link whose token has this digest stands in the text of `mail`."""
    return any(links.token_hash(found.group(2)) == token_sha256 for found in _LINK.finditer(mail.body))


def told(session: CrmSession, mail: OfferMail) -> str:
    """A mail's fault in words: a sentence of ours where it names one (`mail_code`, or `mail_code: name`), else as the
    server said it. Servers name addresses: they are masked as `addresses` masks them."""
    code, _, name = (mail.fault or "").partition(": ")
    known = code.startswith("mail_") and code in catalogue()
    words = say(code, session.actor.language, name=name) if known else mail.fault or ""
    return words if session.actor.sees("contact", "email") else _ADDRESS.sub(MASKED, words)


@dataclass(frozen=True)
class MailEvent:
    """Something that happened to a mail with version `ordinal` of an offer: `mail_confirmed`, or `mail_` and the state
    it is in. `who` is the name of the one who confirmed it, `to` whom it went to."""

    at: datetime
    kind: str
    code: str
    ordinal: int
    who: str | None
    to: tuple[str, ...]


def events(session: CrmSession, offer: Offer) -> tuple[MailEvent, ...]:
    """What happened to the mails with `offer`, newest first: each was confirmed, and most had an end."""
    found: list[MailEvent] = []
    for mail in of_offer(session, offer):
        to, ordinal = addresses(session, mail), mail.offer_version.ordinal
        who = mail.confirmed_by.display_name(session.actor.language) if mail.confirmed_by else None
        found.append(MailEvent(mail.confirmed_at, "mail_confirmed", mail.code, ordinal, who, to))
        if mail.state in ("sent", "failed", "uncertain", "bounced"):
            at = (mail.sent_at if mail.state == "sent" else None) or mail.claimed_at or mail.confirmed_at
            found.append(MailEvent(at, f"mail_{mail.state}", mail.code, ordinal, None, to))
    return tuple(sorted(found, key=lambda event: event.at, reverse=True))
