"""Questions without a good answer: the editors' list, grouped, and drafting a page for one of them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.addresses import ListUrl
from api.console.help_edit import Typed, form_page
from api.console.screens import Screen
from api.console.settings import LANGUAGE_NAMES
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from assistant import drafting, pages
from core.errors import Forbidden
from crm import open_questions
from crm.lists import PAGE_SIZE
from crm.open_questions import STATES, State

router = APIRouter(include_in_schema=False)
PATH = "/help/questions"
STATE_NAMES = {"open": N_("Open"), "drafted": N_("Being written"), "closed": N_("Closed")}
CAUSES = {"unanswered": N_("No answer found"), "badly_rated": N_("Badly rated")}
REASONS = {
    "wrong": N_("The answer is wrong"),
    "outdated": N_("The answer is outdated"),
    "incomplete": N_("The answer is incomplete"),
    "not_understood": N_("My question was not understood"),
    "other": N_("Something else"),
}


def may_read(visit: Visit) -> bool:
    """Whether the user is one of those who may read every question."""
    return visit.actor.scope("question", "read") == "all"


def _state(text: str) -> State | None:
    return next((state for state in STATES if state == text), None)


def _words(visit: Visit) -> dict[str, dict[str, str]]:
    return {
        "states": {code: visit.words(name) for code, name in STATE_NAMES.items()},
        "causes": {code: visit.words(name) for code, name in CAUSES.items()},
        "reasons": {code: visit.words(name) for code, name in REASONS.items()},
        "languages": LANGUAGE_NAMES,
    }


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The groups of questions, those asked most first."""
    if not may_read(visit):
        raise Forbidden("read", "question")
    query = visit.request.query_params
    url = ListUrl.of(PATH, query, ("state",), "count", ("count",))
    state = _state(url["state"] or "open")
    with visit.reading() as session:
        every = open_questions.groups(session)
    counts = {each: sum(group.state == each for group in every) for each in STATES}
    fitting = [group for group in every if state in (None, group.state)]
    offset = min(url.offset, max(0, len(fitting) - 1) // PAGE_SIZE * PAGE_SIZE)
    shown = state or "all"
    return visit.page(
        "questions/list.html",
        Screen("help_questions", fields={visit.words("Questions waiting"): counts["open"]}),
        groups=fitting[offset : offset + PAGE_SIZE],
        total=len(fitting),
        offset=offset,
        size=PAGE_SIZE,
        url=url,
        state=shown,
        counts=counts,
        names=_words(visit),
    )


@router.get(PATH + "/{code}")
def one(visit: VisitDep, code: str) -> HTMLResponse:
    """A group: every wording, and why it is here."""
    words = visit.words
    with visit.reading() as session:
        group = open_questions.group(session, code)
    drafting_control = visit.control("draft", words("Draft a page"), "page", "create")
    close = visit.control("close", words("Close without a page"), "question", "update")
    reopen = visit.control("reopen", words("Open again"), "question", "update")
    page_path = _page_path(visit, group.page_id) if group.page_id else None
    return visit.page(
        "questions/one.html",
        Screen(
            "help_questions",
            ("question", group.code),
            {words("Question"): group.latest, words("Asked"): group.count},
            controls=(drafting_control, reopen if group.state == "closed" else close),
        ),
        group=group,
        draft=drafting_control,
        close=close,
        reopen=reopen,
        page_path=page_path,
        names=_words(visit),
    )


def _page_path(visit: Visit, page_id: str) -> str | None:
    """Where the page written for a group is, if it is still there."""
    found = [p for p in pages.contents(visit.parts, visit.language, visit.actor) if p.id == page_id]
    return f"/help/{found[0].language}/{page_id}" if found else None


@router.post(PATH + "/{code}/state")
def settle(visit: VisitDep, code: str, state: Annotated[State, Form()]) -> Response:
    """Close a group, or open it again."""
    with visit.writing() as session:
        open_questions.settle(session, code, state)
    words = visit.words
    said = words("The question is closed.") if state == "closed" else words("The question is open again.")
    return visit.go(PATH if state == "closed" else f"{PATH}/{code}", said)


@router.post(PATH + "/{code}/draft")
async def begin(visit: VisitDep, code: str) -> Response:
    """Note that somebody writes the page now, and open the editor; the language model, where there is one, is asked
    for its first words here alone."""
    await asyncio.to_thread(_begin, visit, code)
    if visit.parts.model is None:
        return visit.go(f"{PATH}/{code}/draft")
    return await _editor(visit, code, by_model=True)


def _begin(visit: Visit, code: str) -> None:
    with visit.writing() as session:
        open_questions.settle(session, code, "drafted")


@router.get(PATH + "/{code}/draft")
async def draft(visit: VisitDep, code: str) -> HTMLResponse:
    """The editor of a new page, with a draft in it that costs nothing, however often it is loaded."""
    return await _editor(visit, code, by_model=False)


async def _editor(visit: Visit, code: str, *, by_model: bool) -> HTMLResponse:
    group = await asyncio.to_thread(_group, visit, code)
    made = await drafting.draft(visit.parts, visit.actor, group, by_model=by_model)
    typed = Typed(made.page_id, made.language, 0, made.fields, code)
    return await asyncio.to_thread(form_page, visit, typed, True, None, made.warning)


def _group(visit: Visit, code: str) -> open_questions.QuestionGroup:
    if not visit.can("page", "create"):
        raise Forbidden("create", "page")
    with visit.reading() as session:
        return open_questions.group(session, code)
