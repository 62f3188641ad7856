"""Conversations and their messages, kept for their owner."""

import hashlib
import uuid

from sqlalchemy import select

from core.errors import NotFound
from crm.session import CrmSession
from crm.tables import Conversation, Message

_TITLE_LENGTH = 80


def open_conversation(session: CrmSession, code: str | None, first_words: str) -> Conversation:
    """The actor's conversation `code`, or a new one titled by `first_words`. Raises `NotFound`."""
    if code is not None:
        found = session.scalar(select(Conversation).where(Conversation.code == code))
        if found is None:
            raise NotFound("conversation", code)
        return found
    return _begin(session, uuid.uuid4().hex, first_words)


def open_thread(session: CrmSession, thread: str, first_words: str) -> Conversation:
    """The actor's conversation for a client's own thread name, begun if there is none.

    The code is derived from user and thread together, so that a thread name another user has means nothing.
    """
    found = session.scalar(select(Conversation).where(Conversation.code == thread))
    if found is not None:
        return found
    code = hashlib.sha256(f"{session.actor.user_id}:{thread}".encode()).hexdigest()[:32]
    found = session.scalar(select(Conversation).where(Conversation.code == code))
    return found or _begin(session, code, first_words)


def _begin(session: CrmSession, code: str, first_words: str) -> Conversation:
    title = " ".join(first_words.split())[:_TITLE_LENGTH]
    conversation = Conversation(code=code, user_id=session.actor.user_id, title=title)
    session.add(conversation)
    session.flush()
    return conversation


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
    """One of the actor's own messages. Raises `NotFound`."""
    found = session.scalar(select(Message).where(Message.code == code))
    if found is None:
        raise NotFound("message", code)
    return found


def rate(session: CrmSession, code: str, rating: int, reason: str | None) -> Message:
    """Keep the actor's opinion of a message: 1 or -1, and why. Raises `NotFound`."""
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
