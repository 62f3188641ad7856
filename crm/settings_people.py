"""Users and teams, as an administrator sets them up."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Engine, Select, func, or_, select

from core.clock import now
from core.errors import AppError, NotFound
from core.language import LANGUAGES
from crm import attempts, browser_sessions, passwords
from crm.actor import Actor
from crm.customer_fields import FieldsRefused, needed_text, short_text
from crm.customers import escape_like
from crm.session import CrmSession, acting, unit
from crm.settings_rules import keep_a_keyholder, may, same_version, within_reach
from crm.tables import Credential, Role, Team, User

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# The address of the form of a new user ends so: the sheet of a user called this could never be opened.
_RESERVED = frozenset({"new"})
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s.<>,;\"]+")
_PHONE = re.compile(r"\+?[\d\s()/.-]{5,40}")


@dataclass(frozen=True)
class PersonFields:
    """What an administrator types about a user; `team` is its id or empty, `role` the code of a level."""

    family_name: str = ""
    given_name: str = ""
    email: str = ""
    phone: str = ""
    role: str = ""
    team: str = ""
    language: str = "hu"


@dataclass(frozen=True)
class UserFilters:
    """Which users a list shows; `state` is `active`, `inactive` or empty for both."""

    text: str = ""
    role: str = ""
    team: str = ""
    state: str = ""


def query_for(filters: UserFilters) -> Select[User]:
    """The users that `filters` let through, by name."""
    query = select(User).order_by(User.family_name, User.given_name, User.id)
    if filters.text.strip():
        pattern = f"%{escape_like(filters.text.strip())}%"
        fields = (User.login, User.family_name, User.given_name, User.email)
        query = query.where(or_(*(field.ilike(pattern, escape="\\") for field in fields)))
    if filters.role:
        query = query.where(User.role_code == filters.role)
    if filters.team.isascii() and filters.team.isdigit() and len(filters.team) < 10:
        query = query.where(User.team_id == int(filters.team))
    if filters.state:
        query = query.where(User.active.is_(filters.state == "active"))
    return query


def by_login(session: CrmSession, login: str) -> User:
    """The user with this login. Raises `NotFound`."""
    found = session.scalar(select(User).where(User.login == login))
    if found is None:
        raise NotFound("user", login)
    return found


def _email(text: str) -> str:
    email = needed_text(text)
    if not _EMAIL.fullmatch(email):
        raise AppError("user_email", 422)
    return email


def _phone(text: str) -> str | None:
    phone = short_text(text)
    if phone is not None and not _PHONE.fullmatch(phone):
        raise AppError("user_phone", 422)
    return phone


def _role(session: CrmSession, actor: Actor, code: str, before: str | None) -> str:
    if session.get(Role, code) is None:
        raise AppError("field_missing", 422)
    if code != before:
        within_reach(session, actor, code)
    return code


def _team(session: CrmSession, text: str) -> int | None:
    if not text.strip():
        return None
    team = session.get(Team, int(text)) if text.strip().isdecimal() and len(text) < 10 else None
    if team is None:
        raise AppError("field_missing", 422)
    return team.id


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise AppError("field_not_a_choice", 422, choices=", ".join(LANGUAGES))
    return text


def _read(session: CrmSession, actor: Actor, typed: PersonFields, before: User | None) -> dict[str, object]:
    readers: dict[str, Callable[[], object]] = {
        "family_name": lambda: needed_text(typed.family_name),
        "given_name": lambda: needed_text(typed.given_name),
        "email": lambda: _email(typed.email),
        "phone": lambda: _phone(typed.phone),
        "role": lambda: _role(session, actor, typed.role, before.role_code if before else None),
        "team": lambda: _team(session, typed.team),
        "language": lambda: _language(typed.language),
    }
    columns: Mapping[str, str] = {"role": "role_code", "team": "team_id"}
    values: dict[str, object] = {}
    faults: dict[str, AppError] = {}
    for name, reader in readers.items():
        try:
            values[columns.get(name, name)] = reader()
        except AppError as fault:
            faults[name] = fault
    if faults:
        raise FieldsRefused(faults)
    return values


def _raised(actor: Actor) -> Actor:
    """The actor with the system's reach, once this module has checked their rights; the audit names them."""
    return replace(actor, is_system=True)


