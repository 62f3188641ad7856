"""What one turn works with: the parts of the application, who asks, and what they sent."""

from dataclasses import dataclass

from sqlalchemy import Engine

from assistant.ask import Ask
from assistant.events import Step, StepName
from assistant.model import AnsweringModel, PastTurn
from core.errors import say
from core.language import Language
from core.settings import Settings
from crm.actor import Actor
from offers.draft import OnScreen
from offers.service import Offers
from retrieval.index import Knowledge


@dataclass(frozen=True)
class Parts:
    """The application as the assistant needs it; `model` is None where none is configured."""

    settings: Settings
    engine: Engine
    knowledge: Knowledge
    offers: Offers
    model: AnsweringModel | None


@dataclass(frozen=True)
class Turn:
    """One message of `actor`, to be answered in `language`; `history` are the messages before it, `conversation` and
    `message` the codes they are kept under, `asked_as` how a message that leans on earlier ones was understood."""

    parts: Parts
    actor: Actor
    ask: Ask
    language: Language
    history: tuple[PastTurn, ...] = ()
    conversation: str = ""
    message: str = ""
    asked_as: str = ""

    @property
    def on_screen(self) -> OnScreen | None:
        """The record on screen, as the offer chain wants it."""
        record = self.ask.screen.record if self.ask.screen else None
        return OnScreen(record.type, record.code) if record else None

    def step(self, name: StepName) -> Step:
        """The event saying that `name` is being done now."""
        return Step(name=name, label=say(f"step_{name}", self.language))
