"""Bearer tokens and document links: short-lived, signed with the home's key."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import jwt

from core.clock import now
from core.errors import AppError

Audience = Literal["robo", "robo-local", "robo-document"]
DocumentKind = Literal["docx", "pdf"]
_ALGORITHM = "HS256"


@dataclass(frozen=True)
class HostClaim:
    """The embedding host that had a token minted, and the mark of the key it did so with."""

    name: str
    key_mark: str


@dataclass(frozen=True)
class Bearer:
    """Whose token it is, and the embedding host that had it minted, or the seal of the browser session, if one did."""

    login: str
    host: HostClaim | None = None
    browser: str | None = None


@dataclass(frozen=True)
class DocumentLink:
    """The one document a link opens, and for whom."""

    bearer: Bearer
    number: str
    kind: DocumentKind


def _sign(key: bytes, bearer: Bearer, seconds: int, audience: Audience, **more: str) -> str:
    issued = now()
    claims = {"sub": bearer.login, "aud": audience, "iat": issued, "exp": issued + timedelta(seconds=seconds), **more}
    if bearer.host is not None:
        claims |= {"host": bearer.host.name, "host_key": bearer.host.key_mark}
    if bearer.browser is not None:
        claims["browser"] = bearer.browser
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def _claims(key: bytes, token: str, audience: Audience) -> dict[str, object]:
    try:
        claims: dict[str, object] = jwt.decode(
            token, key, algorithms=[_ALGORITHM], audience=audience, options={"require": ["exp", "sub", "aud"]}
        )
    except jwt.ExpiredSignatureError as expired:
        raise AppError("token_expired", 401) from expired
    except jwt.InvalidTokenError as invalid:
        raise AppError("token_invalid", 401) from invalid
    return claims


def _bearer(claims: dict[str, object]) -> Bearer:
    host, browser = claims.get("host"), claims.get("browser")
    return Bearer(
        str(claims["sub"]),
        HostClaim(str(host), str(claims.get("host_key"))) if host is not None else None,
        str(browser) if browser is not None else None,
    )


def mint(
    key: bytes,
    login: str,
    seconds: int,
    audience: Audience = "robo",
    host: HostClaim | None = None,
    browser: str | None = None,
) -> str:
    """A token for `login`, good for `seconds`; one minted for a `host` is good on its pages only, one for the
    session with the seal `browser` only as long as that lasts.

    `robo-local` is for commands on the machine itself.
    """
    return _sign(key, Bearer(login, host, browser), seconds, audience)


def bearer_of(key: bytes, token: str, audience: Audience = "robo") -> Bearer:
    """Whose token this is. Raises `AppError("token_invalid")` or `AppError("token_expired")`, both 401."""
    return _bearer(_claims(key, token, audience))


def mint_link(key: bytes, link: DocumentLink, seconds: int) -> str:
    """A token that opens one document, good for `seconds`."""
    return _sign(key, link.bearer, seconds, "robo-document", number=link.number, kind=link.kind)


def read_link(key: bytes, token: str) -> DocumentLink:
    """What a document's link opens. Raises `AppError("link_expired")` or `AppError("link_invalid")`, both 401."""
    try:
        claims = _claims(key, token, "robo-document")
    except AppError as refused:
        raise AppError("link_expired" if refused.code == "token_expired" else "link_invalid", 401) from refused
    kind: DocumentKind = "pdf" if claims.get("kind") == "pdf" else "docx"
    return DocumentLink(_bearer(claims), str(claims.get("number")), kind)
