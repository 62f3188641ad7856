"""What the assistant answers: one contract for the command line, the chat and the event stream."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from core.language import Language
from offers.requests.view import RequestView
from offers.view import OfferView

ReplyKind = Literal["answer", "offer", "clarification", "refusal", "proposal"]
ProposalState = Literal["open", "confirmed", "rejected", "expired", "undone"]
ItemState = Literal["open", "done", "rejected", "failed", "undone"]
InputKind = Literal["text", "date", "datetime", "choice", "number"]


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


class LinkView(BaseModel):
    """A click that helps: a screen, a filtered list or a record. `url` is a path of the console."""

    label: str
    url: str


class ChangeView(BaseModel):
    """One value that changes, printed in the reply's language; `before` is none for what is new, `after` for what
    is emptied."""

    field: str
    label: str
    before: str | None
    after: str | None


class InputView(BaseModel):
    """A value of an item that the person may correct before confirming: `value` as a form holds it (dates ISO 8601,
    moments ISO 8601 with offset, choices by their value); `choices` where it is picked."""

    name: str
    label: str
    kind: InputKind
    value: str | None
    required: bool = False
    choices: list[ChoiceView] = []


class ProposalItemView(BaseModel):
    """One change of a proposal. `record` leads to the record it changes or, once done, has made; `problem` says why
    it failed or cannot be done now."""

    n: int
    kind: str
    title: str
    record: LinkView | None
    changes: list[ChangeView]
    inputs: list[InputView]
    state: ItemState
    problem: str | None = None


class ProposalView(BaseModel):
    """Changes that wait for the person: nothing has happened while `state` is `open`. Moments are UTC."""

    code: str
    state: ProposalState
    items: list[ProposalItemView]
    expires_at: datetime
    can_undo: bool = False


class Reply(BaseModel):
    """A whole reply. `abstained` says that nothing was found to answer from; `asked_as` how a message that leans on
    the ones before it was understood, empty where it stands alone; `offer_changes` what a new version changed of
    the one before."""

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
    offer_changes: list[ChangeView] = []
    proposal: ProposalView | None = None
    request: RequestView | None = None
    links: list[LinkView] = []
    asked_as: str = ""
