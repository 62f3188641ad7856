"""Where a customer reads an offer and answers it, by a link and nothing else.

`GET` changes nothing: mail scanners follow links. Every link that opens nothing is answered alike.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from api.assets import mark_of, media_type
from api.deps import PartsDep
from api.proxies import address_of
from api.public.pages import ASSETS, HEADERS, page
from api.public.rates import Rates
from api.public.view import offer_shown, sums_shown
from api.public.words import accepted, picked
from assistant.context import Parts
from core.errors import AppError
from core.language import Language
from crm.links import token_hash
from offers.accepting import Accepting, FileKind, Said, Shown

_ASKED, _ANSWERED = 120, 20
_LARGEST_FORM = 100_000
_FILES: tuple[FileKind, ...] = ("pdf", "pack", "copy")


class _Kind(APIRoute):
    """Answers refusals with a kind page, or in JSON what a script asked for."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """The handler with that around it."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except AppError as refused:
                return _refused(request, refused)

        return handled


router = APIRouter(prefix="/o", include_in_schema=False, route_class=_Kind)


def _refused(request: Request, refused: AppError) -> Response:
    language = picked(request) or accepted(request)
    told = refused.message(language)
    if request.url.path.endswith(("/figures", "/opened")):
        return JSONResponse({"error": {"code": refused.code, "message": told}}, refused.status, headers=HEADERS)
    heading = {"link_closed": "closed", "link_too_often": "busy"}.get(refused.code, "faulty")
    # Files are below the page: the switch of languages leads to the page of the link.
    path = "/".join(request.url.path.split("/")[:3])
    return page("closed.html", language, path, refused.status, heading=heading, told=told)


class Door:
    """A request with a token: who asks, and the offers behind it."""

    def __init__(self, request: Request, parts: PartsDep, token: str) -> None:
        self.request, self.parts, self.token = request, parts, token
        self.address = address_of(request, parts.settings.trusted_proxies)
        self.offers = Accepting(parts.engine, parts.settings)
        _rates(request, "asked", _ASKED).count(f"address {self.address}", f"link {token_hash(token)}")

    @property
    def path(self) -> str:
        """The address of the page."""
        return f"/o/{self.token}"

    def language(self, shown: Shown) -> Language:
        """The language to show: the one picked on the page, else the offer's own."""
        return picked(self.request) or shown.sheet.language


def _rates(request: Request, name: str, most: int) -> Rates:
    kept: dict[str, Rates] = request.app.state.__dict__.setdefault("_public_rates", {})
    return kept.setdefault(name, Rates(most))


async def _form(request: Request) -> FormData:
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced) > _LARGEST_FORM:
        raise AppError("answer_too_long", 413, longest=_LARGEST_FORM)
    try:
        return await request.form(max_files=0, max_fields=500)
    except HTTPException as unread:
        if unread.status_code != 400:
            raise
        raise AppError("answer_unreadable", 400) from unread


DoorDep = Annotated[Door, Depends(Door)]
FormDep = Annotated[FormData, Depends(_form)]


def _chosen(form: FormData) -> list[int]:
    """Positions ticked, and picked of each group."""
    given = [value for name, value in form.multi_items() if name == "take" or name.startswith("pick-")]
    return [int(value) for value in given if isinstance(value, str) and value.isdecimal() and len(value) < 6]


