"""Links by which a customer reads and answers an offer: random, kept as a digest only, running out, revocable."""

import hashlib
import secrets
from datetime import date, datetime

from sqlalchemy import select

from core.clock import now, today
from core.errors import AppError
from crm import guard, numbers
from crm.days import ends
from crm.session import CrmSession, acting
from crm.tables import AcceptanceLink, Offer

_BYTES = 32
# What 32 bytes are in URL-safe Base64 without padding (RFC 4648, 5).
TOKEN_LENGTH = 43


def token_hash(token: str) -> str:
    """SHA-256 of a token: all that is kept of it. 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def make(session: CrmSession, offer: Offer, until: date | None = None) -> str:
    """A new token for the newest version of `offer`, good to the end of its validity or of the day `until`, whichever
    comes first; older links of the offer are revoked.

    Raises `Forbidden` without the right to issue, `AppError("link_needs_issued")` for an offer that the customer does
    not have or has answered, `AppError("offer_expired")` for one that has run out.
    """
    guard.check(session, session.actor, offer, "issue")
    # Two who make one at once: the second waits, and revokes what the first made. Whoever waited for an answer or a new
    # version to be written goes by that.
    query = select(Offer).where(Offer.id == offer.id).with_for_update(of=Offer)
    session.scalars(query.execution_options(populate_existing=True)).one()
    session.expire(offer, ["versions"])
    if offer.state != "issued":
        raise AppError("link_needs_issued", 409, number=offer.number)
    version = offer.latest
    last = min(version.valid_until, until or version.valid_until)
    if last < today():
        raise AppError("offer_expired", 409, number=offer.number, day=last.isoformat())
    revoke(session, offer)
    token = secrets.token_urlsafe(_BYTES)
    session.add(
        AcceptanceLink(
            code=f"L{numbers.draw(session, 'acceptance link'):05d}",
            offer_id=offer.id,
            offer=offer,
            offer_version_id=version.id,
            offer_version=version,
            token_sha256=token_hash(token),
            made_by_id=session.actor.user_id or None,
            expires_at=ends(last),
        )
    )
    session.flush()
    return token


def revoke(session: CrmSession, offer: Offer) -> int:
    """Revoke every link of `offer` that is not revoked yet; how many there were. Raises `Forbidden`."""
    query = select(AcceptanceLink).where(AcceptanceLink.offer_id == offer.id, AcceptanceLink.revoked_at.is_(None))
    found = session.scalars(query.with_for_update(of=AcceptanceLink)).all()
    if not found:
        return 0
    guard.check(session, session.actor, offer, "issue")
    with acting(session, "issue"):
        for link in found:
            link.revoked_at = now()
    return len(found)


def of_offer(session: CrmSession, offer: Offer) -> list[AcceptanceLink]:
    """Every link of `offer`, oldest first."""
    query = select(AcceptanceLink).where(AcceptanceLink.offer_id == offer.id).order_by(AcceptanceLink.id)
    return list(session.scalars(query))


def by_token(session: CrmSession, token: str) -> AcceptanceLink | None:
    """The link with this token, in whatever state; None where there is none."""
    if len(token) != TOKEN_LENGTH:
        return None
    query = select(AcceptanceLink).where(AcceptanceLink.token_sha256 == token_hash(token))
    # It may have been read before the offer was locked, and been revoked since.
    return session.scalar(query.execution_options(populate_existing=True))


def is_live(link: AcceptanceLink, offer: Offer, moment: datetime | None = None) -> bool:
    """Whether `link` opens anything at `moment` (now, where none is given): not revoked, not run out, of the version
    that counts, of an offer that the customer has."""
    return (
        link.revoked_at is None
        and (moment or now()) < link.expires_at
        and link.offer_version_id == offer.latest.id
        and offer.state in ("issued", "accepted", "declined")
    )


def note_opened(session: CrmSession, link: AcceptanceLink) -> None:
    """Note that `link` was opened now, if it never was before."""
    if link.opened_at is None:
        link.opened_at = now()
        session.flush()
