"""The library of what goes with offers, and what goes with one: attaching, taking off, the pack, the letter."""

import asyncio
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from api.deps import ActorDep, PartsDep
from api.routes.documents import HEADERS
from api.uploads import file_of, form_of, on_disk
from assistant.context import Parts
from core.errors import AppError
from core.language import Language
from crm import library as records
from crm import offers as offer_records
from crm.actor import Actor
from crm.customer_fields import FieldsRefused
from crm.library import RESOURCE, AttachmentFields
from crm.people import as_language
from crm.session import unit
from crm.settings_rules import may
from crm.tables import Attachment, OfferAttachment
from offers import attaching
from offers.letters import letter
from offers.library import Library
from offers.packing import pack

router = APIRouter(prefix="/api/v1", tags=["library"])
_FILE = {"type": "string", "format": "binary"}
_WORDS = {"type": "array", "items": {"type": "string"}}


class LibraryFile(BaseModel):
    """A file of the library. `pages` is 0 for kinds that have none; `size` in bytes. With `automatic` it goes with
    every offer that meets all conditions that are not empty."""

    code: str
    title: str
    folder: str
    language: Language | None
    filename: str
    media_type: str
    size: int
    pages: int
    sha256: str
    active: bool
    automatic: bool
    languages: list[str]
    segments: list[str]
    categories: list[str]
    skus: list[str]
    version: int

    @classmethod
    def of(cls, found: Attachment) -> "LibraryFile":
        """The record as it is sent."""
        fields = records.fields_of(found)
        return cls(
            code=found.code,
            title=found.title,
            folder=found.folder,
            language=as_language(found.language) if found.language else None,
            filename=found.filename,
            media_type=found.media_type,
            size=found.size,
            pages=found.pages,
            sha256=found.sha256,
            active=found.active,
            automatic=found.automatic,
            languages=list(fields.languages),
            segments=list(fields.segments),
            categories=list(fields.categories),
            skus=list(fields.skus),
            version=found.version,
        )


class LibraryChange(BaseModel):
    """What a file is to be called, where it lies, which offers it goes with by itself, and whether it is switched on.
    `version` is the one that was looked at."""

    version: int = Field(ge=1)
    title: str = Field(max_length=500)
    folder: str = Field(default="", max_length=500)
    language: Language | None = None
    active: bool = True
    automatic: bool = False
    languages: list[str] = Field(default=[], max_length=10)
    segments: list[str] = Field(default=[], max_length=200)
    categories: list[str] = Field(default=[], max_length=200)
    skus: list[str] = Field(default=[], max_length=200)


class Attaching(BaseModel):
    """Which file of the library is to go with an offer."""

    code: str = Field(max_length=40)


class OfferFile(BaseModel):
    """A file that goes with an offer, as it was when it was attached; `why` says how it came: by rule, asked for in a
    prompt, or picked by a person."""

    code: str
    title: str
    filename: str
    media_type: str
    sha256: str
    why: Literal["rule", "prompt", "person"]

    @classmethod
    def of(cls, found: OfferAttachment) -> "OfferFile":
        """The record as it is sent."""
        return cls(
            code=found.attachment.code,
            title=found.title,
            filename=found.filename,
            media_type=found.media_type,
            sha256=found.sha256,
            why="rule" if found.why == "rule" else "prompt" if found.why == "prompt" else "person",
        )


class LetterView(BaseModel):
    """A drafted cover letter; `{link}` in its text stands for the link to accept the offer."""

    subject: str
    body: str
    language: Language


def _words(form: FormData, name: str) -> list[str]:
    sent = [value for value in form.getlist(name) if isinstance(value, str)]
    return [word.strip() for value in sent for word in value.split(",") if word.strip()]


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip()[:500] if isinstance(value, str) else ""


def fields_of_form(form: FormData) -> AttachmentFields:
    """What a form says about a file; its title is that of the file where none is typed."""
    sent = form.get("file")
    named = getattr(sent, "filename", "") or ""
    return AttachmentFields(
        _text(form, "title") or Path(named).stem.replace("_", " ")[:150],
        _text(form, "folder"),
        _text(form, "language") or None,
        bool(_text(form, "automatic")),
        _words(form, "languages"),
        _words(form, "segments"),
        _words(form, "categories"),
        _words(form, "skus"),
    )


async def received(parts: Parts, actor: Actor, form: FormData, code: str | None, version: int = 0) -> Attachment:
    """Keep the file of `form`: a new one, or the new file of `code`."""
    sent, library, fields = file_of(form), Library(parts.engine, parts.settings), fields_of_form(form)

    def keep() -> Attachment:
        with on_disk(parts.settings, sent) as path:
            name = sent.filename or ""
            if code is None:
                return library.add(actor, path, name, fields)
            return library.replace(actor, code, version, path, name)

    return await asyncio.to_thread(keep)


def _first(refused: FieldsRefused) -> AppError:
    """Several faults as the first of them: clients of the API get one sentence."""
    return next(iter(refused.faults.values()))


@router.get("/library")
def listed(actor: ActorDep, parts: PartsDep, q: str = "", folder: str | None = None) -> list[LibraryFile]:
    """The files whose title, folder or file name has every word of `q`, in `folder` or below it."""
    with unit(parts.engine, actor, writes=False) as session:
        return [LibraryFile.of(each) for each in records.listed(session, q[:200], folder)]


