"""Settings: the Word templates that offers are made from."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from sqlalchemy import select
from starlette.datastructures import FormData

from api.console.settings import FormDep, act, may_open, page, text, version
from api.console.visit import Visit, VisitDep
from api.routes.documents import HEADERS
from api.routes.offers import TYPES
from api.routes.templates import form_text, language_of, preview_response, templates_of, uploaded
from api.uploads import form_of
from core.errors import AppError, Forbidden
from core.language import LANGUAGES
from crm.tables import Offer
from offers.documents.inspecting import MOST_BYTES
from offers.own_templates import TemplateView

router = APIRouter(include_in_schema=False)
PATH = "/settings/templates"
ACCEPTED = ".docx"


async def _upload_form(request: Request, visit: VisitDep) -> FormData:
    """The form with its file, read once its sender was recognised."""
    return await form_of(request)


UploadDep = Annotated[FormData, Depends(_upload_form)]


def _too_large() -> int:
    return MOST_BYTES


def _list(visit: Visit, refused: AppError | None = None, typed: dict[str, str] | None = None) -> HTMLResponse:
    may_open(visit, "templates")
    own = templates_of(visit.parts)
    return page(
        visit,
        "templates",
        "templates",
        title=visit.words("Offer templates"),
        controls=(visit.control("upload", visit.words("Upload"), "template", "create"),),
        refused=refused,
        listed=own.listed(visit.actor),
        pdf_possible=own.pdf_possible,
        typed=typed or {"name": "", "language": visit.language},
        accepted=ACCEPTED,
        most=_too_large(),
        too_large=AppError("template_too_large", 413, megabytes=MOST_BYTES // 1_000_000).message(visit.language),
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list, and the form to add one."""
    return _list(visit)


@router.post(PATH + "/new")
async def upload(visit: VisitDep, form: UploadDep) -> Response:
    """Add a template, or say where its fault is."""
    may_open(visit, "templates")
    own, name = templates_of(visit.parts), form_text(form, "name")
    typed = {"name": name, "language": form_text(form, "language")}
    try:
        language, standard = language_of(form), "standard" in form
        made = await uploaded(
            visit.parts, form, lambda path, file: own.upload(visit.actor, path, file, name, language, standard)
        )
    except Forbidden:
        raise
    except AppError as refused:
        return _list(visit, refused, typed)
    return visit.go(f"{PATH}/{made.code}", visit.words("The template is sound and kept."))


def _sheet(visit: Visit, view: TemplateView, refused: AppError | None = None, where: str = "") -> HTMLResponse:
    own, words = templates_of(visit.parts), visit.words
    with visit.reading() as session:
        query = select(Offer.number).order_by(Offer.id.desc()).limit(30)
        offers = list(session.scalars(query))
    return page(
        visit,
        "template",
        "templates",
        title=view.name,
        record=("template", view.code),
        controls=(
            visit.control("save", words("Save"), "template", "update"),
            visit.control("replace", words("Upload a new version"), "template", "update"),
        ),
        fields={words("Name"): view.name},
        refused=refused,
        where=where,
        shown=view,
        offers=offers,
        pdf_possible=own.pdf_possible,
        accepted=ACCEPTED,
        most=_too_large(),
        too_large=AppError("template_too_large", 413, megabytes=MOST_BYTES // 1_000_000).message(visit.language),
    )


@router.get(PATH + "/{code:template}")
def sheet(visit: VisitDep, code: str) -> HTMLResponse:
    """One template, its versions, and looking at it with a real offer."""
    may_open(visit, "templates")
    return _sheet(visit, templates_of(visit.parts).find(visit.actor, code))


@router.post(PATH + "/{code:template}")
def change(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Rename it, switch it on or off, make it the standard one."""
    own = templates_of(visit.parts)
    view = own.find(visit.actor, code)

    def work() -> None:
        own.change(visit.actor, code, version(form), text(form, "name")[:200], "active" in form, "standard" in form)

    said = visit.words("Saved. New offers follow it.")
    return act(visit, work, f"{PATH}/{code}", said, lambda refused: _sheet(visit, view, refused, "change"))


@router.post(PATH + "/{code:template}/file")
async def replace(visit: VisitDep, code: str, form: UploadDep) -> Response:
    """Upload the next version of it."""
    may_open(visit, "templates")
    own = templates_of(visit.parts)
    view, seen = own.find(visit.actor, code), version(form)
    try:
        await uploaded(visit.parts, form, lambda path, file: own.replace(visit.actor, code, seen, path, file))
    except Forbidden:
        raise
    except AppError as refused:
        return _sheet(visit, view, refused, "file")
    return visit.go(f"{PATH}/{code}", visit.words("The new version is sound and kept."))


@router.get(PATH + "/{code:template}/file")
def original(visit: VisitDep, code: str, ordinal: int | None = None) -> FileResponse:
    """The file of a version as it was uploaded."""
    may_open(visit, "templates")
    found, path = templates_of(visit.parts).original(visit.actor, code, ordinal)
    return FileResponse(path, media_type=TYPES["docx"], filename=found.filename, headers=HEADERS)


@router.get(PATH + "/{code:template}/preview")
def preview(visit: VisitDep, code: str, offer: str = "", kind: Literal["docx", "pdf"] = "pdf") -> Response:
    """A real offer as this template prints it; kept nowhere."""
    may_open(visit, "templates")
    own = templates_of(visit.parts)
    view = own.find(visit.actor, code)
    try:
        content = own.preview(visit.actor, code, None, offer[:40], kind)
    except AppError as refused:
        return _sheet(visit, view, refused, "preview")
    return preview_response(content, kind, f"{code}-{offer.strip().upper()}.{kind}")


@router.get(PATH + "/shipped/{language}")
def shipped(visit: VisitDep, language: str) -> FileResponse:
    """The template that comes with the product, to start one's own from."""
    may_open(visit, "templates")
    known = next((each for each in LANGUAGES if each == language), None)
    if known is None:
        raise AppError("page_missing", 404, path=visit.request.url.path)
    path = templates_of(visit.parts).shipped(known)
    return FileResponse(path, media_type=TYPES["docx"], filename=path.name, headers=HEADERS)
