"""One request to the model: read an offer request out of a sentence."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from pydantic import BaseModel

from assistant.model import blocks, shape
from assistant.model.agent import check_finished
from assistant.model.asking import ENGLISH_NAMES
from assistant.model.client import openai_client, temperature
from assistant.model.contract import ModelFault
from assistant.model.grounds import StandsIn, grounded
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


class _Completion(BaseModel):
    """The part of a chat completion that is read."""

    choices: list[_Choice]


async def extract(
    settings: Settings, said: str, language: Language, today: date, stands_in: StandsIn | None
) -> OfferRequest:
    """The request in `said`, checked against it. Raises `ModelFault` and the libraries' own errors."""
    schema = shape.schema()
    rules = prompt("extract", language=ENGLISH_NAMES[language], today=today.isoformat())
    sent: list[ChatCompletionMessageParam] = [
        {"role": "system", "content": rules},
        {"role": "user", "content": blocks.neutral(said, _LONGEST)},
    ]
    async with openai_client(settings) as client:
        body = await _complete(client, settings, sent, schema)
    try:
        choice = _Completion.model_validate_json(body).choices[0]
    except (ValueError, LookupError) as error:
        raise ModelFault("nonsense", "no completion") from error
    check_finished(choice.finish_reason)
    return grounded(shape.read(choice.message.content or ""), said, stands_in)


async def _complete(
    client: AsyncOpenAI, settings: Settings, sent: list[ChatCompletionMessageParam], schema: dict[str, object]
) -> bytes:
    """The server's answer as it came, for the client library lets any shape pass.

    Asks with the schema enforced; a server that does not know how is asked once more without.

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
        answer = await ask(
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "offer_request", "schema": schema, "strict": True},
            }
        )
    except openai.BadRequestError:
        answer = await ask()
    return answer.content
