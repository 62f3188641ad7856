"""What customers decided: recorded once, taken back by right."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from sqlalchemy import select

from core.clock import now, today
from core.errors import AppError, Forbidden
from crm import guard, numbers, pipeline
from crm.session import CrmSession, acting
from crm.tables import AcceptanceLink, ActivityType, Offer, OfferDecision, Opportunity, Transition

Answer = Literal["accepted", "declined"]
# The activity type each answer is recorded as, which carries the pipeline's step.
ACTIVITY: dict[Answer, str] = {"accepted": "offer_accepted", "declined": "offer_declined"}


@dataclass(frozen=True)
class NewDecision:
    """An answer to record; sums in the offer's currency, of the lines `taken` (positions); none for a declined offer.

    `address` is where the request came from, `pdf_sha256` the digest of the file that was shown.
    """

    answer: Answer
    name: str
    taken: Sequence[int]
    net: Decimal
    vat: Decimal
    gross: Decimal
    address: str
    pdf_sha256: str
    comment: str = ""
    reason: str | None = None
    signature: str | None = None


def record(session: CrmSession, offer: Offer, link: AcceptanceLink, new: NewDecision) -> OfferDecision:
    """Record the answer to `offer`, which is locked by this unit of work, and set its state: issued to accepted or
    declined, and from nothing else.

    Raises `AppError("offer_answered")` where it was answered before, `AppError("offer_not_open")` where the customer
    does not have it, `AppError("offer_expired")` where it has run out.
    """
    if offer.state in ACTIVITY:
        raise AppError("offer_answered", 409, number=offer.number)
    if offer.state != "issued":
        raise AppError("offer_not_open", 409, number=offer.number)
    if offer.latest.valid_until < today():
        raise AppError("offer_expired", 409, number=offer.number, day=offer.latest.valid_until.isoformat())
    decision = OfferDecision(
        code=f"D{numbers.draw(session, 'offer decision'):05d}",
        offer_id=offer.id,
        offer=offer,
        offer_version_id=offer.latest.id,
        offer_version=offer.latest,
        link_id=link.id,
        link=link,
        decision=new.answer,
        name=new.name,
        comment=new.comment,
        reason=new.reason,
        taken=list(new.taken),
        net=new.net,
        vat=new.vat,
        gross=new.gross,
        signature=new.signature,
        address=new.address,
        pdf_sha256=new.pdf_sha256,
    )
    session.add(decision)
    with acting(session, "accept"):
        offer.state = new.answer
    return decision


def of_offer(session: CrmSession, offer: Offer) -> list[OfferDecision]:
    """Every answer to `offer`, those taken back too, oldest first."""
    query = select(OfferDecision).where(OfferDecision.offer_id == offer.id).order_by(OfferDecision.id)
    return list(session.scalars(query))


def standing(session: CrmSession, offer: Offer) -> OfferDecision | None:
    """The answer that stands; None where there is none, or it was taken back."""
    if offer.state not in ACTIVITY:
        return None
    return next((d for d in reversed(of_offer(session, offer)) if d.undone_at is None), None)


def undoable(session: CrmSession, offer: Offer) -> None:
    """Raise where the actor may not take the answer to `offer` back: `Forbidden`, or `AppError("nothing_to_undo")`."""
    guard.check(session, session.actor, offer, "undo")
    if offer.state not in ACTIVITY:
        raise AppError("nothing_to_undo", 409, number=offer.number)


def undo(session: CrmSession, offer: Offer) -> OfferDecision | None:
    """Take back the answer to `offer`, which is locked by this unit of work: it is issued again, its opportunity goes
    back by the `undo` step, and its amount is that of the whole offer again.

    The opportunity stays where another offer of it is accepted, or somebody moved it since. Raises as `undoable`, and
    `Forbidden` without the right to take back the opportunity's step.
    """
    undoable(session, offer)
    decision = standing(session, offer)
    with acting(session, "undo"):
        offer.state = "issued"
        if decision is not None:
            decision.undone_at = now()
    if decision is not None and offer.opportunity_id is not None:
        _move_back(session, offer, decision)
    return decision


def _move_back(session: CrmSession, offer: Offer, decision: OfferDecision) -> None:
    deal = locked_opportunity(session, offer)
    kind = session.scalar(select(ActivityType).where(ActivityType.code == f"offer_{decision.decision}"))
    others = select(Offer.id).where(
        Offer.opportunity_id == offer.opportunity_id, Offer.state == decision.decision, Offer.id != offer.id
    )
    if deal is None or kind is None or deal.stage_code != kind.moves_to or session.scalar(others.limit(1)) is not None:
        return
    back = session.scalar(
        select(Transition).where(Transition.from_stage == deal.stage_code, Transition.trigger == "undo")
    )
    if back is None:
        return
    if session.actor.scope("opportunity", back.action) is None:
        raise Forbidden(back.action, "opportunity")
    pipeline.move(session, deal, back.to_stage)
    if decision.decision == "accepted" and session.actor.sees("opportunity", "amount"):
        set_amount(deal, offer, decision.net, offer.latest.net)


def set_amount(deal: Opportunity, offer: Offer, before: Decimal | None, after: Decimal) -> None:
    """Make `after` the amount of `deal`, in the currency of `offer`. Where `before` is given, only an amount that is
    still that one is changed; in another currency none is."""
    if deal.currency == offer.latest.currency and (before is None or deal.amount == before):
        deal.amount = after


def locked_opportunity(session: CrmSession, offer: Offer) -> Opportunity | None:
    """The opportunity of `offer`, nobody else's to change until the unit of work ends. Lock the offer before it, as all
    do who lock both."""
    if offer.opportunity_id is None:
        return None
    query = select(Opportunity).where(Opportunity.id == offer.opportunity_id)
    return session.scalar(query.with_for_update(of=Opportunity).execution_options(populate_existing=True))


def lacking_copies(session: CrmSession) -> list[str]:
    """Codes of decisions in force without a stamped copy, as after a crash right after an answer."""
    lacking = OfferDecision.stamped_path.is_(None) & OfferDecision.undone_at.is_(None)
    return list(session.scalars(select(OfferDecision.code).where(lacking).order_by(OfferDecision.id)))
