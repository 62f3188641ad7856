"""Tokens for the users of a host application, asked for by its server."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from api.deps import KeyDep, PartsDep
from api.routes.auth import Token
from api.tokens import HostClaim, mint
from core.errors import AppError
from crm.embedding import by_key, embedded_actor

router = APIRouter(prefix="/api/v1", tags=["sign-in"])
_host_key = HTTPBearer(auto_error=False, description="The key of an embedding host")


class EmbedRequest(BaseModel):
    """The user of the host who is signed in there; the login is the same in both systems."""

    login: str = Field(min_length=1, max_length=100)


@router.post("/embed/token")
def embed_token(
    request: Request,
    answer: Response,
    parts: PartsDep,
    key: KeyDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_host_key)],
    body: EmbedRequest,
) -> Token:
    """From server to server: a short-lived token for one user, good on the host's own pages only."""
    # Browsers send both; Node's own fetch sends Sec-Fetch-Mode, which therefore tells nothing.
    if "origin" in request.headers or "sec-fetch-site" in request.headers:
        raise AppError("host_key_in_browser", 403)
    if given is None:
        raise AppError("host_key_missing", 401)
    caller = request.client.host if request.client else "unknown"
    host = by_key(parts.engine, parts.settings, given.credentials, caller)
    actor = embedded_actor(parts.engine, parts.settings, body.login)
    answer.headers["Cache-Control"] = "no-store"
    ttl = parts.settings.token_ttl
    claim = HostClaim(host.name, host.key_mark)
    return Token(access_token=mint(key, actor.login, ttl, host=claim), token_type="bearer", expires_in=ttl)
