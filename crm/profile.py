"""A user's own profile: what anyone may change about themselves, whatever their level."""

import re
from dataclasses import dataclass

from sqlalchemy import Engine, select

from core.clock import now
from core.errors import AppError, NotFound
from core.language import LANGUAGES
from core.settings import Settings
from core.text import storable
from crm import attempts, browser_sessions, passwords
from crm.actor import SYSTEM, Actor
from crm.second_factor import for_own_row
from crm.session import CrmSession, unit
from crm.tables import Credential, User

LONGEST = 100
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+?[\d\s()/.-]{5,40}")


@dataclass(frozen=True)
class Facts:
    """What a user says about themselves. `language` is the one the product speaks to them."""

    family_name: str
    given_name: str
    email: str
    phone: str | None
    language: str


def _own(session: CrmSession, actor: Actor) -> User:
    found = session.get(User, actor.user_id)
    if found is None:
        raise NotFound("user", actor.login)
    return found


def of(engine: Engine, actor: Actor) -> User:
    """The actor's own record, detached."""
    with unit(engine, SYSTEM, writes=False) as session:
        user = _own(session, actor)
        _ = user.team
        return user


def _checked(facts: Facts) -> Facts:
    family, given, email, phone = (
        " ".join(storable(text or "").split())
        for text in (facts.family_name, facts.given_name, facts.email, facts.phone)
    )
    if not family or not given:
        raise AppError("profile_name_missing", 422)
    if max(map(len, (family, given, email, phone))) > LONGEST:
        raise AppError("profile_too_long", 422, most=LONGEST)
    if not _EMAIL.fullmatch(email):
        raise AppError("profile_bad_email", 422)
    if phone and not _PHONE.fullmatch(phone):
        raise AppError("profile_bad_phone", 422)
    if facts.language not in LANGUAGES:
        raise AppError("profile_bad_language", 422)
    return Facts(family, given, email.lower(), phone or None, facts.language)


def change(engine: Engine, actor: Actor, version: int, facts: Facts) -> User:
    """Change the actor's own facts as they were at `version`; the audit names the actor.

    Raises `AppError` 422 for a fact that does not do, `conflict` where they were changed meanwhile.
    """
    kept = _checked(facts)
    # No level but the administrator's may write users; this is the one row everyone may, and only these fields.
    with unit(engine, for_own_row(actor)) as session:
        user = _own(session, actor)
        if user.version != version:
            raise AppError("conflict", 409)
        for name, value in vars(kept).items():
            setattr(user, name, value)
        session.flush()
        return user


def set_language(engine: Engine, actor: Actor, language: str) -> None:
    """Have the product speak `language` to the actor from now on. Raises `AppError` 422 for one it does not speak."""
    if language not in LANGUAGES:
        raise AppError("profile_bad_language", 422)
    with unit(engine, for_own_row(actor)) as session:
        _own(session, actor).language = language


def change_password(
    engine: Engine, settings: Settings, actor: Actor, old: str, new: str, keep_session: int | None = None
) -> None:
    """Give the actor the password `new` against the `old` one; their other signed-in browsers are signed out.

    `keep_session` is the browser session that asks. A wrong `old` counts as a failed sign-in. Raises
    `AppError("password_wrong")` (403), `password_same`, `password_too_short` (422), `sign_in_throttled` (429).
    """
    digest_of_new = passwords.hashed(new)
    attempts.count(engine, settings, actor.login)
    with unit(engine, SYSTEM, writes=False) as session:
        digest = session.scalar(select(Credential.password_hash).where(Credential.user_id == actor.user_id))
    if not passwords.matches(digest, old):
        raise AppError("password_wrong", 403)
    if old == new:
        raise AppError("password_same", 422)
    with unit(engine, for_own_row(actor)) as session:
        found = session.get(Credential, actor.user_id, with_for_update=True)
        if found is None or found.password_hash != digest:
            raise AppError("conflict", 409)
        found.password_hash, found.changed_at = digest_of_new, now()
        browser_sessions.end_all(session, actor.user_id, but=keep_session)
        attempts.forget(session, actor.login)
