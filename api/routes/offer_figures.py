"""Where the figures of an offer come from."""

from fastapi import APIRouter

from api.deps import ActorDep, PartsDep
from crm.session import unit
from offers.figures_told import ProvenanceView, provenance_view

router = APIRouter(prefix="/api/v1/offers", tags=["offers"])


@router.get("/{number}/provenance")
def provenance(actor: ActorDep, parts: PartsDep, number: str) -> ProvenanceView:
    """Every figure of the offer's newest version with its source, in the reader's language; margins by right only."""
    with unit(parts.engine, actor, writes=False) as session:
        return provenance_view(session, number)
