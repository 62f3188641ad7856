"""The library of what goes with offers: folders, search, upload, rules, and switching files off."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.addresses import ListUrl
from api.console.customers_forms import faults_of
from api.console.screens import Control, Screen
from api.console.settings import LANGUAGE_NAMES, version
from api.console.visit import Visit, VisitDep
from api.routes.documents import HEADERS
from api.routes.library import fields_of_form, received
from api.uploads import form_of
from core.errors import AppError, Forbidden
from crm import library as records
from crm.library import LONGEST_TITLE, RESOURCE, AttachmentFields
from crm.tables import Attachment
from offers.library import PDF, Library
from offers.packs.limits import LARGEST_FILE, MEGABYTE

router = APIRouter(include_in_schema=False)
PATH = "/library"
ACCEPTED = ".pdf,.docx,.xlsx,.png,.jpg,.jpeg"
_SHOWN_IN_PLACE = (PDF, "image/png", "image/jpeg")
# A file that was looked through holds nothing that acts; the browser still must not take it for a page of ours.
_IN_PLACE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def _form(request: Request, visit: VisitDep) -> FormData:
    """The form, read once its sender was recognised."""
    return await form_of(request)


FormDep = Annotated[FormData, Depends(_form)]


def _errors(visit: Visit, refused: AppError | None) -> dict[str, str]:
    found = faults_of(visit, refused) if refused is not None else {}
    return {name or "file": said for name, said in found.items()}


def _shared(visit: Visit, typed: AttachmentFields) -> dict[str, object]:
    """What the forms of a file are made of."""
    with visit.reading() as session:
        segments, categories = records.known_conditions(session)
        folders = records.folders(session)
    return {
        "typed": typed,
        "languages": LANGUAGE_NAMES,
        "folders": folders,
        "folder_choices": [(folder, folder) for folder in folders],
        "segments": [(name, name) for name in dict.fromkeys([*segments, *typed.segments])],
        "categories": [(name, name) for name in dict.fromkeys([*categories, *typed.categories])],
        "accepted": ACCEPTED,
        "most": LARGEST_FILE,
        "longest": LONGEST_TITLE,
        "too_large": AppError("attachment_too_large", 413, file="%file%", megabytes=LARGEST_FILE // MEGABYTE).message(
            visit.language
        ),
    }


def _list(visit: Visit, typed: AttachmentFields | None = None, refused: AppError | None = None) -> HTMLResponse:
    words, errors = visit.words, _errors(visit, refused)
    url = ListUrl.of(PATH, visit.request.query_params, ("q", "folder"), "title", ("title",))
    upload = visit.control("upload", words("Upload"), RESOURCE, "create")
    with visit.reading() as session:
        files = records.listed(session, url["q"], url["folder"] or None)
    fields: dict[str, object] = {words("Files"): len(files)}
    return visit.page(
        "library/list.html",
        Screen("library", None, {name: str(value) for name, value in fields.items()}, errors, (upload,)),
        refused.status if refused is not None else 200,
        files=files,
        url=url,
        upload=upload,
        errors=errors,
        **_shared(visit, typed or AttachmentFields("", url["folder"])),
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The files by folder, searched by title and folder, and the form to add one."""
    return _list(visit)


@router.post(PATH + "/new")
async def upload(visit: VisitDep, form: FormDep) -> Response:
    """Add a file."""
    if not visit.can(RESOURCE, "create"):
        raise Forbidden("create", RESOURCE)
    try:
        made = await received(visit.parts, visit.actor, form, None)
    except Forbidden:
        raise
    except AppError as refused:
        return _list(visit, fields_of_form(form), refused)
    return visit.go(f"{PATH}/{made.code}", visit.words("“%(title)s” is in the library.", title=made.title))


def _controls(visit: Visit, found: Attachment) -> tuple[Control, ...]:
    words = visit.words
    switch = words("Switch off") if found.active else words("Switch on")
    return (
        visit.control("save", words("Save"), RESOURCE, "update"),
        visit.control("replace", words("Replace the file"), RESOURCE, "update"),
        visit.control("switch", switch, RESOURCE, "update"),
        visit.control("remove", words("Delete"), RESOURCE, "delete"),
    )


def _sheet(
    visit: Visit, code: str, typed: AttachmentFields | None = None, seen: int = 0, refused: AppError | None = None
) -> HTMLResponse:
    with visit.reading() as session:
        found = records.by_code(session, code)
    controls, errors = _controls(visit, found), _errors(visit, refused)
    told = {visit.words("Title"): found.title, visit.words("Folder"): found.folder}
    return visit.page(
        "library/file.html",
        Screen("library_file", ("attachment", found.code), dict(told), errors, controls),
        refused.status if refused is not None else 200,
        file=found,
        seen=seen or found.version,
        errors=errors,
        controls={control.name: control for control in controls},
        in_place=found.media_type in _SHOWN_IN_PLACE,
        **_shared(visit, typed or records.fields_of(found)),
    )


@router.get(PATH + "/{code}")
def sheet(visit: VisitDep, code: str) -> HTMLResponse:
    """One file: what it is called, when it goes with an offer by itself, and the file."""
    return _sheet(visit, code)


@router.post(PATH + "/{code}")
def change(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Keep what was typed: for offers from now on."""
    typed, seen = fields_of_form(form), version(form)
    try:
        with visit.writing() as session:
            records.change(session, code, seen, typed)
    except Forbidden:
        raise
    except AppError as refused:
        return _sheet(visit, code, typed, seen, refused)
    return visit.go(f"{PATH}/{code}", visit.words("Saved. New offers follow it."))


@router.post(PATH + "/{code}/file")
async def replace(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Put another file in its place; offers made before keep theirs."""
    try:
        await received(visit.parts, visit.actor, form, code, version(form))
    except Forbidden:
        raise
    except AppError as refused:
        return _sheet(visit, code, None, version(form), refused)
    return visit.go(f"{PATH}/{code}", visit.words("The new file goes with offers from now on."))


@router.post(PATH + "/{code}/switch")
def switch(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Switch it off or on."""
    with visit.writing() as session:
        found = records.by_code(session, code)
        records.switch(session, code, version(form), active=not found.active)
        active = found.active
    said = visit.words("Switched on.") if active else visit.words("Switched off: it goes with no new offer.")
    return visit.go(f"{PATH}/{code}", said)


@router.post(PATH + "/{code}/remove")
def remove(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Delete a file that never went with an offer."""
    try:
        Library(visit.parts.engine, visit.parts.settings).remove(visit.actor, code, version(form))
    except Forbidden:
        raise
    except AppError as refused:
        if refused.status == 404:
            raise
        return _sheet(visit, code, None, 0, refused)
    return visit.go(PATH, visit.words("The file is deleted."))


@router.get(PATH + "/{code}/file")
def original(visit: VisitDep, code: str) -> FileResponse:
    """The file: shown in the browser where that can show it, else saved."""
    found, path = Library(visit.parts.engine, visit.parts.settings).file(visit.actor, code)
    shown = found.media_type in _SHOWN_IN_PLACE
    return FileResponse(
        path,
        media_type=found.media_type,
        filename=found.filename,
        headers=_IN_PLACE if shown else HEADERS,
        content_disposition_type="inline" if shown else "attachment",
    )
