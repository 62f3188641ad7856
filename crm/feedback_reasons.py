"""Why an answer was rated: one of a few choices, words of one's own, or both; kept in one text."""

from dataclasses import dataclass
from typing import Literal, get_args

from core.text import storable

Choice = Literal["wrong", "outdated", "incomplete", "not_understood", "other"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
LONGEST = 1_000


@dataclass(frozen=True)
class Reason:
    """A choice, none where only words were given, and the words, empty where only a choice was."""

    choice: Choice | None
    text: str


def kept(choice: Choice | None, text: str | None) -> str | None:
    """A reason as a message keeps it: the choice alone on the first line, the words after it."""
    said = storable(text or "").strip()[:LONGEST]
    if choice is None:
        return said or None
    return f"{choice}\n{said}".strip()


def read(stored: str | None) -> Reason | None:
    """The reason in what a message keeps; None where there is none."""
    if not stored:
        return None
    first, _, rest = stored.partition("\n")
    choice = next((known for known in CHOICES if known == first), None)
    return Reason(choice, rest.strip() if choice is not None else stored)
