"""Users: who they are as actors, their passwords, and slowing down those who guess."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Engine, delete, func, select

from core.clock import now
from core.errors import AppError, NotFound
from core.language import LANGUAGES, Language
from core.settings import Settings
from crm.actor import SYSTEM, Actor, Scope
from crm.session import unit
from crm.tables import Credential, Grant, SignInAttempt, User

_HASHER = PasswordHasher()
# Checked when there is no such user, so that the answer takes as long as for a wrong password.
_NOBODY = _HASHER.hash("nobody has this password")
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
LONGEST_LOGIN = 100


def actor_for(engine: Engine, login: str) -> Actor:
    """The active user `login` as an actor, with the grants of their level as of now. Raises `NotFound`."""
    with unit(engine, SYSTEM, writes=False) as session:
        user = session.scalar(select(User).where(User.login == login, User.active))
        if user is None:
            raise NotFound("user", login)
        grants = session.scalars(select(Grant).where(Grant.role_code == user.role_code))
        scopes: dict[tuple[str, str], Scope] = {}
        for grant in grants:
            scope: Scope = "own" if grant.scope == "own" else "team" if grant.scope == "team" else "all"
            scopes[grant.resource_name, grant.action] = scope
        return Actor(user.id, user.login, user.role_code, user.team_id, as_language(user.language), scopes)


def as_language(code: str) -> Language:
    """`code` as one of the product's languages; English for any other."""
    return next((language for language in LANGUAGES if language == code), "en")


def set_password(engine: Engine, login: str, password: str) -> None:
    """Give `login` a new password. Raises `NotFound`, or `AppError` for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise AppError("password_too_short", 422, length=SHORTEST_PASSWORD)
    with unit(engine, SYSTEM) as session:
        user = session.scalar(select(User).where(User.login == login))
        if user is None:
            raise NotFound("user", login)
        credential = session.get(Credential, user.id)
        digest = _HASHER.hash(password)
        if credential is None:
            session.add(Credential(user_id=user.id, password_hash=digest))
        else:
            credential.password_hash, credential.changed_at = digest, now()


def sign_in(engine: Engine, settings: Settings, login: str, password: str) -> Actor:
    """The actor with this login and password.

    Raises `AppError("sign_in_failed")`, the same for an unknown login and a wrong password, and
    `AppError("sign_in_throttled")` once the login failed too often within the window of the settings.
    """
    if len(login) > LONGEST_LOGIN or len(password) > LONGEST_PASSWORD:
        raise AppError("sign_in_failed", 401)
    with unit(engine, SYSTEM) as session:
        since = now() - timedelta(seconds=settings.sign_in_window)
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < since))
        failed = session.scalar(select(func.count()).select_from(SignInAttempt).where(SignInAttempt.login == login))
        if (failed or 0) >= settings.sign_in_attempts:
            raise AppError("sign_in_throttled", 429, minutes=max(1, settings.sign_in_window // 60))
        credential = session.scalar(
            select(Credential).join(User, User.id == Credential.user_id).where(User.login == login, User.active)
        )
        # Counted before the slow check, and taken back on success: guesses sent at once count too.
        attempt = SignInAttempt(login=login)
        session.add(attempt)
    if not _matches(credential.password_hash if credential else _NOBODY, password) or credential is None:
        raise AppError("sign_in_failed", 401)
    with unit(engine, SYSTEM) as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.login == login))
    return actor_for(engine, login)


def _matches(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
