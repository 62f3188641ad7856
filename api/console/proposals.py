"""Changes asked for in a chat: the user's own, what became of them, and deciding about them outside the chat too."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from api.console.words import N_, Words
from assistant.changes.views import proposal_view, view_of
from assistant.reply import ProposalItemView, ProposalView
from core.clock import BUSINESS_ZONE, now
from core.errors import AppError
from crm import proposals
from crm.days import moment_at
from crm.proposals import Kept

router = APIRouter(include_in_schema=False)
PATH = "/proposals"
_STATES = {
    "open": (N_("Waits for you"), "accent"),
    "confirmed": (N_("Confirmed"), "good"),
    "rejected": (N_("Rejected"), "plain"),
    "expired": (N_("Expired"), "warn"),
    "undone": (N_("Undone"), "warn"),
}
_ITEM_STATES = {
    "open": (N_("Not done"), "accent"),
    "done": (N_("Carried out"), "good"),
    "rejected": (N_("Rejected"), "plain"),
    "failed": (N_("Failed"), "bad"),
    "undone": (N_("Undone"), "warn"),
}


def _badges(words: Words, known: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    return {state: (words(text), tone) for state, (text, tone) in known.items()}


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The user's own proposals, newest first."""
    kept = proposals.own(visit.parts.engine, visit.actor)
    with visit.reading() as session:
        rows = [(each, view_of(session, each, visit.language)) for each in kept]
    states = _badges(visit.words, _STATES)
    return visit.page("proposals/list.html", Screen("proposals"), rows=rows, states=states)


def _sheet(visit: Visit, code: str, refused: AppError | None = None, status: int = 200) -> HTMLResponse:
    kept = proposals.read(visit.parts.engine, visit.actor, code)
    view = proposal_view(visit.parts.engine, visit.actor, code, visit.language)
    words = visit.words
    waiting = view.state == "open"
    controls = (
        Control("confirm", words("Confirm"), waiting, None if waiting else words("It is decided already.")),
        Control("reject", words("Reject"), waiting, None if waiting else words("It is decided already.")),
        Control("undo", words("Undo"), view.can_undo, None if view.can_undo else words("There is nothing to undo.")),
    )
    error = visit.refused(refused) if refused is not None else None
    return visit.page(
        "proposals/sheet.html",
        Screen("proposal", errors={"": error} if error else {}, controls=controls),
        status,
        kept=kept,
        view=view,
        error=error,
        left=_left(kept, view),
        local=_local,
        options={f"{i.n}.{e.name}": [(c.value, c.label) for c in e.choices] for i in view.items for e in i.inputs},
        minutes=max(0, int((view.expires_at - now()).total_seconds() // 60)),
        states=_badges(words, _STATES),
        item_states=_badges(words, _ITEM_STATES),
    )


def _local(moment: str | None) -> str:
    """A moment as a form field has it: the clocks of the business, without an offset."""
    return f"{datetime.fromisoformat(moment).astimezone(BUSINESS_ZONE):%Y-%m-%dT%H:%M}" if moment else ""


def _left(kept: Kept, view: ProposalView) -> bool:
    """Whether something was left undone that can be asked for again."""
    failed = any(item.state == "failed" for item in kept.items)
    return bool(kept.items) and view.state != "open" and (failed or view.state == "expired")


@router.get(PATH + "/{code}")
def one(visit: VisitDep, code: str) -> HTMLResponse:
    """One proposal: what it changes, and what became of it."""
    return _sheet(visit, code)


@router.post(PATH + "/{code}/confirm")
async def confirm(visit: VisitDep, code: str) -> Response:
    """Do the ticked items with what the person corrected."""
    form = await visit.request.form()
    typed = {name: value for name, value in form.items() if isinstance(value, str)}
    engine, actor = visit.parts.engine, visit.actor
    view = proposal_view(engine, actor, code, visit.language)
    chosen = [item.n for item in view.items if f"do-{item.n}" in typed]
    try:
        edits = {item.n: _edits(item, typed) for item in view.items if item.n in chosen}
        proposals.confirm(engine, actor, code, chosen, {n: given for n, given in edits.items() if given})
    except AppError as refused:
        return _sheet(visit, code, refused, refused.status)
    return visit.go(f"{PATH}/{code}")


def _edits(item: ProposalItemView, typed: dict[str, str]) -> dict[str, str | None]:
    """The inputs that hold something else than what was shown; a moment as a form has it is one of the business."""
    found: dict[str, str | None] = {}
    for each in item.inputs:
        value = typed.get(f"{item.n}.{each.name}")
        if value is None:
            continue
        if each.kind == "datetime" and value:
            try:
                local = datetime.fromisoformat(value)
            except ValueError as wrong:
                raise AppError("proposal_input", 422, input=each.name) from wrong
            moment = moment_at(local.date(), local.time())
            if each.value is not None and datetime.fromisoformat(each.value) == moment:
                continue
            value = moment.isoformat()
        if value != (each.value or ""):
            found[each.name] = value
    return found


@router.post(PATH + "/{code}/reject")
def reject(visit: VisitDep, code: str, reason: Annotated[str, Form(max_length=1000)] = "") -> Response:
    """Decide against what is still open."""
    try:
        proposals.reject(visit.parts.engine, visit.actor, code, reason or None)
    except AppError as refused:
        return _sheet(visit, code, refused, refused.status)
    return visit.go(f"{PATH}/{code}", visit.words("Rejected; nothing was changed."))


@router.post(PATH + "/{code}/undo")
def undo(visit: VisitDep, code: str) -> Response:
    """Take back what was done."""
    try:
        proposals.undo(visit.parts.engine, visit.actor, code)
    except AppError as refused:
        return _sheet(visit, code, refused, refused.status)
    return visit.go(f"{PATH}/{code}", visit.words("It is undone."))


@router.post(PATH + "/{code}/again")
def again(visit: VisitDep, code: str) -> Response:
    """Propose anew what was left undone."""
    try:
        made, refused = proposals.propose_again(visit.parts.engine, visit.actor, code)
    except AppError as error:
        return _sheet(visit, code, error, error.status)
    if made is None:
        return _sheet(visit, code, refused[0].error if refused else None, 409)
    return visit.go(f"{PATH}/{made}")
