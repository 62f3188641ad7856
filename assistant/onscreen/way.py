"""The way of answering questions about the screen. Made by code alone, with or without a model."""

from collections.abc import Callable

from assistant.context import Turn
from assistant.onscreen import asked, following, seeing, what, why
from assistant.outcome import Outcome
from offers.understand import Mentions


def claim(turn: Turn, seen: Mentions) -> Callable[[], Outcome] | None:
    """The answerer of a message that is surely about the screen, or about a record one cannot see or change."""
    screen = turn.ask.screen
    question = asked.read(turn.ask.message, screen, turn.actor, seen)
    if question is None:
        return None
    if question.kind == "why":
        return lambda: why.answer(turn, question)
    if question.kind == "see":
        return lambda: seeing.answer(turn, question)
    if screen is None:
        return None
    on_screen = {"what_is_this": what.this, "can_do": what.can_do, "error": what.errors, "next": following.answer}
    answerer = on_screen[question.kind]
    return lambda: answerer(turn, screen)
