"""Passwords: kept as argon2 hashes, compared in constant time, never logged."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import AppError

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
_HASHER = PasswordHasher()
# Checked when there is no such user, so that the answer takes as long as for a wrong password.
_NOBODY = _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """The hash to keep of `password`. Raises `AppError` 422 for one that is too short or too long."""
    if len(password) < SHORTEST_PASSWORD:
        raise AppError("password_too_short", 422, length=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise AppError("password_too_long", 422, length=LONGEST_PASSWORD)
    return _HASHER.hash(password)


def matches(digest: str | None, password: str) -> bool:
    """Whether `digest` is of `password`; takes as long where there is none."""
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _HASHER.verify(digest or _NOBODY, password) and digest is not None
    except (VerificationError, InvalidHashError):
        return False
