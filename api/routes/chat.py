"""Asking the assistant, and saying whether the answer helped."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import select

from api.deps import ActorDep, PartsDep
from api.links import with_links
from assistant.ask import Ask
from assistant.reply import Reply
from assistant.screen import ScreenContext
from assistant.turn import reply_to
from core.language import Language
from crm import chat
from crm.session import unit
from crm.tables import Conversation, Message

router = APIRouter(prefix="/api/v1", tags=["assistant"])
_MOST = 100


class ChatRequest(BaseModel):
    """A message. `intent` "offer" skips deciding what kind of message it is."""

    message: str
    conversation_id: str | None = None
    screen: ScreenContext | None = None
    language: Language | None = None
    intent: Literal["offer"] | None = None

    def ask(self) -> Ask:
        """The message as the assistant takes it."""
        return Ask(self.message, self.conversation_id, self.screen, self.language, self.intent == "offer")


class Feedback(BaseModel):
    """1 for helpful, -1 for not, and why."""

    rating: Literal[1, -1]
    reason: str | None = Field(default=None, max_length=1000)


class ConversationView(BaseModel):
    """A conversation of the signed-in user; `created_at` in UTC."""

    id: str
    title: str
    created_at: str


class MessageView(BaseModel):
    """A message; `reply` is the whole reply where the assistant spoke."""

    id: str
    role: str
    text: str
    reply: Reply | None
    rating: int | None


@router.post("/chat")
async def ask(actor: ActorDep, parts: PartsDep, body: ChatRequest) -> Reply:
    """One message, one whole reply."""
    return with_links(await reply_to(parts, actor, body.ask()))


@router.post("/messages/{code}/feedback", status_code=204)
def feedback(actor: ActorDep, parts: PartsDep, code: str, body: Feedback) -> None:
    """Keep the user's opinion of a reply."""
    with unit(parts.engine, actor) as session:
        chat.rate(session, code, body.rating, body.reason)


@router.get("/conversations")
def conversations(actor: ActorDep, parts: PartsDep) -> list[ConversationView]:
    """The user's own conversations, newest first."""
    with unit(parts.engine, actor, writes=False) as session:
        rows = session.scalars(select(Conversation).order_by(Conversation.id.desc()).limit(_MOST))
        return [ConversationView(id=c.code, title=c.title, created_at=c.created_at.isoformat()) for c in rows]


@router.get("/conversations/{code}")
def messages(actor: ActorDep, parts: PartsDep, code: str) -> list[MessageView]:
    """The messages of one of the user's own conversations, oldest first."""
    with unit(parts.engine, actor, writes=False) as session:
        conversation = chat.open_conversation(session, code, "")
        return [_message(m) for m in chat.recent(session, conversation, _MOST)]


def _message(message: Message) -> MessageView:
    reply = with_links(Reply.model_validate(message.reply)) if message.reply else None
    return MessageView(id=message.code, role=message.role, text=message.text, reply=reply, rating=message.rating)
