"""Moving an opportunity from the board or from its sheet: asked of the pipeline, and explained where refused."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.opportunities import PATH, board_values, page, url_back
from api.console.opportunities_sheet import sheet
from api.console.visit import Visit, VisitDep, local_path
from core.errors import AppError, NotFound
from crm import opportunities, opportunity_changes
from crm.pipeline_rules import Choice, rules
from crm.tables import Opportunity

router = APIRouter(include_in_schema=False)
Word = Annotated[str, Form(max_length=100)]
Address = Annotated[str, Form(max_length=2000)]
Message = dict[str, object]


@router.get(PATH + "/{code}/steps")
def steps(visit: VisitDep, code: str, back: str = PATH) -> HTMLResponse:
    """The menu of a card: every other stage, with the reason where it cannot be chosen."""
    with visit.reading() as session:
        deal = opportunities.by_code(session, code)
        choices = rules(session).choices(deal.stage_code, visit.actor)
        return visit.fragment("opportunities/_steps.html", deal=deal, choices=choices, back=local_path(back))


@router.post(PATH + "/{code}/move")
def move(visit: VisitDep, code: str, stage: Word, version: Annotated[int, Form()], back: Address = PATH) -> Response:
    """Move the card that was shown in `version` to `stage`, and show the screen it was moved on as it is now."""
    back = local_path(back)
    try:
        with visit.writing() as session:
            deal = opportunities.by_code(session, code)
            opportunity_changes.move(session, deal, stage, version)
            name, title = rules(session).name(stage, visit.language), deal.title
    except AppError as refused:
        return _refused(visit, code, refused, stage, back)
    said = visit.words("“%(title)s” is now in stage “%(stage)s”.", title=title, stage=name)
    if visit.by_htmx:
        return _board(visit, code, {"text": said, "tone": "good", "choices": [], "deal": None}, back, 200)
    return visit.go(back, said)


def _refused(visit: Visit, code: str, refused: AppError, stage: str, back: str) -> Response:
    """The screen as it truly is, with what happened and the steps that may be taken instead."""
    deal: Opportunity | None = None
    choices: list[Choice] = []
    text = visit.refused(refused)
    with visit.reading() as session:
        # Of what is not there, or not to be seen, no steps are offered.
        with suppress(NotFound):
            deal = opportunities.by_code(session, code)
        if deal is not None:
            known = rules(session)
            choices = [c for c in known.choices(deal.stage_code, visit.actor) if c.reason is None]
            if refused.code == "conflict":
                text = visit.words(
                    "“%(title)s” was changed by someone else meanwhile; it is in stage “%(stage)s” now. "
                    "Your move to “%(wanted)s” was not made.",
                    title=deal.title,
                    stage=known.name(deal.stage_code, visit.language),
                    wanted=known.name(stage, visit.language),
                )
            elif refused.code == "forbidden":
                blocked = known.choices(deal.stage_code, visit.actor)
                text = next((c.reason for c in blocked if c.stage == stage and c.reason), text)
    message: Message = {"text": text, "tone": "bad", "choices": choices, "deal": deal}
    if visit.by_htmx:
        return _board(visit, code, message, back, refused.status)
    if back.startswith(f"{PATH}/{code}"):
        return sheet(visit, code, refused.status, message=message)
    return page(visit, url_back(back), refused.status, message)


def _board(visit: Visit, code: str, message: Message, back: str, status: int) -> HTMLResponse:
    with visit.reading() as session:
        values = board_values(visit, session, url_back(back))
        return visit.fragment("opportunities/_moved.html", status, message=message, moved=code, **values)
