"""What names in a wish are looked up with: the asker's session, the record on screen, and the answers given so far."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.language import Language
from crm.session import CrmSession
from crm.tables import Customer


@dataclass(frozen=True)
class Scene:
    """`n` is the number of the wish, `answers` what was answered about it by field, `shown` the type and code of the
    record on screen, `customer` the one an earlier wish of the same message was about."""

    session: CrmSession
    language: Language
    shown: tuple[str, str] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    n: int = 0
    customer: Customer | None = None

    def answer(self, field: str) -> str | None:
        """What the person answered about `field` of this wish."""
        return self.answers.get(f"{self.n}.{field}")

    def at(self, n: int, customer: Customer | None) -> "Scene":
        """The scene of the next wish."""
        return replace(self, n=n, customer=customer)


@dataclass(frozen=True)
class Choice:
    """One answer to pick."""

    label: str
    value: str


class Question(Exception):
    """Something has to be asked before a proposal can be made: about `field`, in `text`, with what may be picked."""

    def __init__(self, field: str, text: str, choices: tuple[Choice, ...] = ()) -> None:
        self.field, self.text, self.choices = field, text, choices
        super().__init__(text)
