"""What the assistant answers: one contract for the command line, the chat and the event stream."""

from typing import Literal

from pydantic import BaseModel

from core.language import Language
from offers.view import OfferView

ReplyKind = Literal["answer", "offer", "clarification", "refusal"]


class Citation(BaseModel):
    """A source of the answer. `n` is the number in the text; `quote` is the passage's own words."""

    n: int
    page_id: str
    title: str
    section: str
    url: str
    quote: str


class ChoiceView(BaseModel):
    """One answer to pick."""

    label: str
    value: str


class ClarificationView(BaseModel):
    """A question back to the user, about one field."""

    question: str
    field: str
    choices: list[ChoiceView]


class Reply(BaseModel):
    """A whole reply. `abstained` says that nothing was found to answer from."""

    conversation_id: str
    message_id: str
    kind: ReplyKind
    language: Language
    text: str
    abstained: bool = False
    citations: list[Citation] = []
    warnings: list[str] = []
    clarification: ClarificationView | None = None
    offer: OfferView | None = None
