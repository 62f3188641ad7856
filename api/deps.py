"""What routes are handed: the parts of the application and the signed-in actor."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from api.runs import Runs
from api.tokens import Bearer, bearer_of
from assistant.context import Parts
from core.errors import AppError, NotFound
from crm.actor import Actor
from crm.browser_sessions import is_alive
from crm.embedding import HostView, active_host
from crm.people import actor_for

_bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


def parts_of(request: Request) -> Parts:
    """The parts this server was started with."""
    parts: Parts = request.app.state.parts
    return parts


def key_of(request: Request) -> bytes:
    """The key this server signs tokens with."""
    key: bytes = request.app.state.key
    return key


def runs_of(request: Request) -> Runs:
    """The turns this server is running."""
    runs: Runs = request.app.state.runs
    return runs


RunsDep = Annotated[Runs, Depends(runs_of)]
PartsDep = Annotated[Parts, Depends(parts_of)]
KeyDep = Annotated[bytes, Depends(key_of)]


def bearer(request: Request, parts: PartsDep, key: KeyDep, token: Annotated[str | None, Depends(_bearer)]) -> Bearer:
    """Whom the request's Bearer token names.

    Raises `AppError` 401 for none, a bad or an expired one, and `AppError("origin_refused")` (403) where a host's
    token comes from a page that is not that host's.
    """
    if not token:
        raise AppError("token_invalid", 401)
    named = bearer_of(key, token)
    host = host_of(parts, named)
    origin = request.headers.get("origin")
    if host is not None and origin is not None and origin not in host.origins:
        raise AppError("origin_refused", 403, origin=origin[:200])
    return named


def host_of(parts: Parts, bearer: Bearer) -> HostView | None:
    """The embedding host that had the token minted, if one did. Raises `AppError("host_switched_off")` (401) where
    it was switched off since, or has another key."""
    if bearer.host is None:
        return None
    host = active_host(parts.engine, bearer.host.name)
    if host is None or host.key_mark != bearer.host.key_mark:
        raise AppError("host_switched_off", 401)
    return host


BearerDep = Annotated[Bearer, Depends(bearer)]


def actor_of(request: Request, parts: Parts, bearer: Bearer) -> Actor:
    """The user a token or link names, with their rights of now. Raises `AppError` 401 where they are gone, or signed
    out of the browser session the token was for."""
    if bearer.browser is not None and not is_alive(parts.engine, bearer.browser):
        raise AppError("session_ended", 401)
    try:
        actor = actor_for(parts.engine, bearer.login)
    except NotFound as gone:
        raise AppError("token_invalid", 401) from gone
    request.state.language = actor.language
    return actor


def signed_in(request: Request, parts: PartsDep, bearer: BearerDep) -> Actor:
    """The actor of the request's Bearer token. Raises `AppError` 401."""
    return actor_of(request, parts, bearer)


def on_this_machine(key: KeyDep, token: Annotated[str | None, Depends(_bearer)]) -> None:
    """Let only commands of this home pass: they sign with its key. Raises `AppError` 401."""
    bearer_of(key, token or "", "robo-local")


ActorDep = Annotated[Actor, Depends(signed_in)]
