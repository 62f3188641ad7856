"""Ways of answering from records: each claims the messages that are its kind, from the user's own words alone."""

from collections.abc import Callable
from dataclasses import replace

from assistant import attaching_way, changes, figures_way, live
from assistant.context import Turn
from assistant.events import StepName
from assistant.onscreen import way as onscreen
from assistant.outcome import Outcome
from offers.understand import Mentions

Answerer = Callable[[], Outcome]
Way = Callable[[Turn, Mentions], Answerer | None]


def _from_screen(turn: Turn, seen: Mentions) -> Answerer | None:
    answerer = onscreen.claim(turn, seen)
    return None if answerer is None else lambda: replace(answerer(), from_screen=True)


# In the order they are asked. A way that is not sure claims nothing: the help pages come last and take the rest.
WAYS: tuple[tuple[StepName, Way], ...] = (
    ("revising", attaching_way.claim),
    ("proposing", changes.claim),
    ("looking_up", figures_way.claim),
    ("looking_up", _from_screen),
    ("looking_up", live.claim),
)


def claimed(turn: Turn, seen: Mentions) -> tuple[StepName, Answerer] | None:
    """The step and the answerer of the first way that claims the message; none where no way does."""
    for step, claim in WAYS:
        answerer = claim(turn, seen)
        if answerer is not None:
            return step, answerer
    return None
