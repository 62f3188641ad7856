"""The second factor: one-time codes of an authenticator app, by time (RFC 6238: SHA-1, six digits, 30 seconds)."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyotp
import segno
from sqlalchemy import Engine, select

from core.clock import now
from core.errors import AppError, Forbidden, NotFound
from core.settings import Settings
from crm import attempts, passwords
from crm.actor import SYSTEM, Actor
from crm.session import CrmSession, acting, unit
from crm.settings_rules import within_reach
from crm.tables import Credential, User

STEP_SECONDS = 30
ISSUER = "Virtuo Robo"
# 160 bits in base 32, the length of key RFC 4226 recommends.
_SECRET_LENGTH = 32
# RFC 6238, 5.2: a clock that is a step fast or slow still does.
_DRIFT = (-1, 0, 1)


@dataclass(frozen=True)
class Enrolment:
    """What a user puts into their authenticator app: the secret as text, as address, and as a picture (SVG)."""

    secret: str
    address: str
    picture: str


def enrolment(login: str, secret: str | None = None) -> Enrolment:
    """A new secret for `login`, or `secret` shown again. Nothing is switched on by it."""
    secret = secret if secret is not None and _is_secret(secret) else pyotp.random_base32(_SECRET_LENGTH)
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    # Black on white in dark mode too: cameras want it so.
    picture = segno.make(address, error="m").svg_inline(scale=5, dark="#000", light="#fff")
    return Enrolment(secret, address, picture)


def _is_secret(text: str) -> bool:
    return len(text) == _SECRET_LENGTH and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def step_of(secret: str, code: str, after: int | None) -> int | None:
    """The time step `code` is right for, if it is right now, and later than the step `after`; else None."""
    digits = "".join(code.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return None
    present = int(now().timestamp()) // STEP_SECONDS
    made = pyotp.HOTP(secret)
    right = [present + d for d in _DRIFT if hmac.compare_digest(made.at(present + d), digits)]
    return next((step for step in right if after is None or step > after), None)


def _credential(session: CrmSession, user_id: int) -> Credential:
    # The row is locked: of two uses of one code, the second finds it used.
    found = session.get(Credential, user_id, with_for_update=True)
    if found is None:
        raise NotFound("user", user_id)
    return found


def accept(session: CrmSession, user_id: int, code: str | None) -> None:
    """Use up `code` where the user has a second factor; without one nothing is asked. A unit of the system's.

    Raises `AppError("second_factor_required")` for no code, `AppError("second_factor_wrong")` for a code that is
    wrong, too old, or used already; both 401.
    """
    found = _credential(session, user_id)
    if found.totp_secret is None:
        return
    if not code or not code.strip():
        raise AppError("second_factor_required", 401)
    step = step_of(found.totp_secret, code, found.totp_counter)
    if step is None:
        raise AppError("second_factor_wrong", 401)
    found.totp_counter = step


def is_on(engine: Engine, actor: Actor) -> bool:
    """Whether the actor has a second factor."""
    return actor.login in with_it(engine, (actor.login,))


def with_it(engine: Engine, logins: Iterable[str]) -> frozenset[str]:
    """Those of `logins` that have a second factor, for the list of users."""
    with unit(engine, SYSTEM, writes=False) as session:
        query = select(User.login).join(Credential, Credential.user_id == User.id)
        return frozenset(
            session.scalars(query.where(User.login.in_(list(logins)), Credential.totp_secret.is_not(None)))
        )


def for_own_row(actor: Actor) -> Actor:
    """The actor with the system's reach, to change what is their own whatever their level; the audit names them."""
    return replace(actor, is_system=True)


def switch_on(engine: Engine, actor: Actor, secret: str, code: str) -> None:
    """Ask the actor for codes from now on; `code` shows that their app makes the right ones for `secret`.

    Raises `AppError("second_factor_wrong")` (401), and `AppError("second_factor_on")` (409) if there is one already.
    """
    step = step_of(secret, code, None) if _is_secret(secret) else None
    if step is None:
        raise AppError("second_factor_wrong", 401)
    with unit(engine, for_own_row(actor)) as session:
        found = _credential(session, actor.user_id)
        if found.totp_secret is not None:
            raise AppError("second_factor_on", 409)
        with acting(session, "second_factor_on"):
            found.totp_secret, found.totp_counter = secret, step


def switch_off(engine: Engine, settings: Settings, actor: Actor, password: str, code: str) -> None:
    """Ask the actor for no codes any more, against their password and a code; failures count as failed sign-ins.

    Raises `AppError("password_wrong")` (403), what `accept` raises, and `AppError("sign_in_throttled")`.
    """
    attempts.count(engine, settings, actor.login)
    with unit(engine, SYSTEM, writes=False) as session:
        digest = session.scalar(select(Credential.password_hash).where(Credential.user_id == actor.user_id))
    if not passwords.matches(digest, password):
        raise AppError("password_wrong", 403)
    with unit(engine, for_own_row(actor)) as session:
        accept(session, actor.user_id, code)
        _take_off(session, actor.user_id)
        attempts.forget(session, actor.login)


def reset(engine: Engine, actor: Actor, login: str) -> None:
    """Take the second factor off `login`, who lost the device: an administrator's to do.

    Raises `Forbidden` unless the actor may change users, `NotFound` for no such user, `AppError("level_above")` for
    one out of reach, and `AppError("own_account")` (409) for oneself: `switch_off` asks for password and code.
    """
    if actor.scope("user", "update") != "all":
        raise Forbidden("update", "user")
    with unit(engine, replace(actor, is_system=True)) as session:
        user = session.scalar(select(User).where(User.login == login))
        if user is None:
            raise NotFound("user", login)
        if user.id == actor.user_id:
            raise AppError("own_account", 409)
        within_reach(session, actor, user.role_code)
        _take_off(session, user.id)


def _take_off(session: CrmSession, user_id: int) -> None:
    found = session.get(Credential, user_id)
    if found is not None and found.totp_secret is not None:
        with acting(session, "second_factor_off"):
            found.totp_secret, found.totp_counter = None, None
