"""Saying whether an answer helped, and what a bad word about it leads to."""

from typing import Literal

from sqlalchemy import select

from crm import chat, feedback_reasons, open_questions
from crm.feedback_reasons import Choice
from crm.session import CrmSession
from crm.tables import Message


def rate(
    session: CrmSession, code: str, rating: Literal[1, -1], choice: Choice | None = None, text: str | None = None
) -> Message:
    """Keep the actor's opinion of an answer, instead of an earlier one. Raises `NotFound`.

    A bad one puts the question it answered on the editors' list; a good one takes it from there again.
    """
    reason = feedback_reasons.kept(choice, text)
    message = chat.rate(session, code, rating, reason)
    asked = _asked(session, message)
    if asked is None:
        return message
    if rating == 1:
        open_questions.withdraw(session, asked)
    elif not _off_topic(message):
        reply = message.reply or {}
        screen = reply.get("screen")
        noted = open_questions.note(
            session,
            asked,
            "badly_rated",
            str(reply.get("read_in") or reply.get("language") or session.actor.language),
            str(screen) if screen else None,
            str(reply["asked"]) if reply.get("asked") else None,
        )
        if noted is not None:
            noted.reason = reason
            session.flush()
    return message


def take_back(session: CrmSession, code: str) -> Message:
    """Forget the actor's opinion of an answer. Raises `NotFound`."""
    message = chat.rate(session, code, None, None)
    asked = _asked(session, message)
    if asked is not None:
        open_questions.withdraw(session, asked)
    return message


def _off_topic(message: Message) -> bool:
    """Whether the message was declined as having nothing to do with the CRM: no page is missing there."""
    reply = message.reply or {}
    return reply.get("kind") == "refusal" and bool(reply.get("abstained"))


def _asked(session: CrmSession, message: Message) -> Message | None:
    """The user's message that `message` answers; None where `message` is a user's own."""
    if message.role != "assistant":
        return None
    query = select(Message).where(
        Message.conversation_id == message.conversation_id, Message.role == "user", Message.id < message.id
    )
    return session.scalar(query.order_by(Message.id.desc()).limit(1))
