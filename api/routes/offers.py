"""Offers: reading, issuing, fetching documents."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse

from api.deps import ActorDep, PartsDep
from api.links import linked_offer
from offers.view import OfferView

router = APIRouter(prefix="/api/v1/offers", tags=["offers"])

_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@router.get("/{number}")
def read(actor: ActorDep, parts: PartsDep, number: str) -> OfferView:
    """The offer in its newest version."""
    return linked_offer(parts.offers.view(actor, number))


@router.post("/{number}/issue")
def issue(actor: ActorDep, parts: PartsDep, number: str) -> OfferView:
    """Issue the offer: records the activity, moves the pipeline, sets the follow-up task."""
    return linked_offer(parts.offers.issue(actor, number))


@router.get("/{number}/documents/{kind}")
def document(actor: ActorDep, parts: PartsDep, number: str, kind: Literal["docx", "pdf"]) -> FileResponse:
    """The finished Word or PDF file; made now if it is missing."""
    path = parts.offers.document(actor, number, kind)
    return FileResponse(path, media_type=_TYPES[kind], filename=f"{number}.{kind}")
