"""Users: who they are as actors, and signing them in."""

from sqlalchemy import Engine, select

from core.clock import now
from core.errors import AppError, NotFound
from core.language import LANGUAGES, Language
from core.settings import Settings
from crm import attempts, passwords, second_factor
from crm.actor import NEVER_GRANTED, SYSTEM, Actor, Scope
from crm.attempts import unlock
from crm.hidden import HIDEABLE
from crm.passwords import LONGEST_PASSWORD, SHORTEST_PASSWORD
from crm.session import unit
from crm.tables import Credential, Grant, User

__all__ = [
    "LONGEST_LOGIN",
    "LONGEST_PASSWORD",
    "SHORTEST_PASSWORD",
    "actor_for",
    "as_language",
    "set_password",
    "sign_in",
    "unlock",
]

LONGEST_LOGIN = 100


def actor_for(engine: Engine, login: str) -> Actor:
    """The active user `login` as an actor, with the grants of their level as of now. Raises `NotFound`."""
    with unit(engine, SYSTEM, writes=False) as session:
        user = session.scalar(select(User).where(User.login == login, User.active))
        if user is None:
            raise NotFound("user", login)
        grants = session.scalars(select(Grant).where(Grant.role_code == user.role_code))
        scopes: dict[tuple[str, str], Scope] = {}
        unseen: dict[str, frozenset[str]] = {}
        for grant in grants:
            if grant.resource_name in NEVER_GRANTED:
                continue
            scope: Scope = "own" if grant.scope == "own" else "team" if grant.scope == "team" else "all"
            scopes[grant.resource_name, grant.action] = scope
            fields = frozenset(HIDEABLE.get(grant.resource_name, ())) & frozenset(map(str, grant.hidden_fields))
            if grant.action == "read" and fields:
                unseen[grant.resource_name] = fields
        language = as_language(user.language)
        return Actor(user.id, user.login, user.role_code, user.team_id, language, scopes, hidden=unseen)


def as_language(code: str) -> Language:
    """`code` as one of the product's languages; English for any other."""
    return next((language for language in LANGUAGES if language == code), "en")


def set_password(engine: Engine, login: str, password: str) -> None:
    """Give `login` a new password. Raises `NotFound`, or `AppError` for one that is too short or too long."""
    digest = passwords.hashed(password)
    with unit(engine, SYSTEM) as session:
        user = session.scalar(select(User).where(User.login == login))
        if user is None:
            raise NotFound("user", login)
        credential = session.get(Credential, user.id)
        if credential is None:
            session.add(Credential(user_id=user.id, password_hash=digest))
        else:
            credential.password_hash, credential.changed_at = digest, now()


def sign_in(engine: Engine, settings: Settings, login: str, password: str, code: str | None = None) -> Actor:
    """The actor with this login and password and, where they have a second factor, this one-time code.

    Raises `AppError("sign_in_failed")`, the same for an unknown login and a wrong password; with the right ones
    `second_factor_required` or `second_factor_wrong`; all 401, and all counted: `AppError("sign_in_throttled")` once
    the login failed too often within the window of the settings.
    """
    if len(login) > LONGEST_LOGIN or len(password) > LONGEST_PASSWORD:
        raise AppError("sign_in_failed", 401)
    attempts.count(engine, settings, login)
    with unit(engine, SYSTEM, writes=False) as session:
        credential = session.scalar(
            select(Credential).join(User, User.id == Credential.user_id).where(User.login == login, User.active)
        )
    # Outside of any unit of work: it is slow by design.
    if not passwords.matches(credential.password_hash if credential else None, password) or credential is None:
        raise AppError("sign_in_failed", 401)
    with unit(engine, SYSTEM) as session:
        second_factor.accept(session, credential.user_id, code)
        attempts.forget(session, login)
    return actor_for(engine, login)
