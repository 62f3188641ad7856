"""Bearer tokens: short-lived, signed with the home's key."""

from datetime import timedelta
from typing import Literal

import jwt

from core.clock import now
from core.errors import AppError

Audience = Literal["robo", "robo-local"]
_ALGORITHM = "HS256"


def mint(key: bytes, login: str, seconds: int, audience: Audience = "robo") -> str:
    """A token for `login`, good for `seconds`. `robo-local` is for commands on the machine itself."""
    issued = now()
    claims = {"sub": login, "aud": audience, "iat": issued, "exp": issued + timedelta(seconds=seconds)}
    return jwt.encode(claims, key, algorithm=_ALGORITHM)


def login_of(key: bytes, token: str, audience: Audience = "robo") -> str:
    """Whose token this is. Raises `AppError("token_invalid")` or `AppError("token_expired")`, both 401."""
    try:
        claims = jwt.decode(
            token, key, algorithms=[_ALGORITHM], audience=audience, options={"require": ["exp", "sub", "aud"]}
        )
    except jwt.ExpiredSignatureError as expired:
        raise AppError("token_expired", 401) from expired
    except jwt.InvalidTokenError as invalid:
        raise AppError("token_invalid", 401) from invalid
    return str(claims["sub"])
