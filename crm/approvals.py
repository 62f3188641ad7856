"""Versions of offers that wait for approval: asked for by making them, decided on by somebody else."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.clock import now, today
from core.errors import AppError, Forbidden, NotFound
from crm import guard, numbers
from crm.actor import Actor
from crm.session import CrmSession, acting
from crm.tables import ApprovalRequest, Grant, Offer, OfferVersion, User, table_of

LONGEST_COMMENT = 2000


def ask(session: CrmSession, offer: Offer, version: OfferVersion, over: Sequence[object]) -> ApprovalRequest | None:
    """Have `version` wait for approval for the limits in `over`; none where it is over no limit."""
    if not over:
        return None
    request = ApprovalRequest(
        code=f"AP{numbers.draw(session, 'approval'):05d}",
        offer_id=offer.id,
        offer=offer,
        offer_version_id=version.id,
        offer_version=version,
        asked_by_id=session.actor.user_id,
        reasons=list(over),
    )
    session.add(request)
    session.flush()
    return request


def withdraw(session: CrmSession, offer: Offer) -> None:
    """Take back what waits of `offer`: a newer version comes."""
    for request in session.scalars(
        select(ApprovalRequest).where(ApprovalRequest.offer_id == offer.id, ApprovalRequest.state == "open")
    ):
        request.state = "withdrawn"
    session.flush()


def request_of(session: CrmSession, version: OfferVersion) -> ApprovalRequest | None:
    """The request for `version`, in whatever state."""
    return session.scalar(select(ApprovalRequest).where(ApprovalRequest.offer_version_id == version.id))


def by_code(session: CrmSession, code: str, *, locked: bool = False) -> ApprovalRequest:
    """The request with this code. Raises `NotFound`."""
    query = select(ApprovalRequest).where(ApprovalRequest.code == code.strip().upper())
    found = session.scalar(query.with_for_update(of=ApprovalRequest) if locked else query)
    if found is None:
        raise NotFound("approval", code)
    return found


def waiting(session: CrmSession) -> list[ApprovalRequest]:
    """Open requests that the actor may see, oldest first, their offers, versions and people loaded."""
    query = (
        select(ApprovalRequest)
        .where(ApprovalRequest.state == "open")
        .options(
            selectinload(ApprovalRequest.offer).selectinload(Offer.customer),
            selectinload(ApprovalRequest.offer_version).selectinload(OfferVersion.lines),
            selectinload(ApprovalRequest.asked_by),
            selectinload(ApprovalRequest.delegate),
        )
        .order_by(ApprovalRequest.id)
    )
    return list(session.scalars(query))


def hands_in(session: CrmSession, offer: Offer) -> frozenset[int]:
    """Ids of those who never approve `offer`: who owns it, wrote any of its versions, or asked.

    A discount of an earlier version lives on in the newest, whoever wrote that one.
    """
    request = request_of(session, offer.latest)
    authors = (version.author_id for version in offer.versions)
    people = {offer.owner_id, *authors, request.asked_by_id if request else None}
    return frozenset(person for person in people if person is not None)


def approvable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not decide on `offer` now.

    `Forbidden` without the right; `AppError` where it does not await approval, has run out, is the actor's own
    offer, or says what the actor wrote: nobody approves their own discount. Limits of the approver are no matter of
    the record: `offers.limits`.
    """
    if session.actor.scope("offer", "approve") is None:
        raise Forbidden("approve", "offer")
    if offer.state != "awaiting_approval":
        raise AppError("offer_not_awaiting", 409, number=offer.number)
    if session.actor.user_id in hands_in(session, offer):
        raise AppError("own_offer_not_approved", 403, number=offer.number)
    guard.check(session, session.actor, offer, "approve")
    if offer.latest.valid_until < today():
        raise AppError("offer_expired", 409, number=offer.number, day=offer.latest.valid_until.isoformat())


def decide(session: CrmSession, offer: Offer, *, approved: bool, comment: str = "") -> None:
    """Approve the newest version of `offer`, which makes it a draft that may be issued, or reject it with a reason in
    `comment`. Raises like `approvable`, and `AppError("rejection_needs_reason")`."""
    approvable(session, offer)
    comment = comment.strip()[:LONGEST_COMMENT]
    if not approved and not comment:
        raise AppError("rejection_needs_reason", 422)
    request = request_of(session, offer.latest)
    with acting(session, "approve"):
        offer.state = "draft" if approved else "rejected"
        if request is not None:
            request.state = "approved" if approved else "rejected"
            request.decided_by_id, request.decided_at = session.actor.user_id, now()
            request.comment = comment or None


def delegate(session: CrmSession, request: ApprovalRequest, to: User) -> None:
    """Hand an open request to `to`, who may approve it and had no hand in it. Raises like `approvable`, and
    `AppError("delegate_cannot_approve")`."""
    approvable(session, request.offer)
    if to.login not in {user.login for user in approvers(session, request.offer)}:
        raise AppError("delegate_cannot_approve", 422, login=to.login)
    with acting(session, "approve"):
        request.delegate_id, request.delegate, request.delegated_at = to.id, to, now()


def approvers(session: CrmSession, offer: Offer) -> list[User]:
    """Active users of levels that may approve every offer, who had no hand in `offer`, by name."""
    grants = table_of(Grant)
    levels = select(grants.c.role_code).where(
        grants.c.resource_name == "offer", grants.c.action == "approve", grants.c.scope == "all"
    )
    apart = hands_in(session, offer)
    users = session.scalars(
        select(User).where(User.active, User.role_code.in_(levels)).order_by(User.family_name, User.given_name)
    )
    return [user for user in users if user.id not in apart]


def may_approve(actor: Actor) -> bool:
    """Whether the level of `actor` approves anything."""
    return actor.scope("offer", "approve") is not None
