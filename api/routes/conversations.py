"""The user's own conversations: listing, reading, renaming, erasing, and handing one to a person."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.deps import ActorDep, PartsDep
from api.links import with_links
from assistant.handing_over import transcript_of
from assistant.reply import Reply
from core.language import Language
from crm import chat, erasing, feedback_reasons, handovers
from crm.actor import Actor
from crm.feedback_reasons import Choice
from crm.handovers import LONGEST_NOTE
from crm.lists import LARGEST_PAGE
from crm.session import CrmSession, unit
from crm.tables import Conversation, Handover, Message

router = APIRouter(prefix="/api/v1", tags=["assistant"])
_MOST = 100

HandoverState = Literal["open", "answered"]


class ConversationView(BaseModel):
    """A conversation of the signed-in user; moments in UTC. `handover` is the state of its newest hand-over."""

    id: str
    title: str
    created_at: str
    handover: HandoverState | None = None


class HandoverView(BaseModel):
    """A hand-over as who handed over sees it; moments in UTC."""

    id: str
    to: str
    to_name: str
    note: str
    state: HandoverState
    answer: str | None
    created_at: datetime
    answered_at: datetime | None


class MessageView(BaseModel):
    """A message. `reply` is the whole reply where the assistant spoke; `choice` and `reason` say why it was rated so.

    `role` is `handover` for what a hand-over adds to the conversation, with `handover`; its text is the person's
    answer, empty until there is one.
    """

    id: str
    role: Literal["user", "assistant", "handover"]
    text: str
    reply: Reply | None
    rating: int | None
    choice: Choice | None = None
    reason: str | None = None
    created_at: datetime
    handover: HandoverView | None = None


class Renaming(BaseModel):
    """A conversation's new title."""

    title: str = Field(max_length=500)


class HandingOver(BaseModel):
    """Whom a conversation is handed to, by login, and what they should know."""

    to: str = Field(max_length=100)
    note: str = Field(default="", max_length=LONGEST_NOTE)


class ContactView(BaseModel):
    """Somebody a conversation can be handed to, and as what."""

    login: str
    name: str
    role: handovers.Role


@router.get("/conversations")
def conversations(
    actor: ActorDep,
    parts: PartsDep,
    search: Annotated[str, Query(max_length=chat.LONGEST_SEARCH)] = "",
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = _MOST,
) -> list[ConversationView]:
    """The user's own conversations, the one talked in last first. With `search` those with its words in their title
    or texts. Fewer than `limit` are the last ones."""
    with unit(parts.engine, actor, writes=False) as session:
        found = chat.listed(session, search, offset, limit)
        if offset >= found.total:
            return []
        handed = handovers.states(session, [c.id for c in found.rows])
        return [_conversation(c, handed.get(c.id)) for c in found.rows]


def _conversation(conversation: Conversation, handed: str | None) -> ConversationView:
    return ConversationView(
        id=conversation.code,
        title=conversation.title,
        created_at=conversation.created_at.isoformat(),
        handover=_state(handed) if handed is not None else None,
    )


@router.get("/conversations/{code}")
def messages(actor: ActorDep, parts: PartsDep, code: str) -> list[MessageView]:
    """The messages of one of the user's own conversations, oldest first, with its hand-overs where they were made."""
    with unit(parts.engine, actor, writes=False) as session:
        return messages_of(session, actor, code)


def messages_of(session: CrmSession, actor: Actor, code: str) -> list[MessageView]:
    """The messages of `actor`'s conversation and its hand-overs, oldest first. Raises `NotFound`."""
    conversation = chat.conversation(session, code)
    said = [message_view(m) for m in chat.recent(session, conversation, _MOST)]
    handed = [_handed(h, actor) for h in handovers.of_conversation(session, conversation)]
    return sorted((*said, *handed), key=lambda view: view.created_at)


@router.patch("/conversations/{code}")
def rename(actor: ActorDep, parts: PartsDep, code: str, body: Renaming) -> ConversationView:
    """Give one of the user's conversations another title."""
    with unit(parts.engine, actor) as session:
        renamed = chat.rename(session, code, body.title)
        return _conversation(renamed, handovers.states(session, [renamed.id]).get(renamed.id))


@router.delete("/conversations/{code}", status_code=204)
def erase(actor: ActorDep, parts: PartsDep, code: str) -> None:
    """Erase one of the user's conversations for good. A second time does nothing."""
    with unit(parts.engine, actor) as session:
        erasing.erase(session, code)


@router.get("/handover-contacts")
def contacts(actor: ActorDep, parts: PartsDep, language: Language | None = None) -> list[ContactView]:
    """Whom the user can hand a conversation to; names in the order of `language`, else of the user's own."""
    with unit(parts.engine, actor, writes=False) as session:
        return contacts_of(session, language or actor.language)


def contacts_of(session: CrmSession, language: Language) -> list[ContactView]:
    """Whom the session's actor can hand a conversation to."""
    return [ContactView(login=c.login, name=c.name, role=c.role) for c in handovers.contacts(session, language)]


@router.post("/conversations/{code}/handover", status_code=201)
def hand_over(actor: ActorDep, parts: PartsDep, code: str, body: HandingOver) -> HandoverView:
    """Hand one of the user's conversations to a person, with a copy of it as it is now."""
    with unit(parts.engine, actor) as session:
        return handed_over(session, actor, code, body.to, body.note)


def handed_over(session: CrmSession, actor: Actor, code: str, to: str, note: str) -> HandoverView:
    """Hand the actor's conversation over. Raises as `crm.handovers.hand_over`, and `NotFound`."""
    conversation = chat.open_conversation(session, code, "")
    transcript = transcript_of(chat.recent(session, conversation, _MOST))
    return handover_view(handovers.hand_over(session, conversation, to, note, transcript), actor)


def message_view(message: Message) -> MessageView:
    """A message with the addresses of what it refers to."""
    reason = feedback_reasons.read(message.reason)
    return MessageView(
        id=message.code,
        role="user" if message.role == "user" else "assistant",
        text=message.text,
        reply=with_links(Reply.model_validate(message.reply)) if message.reply else None,
        rating=message.rating,
        choice=reason.choice if reason else None,
        reason=reason.text if reason else None,
        created_at=message.created_at,
    )


def handover_view(handover: Handover, actor: Actor) -> HandoverView:
    """A hand-over of `actor`'s, with the name of whom it went to."""
    # Their level may have no right to users; then the person stays nameless.
    to: object = handover.to_user
    return HandoverView(
        id=handover.code,
        to=handover.to_user.login if to is not None else "",
        to_name=handover.to_user.display_name(actor.language) if to is not None else "",
        note=handover.note,
        state=_state(handover.state),
        answer=handover.answer,
        created_at=handover.created_at,
        answered_at=handover.answered_at,
    )


def _state(kept: str) -> HandoverState:
    return "answered" if kept == "answered" else "open"


def _handed(handover: Handover, actor: Actor) -> MessageView:
    view = handover_view(handover, actor)
    return MessageView(
        id=handover.code,
        role="handover",
        text=handover.answer or "",
        reply=None,
        rating=None,
        created_at=handover.created_at,
        handover=view,
    )
