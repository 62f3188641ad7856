"""Approvals: what waits, and deciding on it."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import ActorDep, PartsDep
from api.links import linked_offer
from core.money import exact, plain
from crm.session import unit
from offers import approving
from offers.view import OfferView

router = APIRouter(prefix="/api/v1", tags=["approvals"])


class WaitingView(BaseModel):
    """A version that waits for approval. `net` is in `currency`; `barred` says why the reader may not decide on it."""

    code: str
    number: str
    version: int
    customer_code: str
    customer_name: str
    asked_by: str
    net: str
    currency: str
    highest_discount_percent: str
    valid_until: str
    reasons: list[str]
    delegate: str | None
    mine: bool
    barred: str | None


class Approval(BaseModel):
    """What the approver had before their eyes (the record's `lock`, if known), and what they say of it."""

    lock: int | None = Field(default=None, ge=1)
    comment: str = Field(default="", max_length=2000)


class Delegation(BaseModel):
    """Whom it is handed to."""

    login: str = Field(max_length=100)


@router.get("/approvals")
def waiting(actor: ActorDep, parts: PartsDep) -> list[WaitingView]:
    """What waits for approval and the caller may see: what they may decide on comes first."""
    with unit(parts.engine, actor, writes=False) as session:
        found = approving.waiting(session)
    return [
        WaitingView(
            code=each.code,
            number=each.number,
            version=each.ordinal,
            customer_code=each.customer_code,
            customer_name=each.customer_name,
            asked_by=each.asked_by,
            net=exact(each.net),
            currency=each.currency,
            highest_discount_percent=plain(each.highest_discount),
            valid_until=each.valid_until.isoformat(),
            reasons=list(each.reasons),
            delegate=each.delegate,
            mine=each.mine,
            barred=each.barred.message(actor.language) if each.barred else None,
        )
        for each in found
    ]


@router.post("/offers/{number}/approve")
def approve(actor: ActorDep, parts: PartsDep, number: str, approval: Approval) -> OfferView:
    """Approve the newest version: it can be issued then."""
    return linked_offer(parts.offers.approve(actor, number, approval.lock, approval.comment))


@router.post("/offers/{number}/reject")
def reject(actor: ActorDep, parts: PartsDep, number: str, approval: Approval) -> OfferView:
    """Refuse the newest version, with the reason in `comment`."""
    return linked_offer(parts.offers.reject(actor, number, approval.lock, approval.comment))


@router.post("/offers/{number}/delegate")
def delegate(actor: ActorDep, parts: PartsDep, number: str, delegation: Delegation) -> OfferView:
    """Hand it to somebody else who may approve it."""
    approving.delegate(parts.engine, actor, number, delegation.login)
    return linked_offer(parts.offers.view(actor, number))
