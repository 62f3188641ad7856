"""Uploaded requests: a file is read, its lines looked at, and an offer made of it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from api.console.addresses import ListUrl
from api.console.screens import Control, Screen
from api.console.settings import text, version
from api.console.visit import Visit, VisitDep
from api.console.words import N_
from api.routes.requests import received
from api.uploads import form_of
from assistant import requests
from assistant.requests import LIMITS, Decision, Whence
from core.errors import AppError
from core.money import print_number
from crm.lists import PAGE_SIZE, Found
from offers.names import VisibleNames
from offers.requests.making import Typed
from offers.requests.quantities import number_of
from offers.requests.view import RequestLineView, RequestView
from retrieval.parsing.limits import MEGABYTE

router = APIRouter(include_in_schema=False)
PATH = "/requests"
ACCEPTED = ".pdf,.docx,.docm,.xlsx,.xlsm,.eml,.txt,.md,.html"
_MOST_PRODUCTS = 500
STATES = {
    "sure": N_("Sure"),
    "unsure": N_("Unsure"),
    "unknown": N_("Unknown"),
    "settled": N_("Settled"),
    "left_out": N_("Left out"),
}
TONES = {"sure": "good", "unsure": "warn", "unknown": "bad", "settled": "good", "left_out": "plain"}


async def _form(request: Request, visit: VisitDep) -> FormData:
    """The form, read once its sender was recognised."""
    return await form_of(request, most_fields=_MOST_FORM_FIELDS)


_MOST_FORM_FIELDS = 700
FormDep = Annotated[FormData, Depends(_form)]


def _new(visit: Visit) -> Control:
    return visit.control("read", visit.words("Read it"), "offer", "create")


def _list(visit: Visit, refused: AppError | None = None) -> HTMLResponse:
    url = ListUrl.of(PATH, visit.request.query_params, (), "-code", ())
    rows, total = requests.listed(visit.parts, visit.actor, url.offset, PAGE_SIZE)
    error = visit.refused(refused) if refused is not None else None
    new = _new(visit)
    megabytes = LIMITS.file_bytes // MEGABYTE
    return visit.page(
        "requests/list.html",
        Screen("requests", errors={"file": error} if error else {}, controls=(new,)),
        refused.status if refused is not None else 200,
        rows=rows,
        found=Found([row.file for row in rows], total, url.offset, PAGE_SIZE),
        url=url,
        new=new,
        error=error,
        accepted=ACCEPTED,
        most=LIMITS.file_bytes,
        too_large=AppError("file_too_large", 413, file="%file%", megabytes=megabytes).message(visit.language),
    )


@router.get(PATH)
def show(visit: VisitDep) -> HTMLResponse:
    """The user's own requests, and the form to send one."""
    return _list(visit)


@router.post(PATH)
async def upload(visit: VisitDep, form: FormDep) -> Response:
    """Read a file or a pasted text."""
    try:
        made = await received(visit.parts, visit.actor, form, Whence())
    except AppError as refused:
        return _list(visit, refused)
    return visit.go(f"{PATH}/{made.code}")


def _sheet(visit: Visit, view: RequestView, refused: AppError | None = None) -> HTMLResponse:
    words = visit.words
    make = visit.control("make", words("Make the offer"), "offer", "create")
    if make.enabled and view.to_answer:
        # Told, not refused: the button keeps what was said, and says what is still missing.
        make = Control("make", words("Make the offer"))
    with visit.reading() as session:
        products = VisibleNames(session).products()[:_MOST_PRODUCTS]
    error = visit.refused(refused) if refused is not None else None
    fields: dict[str, str | int] = {words("File"): view.filename, words("Still to be decided"): view.to_answer}
    return visit.page(
        "requests/sheet.html",
        Screen("request", ("request", view.code), {**fields}, {"": error} if error else {}, (make,)),
        refused.status if refused is not None else 200,
        view=view,
        products=[(product.sku, product.names[visit.language]) for product in products],
        make=make,
        states=STATES,
        tones=TONES,
        error=error,
        shown=lambda number: _shown(visit, number),
    )


def _shown(visit: Visit, number: str | None) -> str:
    """A stored number as the user writes it."""
    found = number_of(number, "en") if number else None
    return print_number(found, visit.language) if found is not None else ""


@router.get(PATH + "/{code}")
def sheet(visit: VisitDep, code: str) -> HTMLResponse:
    """One request: its lines, where each stands and how sure it is."""
    return _sheet(visit, requests.find(visit.parts, visit.actor, code))


def _typed(view: RequestView, form: FormData) -> tuple[tuple[int, Typed], ...]:
    """What was said of the lines; what stands as it was recognised for sure is left alone."""
    said = []
    for line in view.lines:
        product, quantity = text(form, f"product-{line.n}"), text(form, f"quantity-{line.n}")
        left_out = f"leave-{line.n}" in form
        if _is_changed(line, product, quantity, left_out):
            said.append((line.n, Typed(product or None, quantity or None, left_out)))
    return tuple(said)


def _is_changed(line: RequestLineView, product: str, quantity: str, left_out: bool) -> bool:
    before = (line.sku or "", line.quantity or "", line.state == "left_out")
    return (product, quantity, left_out) != before and (bool(product) or left_out or line.state == "left_out")


@router.post(PATH + "/{code}")
def answer(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Keep what was said and, by the button for it, make the offer."""
    view = requests.find(visit.parts, visit.actor, code)
    seen = version(form)
    try:
        decision = Decision(seen, text(form, "customer") or None, _typed(view, form))
        if decision.customer or decision.lines:
            view = requests.decide(visit.parts, visit.actor, code, decision)
            seen = view.version
        if "make" not in form:
            return visit.go(f"{PATH}/{code}", visit.words("Saved."))
        made = requests.offer(visit.parts, visit.actor, code, seen)
    except AppError as refused:
        return _sheet(visit, requests.find(visit.parts, visit.actor, code), refused)
    return visit.go(f"/offers/{made.number}", visit.words("Offer %(number)s is made.", number=made.number))


@router.post(PATH + "/{code}/erase")
def erase(visit: VisitDep, code: str, form: FormDep) -> Response:
    """Take the file's text away for good."""
    requests.erase(visit.parts, visit.actor, code, version(form))
    return visit.go(PATH, visit.words("The text of the request is erased."))
