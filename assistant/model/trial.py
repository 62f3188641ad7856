"""One small question to the configured model, to see whether it answers and how soon."""

from dataclasses import dataclass
from time import perf_counter

from assistant.model.answering import _fault
from assistant.model.client import openai_client
from assistant.model.contract import FaultReason, Meter, ModelFault
from assistant.model.metering import Metered
from core.settings import Settings

_QUESTION = "Answer with the single word: ready"


@dataclass(frozen=True)
class Trial:
    """What the model did: `seconds` until its answer or its failure, and the reason of a failure."""

    seconds: float
    fault: FaultReason | None = None


async def trial(settings: Settings, meter: Meter | None = None) -> Trial:
    """Ask the model for one word, charged to `meter`. What it says does not matter, only that it says something in
    time; "budget" is the fault where nothing is left for a call, and none is made."""
    started = perf_counter()
    reason: FaultReason | None = None
    try:
        async with openai_client(settings) as client, Metered(meter).call(len(_QUESTION)) as record:
            answer = await client.chat.completions.create(
                model=settings.model, messages=[{"role": "user", "content": _QUESTION}]
            )
            if answer.usage is not None:
                record((answer.usage.prompt_tokens, answer.usage.completion_tokens))
        if not answer.choices or not (answer.choices[0].message.content or "").strip():
            reason = "nonsense"
    except Exception as error:
        fault = _fault(error)
        if not isinstance(fault, ModelFault):
            raise
        reason = fault.reason
    return Trial(perf_counter() - started, reason)
