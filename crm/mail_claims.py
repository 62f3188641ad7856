"""The outbox as workers use it: claiming a mail, saying that it goes on the wire, saying what became of it.

Each step is a unit of work of its own and compares what it found before it sets anything, so that of two workers one
gets the mail, and one that was believed dead cannot go on with a mail that was given to another.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.engine import CursorResult

from core.clock import now
from crm.actor import Actor
from crm.session import unit
from crm.tables import OfferMail, table_of

WORKER = Actor(user_id=0, login="worker", role="system", team_id=None, language="en", is_system=True)
MOST_ATTEMPTS = 10
# Seconds until the next try, after the first, second ... one; the last holds for all later ones.
BACKOFF = (60, 300, 900, 1_800, 3_600, 7_200, 14_400)
_MAILS = table_of(OfferMail)


@dataclass(frozen=True)
class Claim:
    """A mail a worker has, and the random token that proves it."""

    code: str
    token: str


def claim_next(engine: Engine, code: str | None = None) -> Claim | None:
    """Claim the mail that has been due longest, or the one with `code` if it is due; None where there is none."""
    ready = [_MAILS.c.state == "queued", _MAILS.c.due_at <= now()]
    if code is not None:
        ready.append(_MAILS.c.code == code)
    while True:
        with unit(engine, WORKER, writes=False) as session:
            query = select(_MAILS.c.code).where(*ready).order_by(_MAILS.c.due_at, _MAILS.c.id).limit(1)
            found = session.connection().execute(query).scalar()
        if found is None:
            return None
        claim = Claim(found, secrets.token_hex(16))
        values = {"state": "claimed", "claim": claim.token, "claimed_at": now(), "attempts": _MAILS.c.attempts + 1}
        if _set(engine, [_MAILS.c.code == found, *ready], values):
            return claim


def begin_transmitting(engine: Engine, claim: Claim) -> bool:
    """Note, before a word of the mail is on the wire, that the server may have it from now on.

    False where the claim is no longer good: then nothing may be sent.
    """
    ready = [_MAILS.c.code == claim.code, _MAILS.c.state == "claimed", _MAILS.c.claim == claim.token]
    return _set(engine, ready, {"state": "transmitting", "claimed_at": now()})


def _set(engine: Engine, ready: list[ColumnElement[bool]], values: dict[str, object]) -> bool:
    statement = update(_MAILS).where(*ready).values({**values, "version": _MAILS.c.version + 1})
    with unit(engine, WORKER) as session:
        result = session.connection().execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount == 1


def finish(engine: Engine, claim: Claim, state: str, fault: str | None = None) -> None:
    """Say what became of a claimed mail: `sent`, `failed` or `uncertain`, with the server's words or a code of ours.

    Does nothing where the claim is no longer good; one that was given up as `uncertain` meanwhile still takes the
    answer that came late.
    """
    with unit(engine, WORKER) as session:
        mail = session.scalar(select(OfferMail).where(OfferMail.code == claim.code).with_for_update())
        if mail is None or mail.claim != claim.token or mail.state not in ("claimed", "transmitting", "uncertain"):
            return
        mail.state, mail.fault = state, fault
        if state == "sent":
            mail.sent_at = now()


def put_back(engine: Engine, claim: Claim, fault: str) -> None:
    """Queue a mail again that the server certainly has not; it fails for good after `MOST_ATTEMPTS`."""
    with unit(engine, WORKER) as session:
        mail = session.scalar(select(OfferMail).where(OfferMail.code == claim.code).with_for_update())
        if mail is not None and mail.claim == claim.token and mail.state in ("claimed", "transmitting"):
            _again(mail, fault)


def _again(mail: OfferMail, fault: str, wait: float | None = None) -> None:
    if mail.attempts >= MOST_ATTEMPTS:
        mail.state, mail.fault = "failed", fault
        return
    seconds = BACKOFF[min(mail.attempts, len(BACKOFF)) - 1] if wait is None else wait
    mail.state, mail.claim, mail.fault = "queued", None, fault
    mail.due_at = now() + timedelta(seconds=seconds)


def abandoned(engine: Engine, lease: float) -> list[Claim]:
    """Mails that were going on the wire more than `lease` seconds ago, and nothing was heard since."""
    before = now() - timedelta(seconds=lease)
    with unit(engine, WORKER, writes=False) as session:
        query = select(_MAILS.c.code, _MAILS.c.claim).where(_MAILS.c.state == "transmitting")
        rows = session.connection().execute(query.where(_MAILS.c.claimed_at < before)).all()
    return [Claim(row.code, row.claim) for row in rows]


def recover_claimed(engine: Engine, lease: float) -> int:
    """Queue again what a worker claimed more than `lease` seconds ago and did not begin to send; how many."""
    before: datetime = now() - timedelta(seconds=lease)
    with unit(engine, WORKER) as session:
        query = select(OfferMail).where(OfferMail.state == "claimed", OfferMail.claimed_at < before)
        found = session.scalars(query.with_for_update(skip_locked=True)).all()
        for mail in found:
            _again(mail, "mail_worker_died", wait=0)
        return len(found)
