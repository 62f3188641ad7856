"""What brings a message to its recipients, and the ways that can end."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Refused(Exception):
    """The server certainly did not take the message; its words. `for_good` where trying again is of no use."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.words, self.for_good = words, for_good


class Unknown(Exception):
    """The message went on the wire and no answer came: the server may have it, or not."""


class Overtaken(Exception):
    """The worker was given up for dead and the mail is no longer its own: nothing was sent."""


@dataclass(frozen=True)
class Parcel:
    """A finished message with its envelope: `data` with CRLF line ends, addresses as the server is told them."""

    code: str
    sender: str
    recipients: Sequence[str]
    data: bytes


# Called at the last moment at which nothing of the message was said; raises `Overtaken`.
BeforeData = Callable[[], None]


class Carrier(Protocol):
    """Takes a parcel all the way. Returning means that every recipient's server has it."""

    def carry(self, parcel: Parcel, before_data: BeforeData) -> None:
        """Bring `parcel` to its recipients. Raises `Refused`, `Unknown`, or what `before_data` raises."""

    def has(self, code: str) -> bool | None:
        """Whether the mail with this code arrived; None where this carrier cannot know."""


@dataclass(frozen=True)
class Folder:
    """Writes each message into a folder, as `CODE.eml`, whole or not at all: the way while there is no server."""

    path: Path

    def carry(self, parcel: Parcel, before_data: BeforeData) -> None:
        """Write the message; the file of an earlier try is replaced by the same bytes."""
        before_data()
        fresh = self.path / f".{parcel.code}.{os.getpid()}.new"
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with fresh.open("wb") as file:
                file.write(parcel.data)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path / f"{parcel.code}.eml")
        except OSError as full:
            with suppress(OSError):
                fresh.unlink()
            raise Refused(f"{full.strerror}: {self.path}", for_good=False) from full

    def has(self, code: str) -> bool | None:
        """Whether its file is there."""
        return (self.path / f"{code}.eml").is_file()
