"""Failed sign-ins, counted by login in SQL, so that every process slows guessing down alike."""

import zlib
from datetime import timedelta

from sqlalchemy import Engine, delete, func, select

from core.clock import now
from core.errors import AppError, Forbidden
from core.settings import Settings
from crm.actor import SYSTEM
from crm.session import CrmSession, unit
from crm.tables import SignInAttempt, table_of

# The first half of the key of PostgreSQL's advisory locks, so that others in the same database do not meet ours.
_LOCKS = 0x526F626F


def count(engine: Engine, settings: Settings, login: str) -> None:
    """Count an attempt for `login` before it is checked: guesses sent at once count too. `forget` it on success.

    Raises `AppError("sign_in_throttled")` (429) once there are as many within the window as the settings allow.
    """
    with unit(engine, SYSTEM) as session:
        if engine.dialect.name == "postgresql":
            # One at a time for a login, also for one that does not exist; SQLite has one writer anyway.
            session.execute(select(func.pg_advisory_xact_lock(_LOCKS, zlib.crc32(login.encode()) - 2**31)))
        since = now() - timedelta(seconds=settings.sign_in_window)
        session.execute(delete(SignInAttempt).where(SignInAttempt.at < since))
        failed = session.scalar(select(func.count()).select_from(SignInAttempt).where(SignInAttempt.login == login))
        if (failed or 0) >= settings.sign_in_attempts:
            raise AppError("sign_in_throttled", 429, minutes=max(1, settings.sign_in_window // 60))
        session.add(SignInAttempt(login=login))


def forget(session: CrmSession, login: str) -> None:
    """Forget the attempts for `login`, which signed in. `session` is a unit of the system's."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.login == login))


def unlock(session: CrmSession, login: str) -> None:
    """Let `login` try again at once. Raises `Forbidden` unless the actor may change users."""
    if session.actor.scope("user", "update") != "all":
        raise Forbidden("update", "user")
    table = table_of(SignInAttempt)
    session.connection().execute(table.delete().where(table.c.login == login))


def locked(engine: Engine, settings: Settings) -> frozenset[str]:
    """The logins that have to wait now for having failed too often."""
    with unit(engine, SYSTEM, writes=False) as session:
        since = now() - timedelta(seconds=settings.sign_in_window)
        rows = session.execute(
            select(SignInAttempt.login)
            .where(SignInAttempt.at >= since)
            .group_by(SignInAttempt.login)
            .having(func.count() >= settings.sign_in_attempts)
        )
        return frozenset(login for (login,) in rows)
