"""What goes with one offer, on its screen: adding, taking off, the pack, and the letter."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import FileResponse, HTMLResponse, Response

from api.console.visit import Visit, VisitDep
from core.errors import AppError, Forbidden, NotFound
from crm import library as records
from crm import offers as offer_records
from crm.offers import OUT
from crm.people import as_language
from offers import attaching
from offers.letters import letter
from offers.packing import pack

router = APIRouter(include_in_schema=False)
PATH = "/offers/{number}"
WHY = ("rule", "prompt", "person")


def _part(visit: Visit, number: str, refused: AppError | None = None) -> HTMLResponse:
    with visit.reading() as session:
        offer = offer_records.by_number(session, number)
        attached = attaching.attached(offer.latest)
        has = {each.attachment_id for each in attached}
        language = offer.latest.language
        free = [each for each in records.listed(session, switched_off=False) if each.id not in has]
        # Those in the offer's language first: they are what is meant most often.
        free.sort(key=lambda each: (each.language not in (language, None), each.language is None))
        try:
            offer_records.revisable(session, offer)
            may_change = offer.state not in OUT
        except (AppError, Forbidden, NotFound):
            may_change = False
        return visit.fragment(
            "library/_attachments.html",
            number=offer.number,
            attached=attached,
            free=free,
            may_change=may_change,
            refused=visit.refused(refused) if refused else None,
        )


@router.get(PATH + "/attachments")
def attachments(visit: VisitDep, number: str) -> HTMLResponse:
    """What goes with the newest version of an offer."""
    return _part(visit, number)


@router.post(PATH + "/attachments")
def add(visit: VisitDep, number: str, code: Annotated[str, Form()] = "") -> HTMLResponse:
    """Have a file of the library go with it."""
    return _changed(visit, number, code, added=True)


@router.post(PATH + "/attachments/{code}/remove")
def remove(visit: VisitDep, number: str, code: str) -> HTMLResponse:
    """Take a file off it."""
    return _changed(visit, number, code, added=False)


def _changed(visit: Visit, number: str, code: str, *, added: bool) -> HTMLResponse:
    try:
        with visit.writing() as session:
            version = offer_records.by_number(session, number, locked=True).latest
            if added:
                attaching.attach(session, version, [(records.by_code(session, code), attaching.PERSON)])
            else:
                attaching.detach(session, version, code)
    except Forbidden:
        raise
    except AppError as refused:
        if refused.code == "not_found" and not code:
            return _part(visit, number)
        return _part(visit, number, refused)
    return _part(visit, number)


@router.get(PATH + "/pack")
def packed(visit: VisitDep, number: str, letter: bool = False) -> Response:
    """The offer and what goes with it as one PDF."""
    made = pack(visit.parts.engine, visit.parts.settings, visit.actor, number, with_letter=letter)
    return FileResponse(
        made.path,
        media_type=made.media_type,
        filename=made.name,
        headers={"Cache-Control": "no-store"},
        content_disposition_type="inline",
    )


@router.get(PATH + "/letter")
def cover_letter(visit: VisitDep, number: str) -> HTMLResponse:
    """The cover letter as it is drafted now, to read and copy."""
    with visit.reading() as session:
        offer = offer_records.by_number(session, number)
        drafted = letter(session, offer, as_language(offer.latest.language))
    return visit.fragment("library/_letter.html", drafted=drafted)
