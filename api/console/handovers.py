"""What was handed to the user: reading the conversation, answering, and, for administrators, who can be asked."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.help_text import render
from api.console.screens import Screen
from api.console.visit import Visit, VisitDep
from assistant.handing_over import readable
from core.errors import AppError
from crm import handovers
from crm.tables import Handover

router = APIRouter(include_in_schema=False)
PATH = "/handovers"


def _name(visit: Visit, handover: Handover) -> str:
    """Who handed over; nameless to a level that may not read users."""
    asker: object = handover.from_user
    return handover.from_user.display_name(visit.language) if asker is not None else "–"


def _list(visit: Visit, refused: AppError | None = None, typed: str | None = None) -> HTMLResponse:
    words = visit.words
    chooses = visit.actor.scope("settings", "update") == "all"
    with visit.reading() as session:
        received = [(h, _name(visit, h)) for h in handovers.received(session)]
        chosen = ", ".join(handovers.chosen(session))
    waiting = sum(h.state == "open" for h, _ in received)
    return visit.page(
        "handovers/list.html",
        Screen("handovers", fields={words("Waiting for your answer"): waiting}),
        refused.status if refused is not None else 200,
        received=received,
        chooses=chooses,
        chosen=chosen if typed is None else typed,
        error=visit.refused(refused) if refused is not None else None,
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """What was handed to the user, what waits first."""
    return _list(visit)


@router.post(PATH + "/contacts")
def choose(visit: VisitDep, logins: Annotated[str, Form(max_length=5000)] = "") -> Response:
    """Choose who can be asked; nobody means those by right."""
    try:
        with visit.writing() as session:
            handovers.choose(session, logins.replace(";", ",").split(","))
    except AppError as refused:
        if refused.status not in (404, 422):
            raise
        return _list(visit, refused, logins[:5000])
    return visit.go(PATH, visit.words("Saved."))


def _one(visit: Visit, code: str, refused: AppError | None = None, typed: str = "") -> HTMLResponse:
    words = visit.words
    with visit.reading() as session:
        handover = handovers.received_one(session, code)
        name = _name(visit, handover)
    answer = visit.control("answer", words("Send the answer"), "conversation", "update")
    errors = {"answer": visit.refused(refused)} if refused is not None else {}
    entries = readable(visit.parts, visit.actor, handover)
    return visit.page(
        "handovers/one.html",
        Screen("handover", None, {words("From"): name}, errors, (answer,)),
        refused.status if refused is not None else 200,
        handover=handover,
        name=name,
        said=[(e, render(e.text)[0] if e.role == "assistant" else None) for e in entries],
        answer=answer,
        typed=typed or handover.answer or "",
        error=errors.get("answer"),
    )


@router.get(PATH + "/{code}")
def one(visit: VisitDep, code: str) -> HTMLResponse:
    """A conversation handed to the user, as far as they may see what it speaks of."""
    return _one(visit, code)


@router.post(PATH + "/{code}/answer")
def answer(visit: VisitDep, code: str, answer: Annotated[str, Form()] = "") -> Response:
    """Answer it; a later answer replaces an earlier one."""
    try:
        with visit.writing() as session:
            handovers.answer(session, code, answer)
    except AppError as refused:
        if refused.status != 422:
            raise
        return _one(visit, code, refused, answer[:20_000])
    return visit.go(f"{PATH}/{code}", visit.words("Your answer is sent: it stands in their conversation."))
