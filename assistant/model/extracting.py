"""One request to the model: read an offer request out of a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pydantic import BaseModel

from assistant.model import blocks, shape
from assistant.model.agent import check_finished
from assistant.model.asking import ENGLISH_NAMES
from assistant.model.client import openai_client, temperature
from assistant.model.contract import Meter, ModelFault
from assistant.model.grounds import StandsIn, grounded
from assistant.model.metering import Metered
from assistant.prompts import prompt
from core.language import Language
from core.settings import Settings
from offers.request import OfferRequest

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletionMessageParam

_LONGEST = 4_000


class _Message(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(BaseModel):
    """The part of a chat completion that is read."""

    choices: list[_Choice]
    usage: _Usage | None = None


async def extract(
    settings: Settings,
    said: str,
    language: Language,
    today: date,
    stands_in: StandsIn | None,
    meter: Meter | None = None,
) -> OfferRequest:
    """The request in `said`, checked against it; the call is charged to `meter`.

    Raises `ModelFault` and the libraries' own errors.
    """
    rules = prompt("extract", language=ENGLISH_NAMES[language], today=today.isoformat())
    answer = await structured(settings, rules, said, shape.schema(), "offer_request", meter)
    return grounded(shape.read(answer), said, stands_in)


async def structured(
    settings: Settings, rules: str, said: str, schema: dict[str, object], name: str, meter: Meter | None
) -> str:
    """What the model answers to `said` under `rules`: text that should be JSON of `schema`, still to be checked.

    Raises as `extract` does.
    """
    sent: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": rules},
        {"role": "user", "content": blocks.neutral(said, _LONGEST)},
    ]
    size = len(rules) + len(said)
    async with openai_client(settings) as client:
        choice = await _complete(client, settings, sent, schema, name, Metered(meter), size)
    check_finished(choice.finish_reason)
    return choice.message.content or ""


async def _complete(
    client: AsyncOpenAI,
    settings: Settings,
    sent: list[ChatCompletionMessageParam],
    schema: dict[str, object],
    name: str,
    metered: Metered,
    size: int,
) -> _Choice:
    """Asks with the schema enforced; a server that does not know how is asked once more without, in a call of its own.

    The rules have an example, so such a model knows the shape too, and what it answers is checked all the same.
    """
    import openai

    warmth = temperature(settings)
    ask = partial(
        client.chat.completions.with_raw_response.create,
        model=settings.model,
        messages=sent,
        temperature=openai.omit if warmth is None else warmth,
    )
    try:
        async with metered.call(size) as record:
            answer = await ask(
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": name, "schema": schema, "strict": True},
                }
            )
            return _read(answer.content, record)
    except openai.BadRequestError:
        async with metered.call(size) as record:
            answer = await ask()
            return _read(answer.content, record)


def _read(body: bytes, record: Callable[[tuple[int, int] | None], None]) -> _Choice:
    """The server's answer as it came, for the client library lets any shape pass; its tokens go to `record`."""
    try:
        answer = _Completion.model_validate_json(body)
        choice = answer.choices[0]
    except (ValueError, LookupError) as error:
        raise ModelFault("nonsense", "no completion") from error
    if answer.usage is not None:
        record((answer.usage.prompt_tokens, answer.usage.completion_tokens))
    return choice
