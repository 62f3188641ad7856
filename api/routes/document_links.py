"""Links that open one document without a token: a browser's new tab sends no header."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel

from api.deps import ActorDep, BearerDep, KeyDep, PartsDep, actor_of, host_of
from api.routes.offers import TYPES
from api.tokens import DocumentLink, mint_link, read_link

router = APIRouter(prefix="/api/v1", tags=["offers"])

SECONDS = 60
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


class Link(BaseModel):
    """An address on this server that opens the document, and the seconds it is good for."""

    url: str
    expires_in: int


@router.post("/offers/{number}/documents/{kind}/link")
def link(
    actor: ActorDep, bearer: BearerDep, parts: PartsDep, key: KeyDep, number: str, kind: Literal["docx", "pdf"]
) -> Link:
    """A link to one document of an offer for the signed-in user, which a browser can open by itself for a minute."""
    parts.offers.view(actor, number)
    token = mint_link(key, DocumentLink(bearer, number, kind), SECONDS)
    return Link(url=f"/api/v1/documents/{token}", expires_in=SECONDS)


@router.get("/documents/{token}")
def open_document(request: Request, parts: PartsDep, key: KeyDep, token: str) -> FileResponse:
    """The document of a link: a PDF to look at, a Word file to save. The user's right is checked again now."""
    opened = read_link(key, token)
    host_of(parts, opened.bearer)
    actor = actor_of(request, parts, opened.bearer)
    path = parts.offers.document(actor, opened.number, opened.kind)
    shown = "inline" if opened.kind == "pdf" else "attachment"
    return FileResponse(
        path,
        media_type=TYPES[opened.kind],
        filename=f"{opened.number}.{opened.kind}",
        content_disposition_type=shown,
        headers=_HEADERS,
    )
