"""Errors as answers: a stable code, and a sentence in the language of whoever asked."""

import logging
import uuid

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.console.errors import error_page, wants_page
from core.errors import AppError, say
from core.language import LANGUAGES, Language

log = logging.getLogger(__name__)


def language_of(request: Request) -> Language:
    """The actor's language once known, else the one picked on the sign-in screen, else the first one the client
    accepts that we speak."""
    known: Language | None = getattr(request.state, "language", None)
    if known is not None:
        return known
    picked = request.query_params.get("language") or request.cookies.get("robo_language")
    accepted = [part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((language for code in (picked, *accepted) for language in LANGUAGES if language == code), "en")


def refusal(request: Request, code: str, status: int, message: str) -> Response:
    """The body every refusal has: `{"error": {"code": ..., "message": ...}}`; on a screen of the console, a page."""
    if wants_page(request):
        return error_page(request, status, message, language_of(request))
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers=headers)


def answer_errors(app: FastAPI) -> None:
    """Let `app` answer whatever its routes raise in words."""

    @app.exception_handler(AppError)
    async def _known(request: Request, error: AppError) -> Response:
        return refusal(request, error.code, error.status, error.message(language_of(request)))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        return refusal(request, "bad_request", 422, say("bad_request", language_of(request), detail=detail))

    @app.exception_handler(DataError)
    @app.exception_handler(UnicodeEncodeError)
    @app.exception_handler(OverflowError)
    async def _unstorable(request: Request, error: Exception) -> Response:
        """What a database or UTF-8 cannot hold, such as NUL or a number of a hundred digits."""
        return refusal(
            request, "bad_request", 422, say("bad_request", language_of(request), detail=type(error).__name__)
        )

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and wants_page(request):
            missing = say("page_missing", language_of(request), path=request.url.path[:200])
            return refusal(request, "page_missing", 404, missing)
        return refusal(request, "http", error.status_code, str(error.detail))


class Unforeseen:
    """Answers what nobody foresaw in words, inside of all other middleware, so that this answer too has their headers.
    An answer that had begun is broken off."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if scope["type"] != "http" or begun:
                raise
            reference = uuid.uuid4().hex[:8]
            log.error("request failed, reference %s", reference, exc_info=error)
            request = Request(scope)
            sentence = say("unexpected", language_of(request), reference=reference)
            await refusal(request, "unexpected", 500, sentence)(scope, receive, send)
