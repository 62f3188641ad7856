"""The company's documents: uploading, whom they are for, and taking them away."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.customers_forms import faults_of
from api.console.screens import Control, Screen
from api.console.settings import LANGUAGE_NAMES, text, version
from api.console.visit import Visit, VisitDep
from api.routes.documents import HEADERS, received, wanted_of
from api.uploads import form_of
from assistant import documents
from assistant.documents import LIMITS, DocumentView, Wanted
from core.errors import AppError, Forbidden
from crm.customer_fields import FieldsRefused
from crm.documents import DocumentFields
from crm.help_pages import EVERYONE, LONGEST_TITLE
from crm.settings_grants import levels
from retrieval.parsing.limits import MEGABYTE

router = APIRouter(include_in_schema=False)
PATH = "/help/documents"
ACCEPTED = ".pdf,.docx,.docm,.xlsx,.xlsm,.md,.markdown,.html,.htm,.txt"


async def _form(request: Request, visit: VisitDep) -> FormData:
    """The form, read once its sender was recognised."""
    return await form_of(request)


FormDep = Annotated[FormData, Depends(_form)]


def may_keep(visit: Visit) -> bool:
    """Whether the user has anything to do on the screen of documents."""
    return any(visit.can("page", action) for action in ("create", "update", "delete"))


def _may_open(visit: Visit) -> None:
    if not may_keep(visit):
        raise Forbidden("update", "page")


def audiences(visit: Visit) -> dict[str, str]:
    """Whom something can be for: codes and their names."""
    with visit.reading() as session:
        named = {each.role.code: visit.words.name(each.role.names) for each in levels(session)}
    return {EVERYONE: visit.words("Everyone, also without signing in"), **named}


def _faults(visit: Visit, refused: AppError | None, whole: str) -> dict[str, str]:
    """The errors of a form by field; what is about no one field stands under `whole`."""
    errors = faults_of(visit, refused) if refused is not None else {}
    return {name or whole: said for name, said in errors.items()}


def _too_large(visit: Visit) -> str:
    """What the browser says about a file that is too large, its name left blank."""
    megabytes = LIMITS.file_bytes // MEGABYTE
    return AppError("file_too_large", 413, file="%file%", megabytes=megabytes).message(visit.language)


def _list(visit: Visit, typed: Wanted, refused: AppError | None = None) -> HTMLResponse:
    words = visit.words
    errors = _faults(visit, refused, "file")
    upload = visit.control("upload", words("Upload"), "page", "create")
    return visit.page(
        "help/documents.html",
        Screen("documents", errors=errors, controls=(upload,)),
        refused.status if refused is not None else 200,
        listed=documents.listed(visit.parts, visit.actor),
        typed=typed,
        errors=errors,
        upload=upload,
        audiences=audiences(visit),
        languages={"": words("Found out from the text"), **LANGUAGE_NAMES},
        accepted=ACCEPTED,
        most=LIMITS.file_bytes,
        too_large=_too_large(visit),
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list, and the form to add one."""
    _may_open(visit)
    return _list(visit, Wanted())


@router.post(PATH + "/new")
async def upload(visit: VisitDep, form: FormDep) -> Response:
    """Add a file."""
    if not visit.can("page", "create"):
        raise Forbidden("create", "page")
    wanted = wanted_of(form)
    try:
        made = await received(
            visit.parts, form, lambda path, name: documents.add(visit.parts, visit.actor, path, name, wanted)
        )
    except AppError as refused:
        return _list(visit, wanted, refused)
    return visit.go(PATH, _said(visit, made))


def _said(visit: Visit, made: DocumentView) -> str:
    words = visit.words
    said = words("“%(title)s” was read; the assistant answers from it once it is indexed.", title=made.title)
    if made.unread:
        left_out = words.count("%(num)s page could not be read.", "%(num)s pages could not be read.", made.unread)
        said = f"{said} {left_out}"
    return said


def _controls(visit: Visit, view: DocumentView) -> tuple[Control, ...]:
    words = visit.words
    return (
        visit.control("save", words("Save"), "page", "update"),
        visit.control("replace", words("Replace the file"), "page", "update"),
        visit.control("remove", words("Delete the document"), "page", "delete"),
    )


def _sheet(
    visit: Visit,
    view: DocumentView,
    typed: DocumentFields,
    seen: int,
    refused: AppError | None = None,
    whole: str = "",
) -> HTMLResponse:
    errors = _faults(visit, refused, whole)
    words, controls = visit.words, _controls(visit, view)
    fields = {words("Title"): view.title, words("File"): view.filename}
    return visit.page(
        "help/document.html",
        Screen("document", ("document", view.code), dict(fields), errors, controls),
        refused.status if refused is not None else 200,
        document=view,
        typed=typed,
        seen=seen,
        errors=errors,
        controls={control.name: control for control in controls},
        audiences=audiences(visit),
        languages=LANGUAGE_NAMES,
        accepted=ACCEPTED,
        most=LIMITS.file_bytes,
        longest=LONGEST_TITLE,
        too_large=_too_large(visit),
    )


@router.get(PATH + "/{code:document}")
def sheet(visit: VisitDep, code: str) -> HTMLResponse:
    """One document: whom it is for, and its file."""
    _may_open(visit)
    view = documents.find(visit.parts, visit.actor, code)
    typed = DocumentFields(view.title, view.language, view.audience, view.screens, view.hidden)
    return _sheet(visit, view, typed, view.version)


@router.post(PATH + "/{code:document}")
def change(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Keep what was typed: in force with the next question."""
    view = documents.find(visit.parts, visit.actor, code)
    typed = DocumentFields(
        text(form, "title")[:500],
        text(form, "language"),
        tuple(str(value) for value in form.getlist("audience")),
        tuple(part.strip() for part in text(form, "screens").split(",") if part.strip()),
        "hidden" in form,
    )
    try:
        documents.change(visit.parts, visit.actor, code, version(form), typed)
    except Forbidden:
        raise
    except AppError as refused:
        if isinstance(refused, FieldsRefused) or refused.code == "conflict":
            return _sheet(visit, view, typed, version(form), refused)
        return visit.go(f"{PATH}/{code}", visit.refused(refused))
    return visit.go(PATH, visit.words("Saved. It is so with the next question."))


@router.post(PATH + "/{code:document}/file")
async def replace(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Put another file in its place."""
    view = documents.find(visit.parts, visit.actor, code)
    seen = version(form)
    try:
        made = await received(
            visit.parts, form, lambda path, name: documents.replace(visit.parts, visit.actor, code, seen, path, name)
        )
    except Forbidden:
        raise
    except AppError as refused:
        typed = DocumentFields(view.title, view.language, view.audience, view.screens, view.hidden)
        return _sheet(visit, view, typed, seen, refused, "file")
    return visit.go(PATH, _said(visit, made))


@router.post(PATH + "/{code:document}/remove")
def remove(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Delete it."""
    documents.remove(visit.parts, visit.actor, code, version(form))
    return visit.go(PATH, visit.words("The document is deleted; no answer quotes it any more."))


@router.get(PATH + "/{code:document}/file")
def original(visit: VisitDep, code: str) -> FileResponse:
    """The file as it was uploaded, for those who may read the document."""
    found, path = documents.original(visit.parts, visit.actor, code)
    return FileResponse(path, media_type=found.media_type, filename=found.filename, headers=HEADERS)


@router.get(PATH + "/{code:document}/state")
def state(visit: VisitDep, code: str) -> HTMLResponse:
    """How far indexing it is, for the list."""
    view = documents.find(visit.parts, visit.actor, code)
    return visit.fragment("help/_document_state.html", document=view)
