"""On an offer's screen: the link the customer answers by, and the answer."""

from decimal import Decimal

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.console.offers import PATH
from api.console.screens import Control
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from core.errors import AppError, NotFound
from crm import decisions, links
from crm import offers as offer_records
from crm.session import unit
from offers import accepting
from offers.acceptance_view import acceptance_detail
from offers.accepting import Accepting
from offers.documents import sha256_of
from offers.signature import HEIGHT, WIDTH

router = APIRouter(include_in_schema=False)
LINK_STATES = {
    "open": N_("Not opened yet"),
    "opened": N_("Opened"),
    "revoked": N_("Revoked"),
    "expired": N_("Run out"),
    "replaced": N_("Replaced by a newer version"),
}
LINK_TONES = {"open": "accent", "opened": "good", "revoked": "plain", "expired": "warn", "replaced": "plain"}
DECISIONS = {"accepted": N_("Accepted"), "declined": N_("Declined")}


@router.get(PATH + "/{number}/acceptance")
def show(visit: VisitDep, number: str) -> HTMLResponse:
    """Links and answers of the offer."""
    return _part(visit, number)


def _part(visit: Visit, number: str, url: str = "", refused: AppError | None = None) -> HTMLResponse:
    with visit.reading() as session:
        offer = offer_records.by_number(session, number)
        detail = acceptance_detail(session, offer)
    words = visit.words
    labels = {
        "link": words("New link") if detail.links else words("Make a link"),
        "undo": words("Take the answer back"),
    }
    return visit.fragment(
        "offers/_acceptance.html",
        detail=detail,
        url=url,
        refused=visit.refused(refused) if refused else "",
        controls={name: Control(f"acceptance-{name}", labels[name]) for name in detail.actions},
        link_states=LINK_STATES,
        link_tones=LINK_TONES,
        decisions=DECISIONS,
        field=(WIDTH, HEIGHT),
        amount=Decimal,
    )


@router.post(PATH + "/{number}/acceptance/link")
def make_link(visit: VisitDep, number: str) -> HTMLResponse:
    """Make a link, whose address is shown this once."""
    try:
        with visit.writing() as session:
            path = accepting.make_link(session, offer_records.by_number(session, number))
    except AppError as refused:
        return _part(visit, number, refused=refused)
    return _part(visit, number, visit.parts.settings.public_address + path)


@router.post(PATH + "/{number}/acceptance/revoke")
def revoke_link(visit: VisitDep, number: str) -> HTMLResponse:
    """Revoke the link."""
    try:
        with visit.writing() as session:
            links.revoke(session, offer_records.by_number(session, number))
    except AppError as refused:
        return _part(visit, number, refused=refused)
    return _part(visit, number)


@router.post(PATH + "/{number}/acceptance/undo")
def undo(visit: VisitDep, number: str) -> Response:
    """Take the customer's answer back."""
    with visit.writing() as session:
        accepting.undo(session, number)
    return visit.go(f"{PATH}/{number}", visit.words("The answer to offer %(number)s is taken back.", number=number))


@router.get(PATH + "/{number}/acceptance/{code}.pdf")
def copy(visit: VisitDep, number: str, code: str) -> FileResponse:
    """The stamped copy of an answer; made now if it is missing."""
    with visit.reading() as session:
        offer = offer_records.by_number(session, number)
        known = {decision.code for decision in decisions.of_offer(session, offer)}
    if code not in known:
        raise NotFound("decision", code)
    house = Accepting(visit.parts.engine, visit.parts.settings)
    house.stamp(code)
    with unit(visit.parts.engine, visit.actor, writes=False) as session:
        offer = offer_records.by_number(session, number)
        found = next(decision for decision in decisions.of_offer(session, offer) if decision.code == code)
        noted, digest = found.stamped_path, found.stamped_sha256
    path = visit.parts.settings.home.resolve() / (noted or "")
    if noted is None or not path.is_file() or sha256_of(path) != digest:
        raise AppError("issued_document_changed", 409, number=number, kind="pdf")
    return FileResponse(
        path,
        media_type="application/pdf",
        filename=path.name,
        content_disposition_type="inline",
        headers={"Cache-Control": "no-store"},
    )
