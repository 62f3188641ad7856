"""What one turn works with: the parts of the application, who asks, and what they sent."""

from dataclasses import dataclass

from sqlalchemy import Engine

from assistant.ask import Ask
from assistant.charging import UserMeter
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
    `message` the codes they are kept under, `asked_as` how a message that leans on earlier ones was understood.
    `offer_shown` is the number of the offer in the last reply, `offer_before` of the newest shown a little earlier;
    empty for none."""

    parts: Parts
    actor: Actor
    ask: Ask
    language: Language
    history: tuple[PastTurn, ...] = ()
    conversation: str = ""
    message: str = ""
    asked_as: str = ""
    offer_shown: str = ""
    offer_before: str = ""

    @property
    def model(self) -> AnsweringModel | None:
        """The model, its calls charged to the actor: the only way to ask one during a turn."""
        return self.parts.model and self.parts.model.charged_to(UserMeter(self.parts.engine, self.actor.user_id))

    @property
    def read_in(self) -> Language:
        """The language the message is written in: the answer's, unless a follow-up asked for another."""
        return self.ask.read_in or self.language

    @property
    def on_screen(self) -> OnScreen | None:
        """The record on screen, as the offer chain wants it."""
        record = self.ask.screen.record if self.ask.screen else None
        return OnScreen(record.type, record.code) if record else None

    def step(self, name: StepName) -> Step:
        """The event saying that `name` is being done now."""
        return Step(name=name, label=say(f"step_{name}", self.language))
