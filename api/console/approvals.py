"""Approvals: what waits for whom, and deciding on an offer from its own screen."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from api.console.offers import PATH as OFFERS
from api.console.screens import Control, Screen
from api.console.visit import Visit, VisitDep
from core.errors import AppError
from crm import approvals
from crm import offers as offer_records
from offers import approving
from offers.warnings import told

router = APIRouter(include_in_schema=False)
PATH = "/approvals"
Lock = Annotated[int, Form(alias="version")]
Comment = Annotated[str, Form(max_length=approvals.LONGEST_COMMENT)]


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """What waits for approval: what the user may decide on first."""
    with visit.reading() as session:
        rows = approving.waiting(session)
    mine = sum(row.barred is None for row in rows)
    told_screen = Screen("approvals", fields={visit.words("Waits for you"): mine})
    return visit.page("approvals/list.html", told_screen, rows=rows)


@router.get(OFFERS + "/{number}/approval")
def part(visit: VisitDep, number: str) -> HTMLResponse:
    """The approval of an offer's newest version: why it is needed, who decided what, and deciding."""
    return _part(visit, number)


def _part(visit: Visit, number: str, refused: AppError | None = None, typed: str = "") -> HTMLResponse:
    with visit.reading() as session:
        offer = offer_records.by_number(session, number)
        request = approvals.request_of(session, offer.latest)
        barred: AppError | None = None
        people: list[tuple[str, str]] = []
        if request is not None and request.state == "open" and visit.can("offer", "approve"):
            try:
                approvals.approvable(session, offer)
                people = [
                    (user.login, user.display_name(visit.language))
                    for user in approving.possible_delegates(session, offer)
                ]
                approving.approvable(session, offer)
            except AppError as reason:
                barred = reason
        control = Control(
            "approve", visit.words("Approve"), barred is None, None if barred is None else visit.refused(barred)
        )
        return visit.fragment(
            "approvals/_part.html",
            refused.status if refused else 200,
            offer=offer,
            request=request,
            reasons=[told(reason, visit.language) for reason in request.reasons] if request else [],
            may=request is not None and request.state == "open" and visit.can("offer", "approve"),
            control=control,
            people=people,
            refused=visit.refused(refused) if refused else None,
            typed=typed,
        )


@router.post(OFFERS + "/{number}/approval")
def decide(
    visit: VisitDep,
    number: str,
    version: Lock,
    do: Annotated[str, Form()],
    comment: Comment = "",
    login: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Approve, reject with the reason, or hand on, as the pressed button says."""
    offers, words = visit.parts.offers, visit.words
    try:
        if do == "reject":
            offers.reject(visit.actor, number, version, comment)
            said = words("Offer %(number)s is rejected; its maker sees why.", number=number)
        elif do == "delegate":
            approving.delegate(visit.parts.engine, visit.actor, number, login)
            said = words("Offer %(number)s is handed on.", number=number)
        else:
            offers.approve(visit.actor, number, version, comment)
            said = words("Offer %(number)s is approved.", number=number)
    except AppError as refused:
        if refused.status == 404:
            raise
        return _part(visit, number, refused, comment)
    return visit.go(f"{OFFERS}/{number}", said)
