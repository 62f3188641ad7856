"""The FastAPI application."""

import logging
import uuid

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from api.limits import BodyLimit
from api.routes import agui, auth, chat, enquiries, health, help_pages, local, offers, records, start
from assistant.context import Parts
from core.errors import AppError, say
from core.language import LANGUAGES, Language

log = logging.getLogger(__name__)


def _language(request: Request) -> Language:
    """The actor's language once known, else the first one the client accepts that we speak."""
    known: Language | None = getattr(request.state, "language", None)
    if known is not None:
        return known
    accepted = [part.split(";")[0].strip()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((language for code in accepted for language in LANGUAGES if language == code), "en")


def _error(code: str, status: int, message: str) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"error": {"code": code, "message": message}}, status, headers=headers)


def create_app(parts: Parts, key: bytes) -> FastAPI:
    """The application over opened `parts`, signing tokens with `key`."""
    app = FastAPI(title="Virtuo Robo", version="1", docs_url="/docs", redoc_url=None)
    app.state.parts, app.state.key = parts, key
    if parts.settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(parts.settings.allowed_origins),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
    app.add_middleware(BodyLimit)
    for module in (health, auth, chat, agui, offers, records, enquiries, help_pages, local, start):
        app.include_router(module.router)

    @app.exception_handler(AppError)
    async def _known(request: Request, error: AppError) -> JSONResponse:
        return _error(error.code, error.status, error.message(_language(request)))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        detail = f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        return _error("bad_request", 422, say("bad_request", _language(request), detail=detail))

    @app.exception_handler(DataError)
    @app.exception_handler(UnicodeEncodeError)
    async def _unstorable(request: Request, error: Exception) -> JSONResponse:
        """Characters that a database or UTF-8 cannot hold, such as NUL."""
        return _error("bad_request", 422, say("bad_request", _language(request), detail=type(error).__name__))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        return _error("http", error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, error: Exception) -> JSONResponse:
        reference = uuid.uuid4().hex[:8]
        log.error("request failed, reference %s", reference, exc_info=error)
        return _error("unexpected", 500, say("unexpected", _language(request), reference=reference))

    return app