@router.post("/library", status_code=201, openapi_extra={"requestBody": {"required": True, "content": {
    "multipart/form-data": {"schema": {"type": "object", "required": ["file"], "properties": {
        "file": _FILE, "title": {"type": "string"}, "folder": {"type": "string"}, "automatic": {"type": "string"},
        "language": {"type": "string", "enum": ["hu", "pl", "en"]}, "languages": _WORDS, "segments": _WORDS,
        "categories": _WORDS, "skus": _WORDS,
    }}}}}})  # fmt: skip
async def add(request: Request, actor: ActorDep, parts: PartsDep) -> LibraryFile:
    """Put a file into the library: PDF, DOCX, XLSX, PNG or JPG of at most 20 MB.

    413 where it is too large, 415 for another kind, 422 with the reason why it cannot go with offers, 409 for a file
    that is there already.
    """
    may(actor, RESOURCE, "create")
    try:
        return LibraryFile.of(await received(parts, actor, await form_of(request), None))
    except FieldsRefused as refused:
        raise _first(refused) from refused


@router.get("/library/{code}")
def read(actor: ActorDep, parts: PartsDep, code: str) -> LibraryFile:
    """One file's record."""
    with unit(parts.engine, actor, writes=False) as session:
        return LibraryFile.of(records.by_code(session, code))


@router.put("/library/{code}")
def change(actor: ActorDep, parts: PartsDep, code: str, body: LibraryChange) -> LibraryFile:
    """Change title, folder, language and rule, or switch it on or off: for offers from now on."""
    fields = AttachmentFields(**body.model_dump(exclude={"version", "active"}))
    try:
        with unit(parts.engine, actor) as session:
            found = records.change(session, code, body.version, fields)
            if found.active != body.active:
                records.switch(session, code, found.version, active=body.active)
            return LibraryFile.of(found)
    except FieldsRefused as refused:
        raise _first(refused) from refused


@router.delete("/library/{code}", status_code=204)
def remove(actor: ActorDep, parts: PartsDep, code: str, version: int = Query(ge=1)) -> None:
    """Delete a file that never went with an offer; 409 for one that did, which can be switched off."""
    Library(parts.engine, parts.settings).remove(actor, code, version)


@router.get("/library/{code}/file")
def original(actor: ActorDep, parts: PartsDep, code: str) -> FileResponse:
    """The file itself."""
    found, path = Library(parts.engine, parts.settings).file(actor, code)
    return FileResponse(path, media_type=found.media_type, filename=found.filename, headers=HEADERS)


@router.put("/library/{code}/file")
async def replace(request: Request, actor: ActorDep, parts: PartsDep, code: str) -> LibraryFile:
    """Another file in its place, with the `version` that was looked at; offers made before keep theirs."""
    may(actor, RESOURCE, "update")
    form = await form_of(request)
    seen = _text(form, "version")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    return LibraryFile.of(await received(parts, actor, form, code, version))


@router.get("/offers/{number}/attachments")
def of_offer(actor: ActorDep, parts: PartsDep, number: str) -> list[OfferFile]:
    """What goes with the newest version of an offer, in its order."""
    with unit(parts.engine, actor, writes=False) as session:
        version = offer_records.by_number(session, number).latest
        return [OfferFile.of(each) for each in attaching.attached(version)]


@router.post("/offers/{number}/attachments", status_code=201)
def attach(actor: ActorDep, parts: PartsDep, number: str, body: Attaching) -> list[OfferFile]:
    """Have a file of the library go with an offer that is not out yet; the answer is all that goes with it."""
    with unit(parts.engine, actor) as session:
        version = offer_records.by_number(session, number, locked=True).latest
        attaching.attach(session, version, [(records.by_code(session, body.code), attaching.PERSON)])
        return [OfferFile.of(each) for each in attaching.attached(version)]


@router.delete("/offers/{number}/attachments/{code}")
def detach(actor: ActorDep, parts: PartsDep, number: str, code: str) -> list[OfferFile]:
    """Take a file off an offer that is not out yet; the answer is what still goes with it."""
    with unit(parts.engine, actor) as session:
        version = offer_records.by_number(session, number, locked=True).latest
        attaching.detach(session, version, code)
        return [OfferFile.of(each) for each in attaching.attached(version)]


@router.get("/offers/{number}/pack")
def packed(actor: ActorDep, parts: PartsDep, number: str, letter: bool = False) -> FileResponse:
    """The offer and every PDF that goes with it as one file, with the cover letter in front where `letter`."""
    made = pack(parts.engine, parts.settings, actor, number, with_letter=letter)
    return FileResponse(made.path, media_type=made.media_type, filename=made.name, headers=HEADERS)


@router.get("/offers/{number}/letter")
def cover_letter(actor: ActorDep, parts: PartsDep, number: str, language: Language | None = None) -> LetterView:
    """The cover letter drafted from the template, in `language`, else in that of the offer's document."""
    with unit(parts.engine, actor, writes=False) as session:
        offer = offer_records.by_number(session, number)
        drafted = letter(session, offer, language or as_language(offer.latest.language))
    return LetterView(subject=drafted.subject, body=drafted.body, language=drafted.language)
