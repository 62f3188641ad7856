"""The user's own conversations as a screen: listing, searching, reading, renaming, erasing and handing over."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.console.addresses import ListUrl
from api.console.help_text import render
from api.console.questions import REASONS
from api.console.screens import Screen
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from api.routes.conversations import MessageView, contacts_of, handed_over, messages_of
from core.errors import AppError
from core.text import storable
from crm import chat, erasing, handovers

router = APIRouter(include_in_schema=False)
PATH = "/conversations"
ROLES = {
    "chosen": N_("contact person"),
    "administrator": N_("administrator"),
    "pages": N_("writes the help pages"),
    "manager": N_("manager of your team"),
}


@dataclass(frozen=True)
class Said:
    """A message as the screen shows it: the assistant's words rendered, a person's as they were typed."""

    message: MessageView
    body: Markup | None


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The list, the one talked in last first."""
    url = ListUrl.of(PATH, visit.request.query_params, ("search",), "newest", ("newest",))
    words = visit.words
    with visit.reading() as session:
        rows = chat.listed(session, storable(url["search"]), url.offset)
        handed = handovers.states(session, [c.id for c in rows.rows])
        return visit.page(
            "conversations/list.html",
            Screen("conversations", fields={words("Search"): url["search"], words("Conversations"): rows.total}),
            rows=rows,
            handed=handed,
            url=url,
        )


def _page(visit: Visit, code: str, refused: AppError | None = None, form: str = "", typed: str = "") -> HTMLResponse:
    words = visit.words
    with visit.reading() as session:
        title = chat.conversation(session, code).title
        shown = messages_of(session, visit.actor, code)
        contacts = contacts_of(session, visit.language)
    rename = visit.control("rename", words("Rename"), "conversation", "update")
    erase = visit.control("erase", words("Delete the conversation"), "conversation", "delete")
    hand = visit.control("handover", words("Hand over"), "conversation", "create")
    errors = {form: visit.refused(refused)} if refused is not None else {}
    return visit.page(
        "conversations/one.html",
        Screen("conversation", None, {words("Title"): title}, errors, (rename, erase, hand)),
        refused.status if refused is not None else 200,
        code=code,
        title=title,
        said=[Said(m, render(m.text)[0] if m.role == "assistant" else None) for m in shown],
        contacts=[(c.login, f"{c.name} – {words(ROLES[c.role])}") for c in contacts],
        errors=errors,
        typed=typed,
        rename=rename,
        erase=erase,
        hand=hand,
        reasons={choice: words(label) for choice, label in REASONS.items()},
    )


@router.get(PATH + "/{code}")
def one(visit: VisitDep, code: str) -> HTMLResponse:
    """A conversation with all that was said."""
    return _page(visit, code)


@router.post(PATH + "/{code}/rename")
def rename(visit: VisitDep, code: str, title: Annotated[str, Form()] = "") -> Response:
    """Give it another title."""
    try:
        with visit.writing() as session:
            chat.rename(session, code, title)
    except AppError as refused:
        if refused.status != 422:
            raise
        return _page(visit, code, refused, "title", title[:500])
    return visit.go(f"{PATH}/{code}", visit.words("The conversation is renamed."))


@router.post(PATH + "/{code}/erase")
def erase(visit: VisitDep, code: str) -> Response:
    """Erase it for good."""
    with visit.writing() as session:
        erasing.erase(session, code)
    return visit.go(PATH, visit.words("The conversation is deleted."))


@router.post(PATH + "/{code}/handover")
def hand_over(
    visit: VisitDep, code: str, to: Annotated[str, Form()] = "", note: Annotated[str, Form()] = ""
) -> Response:
    """Hand it to a person."""
    try:
        with visit.writing() as session:
            handed_over(session, visit.actor, code, to, note)
    except AppError as refused:
        if refused.status not in (409, 422):
            raise
        return _page(visit, code, refused, "note", note[:5000])
    return visit.go(f"{PATH}/{code}", visit.words("The conversation is handed over. The answer will stand here."))
