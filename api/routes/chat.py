"""Asking the assistant, and saying whether the answer helped."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.deps import ActorDep, PartsDep
from api.links import with_links
from assistant.ask import Ask
from assistant.reply import Reply
from assistant.screen import ScreenContext
from assistant.turn import reply_to
from core.language import Language
from crm import feedback
from crm.feedback_reasons import LONGEST, Choice
from crm.session import unit

router = APIRouter(prefix="/api/v1", tags=["assistant"])


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
    """1 for helpful, -1 for not; of a bad answer why: one of the choices, words, or both. Sent again, it replaces
    what was said before."""

    rating: Literal[1, -1]
    choice: Choice | None = None
    reason: str | None = Field(default=None, max_length=LONGEST)


@router.post("/chat")
async def ask(actor: ActorDep, parts: PartsDep, body: ChatRequest) -> Reply:
    """One message, one whole reply."""
    return with_links(await reply_to(parts, actor, body.ask()))


@router.post("/messages/{code}/feedback", status_code=204)
def give_feedback(actor: ActorDep, parts: PartsDep, code: str, body: Feedback) -> None:
    """Keep the user's opinion of a reply."""
    with unit(parts.engine, actor) as session:
        feedback.rate(session, code, body.rating, body.choice, body.reason)


@router.delete("/messages/{code}/feedback", status_code=204)
def take_back_feedback(actor: ActorDep, parts: PartsDep, code: str) -> None:
    """Forget the user's opinion of a reply."""
    with unit(parts.engine, actor) as session:
        feedback.take_back(session, code)
