"""One small question to the configured model, to see whether it answers and how soon."""

from dataclasses import dataclass
from time import perf_counter

from assistant.model.answering import _fault
from assistant.model.client import openai_client
from assistant.model.contract import FaultReason, ModelFault
from core.settings import Settings

_QUESTION = "Answer with the single word: ready"


@dataclass(frozen=True)
class Trial:
    """What the model did: `seconds` until its answer or its failure, and the reason of a failure."""

    seconds: float
    fault: FaultReason | None = None


async def trial(settings: Settings) -> Trial:
    """Ask the model for one word. What it says does not matter, only that it says something in time."""
    started = perf_counter()
    reason: FaultReason | None = None
    try:
        async with openai_client(settings) as client:
            answer = await client.chat.completions.create(
                model=settings.model, messages=[{"role": "user", "content": _QUESTION}]
            )
        if not answer.choices or not (answer.choices[0].message.content or "").strip():
            reason = "nonsense"
    except Exception as error:
        fault = _fault(error)
        if not isinstance(fault, ModelFault):
            raise
        reason = fault.reason
    return Trial(perf_counter() - started, reason)