def create(engine: Engine, actor: Actor, login: str, typed: PersonFields, password: str) -> str:
    """A new active user with a first password; returns the login as kept, in small letters.

    Raises `Forbidden`, `FieldsRefused` (faults by field, `login` and `password` among them), and
    `AppError("level_above")` within it for a level the actor may not give.
    """
    may(actor, "user", "create")
    faults: dict[str, AppError] = {}
    kept = login.strip().lower()
    digest = ""
    with unit(engine, _raised(actor)) as session:
        if not _LOGIN.fullmatch(kept) or kept in _RESERVED:
            faults["login"] = AppError("user_login", 422)
        elif session.scalar(select(User.id).where(func.lower(User.login) == kept)) is not None:
            faults["login"] = AppError("user_login_taken", 422, login=kept)
        try:
            digest = passwords.hashed(password)
        except AppError as fault:
            faults["password"] = fault
        try:
            values = _read(session, actor, typed, None)
        except FieldsRefused as refused:
            faults |= refused.faults
        if faults:
            raise FieldsRefused(faults)
        user = User(login=kept, **values)
        session.add(user)
        session.flush()
        session.add(Credential(user_id=user.id, password_hash=digest))
    return kept


def change(session: CrmSession, login: str, version: int, typed: PersonFields) -> User:
    """Change a user as they were at `version`; the login stays. Rights of the level count from the next request on.

    Raises `NotFound`, `Forbidden`, `FieldsRefused`, `AppError("conflict")`, `AppError("level_above")`,
    `AppError("last_keyholder")`.
    """
    may(session.actor, "user", "update")
    user = by_login(session, login)
    same_version(user.version, version)
    within_reach(session, session.actor, user.role_code)
    for name, value in _read(session, session.actor, typed, user).items():
        if getattr(user, name) != value:
            setattr(user, name, value)
    keep_a_keyholder(session)
    return user


def set_active(engine: Engine, actor: Actor, login: str, version: int, active: bool) -> None:
    """Switch a user off or on again. One who is off cannot sign in: their browsers are signed out, their tokens
    refused (`crm.people.actor_for`), and their records stay theirs.

    Raises as `change` does, and `AppError("own_account")` (409) for oneself.
    """
    may(actor, "user", "update")
    with unit(engine, _raised(actor)) as session:
        user = by_login(session, login)
        same_version(user.version, version)
        if user.id == actor.user_id:
            raise AppError("own_account", 409)
        within_reach(session, actor, user.role_code)
        user.active = active
        keep_a_keyholder(session)
        browser_sessions.end_all(session, user.id)


def reset_password(engine: Engine, actor: Actor, login: str, password: str) -> None:
    """Give a user a new password; their browsers are signed out, a lock-out ends, a second factor stays.

    Raises `Forbidden`, `NotFound`, `AppError("level_above")`, `AppError("own_account")` (409) for oneself, whose own
    profile asks for the old password, and `AppError` 422 for a password that does not do.
    """
    may(actor, "user", "update")
    digest = passwords.hashed(password)
    with unit(engine, _raised(actor)) as session:
        user = by_login(session, login)
        if user.id == actor.user_id:
            raise AppError("own_account", 409)
        within_reach(session, actor, user.role_code)
        credential = session.get(Credential, user.id, with_for_update=True)
        if credential is None:
            session.add(Credential(user_id=user.id, password_hash=digest))
        else:
            with acting(session, "password_reset"):
                credential.password_hash, credential.changed_at = digest, now()
        browser_sessions.end_all(session, user.id)
        attempts.forget(session, user.login)
