"""Addresses instead of paths: what leaves over HTTP never names a place on the server's disk."""

from assistant.reply import Reply
from offers.view import OfferView


def linked_offer(offer: OfferView) -> OfferView:
    """`offer` with each document's address on this API."""
    documents = [
        d.model_copy(update={"path": None, "url": f"/api/v1/offers/{offer.number}/documents/{d.kind}"})
        for d in offer.documents
    ]
    return offer.model_copy(update={"documents": documents})


def with_links(reply: Reply) -> Reply:
    """`reply` with addresses for its offer's documents."""
    if reply.offer is None:
        return reply
    return reply.model_copy(update={"offer": linked_offer(reply.offer)})
