"""Who may approve an offer: those with the right, without a hand in it, within whose own limits it is."""

from core.errors import AppError
from crm import approvals
from crm.session import CrmSession
from crm.tables import Offer
from offers.limits import limits_of, offered, over


def approvable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not approve `offer` now: as `crm.approvals.approvable`, and
    `AppError("approver_over_limit")` where it is over the actor's own limits too."""
    approvals.approvable(session, offer)
    if not within_limits(session, session.actor.role, offer):
        raise AppError("approver_over_limit", 403, number=offer.number)


def within_limits(session: CrmSession, role: str, offer: Offer) -> bool:
    """Whether the newest version of `offer` is within what `role` may offer alone."""
    return not over(limits_of(session, role), offered(session, offer.latest.lines, offer.latest.currency))
