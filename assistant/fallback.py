"""What a user is told when the model did not answer, or not all of what it said was shown."""

from assistant.model import ModelFault
from core.clock import BUSINESS_ZONE
from core.errors import say
from core.language import Language


def warning(fault: ModelFault, language: Language, code: str = "model_fallback") -> str:
    """Why the answer came without the model: `code` says it with the reason, a used-up budget with when it begins
    anew (in the time of the business)."""
    if fault.reason == "budget" and fault.again is not None:
        return say("model_over_budget", language, at=f"{fault.again.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M}")
    return say(code, language, reason=say(f"model_{fault.reason}", language))


def left_out(count: int, language: Language) -> tuple[str, ...]:
    """The warning that `count` sentences were not shown; nothing where none was left out."""
    return (say("model_left_out", language, count=count),) if count else ()
