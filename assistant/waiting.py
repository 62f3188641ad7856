"""What waits for an answer, as it is kept with the reply that asks: an offer, a change of one, or another change."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.language import Language
from offers.answers import Pending
from offers.wishes import Wish


class ChangePending(BaseModel):
    """The message that asked for changes, the record that was on screen then, and the answers so far: `asked` is what
    was asked about last, as the number of the wish and the field; `choices` are the values that were offered."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["change"] = "change"
    prompt: str
    language: Language
    screen: tuple[str, str] | None = None
    answers: dict[str, str] = {}
    asked: str
    choices: dict[str, str] = {}

    @property
    def field(self) -> str:
        """The field that was asked about last."""
        return self.asked.partition(".")[2]

    def answered(self, message: str) -> "ChangePending":
        """This with `message` as the answer: the value of a choice where it is one's label or place in the list."""
        said = message.strip()
        listed = list(self.choices.items())
        value = next((value for label, value in listed if label.casefold() == said.casefold()), said)
        if (
            said.rstrip(".").isdigit()
            and 1 <= int(said.rstrip(".")) <= len(listed)
            and said not in self.choices.values()
        ):
            value = listed[int(said.rstrip(".")) - 1][1]
        return self.model_copy(update={"answers": {**self.answers, self.asked: value}})

    def offers_choice(self, message: str) -> bool:
        """Whether `message` is one of the choices, by its label, its value or its place in the list."""
        said = message.strip().rstrip(".").casefold()
        numbered = said.isdigit() and 1 <= int(said) <= len(self.choices)
        return numbered or said in {text.casefold() for pair in self.choices.items() for text in pair}


class RevisePending(BaseModel):
    """A change of the offer `number` that waits for an answer: its `wishes` as read from `prompt`, in words of
    `read_in`, for a person answered in `language`. `asked` is the wish, counted from 0, and the field; places in
    wishes are those of version `ordinal`."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["revise"] = "revise"
    prompt: str
    language: Language
    read_in: Language
    number: str
    wishes: tuple[Wish, ...]
    ordinal: int | None = None
    asked: str = ""
    choices: dict[str, str] = {}

    @property
    def wish(self) -> int:
        """The wish that was asked about."""
        return int(self.asked.partition(".")[0] or 0)

    @property
    def field(self) -> str:
        """The field of it that was asked about."""
        return self.asked.partition(".")[2]

    def chosen(self, message: str) -> str | None:
        """The value of the choice that `message` is, by its label, its value or its place in the list."""
        said = message.strip().rstrip(".").casefold()
        listed = list(self.choices.items())
        for label, value in listed:
            if said in (label.casefold(), value.casefold()):
                return value
        return listed[int(said) - 1][1] if said.isdigit() and 1 <= int(said) <= len(listed) else None

    def offers_choice(self, message: str) -> bool:
        """Whether `message` is one of the choices."""
        return self.chosen(message) is not None


def kept_pending(waiting: object) -> Pending | ChangePending | RevisePending | None:
    """What waits, as it was kept; none for none."""
    if not isinstance(waiting, dict):
        return None
    if waiting.get("kind") == "change":
        return ChangePending.model_validate(waiting)
    if waiting.get("kind") == "revise":
        return RevisePending.model_validate(waiting)
    return Pending.model_validate(waiting)
