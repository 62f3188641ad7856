"""Writing help pages: a new one, one written over a shipped one, and taking them away."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.customers_forms import faults_of
from api.console.help_text import render
from api.console.screens import Screen
from api.console.settings import LANGUAGE_NAMES, text, version
from api.console.visit import Visit, VisitDep
from assistant import pages
from core.errors import AppError, Forbidden, NotFound
from core.language import LANGUAGES, Language
from crm import open_questions
from crm.customer_fields import FieldsRefused
from crm.help_pages import EVERYONE, LONGEST_BODY, PageFields
from crm.people import as_language
from crm.settings_grants import levels

router = APIRouter(include_in_schema=False)
_LARGEST = 2 * LONGEST_BODY


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=60)


FormDep = Annotated[FormData, Depends(_form)]


@dataclass(frozen=True)
class Typed:
    """What a form about a page holds."""

    page_id: str
    language: str
    version: int
    fields: PageFields
    # The group of open questions the page is written for.
    question: str = ""


def _typed(form: FormData, page_id: str | None = None, language: str | None = None) -> Typed:
    audience = tuple(str(value) for value in form.getlist("audience"))
    screens = tuple(part.strip() for part in text(form, "screens").split(",") if part.strip())
    body = text(form, "body")[:_LARGEST]
    fields = PageFields(text(form, "title")[:500], body, audience, screens)
    # A new page has no record whose version could be compared.
    seen = version(form) if text(form, "version") else 0
    wanted = text(form, "page_id").strip() if page_id is None else page_id
    return Typed(wanted, language or text(form, "language"), seen, fields, text(form, "question")[:64])


def _may_write(visit: Visit, is_new: bool) -> None:
    if not visit.can("page", "create" if is_new else "update"):
        raise Forbidden("create" if is_new else "update", "page")


def form_page(
    visit: Visit, typed: Typed, is_new: bool, refused: AppError | None = None, warning: str | None = None
) -> HTMLResponse:
    """The form with what is `typed`, and what is wrong with it or to be known of it."""
    words = visit.words
    errors = faults_of(visit, refused) if refused is not None else {}
    save = visit.control("save", words("Save"), "page", "create" if typed.version == 0 else "update")
    with visit.reading() as session:
        named = [(each.role.code, words.name(each.role.names)) for each in levels(session)]
    record = None if is_new else ("help_page", f"{typed.language}/{typed.page_id}")
    fields = {words("Title"): typed.fields.title, words("Language"): typed.language}
    body, _ = render(typed.fields.body)
    return visit.page(
        "help/edit.html",
        Screen("help_page", record, dict(fields), errors, (save,)),
        refused.status if refused is not None else 200,
        typed=typed,
        is_new=is_new,
        errors=errors,
        audiences=[(EVERYONE, words("Everyone, also without signing in")), *named],
        languages=LANGUAGE_NAMES,
        preview=body,
        longest=LONGEST_BODY,
        save=save,
        warning=warning,
    )


@router.get("/help/new")
def blank(visit: VisitDep) -> HTMLResponse:
    """The form of a new page."""
    _may_write(visit, True)
    return form_page(visit, Typed("", visit.language, 0, PageFields()), True)


@router.post("/help/preview")
def preview(visit: VisitDep, body: Annotated[str, Form(max_length=_LARGEST)] = "") -> HTMLResponse:
    """What is being typed, as it will look."""
    return visit.fragment("help/_preview.html", preview=render(body)[0])


def _save(visit: Visit, typed: Typed, is_new: bool) -> Response:
    try:
        if typed.language not in LANGUAGES:
            raise FieldsRefused({"language": AppError("field_not_a_choice", 422, choices=", ".join(LANGUAGES))})
        language = as_language(typed.language)
        pages.save(visit.parts, visit.actor, language, typed.page_id, typed.version, typed.fields)
    except Forbidden:
        raise
    except AppError as refused:
        if refused.code != "page_not_indexed":
            return form_page(visit, typed, is_new, refused)
        _close_question(visit, typed)
        return visit.go(f"/help/{typed.language}/{typed.page_id}", visit.refused(refused))
    _close_question(visit, typed)
    return visit.go(
        f"/help/{typed.language}/{typed.page_id}", visit.words("Saved. The assistant answers from it from now on.")
    )


def _close_question(visit: Visit, typed: Typed) -> None:
    """The question the page answers is dealt with; one that was erased meanwhile is gone anyway."""
    if not typed.question:
        return
    try:
        with visit.writing() as session:
            open_questions.settle(session, typed.question, "closed", typed.page_id)
    except NotFound:
        return


@router.post("/help/new")
def create(visit: VisitDep, form: FormDep) -> Response:
    """Keep a new page."""
    return _save(visit, _typed(form), True)


@router.get("/help/{language}/{page_id}/edit")
def edit(visit: VisitDep, language: Language, page_id: str) -> HTMLResponse:
    """The form of a page there is."""
    found = pages.find(visit.parts, language, page_id, visit.actor)
    _may_write(visit, found.version == 0)
    if found.origin == "folder":
        raise AppError("page_of_folder", 409, page=page_id)
    return form_page(visit, Typed(page_id, language, found.version, found.fields), False)


@router.post("/help/{language}/{page_id}/edit")
def save(visit: VisitDep, language: Language, page_id: str, form: FormDep) -> Response:
    """Keep what was typed."""
    return _save(visit, _typed(form, page_id, language), False)


@router.post("/help/{language}/{page_id}/hide")
def hide(visit: VisitDep, language: Language, page_id: str, form: FormDep) -> Response:
    """Take a page away from readers."""
    pages.hide(visit.parts, visit.actor, language, page_id, _typed(form).version)
    said = visit.words("The page is hidden; the assistant no longer answers from it. Saving it brings it back.")
    return visit.go(f"/help/{language}/{page_id}", said)


@router.post("/help/{language}/{page_id}/remove")
def remove(visit: VisitDep, language: Language, page_id: str, form: FormDep) -> Response:
    """Delete the company's page."""
    found = pages.find(visit.parts, language, page_id, visit.actor)
    pages.remove(visit.parts, visit.actor, language, page_id, _typed(form).version)
    if found.origin == "changed":
        return visit.go(f"/help/{language}/{page_id}", visit.words("The shipped page is back."))
    return visit.go("/help", visit.words("The page is deleted."))
