"""Conversations and their messages, kept for their owner."""

import hashlib
import uuid

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from core.errors import AppError, NotFound
from core.text import fold
from crm.customer_fields import tidy
from crm.lists import Found, found
from crm.session import CrmSession
from crm.tables import Conversation, Message

LONGEST_TITLE = 80
LONGEST_SEARCH = 200


def open_conversation(session: CrmSession, code: str | None, first_words: str) -> Conversation:
    """The actor's conversation `code`, locked until the unit of work ends, or a new one titled by `first_words`.

    Raises `NotFound`, also for one that was erased: nothing is added to it any more.
    """
    if code is not None:
        known = _named(session, code)
        if known is None:
            raise NotFound("conversation", code)
        return _alive(known)
    return _begin(session, uuid.uuid4().hex, first_words)


def open_thread(session: CrmSession, thread: str, first_words: str) -> Conversation:
    """The actor's conversation for a client's own thread name, begun if there is none.

    The code is derived from user and thread together, so that a thread name another user has means nothing. Raises
    `NotFound` for one that was erased.
    """
    known = _named(session, thread)
    if known is not None:
        return _alive(known)
    code = hashlib.sha256(f"{session.actor.user_id}:{thread}".encode()).hexdigest()[:32]
    known = _named(session, code)
    return _alive(known) if known is not None else _begin(session, code, first_words)


def conversation(session: CrmSession, code: str) -> Conversation:
    """The actor's conversation `code`, to be read. Raises `NotFound`, also for one that was erased."""
    known = session.scalar(select(Conversation).where(Conversation.code == code))
    if known is None:
        raise NotFound("conversation", code)
    return _alive(known)


def _named(session: CrmSession, code: str) -> Conversation | None:
    # Locked: of a turn and an erasure at the same time, the second sees all that the first did.
    query = select(Conversation).where(Conversation.code == code)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _alive(known: Conversation) -> Conversation:
    if known.erased_at is not None:
        raise NotFound("conversation", known.code)
    return known


def _begin(session: CrmSession, code: str, first_words: str) -> Conversation:
    title = " ".join(first_words.split())[:LONGEST_TITLE]
    begun = Conversation(code=code, user_id=session.actor.user_id, title=title)
    session.add(begun)
    session.flush()
    return begun


def rename(session: CrmSession, code: str, title: str) -> Conversation:
    """Give a conversation another title. Raises `NotFound`, `AppError` for a title that is empty or too long."""
    known, kept = open_conversation(session, code, ""), tidy(title)
    if not kept:
        raise AppError("field_missing", 422)
    if len(kept) > LONGEST_TITLE:
        raise AppError("field_too_long", 422, longest=LONGEST_TITLE)
    known.title = kept
    session.flush()
    return known


def listed(session: CrmSession, search: str = "", offset: int = 0, size: int = 50) -> Found[Conversation]:
    """The actor's own conversations, the one talked in last first; with `search` those whose title or any text has
    all its words, accents and capitals aside."""
    newest = select(func.max(Message.id)).where(Message.conversation_id == Conversation.id).scalar_subquery()
    query = select(Conversation).where(Conversation.erased_at.is_(None), _holding(session, search))
    # One without messages was begun by a turn that is just being kept.
    query = query.order_by(func.coalesce(newest, 0).desc(), Conversation.id.desc())
    return found(session, query, Conversation.id, offset, size)


def _holding(session: CrmSession, search: str) -> ColumnElement[bool]:
    wanted = fold(tidy(search)[:LONGEST_SEARCH]).split()
    if not wanted:
        return and_(True)
    # Databases fold letters each in their own way; what one person wrote is little enough to fold here.
    written: dict[int, list[str]] = {}
    titles = select(Conversation.id, Conversation.title).where(Conversation.erased_at.is_(None))
    texts = select(Message.conversation_id, Message.text)
    for query in (titles, texts):
        for conversation_id, text in session.execute(query):
            written.setdefault(conversation_id, []).append(text)
    fitting = [key for key, texts in written.items() if _has_all(fold("\n".join(texts)), wanted)]
    return or_(false(), Conversation.id.in_(fitting))


def _has_all(text: str, wanted: list[str]) -> bool:
    return all(word in text for word in wanted)


def add_message(
    session: CrmSession, conversation: Conversation, role: str, text: str, reply: dict[str, object] | None = None
) -> Message:
    """Append a message of `role` (`user` or `assistant`); `reply` is the assistant's reply as sent."""
    message = Message(
        code=uuid.uuid4().hex,
        conversation_id=conversation.id,
        conversation=conversation,
        role=role,
        text=text,
        reply=reply,
    )
    session.add(message)
    session.flush()
    return message


def message_by_code(session: CrmSession, code: str) -> Message:
    """One of the actor's own messages, its conversation locked. Raises `NotFound`, also for one that was erased."""
    known = session.scalar(select(Message).where(Message.code == code))
    if known is None:
        raise NotFound("message", code)
    owner = select(Conversation).where(Conversation.id == known.conversation_id).with_for_update()
    conversation = session.scalar(owner.execution_options(populate_existing=True))
    if conversation is None or conversation.erased_at is not None:
        raise NotFound("message", code)
    return known


def rate(session: CrmSession, code: str, rating: int | None, reason: str | None) -> Message:
    """Keep the actor's opinion of a message: 1 or -1 and why, or none any more. Raises `NotFound`."""
    message = message_by_code(session, code)
    message.rating, message.reason = rating, reason
    session.flush()
    return message


def recent(session: CrmSession, conversation: Conversation, limit: int = 10) -> list[Message]:
    """The last `limit` messages of a conversation, oldest first."""
    rows = session.scalars(
        select(Message).where(Message.conversation_id == conversation.id).order_by(Message.id.desc()).limit(limit)
    )
    return list(reversed(rows.all()))
