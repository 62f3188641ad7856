"""Offers: reading, issuing, fetching documents."""

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from api.deps import ActorDep, PartsDep
from api.links import linked_offer
from offers.view import OfferView

router = APIRouter(prefix="/api/v1/offers", tags=["offers"])

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


class Issuing(BaseModel):
    """What the person who issues an offer had before their eyes: its version, as `OfferView.version` counts them."""

    version: int | None = Field(default=None, ge=1)


@router.get("/{number}")
def read(actor: ActorDep, parts: PartsDep, number: str) -> OfferView:
    """The offer in its newest version."""
    return linked_offer(parts.offers.view(actor, number))


@router.post("/{number}/issue")
def issue(actor: ActorDep, parts: PartsDep, number: str, issuing: Issuing | None = None) -> OfferView:
    """Issue the offer: records the activity, moves the pipeline, sets the follow-up task.

    With a `version`, 409 `offer_revised` where the newest version is another one, and nothing is issued.
    """
    return linked_offer(parts.offers.issue(actor, number, shown=issuing.version if issuing else None))


@router.get("/{number}/documents/{kind}")
def document(actor: ActorDep, parts: PartsDep, number: str, kind: Literal["docx", "pdf"]) -> FileResponse:
    """The finished Word or PDF file; made now if it is missing."""
    path = parts.offers.document(actor, number, kind)
    return FileResponse(path, media_type=TYPES[kind], filename=f"{number}.{kind}")
