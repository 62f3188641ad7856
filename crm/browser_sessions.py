"""Browsers signed in to the console: begun at sign-in, recognised by their cookie, ended by their user."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, or_, select

from core.clock import now
from core.errors import AppError, NotFound
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import CrmSession, unit
from crm.tables import BrowserSession, User

LIFETIME = timedelta(hours=12)
IDLE = timedelta(hours=3)
ROTATED_EVERY = timedelta(minutes=15)
# How long the former cookie stays good once the new one has been seen: requests that were under way.
_GRACE = timedelta(seconds=60)
_SEEN_EVERY = timedelta(minutes=5)
_LONGEST_BROWSER = 200


@dataclass(frozen=True)
class SignedIn:
    """A recognised browser: whose it is, which session, and the new cookie value where it was changed just now.

    `seal` tells this session from every other there was or will be, also from one with its number used again.
    """

    actor: Actor
    session_id: int
    seal: str
    new_token: str | None = None


@dataclass(frozen=True)
class SessionView:
    """One of a user's signed-in browsers; moments in UTC."""

    id: int
    browser: str
    created_at: datetime
    seen_at: datetime


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def begin(engine: Engine, actor: Actor, browser: str) -> str:
    """Start a session for `actor` in `browser` (its own description) and return its cookie value."""
    token = secrets.token_urlsafe(32)
    with unit(engine, SYSTEM) as session:
        session.execute(delete(BrowserSession).where(BrowserSession.expires_at < now()))
        session.add(
            BrowserSession(
                user_id=actor.user_id,
                token_sha256=_digest(token),
                browser=browser[:_LONGEST_BROWSER],
                expires_at=now() + LIFETIME,
            )
        )
    return token


def recognise(engine: Engine, token: str) -> SignedIn:
    """The browser whose cookie is `token`. Raises `AppError("session_ended")` (401) for an unknown or ended one.

    Every quarter of an hour the cookie is changed, so that a stolen one does not stay good. The former one is good
    until the new one came back: the answer that brought it may have been lost.
    """
    digest = _digest(token)
    with unit(engine, SYSTEM, writes=False) as session:
        found = session.scalar(
            select(BrowserSession).where(
                or_(BrowserSession.token_sha256 == digest, BrowserSession.previous_sha256 == digest)
            )
        )
        moment = now()
        if found is None or found.expires_at < moment or found.seen_at + IDLE < moment:
            raise AppError("session_ended", 401)
        former = found.token_sha256 != digest
        if former and found.new_seen_at is not None and found.new_seen_at + _GRACE < moment:
            raise AppError("session_ended", 401)
        login = session.scalar(select(User.login).where(User.id == found.user_id, User.active))
        due = found.rotated_at + ROTATED_EVERY < moment and not (former and found.new_seen_at is not None)
        arrived = not former and found.previous_sha256 is not None and found.new_seen_at is None
        stale = found.seen_at + _SEEN_EVERY < moment
        session_id, seal = found.id, _seal(found)
    if login is None:
        raise AppError("session_ended", 401)
    try:
        actor = actor_for(engine, login)
    except NotFound as gone:
        raise AppError("session_ended", 401) from gone
    changed = _touch(engine, session_id, digest, due) if due or stale or arrived else None
    return SignedIn(actor, session_id, seal, changed)


def _seal(session: BrowserSession) -> str:
    return f"{session.id} {session.created_at.isoformat()}"


def is_alive(engine: Engine, seal: str) -> bool:
    """Whether the session with this seal has not ended."""
    number = seal.partition(" ")[0]
    with unit(engine, SYSTEM, writes=False) as session:
        found = session.get(BrowserSession, int(number)) if number.isdecimal() and len(number) < 10 else None
        return found is not None and _seal(found) == seal and found.expires_at > now()


def _touch(engine: Engine, session_id: int, digest: str, rotate: bool) -> str | None:
    """Note that the browser was seen; with `rotate`, change its cookie unless another request just did."""
    with unit(engine, SYSTEM) as session:
        found = session.get(BrowserSession, session_id, with_for_update=True)
        if found is None:
            return None
        found.seen_at = now()
        if found.token_sha256 == digest and found.new_seen_at is None:
            found.new_seen_at = now()
        if not rotate or found.rotated_at + ROTATED_EVERY > now():
            return None
        token = secrets.token_urlsafe(32)
        found.previous_sha256, found.token_sha256, found.rotated_at = digest, _digest(token), now()
        found.new_seen_at = None
        return token


def list_own(engine: Engine, actor: Actor) -> list[SessionView]:
    """The actor's signed-in browsers, the one seen last first."""
    with unit(engine, SYSTEM, writes=False) as session:
        rows = session.scalars(
            select(BrowserSession)
            .where(BrowserSession.user_id == actor.user_id, BrowserSession.expires_at > now())
            .order_by(BrowserSession.seen_at.desc())
        )
        return [SessionView(r.id, r.browser, r.created_at, r.seen_at) for r in rows]


def end_of(engine: Engine, token: str) -> None:
    """End the session whose cookie is `token`, if there is one."""
    digest = _digest(token)
    with unit(engine, SYSTEM) as session:
        same = or_(BrowserSession.token_sha256 == digest, BrowserSession.previous_sha256 == digest)
        session.execute(delete(BrowserSession).where(same))


def end(engine: Engine, actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions; nothing happens for others' or unknown ones."""
    with unit(engine, SYSTEM) as session:
        own = BrowserSession.user_id == actor.user_id
        session.execute(delete(BrowserSession).where(BrowserSession.id == session_id, own))


def end_all(session: CrmSession, user_id: int, but: int | None = None) -> None:
    """End every session of a user, `but` one: after a new password, or when the user is switched off.

    `session` is a unit of work of the system's.
    """
    query = delete(BrowserSession).where(BrowserSession.user_id == user_id)
    session.execute(query if but is None else query.where(BrowserSession.id != but))
