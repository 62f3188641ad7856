"""A company's own documents: what the assistant answers from besides the help pages."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.datastructures import FormData

from api.deps import ActorDep, PartsDep
from api.uploads import file_of, form_of, on_disk
from assistant import documents
from assistant.context import Parts
from assistant.document_index import page_id
from assistant.documents import DocumentView, Wanted
from core.language import Language
from crm.customer_fields import FieldsRefused
from crm.documents import RESOURCE, DocumentFields
from crm.settings_rules import may


class CodeConvertor(StringConvertor):
    """The codes of documents in addresses, so that they are told from the tokens of links."""

    regex = "D[0-9]{4,9}"


register_url_convertor("document", CodeConvertor())
router = APIRouter(prefix="/api/v1/documents", tags=["documents"])

# A file is only ever saved: an HTML page opened here would speak for this server.
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
_FILE = {"type": "string", "format": "binary"}


def _form(*required: str, **fields: object) -> dict[str, object]:
    """A multipart form as OpenAPI describes it: it is read only after the sender was recognised."""
    schema = {"type": "object", "required": ["file", *required], "properties": {"file": _FILE, **fields}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


class CompanyDocument(BaseModel):
    """A document of the company. `state` says whether the assistant answers from it: `ready`; `indexing`, `progress`
    of which (0 to 1) is in; `waiting` where that failed, with `fault` in the user's language, or has not begun;
    `hidden`. `path` leads to its text on the console. `unread_pages` are pages left out because they could not be
    read; they are told when a file is sent."""

    code: str
    title: str
    filename: str
    media_type: str
    language: Language
    audience: list[str]
    screens: list[str]
    hidden: bool
    pages: int
    size: int
    sha256: str
    version: int
    state: Literal["ready", "indexing", "waiting", "hidden"]
    progress: float
    fault: str | None
    path: str
    unread_pages: int

    @classmethod
    def of(cls, view: DocumentView, language: Language) -> "CompanyDocument":
        """The document as it is sent to somebody who reads `language`."""
        standing = view.standing
        return cls(
            code=view.code,
            title=view.title,
            filename=view.filename,
            media_type=view.media_type,
            language=view.language,
            audience=list(view.audience),
            screens=list(view.screens),
            hidden=view.hidden,
            pages=view.pages,
            size=view.size,
            sha256=view.sha256,
            version=view.version,
            state=standing.state,
            progress=1.0 if standing.state == "ready" else round(standing.done / max(1, standing.total), 3),
            fault=standing.fault.message(language) if standing.fault else None,
            path=f"/help/{view.language}/{page_id(view.code)}",
            unread_pages=view.unread,
        )


class DocumentChange(BaseModel):
    """What is to change; what is None stays. `version` is the one that was looked at."""

    version: int = Field(ge=1)
    title: str | None = Field(default=None, max_length=500)
    language: Language | None = None
    audience: list[str] | None = Field(default=None, max_length=50)
    screens: list[str] | None = Field(default=None, max_length=50)
    hidden: bool | None = None


def _words(form: FormData, name: str) -> list[str]:
    """The values of a field that can be there several times, each a word or several between commas."""
    sent = [value for value in form.getlist(name) if isinstance(value, str)]
    return [word.strip() for value in sent for word in value.split(",") if word.strip()]


def _text(form: FormData, name: str) -> str | None:
    value = form.get(name)
    return value.strip()[:500] or None if isinstance(value, str) else None


def wanted_of(form: FormData) -> Wanted:
    """What a form asks for a new document."""
    return Wanted(_text(form, "title"), _text(form, "language"), _words(form, "audience"), _words(form, "screens"))


@contextmanager
def _one_fault() -> Iterator[None]:
    """Several faults of a form as the first of them: clients of the API get one sentence."""
    try:
        yield
    except FieldsRefused as refused:
        raise next(iter(refused.faults.values())) from refused


async def received(parts: Parts, form: FormData, take: Callable[..., DocumentView]) -> DocumentView:
    """What `take` makes of the file of `form`, given as its path and name; neither holds up other requests."""
    sent = file_of(form)

    def read() -> DocumentView:
        with on_disk(parts.settings, sent) as path:
            return take(path, sent.filename or "")

    return await asyncio.to_thread(read)


@router.get("")
def list_documents(actor: ActorDep, parts: PartsDep) -> list[CompanyDocument]:
    """The documents the user may read, by title."""
    return [CompanyDocument.of(view, actor.language) for view in documents.listed(parts, actor)]


@router.post("", status_code=201, openapi_extra=_form(
    "audience",
    title={"type": "string"},
    language={"type": "string", "enum": ["hu", "pl", "en"]},
    audience={"type": "array", "items": {"type": "string"}},
    screens={"type": "array", "items": {"type": "string"}},
))  # fmt: skip
async def add(request: Request, actor: ActorDep, parts: PartsDep) -> CompanyDocument:
    """Add a file. It is read now; the assistant answers from it once its `state` is `ready`.

    413 where it is too large in some way, 415 for a kind that is not read, 422 where there is nothing to be read in it,
    409 for a file that is there already.
    """
    may(actor, RESOURCE, "create")
    form = await form_of(request)
    wanted = wanted_of(form)
    with _one_fault():
        made = await received(parts, form, lambda path, name: documents.add(parts, actor, path, name, wanted))
    return CompanyDocument.of(made, actor.language)


@router.get("/{code:document}")
def read(actor: ActorDep, parts: PartsDep, code: str) -> CompanyDocument:
    """One document."""
    return CompanyDocument.of(documents.find(parts, actor, code), actor.language)


@router.patch("/{code:document}")
def change(actor: ActorDep, parts: PartsDep, code: str, body: DocumentChange) -> CompanyDocument:
    """Change whom it is for, its title, its language, or hide it: in force with the next question."""
    present = documents.find(parts, actor, code)
    fields = DocumentFields(
        present.title if body.title is None else body.title,
        present.language if body.language is None else body.language,
        present.audience if body.audience is None else body.audience,
        present.screens if body.screens is None else body.screens,
        present.hidden if body.hidden is None else body.hidden,
    )
    with _one_fault():
        return CompanyDocument.of(documents.change(parts, actor, code, body.version, fields), actor.language)


@router.delete("/{code:document}", status_code=204)
def remove(actor: ActorDep, parts: PartsDep, code: str, version: int = Query(ge=1)) -> None:
    """Delete it: no answer quotes it any more."""
    documents.remove(parts, actor, code, version)


@router.get("/{code:document}/file")
def original(actor: ActorDep, parts: PartsDep, code: str) -> FileResponse:
    """The file as it was sent."""
    found, path = documents.original(parts, actor, code)
    return FileResponse(path, media_type=found.media_type, filename=found.filename, headers=HEADERS)


@router.put("/{code:document}/file", openapi_extra=_form(version={"type": "integer"}))
async def replace(request: Request, actor: ActorDep, parts: PartsDep, code: str) -> CompanyDocument:
    """Put another file in its place, with the `version` that was looked at."""
    may(actor, RESOURCE, "update")
    form = await form_of(request)
    seen = _text(form, "version") or ""
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    made = await received(parts, form, lambda path, name: documents.replace(parts, actor, code, version, path, name))
    return CompanyDocument.of(made, actor.language)
