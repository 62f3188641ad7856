"""What passes between the assistant and the part of it that talks to a language model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, Protocol

# Only names for the type checker: the records package behind them costs most of a second to import.
if TYPE_CHECKING:
    from assistant.evidence import Evidence
    from assistant.live.tool import RecordsQuery

FaultReason = Literal[
    "unreachable", "timeout", "rate_limited", "server_error", "cut_off", "nonsense", "limit", "unsupported", "budget"
]


class ModelFault(Exception):
    """The model gave no usable answer, for a reason outside this program.

    `unreachable`: no connection. `timeout`: silent or slow beyond the limit. `rate_limited`: HTTP 429.
    `server_error`: any other refusal of the server. `cut_off`: the answer ended before the model finished it.
    `nonsense`: it came whole and cannot be used. `limit`: the model would not stop calling tools. `unsupported`: its
    sources do not say most of what it said. `budget`: today's is used up, so it was not asked; `again` is when the
    next one begins (UTC). `detail` is for the log only; it never holds a key or a user's text.
    """

    def __init__(self, reason: FaultReason, detail: str = "", again: datetime | None = None) -> None:
        self.reason: FaultReason = reason
        self.detail = detail
        self.again = again
        super().__init__(f"{reason}: {detail}" if detail else reason)


@dataclass(frozen=True)
class Used:
    """What one call of a model took: tokens as the server counted them, or `estimated` from the length of the texts
    where it did not say, and the seconds waited."""

    tokens_in: int
    tokens_out: int
    seconds: float
    estimated: bool = False


class Meter(Protocol):
    """Whom the calls of a model are charged to. Both methods may block for a short unit of work."""

    def admit(self) -> date:
        """Count a call that is about to be made; the day (UTC) it is charged to. Raises `ModelFault` ("budget") where
        nothing is left for it."""
        ...

    def count(self, used: Used, day: date) -> None:
        """Add what the call took that was admitted on `day`."""
        ...


@dataclass(frozen=True)
class PastTurn:
    """An earlier message of the same conversation."""

    role: Literal["user", "assistant"]
    text: str


class ReadTools(Protocol):
    """What a model may look up, bound to the asking user: none of these takes an identity, none writes.

    Calls come one at a time, each in a worker thread. The numbers in the evidence returned are replaced.
    """

    def available(self) -> tuple[str, ...]:
        """The names of the methods below that the user may use now."""
        ...

    def search_help(self, query: str) -> tuple[Evidence, ...]:
        """Passages of help pages and documents the user may read."""
        ...

    def find_customer(self, name: str) -> tuple[Evidence, ...]:
        """Customers the user may see whose name resembles `name`."""
        ...

    def customer_sheet(self, code: str) -> tuple[Evidence, ...]:
        """The record of one customer the user may see; empty if there is none."""
        ...

    def find_product(self, name: str) -> tuple[Evidence, ...]:
        """Products on sale whose name resembles `name`."""
        ...

    def count_and_list(self, query: RecordsQuery) -> tuple[Evidence, ...]:
        """The figure of a question about records, and the first records it counts."""
        ...


@dataclass(frozen=True)
class Piece:
    """A sentence of the answer that its sources support, ready to show: only our own `[n]` marks, no links, images or
    tags."""

    text: str


@dataclass(frozen=True)
class Answered:
    """The whole answer: exactly the pieces joined. `used` is in the order of first citation, numbered from 1.

    `found` is False, and `text` empty, when the model says that the sources do not hold the answer. `left_out` counts
    the sentences that no source supported.
    """

    text: str
    used: tuple[Evidence, ...]
    found: bool
    left_out: int = 0
