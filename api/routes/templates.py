"""A company's own Word templates of offers."""

import asyncio
from collections.abc import Callable
from typing import Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response
from pydantic import BaseModel, Field
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.datastructures import FormData

from api.deps import ActorDep, PartsDep
from api.routes.documents import HEADERS
from api.routes.offers import TYPES
from api.uploads import file_of, form_of, on_disk
from assistant.context import Parts
from core.errors import AppError
from core.language import LANGUAGES, Language
from crm.customer_fields import FieldsRefused
from crm.offer_templates import RESOURCE
from crm.settings_rules import may
from offers.own_templates import OwnTemplates, TemplateView


class TemplateConvertor(StringConvertor):
    """The codes of templates in addresses."""

    regex = "T[0-9]{4,9}"


register_url_convertor("template", TemplateConvertor())
router = APIRouter(prefix="/api/v1/templates", tags=["templates"])
_FILE = {"type": "string", "format": "binary"}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": _FILE,
                        "name": {"type": "string"},
                        "language": {"type": "string", "enum": list(LANGUAGES)},
                        "standard": {"type": "boolean"},
                        "version": {"type": "integer"},
                    },
                }
            }
        },
    }
}


class TemplateVersion(BaseModel):
    """One uploaded file of a template."""

    ordinal: int
    filename: str
    sha256: str
    made_at: str


class Template(BaseModel):
    """A template with its versions, newest last. Offers in its `language` are made from the `standard` one; `version`
    is the record's own, for changing it. Without `pdf_possible` this machine lacks LibreOffice."""

    code: str
    name: str
    language: Language
    active: bool
    standard: bool
    version: int
    pdf_possible: bool
    versions: list[TemplateVersion]

    @classmethod
    def of(cls, view: TemplateView, own: OwnTemplates) -> "Template":
        """The template as it is sent."""
        versions = [
            TemplateVersion(ordinal=v.ordinal, filename=v.filename, sha256=v.sha256, made_at=v.made_at.isoformat())
            for v in view.versions
        ]
        return cls(
            code=view.code,
            name=view.name,
            language=view.language,
            active=view.active,
            standard=view.standard,
            version=view.lock,
            pdf_possible=own.pdf_possible,
            versions=versions,
        )


class TemplateChange(BaseModel):
    """What is to change; what is None stays. `version` is the one that was looked at."""

    version: int = Field(ge=1)
    name: str | None = Field(default=None, max_length=200)
    active: bool | None = None
    standard: bool | None = None


def templates_of(parts: Parts) -> OwnTemplates:
    """The templates of this home."""
    return OwnTemplates(parts.engine, parts.settings)


def form_text(form: FormData, name: str) -> str:
    """A text field of a form; empty where it is not sent."""
    value = form.get(name)
    return value.strip()[:200] if isinstance(value, str) else ""


def language_of(form: FormData) -> Language:
    """The language chosen. Raises `AppError("template_language")`."""
    chosen = next((language for language in LANGUAGES if language == form_text(form, "language")), None)
    if chosen is None:
        raise FieldsRefused({"language": AppError("template_language", 422)})
    return chosen


async def uploaded(parts: Parts, form: FormData, keep: Callable[..., TemplateView]) -> TemplateView:
    """What `keep` makes of the file of `form`, given as its path and name; checking it holds up nobody else."""
    sent = file_of(form)

    def work() -> TemplateView:
        with on_disk(parts.settings, sent) as path:
            return keep(path, sent.filename or "")

    return await asyncio.to_thread(work)


def _first(refused: FieldsRefused) -> AppError:
    return next(iter(refused.faults.values()))


@router.get("")
def list_templates(actor: ActorDep, parts: PartsDep) -> list[Template]:
    """Every template, by language and name."""
    own = templates_of(parts)
    return [Template.of(view, own) for view in own.listed(actor)]


@router.post("", status_code=201, openapi_extra=_FORM)
async def upload(request: Request, actor: ActorDep, parts: PartsDep) -> Template:
    """Upload a new template: `name`, `language`, `file`, `standard`. 422 with the place of the first fault in it."""
    may(actor, RESOURCE, "create")
    form, own = await form_of(request), templates_of(parts)
    try:
        language, name = language_of(form), form_text(form, "name")
        standard = form_text(form, "standard").lower() in ("true", "1", "on", "yes")
        view = await uploaded(
            parts, form, lambda path, filename: own.upload(actor, path, filename, name, language, standard)
        )
    except FieldsRefused as refused:
        raise _first(refused) from refused
    return Template.of(view, own)


@router.get("/shipped/{language}")
def shipped(actor: ActorDep, parts: PartsDep, language: Language) -> FileResponse:
    """The template that comes with the product, to start one's own from."""
    path = templates_of(parts).shipped(language)
    return FileResponse(path, media_type=TYPES["docx"], filename=path.name, headers=HEADERS)


@router.get("/{code:template}")
def read(actor: ActorDep, parts: PartsDep, code: str) -> Template:
    """One template."""
    own = templates_of(parts)
    return Template.of(own.find(actor, code), own)


@router.patch("/{code:template}")
def change(actor: ActorDep, parts: PartsDep, code: str, body: TemplateChange) -> Template:
    """Rename it, switch it on or off, make it the standard one of its language."""
    own = templates_of(parts)
    now = own.find(actor, code)
    active = now.active if body.active is None else body.active
    standard = (now.standard and active) if body.standard is None else body.standard
    try:
        name = now.name if body.name is None else body.name
        return Template.of(own.change(actor, code, body.version, name, active, standard), own)
    except FieldsRefused as refused:
        raise _first(refused) from refused


@router.put("/{code:template}/file", openapi_extra=_FORM)
async def replace(request: Request, actor: ActorDep, parts: PartsDep, code: str) -> Template:
    """Upload the next version of it, with the `version` of the record that was looked at."""
    may(actor, RESOURCE, "update")
    form, own = await form_of(request), templates_of(parts)
    seen = form_text(form, "version")
    lock = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    view = await uploaded(parts, form, lambda path, filename: own.replace(actor, code, lock, path, filename))
    return Template.of(view, own)


@router.get("/{code:template}/file")
def original(
    actor: ActorDep, parts: PartsDep, code: str, ordinal: int | None = Query(default=None, ge=1)
) -> FileResponse:
    """The file of a version as it was uploaded, by default the newest."""
    found, path = templates_of(parts).original(actor, code, ordinal)
    return FileResponse(path, media_type=TYPES["docx"], filename=found.filename, headers=HEADERS)


@router.get("/{code:template}/preview/{kind}")
def preview(
    actor: ActorDep,
    parts: PartsDep,
    code: str,
    kind: Literal["docx", "pdf"],
    offer: str = Query(max_length=40),
    ordinal: int | None = Query(default=None, ge=1),
) -> Response:
    """The offer numbered `offer` as this template prints it; kept nowhere."""
    content = templates_of(parts).preview(actor, code, ordinal, offer, kind)
    return preview_response(content, kind, f"{code}-{offer.strip().upper()}.{kind}")


def preview_response(content: bytes, kind: Literal["docx", "pdf"], name: str) -> Response:
    """A document that is only saved or looked at, never run."""
    safe = "".join(letter for letter in name if letter.isalnum() or letter in "-.")
    disposition = f'{"inline" if kind == "pdf" else "attachment"}; filename="{safe}"'
    return Response(content, media_type=TYPES[kind], headers={**HEADERS, "Content-Disposition": disposition})
