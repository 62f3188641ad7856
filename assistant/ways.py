"""Ways of answering from records: each claims the messages that are its kind, from the user's own words alone."""

from collections.abc import Callable

from assistant.context import Turn
from assistant.events import StepName
from assistant.outcome import Outcome
from offers.understand import Mentions

Answerer = Callable[[], Outcome]
Way = Callable[[Turn, Mentions], Answerer | None]

# In the order they are asked. A way that is not sure claims nothing: the help pages come last and take the rest.
WAYS: tuple[tuple[StepName, Way], ...] = ()


def claimed(turn: Turn, seen: Mentions) -> tuple[StepName, Answerer] | None:
    """The step and the answerer of the first way that claims the message; none where no way does."""
    for step, claim in WAYS:
        answerer = claim(turn, seen)
        if answerer is not None:
            return step, answerer
    return None
