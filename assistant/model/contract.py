"""What passes between the assistant and the part of it that talks to a language model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

# Only names for the type checker: the records package behind them costs most of a second to import.
if TYPE_CHECKING:
    from assistant.evidence import Evidence

FaultReason = Literal["unreachable", "timeout", "rate_limited", "server_error", "cut_off", "nonsense", "limit"]


class ModelFault(Exception):
    """The model gave no usable answer, for a reason outside this program.

    `unreachable`: no connection. `timeout`: silent or slow beyond the limit. `rate_limited`: HTTP 429.
    `server_error`: any other refusal of the server. `cut_off`: the answer ended before the model finished it.
    `nonsense`: it came whole and cannot be used. `limit`: the model would not stop calling tools.
    `detail` is for the log only; it never holds a key or a user's text.
    """

    def __init__(self, reason: FaultReason, detail: str = "") -> None:
        self.reason: FaultReason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}" if detail else reason)


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


@dataclass(frozen=True)
class Piece:
    """A piece of the answer, ready to show: only our own `[n]` marks, no links, images or tags."""

    text: str


@dataclass(frozen=True)
class Answered:
    """The whole answer: exactly the pieces joined. `used` is in the order of first citation.

    `found` is False, and `text` empty, when the model says that the sources do not hold the answer.
    """

    text: str
    used: tuple[Evidence, ...]
    found: bool
