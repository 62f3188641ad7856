"""A question about records, as understood: its kind and what it is narrowed to."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

WhoseKind = Literal["me", "team", "all", "person", "nobody"]


@dataclass(frozen=True)
class Span:
    """Whole days of the business, both ends included; None is no limit on that side."""

    first: date | None
    last: date | None


@dataclass(frozen=True)
class Whose:
    """Whose records: the asker's, their team's, all they may see, or those of the colleague with `login`."""

    kind: WhoseKind
    login: str = ""


@dataclass(frozen=True)
class LiveQuestion:
    """A kind of `kinds.toml` with its values; an empty one narrows nothing.

    `customers` are the codes of those the name fits (several: to be asked), `unknown` the name as written where it
    fits nobody. `people` are the logins the colleague's name fits where it is several. `record` is the kind and
    code of an opportunity or offer. `days` is a number of days, `skus` are products.
    """

    kind: str
    whose: Whose | None = None
    span: Span | None = None
    days: int | None = None
    customers: tuple[str, ...] = ()
    unknown: str = ""
    people: tuple[str, ...] = ()
    record: tuple[str, str] | None = None
    stage: str = ""
    city: str = ""
    segment: str = ""
    status: str = ""
    country: str = ""
    category: str = ""
    campaign: str = ""
    activity_type: str = ""
    skus: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()

    @property
    def customer(self) -> str:
        """The code of the one customer meant; empty where there is none or several."""
        return self.customers[0] if len(self.customers) == 1 else ""
