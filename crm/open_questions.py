"""Questions that got no answer or a badly rated one, kept for those who write help pages."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import Select, select

from core.errors import NotFound
from crm import feedback_reasons, question_groups
from crm.session import CrmSession
from crm.settings_rules import may
from crm.tables import Message, OpenQuestion, table_of

Cause = Literal["unanswered", "badly_rated"]
State = Literal["open", "drafted", "closed"]
STATES: tuple[State, ...] = get_args(State)
LONGEST = 2_000
# How many of the newest questions a new one is compared with, and how many the list is made of.
_COMPARED = 1_000
_LISTED = 5_000


@dataclass(frozen=True)
class QuestionGroup:
    """Questions that ask alike, the newest first. `reasons` are what their askers chose, with how often, and `said`
    what they added in words. Who asked is left out: it is no part of what a page must say."""

    code: str
    state: State
    count: int
    latest: str
    latest_at: datetime
    texts: tuple[str, ...]
    languages: tuple[str, ...]
    causes: tuple[str, ...]
    reasons: tuple[tuple[str, int], ...]
    said: tuple[str, ...]
    screens: tuple[str, ...]
    page_id: str | None


def _group_of(session: CrmSession, text: str) -> str | None:
    """The group of the waiting question most like `text`, whoever asked it: the asker learns nothing of it."""
    table = table_of(OpenQuestion)
    waiting = select(table.c.group_key, table.c.text).where(table.c.state != "closed", table.c.text != "")
    rows = session.connection().execute(waiting.order_by(table.c.id.desc()).limit(_COMPARED))
    return question_groups.nearest(text, ((row.group_key, row.text) for row in rows))


def _of_message(session: CrmSession, message: Message) -> OpenQuestion | None:
    query = select(OpenQuestion).where(
        OpenQuestion.message_id == message.id, OpenQuestion.user_id == session.actor.user_id
    )
    return session.scalar(query)


def note(
    session: CrmSession, asked: Message, cause: Cause, language: str, screen: str | None, text: str | None = None
) -> OpenQuestion | None:
    """Keep the question of the actor's message `asked` for the editors; one that is kept already stays as it is.

    `text` is the question where the message says it only with the ones before it.

    None where the actor's level has no right to leave questions.
    """
    if session.actor.scope("question", "create") is None:
        return None
    known = _of_message(session, asked)
    if known is not None:
        return known
    text = (text or asked.text)[:LONGEST]
    code = uuid.uuid4().hex
    question = OpenQuestion(
        code=code,
        user_id=session.actor.user_id,
        message_id=asked.id,
        cause=cause,
        language=language,
        text=text,
        screen=screen,
        # Named after its first question, not after words: nothing of an erased question stays in it.
        group=_group_of(session, text) or code,
    )
    session.add(question)
    session.flush()
    return question


def withdraw(session: CrmSession, asked: Message) -> None:
    """Take back what a bad rating left: the question goes, unless it had got no answer anyway or was dealt with."""
    known = _of_message(session, asked)
    if known is None:
        return
    if known.cause == "badly_rated" and known.state == "open":
        session.delete(known)
    else:
        known.reason = None
    session.flush()


def groups(session: CrmSession, state: State | None = None) -> list[QuestionGroup]:
    """The groups in `state` (all where None), those asked most first. Raises `Forbidden` for who may not read every
    question."""
    may(session.actor, "question", "read")
    query = select(OpenQuestion).where(OpenQuestion.text != "").order_by(OpenQuestion.id.desc()).limit(_LISTED)
    gathered: dict[str, list[OpenQuestion]] = {}
    for question in session.scalars(query):
        gathered.setdefault(question.group, []).append(question)
    made = [_summed(code, rows) for code, rows in gathered.items()]
    return sorted((g for g in made if state in (None, g.state)), key=lambda g: (-g.count, -g.latest_at.timestamp()))


def group(session: CrmSession, code: str) -> QuestionGroup:
    """One group. Raises `NotFound`, `Forbidden`."""
    may(session.actor, "question", "read")
    rows = session.scalars(_rows(code)).all()
    if not rows:
        raise NotFound("question", code)
    return _summed(code, rows)


def _rows(code: str) -> Select[OpenQuestion]:
    return (
        select(OpenQuestion).where(OpenQuestion.group == code, OpenQuestion.text != "").order_by(OpenQuestion.id.desc())
    )


def _summed(code: str, rows: Sequence[OpenQuestion]) -> QuestionGroup:
    reasons = [reason for row in rows if (reason := feedback_reasons.read(row.reason)) is not None]
    chosen = Counter(reason.choice for reason in reasons if reason.choice is not None)
    return QuestionGroup(
        code=code,
        state=next((state for state in STATES if any(row.state == state for row in rows)), "closed"),
        count=len(rows),
        latest=rows[0].text,
        latest_at=rows[0].asked_at,
        texts=tuple(dict.fromkeys(row.text for row in rows)),
        languages=tuple(dict.fromkeys(row.language for row in rows)),
        causes=tuple(dict.fromkeys(row.cause for row in rows)),
        reasons=tuple(chosen.most_common()),
        said=tuple(dict.fromkeys(reason.text for reason in reasons if reason.text)),
        screens=tuple(dict.fromkeys(row.screen for row in rows if row.screen)),
        page_id=next((row.page_id for row in rows if row.page_id), None),
    )


def settle(session: CrmSession, code: str, state: State, page_id: str | None = None) -> None:
    """Put a whole group into `state`, with the page written for it. Raises `NotFound`, `Forbidden`."""
    may(session.actor, "question", "read", "update")
    rows = session.scalars(_rows(code).with_for_update()).all()
    if not rows:
        raise NotFound("question", code)
    for row in rows:
        row.state = state
        row.page_id = page_id if page_id is not None else row.page_id
    session.flush()
