"""What routes are handed: the parts of the application and the signed-in actor."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from api.tokens import login_of
from assistant.context import Parts
from core.errors import AppError, NotFound
from crm.actor import Actor
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


PartsDep = Annotated[Parts, Depends(parts_of)]
KeyDep = Annotated[bytes, Depends(key_of)]


def signed_in(request: Request, parts: PartsDep, key: KeyDep, token: Annotated[str | None, Depends(_bearer)]) -> Actor:
    """The actor of the request's Bearer token. Raises `AppError` 401 for none, a bad or an expired one."""
    if not token:
        raise AppError("token_invalid", 401)
    try:
        actor = actor_for(parts.engine, login_of(key, token))
    except NotFound as gone:
        raise AppError("token_invalid", 401) from gone
    request.state.language = actor.language
    return actor


def on_this_machine(key: KeyDep, token: Annotated[str | None, Depends(_bearer)]) -> None:
    """Let only commands of this home pass: they sign with its key. Raises `AppError` 401."""
    login_of(key, token or "", "robo-local")


ActorDep = Annotated[Actor, Depends(signed_in)]
