"""An offer made anew from its sheet: the same for another customer, and the same at the prices of today."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from api.console.offers import PATH, refused_sheet
from api.console.visit import VisitDep
from core.errors import AppError
from crm import customers
from offers.revising import Revising

router = APIRouter(include_in_schema=False)


@router.post(PATH + "/{number}/copy")
def copy(visit: VisitDep, number: str, customer: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Make the same for the customer that was picked or whose name or code was typed."""
    text = customer.split("·")[0].strip()
    try:
        with visit.reading() as session:
            found = customers.find_by_code(session, text) if text else None
            named = customers.search(session, text, 2) if text and found is None else []
            firm = found or (named[0] if len(named) == 1 else None)
            code = firm.code if firm is not None else None
        if code is None:
            raise AppError("customer_unclear", 422)
        made = Revising(visit.parts.offers).copy(visit.actor, number, code).offer
    except AppError as refused:
        return refused_sheet(visit, number, refused)
    return visit.go(f"{PATH}/{made.number}", visit.words("Offer %(number)s is made.", number=made.number))


@router.post(PATH + "/{number}/reprice")
def reprice(visit: VisitDep, number: str) -> Response:
    """Make the next version at the prices of today."""
    try:
        made = Revising(visit.parts.offers).reprice(visit.actor, number).offer
    except AppError as refused:
        return refused_sheet(visit, number, refused)
    words = visit.words
    return visit.go(f"{PATH}/{number}", words("Version %(n)s is saved.", n=words.number(made.version)))
