"""Links by which customers answer offers, and their answers."""

from fastapi import APIRouter, Response
from pydantic import BaseModel

from api.deps import ActorDep, PartsDep
from core.errors import NotFound
from crm import decisions, links
from crm import offers as offer_records
from crm.session import unit
from offers import accepting
from offers.acceptance_view import DecisionView, LinkView, decision_view, link_view

router = APIRouter(prefix="/api/v1/offers", tags=["offers"])


class Undone(BaseModel):
    """An offer whose answer was taken back: its state, and its opportunity's stage."""

    number: str
    state: str
    stage: str | None


@router.post("/{number}/link", status_code=201)
def make_link(actor: ActorDep, parts: PartsDep, number: str) -> LinkView:
    """A new link to the newest version of an issued offer. Its address is told this once; older links are revoked."""
    with unit(parts.engine, actor) as session:
        offer = offer_records.by_number(session, number)
        url = parts.settings.public_address + accepting.make_link(session, offer)
        return link_view(links.of_offer(session, offer)[-1], offer, url)


@router.delete("/{number}/link", status_code=204)
def revoke_link(actor: ActorDep, parts: PartsDep, number: str) -> Response:
    """Revoke every link to the offer; there may be none."""
    with unit(parts.engine, actor) as session:
        links.revoke(session, offer_records.by_number(session, number))
    return Response(status_code=204)


@router.get("/{number}/decision")
def decision(actor: ActorDep, parts: PartsDep, number: str) -> DecisionView:
    """The customer's answer that stands, or the newest one that was taken back. 404 where there is none."""
    with unit(parts.engine, actor, writes=False) as session:
        given = decisions.of_offer(session, offer_records.by_number(session, number))
        if not given:
            raise NotFound("decision", number)
        return decision_view(given[-1], actor.language)


@router.post("/{number}/decision/undo")
def undo(actor: ActorDep, parts: PartsDep, number: str) -> Undone:
    """Take the answer back: the offer is issued again, and its opportunity goes back to be decided."""
    with unit(parts.engine, actor) as session:
        accepting.undo(session, number)
        offer = offer_records.by_number(session, number)
        deal = offer.opportunity
        return Undone(number=offer.number, state=offer.state, stage=deal.stage_code if deal else None)
