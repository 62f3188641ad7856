"""An offer made anew: the same for another customer, and the same at the prices of today."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import ActorDep, PartsDep
from api.links import linked_offer
from assistant.reply import ChangeView
from offers.revising import Revised, Revising
from offers.telling import told_changes
from offers.view import OfferView

router = APIRouter(prefix="/api/v1/offers", tags=["offers"])


class Copying(BaseModel):
    """Whom the offer is copied for: a customer's code."""

    customer: str = Field(min_length=1, max_length=100)


class ChangedOffer(BaseModel):
    """A version that was made of another, and what it changed of that: none where it is an offer of its own."""

    offer: OfferView
    changes: list[ChangeView]


@router.post("/{number}/copy", status_code=201)
def copy(actor: ActorDep, parts: PartsDep, number: str, copying: Copying) -> ChangedOffer:
    """A new offer with the same lines, in the customer's currency and language, at their prices of today.

    404 for an offer or customer out of reach, 403 without the right to make offers, 409 or 422 for what cannot be
    offered to them, such as a product with no price in their currency.
    """
    return _answer(Revising(parts.offers).copy(actor, number, copying.customer), actor)


@router.post("/{number}/reprice")
def reprice(actor: ActorDep, parts: PartsDep, number: str) -> ChangedOffer:
    """The offer's next version at the prices of today; 409 `offer_prices_same` where no price is another."""
    return _answer(Revising(parts.offers).reprice(actor, number), actor)


def _answer(done: Revised, actor: ActorDep) -> ChangedOffer:
    changes = () if done.copied else told_changes(done.before, done.after, actor.language)
    return ChangedOffer(
        offer=linked_offer(done.offer),
        changes=[ChangeView(field=one.field, label=one.label, before=one.before, after=one.after) for one in changes],
    )
