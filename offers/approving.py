"""Who may approve an offer, what waits for whom, and deciding: by right, without a hand in it, within one's limits."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Engine

from core.errors import AppError, Forbidden, NotFound
from core.language import Language
from core.money import Currency
from crm import approvals
from crm import offers as offer_records
from crm.actor import Actor
from crm.session import CrmSession, unit
from crm.tables import ApprovalRequest, Offer, User
from offers.currency import as_currency
from offers.limits import limits_of, offered, over
from offers.warnings import told


def approvable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not approve `offer` now: as `crm.approvals.approvable`, and
    `AppError("approver_over_limit")` where it is over the actor's own limits too."""
    approvals.approvable(session, offer)
    if not within_limits(session, session.actor.role, offer):
        raise AppError("approver_over_limit", 403, number=offer.number)


def within_limits(session: CrmSession, role: str, offer: Offer) -> bool:
    """Whether the newest version of `offer` is within what `role` may offer alone."""
    return not over(limits_of(session, role), offered(session, offer.latest.lines, offer.latest.currency))


@dataclass(frozen=True)
class Waiting:
    """A version that waits for approval: what it comes to, why it is needed, and why the reader may not decide on it
    (`barred`), if so. `delegate` is whom it was handed to; `mine` that it is the reader."""

    code: str
    number: str
    ordinal: int
    lock: int
    customer_code: str
    customer_name: str
    asked_by: str
    asked_at: datetime
    net: Decimal
    currency: Currency
    highest_discount: Decimal
    valid_until: date
    reasons: tuple[str, ...]
    delegate: str | None
    mine: bool
    barred: AppError | None


def waiting(session: CrmSession, reader: Language | None = None) -> list[Waiting]:
    """What waits for approval and the actor may see: first what was handed to the actor, then what the actor may
    decide on, oldest first. Raises `Forbidden` for a level that approves nothing."""
    if not approvals.may_approve(session.actor):
        raise Forbidden("approve", "offer")
    found = [_waiting(session, request, reader or session.actor.language) for request in approvals.waiting(session)]
    return sorted(found, key=lambda each: (not each.mine, each.barred is not None))


def waiting_count(session: CrmSession) -> int:
    """How much the actor may decide on now."""
    return sum(each.barred is None for each in waiting(session)) if approvals.may_approve(session.actor) else 0


def _waiting(session: CrmSession, request: ApprovalRequest, reader: Language) -> Waiting:
    offer, version = request.offer, request.offer_version
    barred: AppError | None = None
    try:
        approvable(session, offer)
    except AppError as reason:
        barred = reason
    return Waiting(
        code=request.code,
        number=offer.number,
        ordinal=version.ordinal,
        lock=offer.version,
        customer_code=offer.customer.code,
        customer_name=offer.customer.name,
        asked_by=request.asked_by.display_name(reader),
        asked_at=request.created_at,
        net=version.net,
        currency=as_currency(version.currency),
        highest_discount=max((line.discount_percent for line in version.lines), default=Decimal(0)),
        valid_until=version.valid_until,
        reasons=tuple(told(reason, reader) for reason in request.reasons),
        delegate=request.delegate.display_name(reader) if request.delegate else None,
        mine=request.delegate_id == session.actor.user_id,
        barred=barred,
    )


def possible_delegates(session: CrmSession, offer: Offer) -> list[User]:
    """Whom `offer` can be handed to: those who could approve it, but the actor."""
    return [
        user
        for user in approvals.approvers(session, offer)
        if user.id != session.actor.user_id and within_limits(session, user.role_code, offer)
    ]


def delegate(engine: Engine, actor: Actor, number: str, login: str) -> None:
    """Hand what awaits approval to the user with `login`.

    Raises `NotFound`, `Forbidden`, `AppError("delegate_cannot_approve")`, and as `crm.approvals.approvable`. Who is
    over their own limits may hand it on, too.
    """
    with unit(engine, actor) as session:
        offer = offer_records.by_number(session, number, locked=True)
        request = approvals.request_of(session, offer.latest)
        if request is None:
            raise NotFound("approval", number)
        user = next((each for each in possible_delegates(session, offer) if each.login == login), None)
        if user is None:
            raise AppError("delegate_cannot_approve", 422, login=login[:60])
        approvals.delegate(session, request, user)
