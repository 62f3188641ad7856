"""Signing in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel

from api.deps import ActorDep, KeyDep, PartsDep
from api.tokens import mint
from crm.people import sign_in

router = APIRouter(prefix="/api/v1", tags=["sign-in"])


class Token(BaseModel):
    """A Bearer token and the seconds it is good for."""

    access_token: str
    token_type: str
    expires_in: int


class Me(BaseModel):
    """Who is signed in."""

    login: str
    role: str
    language: str


@router.post("/auth/token")
def token(
    parts: PartsDep,
    key: KeyDep,
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    otp: Annotated[str | None, Form(max_length=20)] = None,
) -> Token:
    """Exchange a login and password for a token; too many failures are refused for a while (429).

    `otp` is the code of the authenticator app, for those who have a second factor: without it the answer is 401 with
    the code `second_factor_required`.
    """
    actor = sign_in(parts.engine, parts.settings, form.username, form.password, otp)
    ttl = parts.settings.token_ttl
    return Token(access_token=mint(key, actor.login, ttl), token_type="bearer", expires_in=ttl)


@router.get("/me")
def me(actor: ActorDep) -> Me:
    """The user the token belongs to."""
    return Me(login=actor.login, role=actor.role, language=actor.language)