def _typed(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _page(
    door: Door, shown: Shown, form: FormData | None = None, refused: AppError | None = None, status: int = 200
) -> Response:
    language = door.language(shown)
    fields = ("name", "comment", "reason", "reason_text", "signature", "confirm")
    typed = {field: _typed(form, field) if form is not None else "" for field in fields}
    return page(
        "offer.html",
        language,
        door.path,
        status,
        offer=offer_shown(shown, language),
        typed=typed,
        fault=refused.message(language) if refused else "",
        wrong=_FIELDS.get(refused.code, "") if refused else "",
        deciding=form is not None and _typed(form, "act") == "decline",
    )


_FIELDS = {"answer_needs_name": "name", "answer_needs_reason": "reason", "answer_confirm": "confirm"}


@router.get("/assets/{name}")
def asset(request: Request, name: str) -> Response:
    """The style and script of the public pages."""
    path = ASSETS / name
    if name not in ("offer.css", "offer.js"):
        raise AppError("link_closed", 404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{mark_of(path)}"'}
    return FileResponse(path, media_type=media_type(name), headers=headers)


@router.get("/{token}")
def show(door: DoorDep) -> Response:
    """The offer, to read and answer."""
    return _page(door, door.offers.look(door.token))


@router.post("/{token}")
def answer(door: DoorDep, form: FormDep) -> Response:
    """Count anew what is chosen, or accept, or decline: whichever button was pressed."""
    act = _typed(form, "act")
    if act not in ("accept", "decline"):
        return _counted(door, form, None)
    _rates(door.request, "answered", _ANSWERED).count(f"address {door.address}", f"link {token_hash(door.token)}")
    try:
        if act == "accept" and not _typed(form, "confirm"):
            raise AppError("answer_confirm", 422)
        door.offers.answer(door.token, _said(door, form, act))
    except AppError as refused:
        if refused.code == "link_closed":
            raise
        return _counted(door, form, refused)
    language = picked(door.request)
    return RedirectResponse(f"{door.path}?language={language}" if language else door.path, 303, headers=HEADERS)


def _counted(door: Door, form: FormData, refused: AppError | None) -> Response:
    try:
        shown = door.offers.look(door.token, _chosen(form))
    except AppError as unfit:
        if unfit.code != "choice_invalid":
            raise
        # An offer that changed meanwhile has other lines: it is shown as it is offered now.
        shown, refused = door.offers.look(door.token), refused or unfit
    return _page(door, shown, form, refused, refused.status if refused else 200)


def _said(door: Door, form: FormData, act: str) -> Said:
    accepting = act == "accept"
    return Said(
        answer="accepted" if accepting else "declined",
        name=_typed(form, "name"),
        pdf_sha256=_typed(form, "file"),
        address=door.address,
        chosen=tuple(_chosen(form)),
        comment=_typed(form, "comment" if accepting else "reason_text"),
        reason=_typed(form, "reason"),
        signature=_typed(form, "signature") if accepting else "",
    )


@router.post("/{token}/figures")
def figures(door: DoorDep, form: FormDep) -> Response:
    """The sums of what is chosen, printed. Nothing is stored."""
    shown = door.offers.look(door.token, _chosen(form))
    sums = sums_shown(shown, door.language(shown))
    rows = [{"rate": rate, "net": net, "vat": vat} for rate, net, vat in sums.vat]
    body = {"net": sums.net, "vat": rows, "vat_total": sums.vat_total, "gross": sums.gross, "taken": shown.taken}
    return JSONResponse(body, headers=HEADERS)


@router.post("/{token}/opened")
def opened(door: DoorDep) -> Response:
    """Note that somebody's browser shows the page; its script says so."""
    door.offers.opened(door.token)
    return Response(status_code=204, headers=HEADERS)


@router.get("/{token}/{kind}")
def file(door: DoorDep, kind: str) -> Response:
    """The offer's PDF, the pack with its attachments, or the stamped copy."""
    wanted = next((known for known in _FILES if known == kind), None)
    if wanted is None:
        raise AppError("link_closed", 404)
    path = door.offers.file(door.token, wanted)
    headers = {**HEADERS, "Content-Security-Policy": "sandbox; default-src 'none'"}
    return FileResponse(
        path, media_type="application/pdf", filename=path.name, content_disposition_type="inline", headers=headers
    )


def public_address(parts: Parts, request: Request, path: str) -> str:
    """The address of `path` as customers reach it: below `ROBO_PUBLIC_URL`, else where this request came to."""
    base = parts.settings.public_url or str(request.base_url)
    return base.rstrip("/") + path
