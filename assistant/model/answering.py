"""The model's side of the assistant: answers with sources, and offer requests read from a sentence."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING

from assistant.model.contract import Answered, Meter, PastTurn, Piece, ReadTools
from core.language import Language, detect_language
from core.settings import Settings

if TYPE_CHECKING:
    from assistant.evidence import Evidence
    from assistant.model.lookups import Lookups
    from assistant.model.support import Nearness
    from assistant.screen import ScreenContext
    from offers.request import OfferRequest

_log = logging.getLogger(__name__)

# Once an answer has begun, this share of the whole time limit may pass in silence before it counts as stuck.
_SILENCE = 1 / 3
# How sure a source's language must be to count as another one.
_CERTAIN = 0.9


class AnsweringModel:
    """An OpenAI-compatible model. Uses `model`, `model_timeout`, `model_calls`, and the key and address.

    Its calls are charged to `meter`, to nobody where there is none. `nearness` tells how near sentences are in meaning;
    without one, words alone decide whether a source supports a sentence.
    """

    def __init__(self, settings: Settings, nearness: Nearness | None = None, meter: Meter | None = None) -> None:
        self._settings = settings
        self._nearness = nearness
        self._meter = meter

    def charged_to(self, meter: Meter) -> AnsweringModel:
        """The same model, its calls charged to `meter`."""
        return AnsweringModel(self._settings, self._nearness, meter)

    async def answer(
        self,
        question: str,
        *,
        language: Language,
        evidence: tuple[Evidence, ...],
        screen: ScreenContext | None,
        history: tuple[PastTurn, ...],
        tools: ReadTools,
    ) -> AsyncGenerator[Piece | Answered]:
        """The answer sentence by sentence, each checked against its sources, then whole; the last item is `Answered`.

        Raises `ModelFault`, also after some pieces: then they are to be withdrawn. Takes at most `model_timeout`
        seconds.
        """
        from assistant.model.draft import Draft, Shown
        from assistant.model.lookups import Lookups

        await asyncio.to_thread(_load)
        lookups = Lookups(tools, secrets.token_hex(8))
        draft = Draft(lookups.sources, language, self._check(language))
        call = -1
        try:
            async with aclosing(self._run(question, language, evidence, screen, history, lookups)) as run:
                async for at, text in _in_time(run, self._settings.model_timeout):
                    events = await asyncio.to_thread(draft.next_call) if at != call >= 0 else []
                    call = at
                    events += await asyncio.to_thread(draft.feed, text)
                    for event in events:
                        if isinstance(event, Shown):
                            yield Piece(event.text)
            for event in await asyncio.to_thread(draft.finish):
                if isinstance(event, Shown):
                    yield Piece(event.text)
        except Exception as error:
            raise _fault(error) from error
        used = tuple(replace(lookups.sources[n], n=new) for new, n in enumerate(draft.used, start=1))
        yield Answered(draft.text, used if draft.released else (), draft.released, draft.left_out)

    def _check(self, language: Language) -> Callable[[str, tuple[Evidence, ...], bool], bool]:
        """Whether sources support a sentence, by `assistant.model.support`."""
        from assistant.model.support import judge, nothing_against

        def check(sentence: str, sources: tuple[Evidence, ...], leads_on: bool) -> bool:
            texts = [f"{source.title}\n{source.section}\n{source.text}" for source in sources]
            if leads_on:
                return nothing_against(sentence, texts)
            across = all(detect_language(source.text, language, _CERTAIN) != language for source in sources)
            return judge(sentence, texts, self._nearness, across=across).supported

        return check

    async def _run(
        self,
        question: str,
        language: Language,
        evidence: tuple[Evidence, ...],
        screen: ScreenContext | None,
        history: tuple[PastTurn, ...],
        lookups: Lookups,
    ) -> AsyncGenerator[tuple[int, str]]:
        from assistant.model.agent import run
        from assistant.model.asking import messages, system

        names = await lookups.names()
        asked = messages(question, language, lookups.show(evidence), screen, history, lookups.boundary)
        async with aclosing(
            run(
                self._settings,
                system(language, lookups.boundary, bool(names)),
                asked,
                lookups.as_tools(names),
                self._meter,
            )
        ) as parts:
            async for part in parts:
                yield part

    async def extract(
        self,
        prompt: str,
        *,
        language: Language,
        today: date,
        stands_in: Callable[[Decimal, str], bool] | None = None,
    ) -> OfferRequest:
        """The offer that `prompt` asks for. Only this one text goes to the model.

        `stands_in(number, prompt)` says whether a number stands in the prompt; without it only digits count.
        Raises `ModelFault`; "nonsense" too when the model names a number, customer or product that the prompt
        does not. Takes at most `model_timeout` seconds.
        """
        from assistant.model.extracting import extract

        await asyncio.to_thread(_load)
        try:
            async with asyncio.timeout(self._settings.model_timeout):
                return await extract(self._settings, prompt, language, today, stands_in, self._meter)
        except Exception as error:
            raise _fault(error) from error

    async def fill(self, said: str, *, rules: str, schema: dict[str, object], name: str) -> str:
        """What the model reads in `said` under `rules`: text that should be JSON of `schema` and is still to be
        checked. Only these two texts go to the model. Raises `ModelFault`; takes at most `model_timeout` seconds."""
        from assistant.model.extracting import structured

        await asyncio.to_thread(_load)
        try:
            async with asyncio.timeout(self._settings.model_timeout):
                return await structured(self._settings, rules, said, schema, name, self._meter)
        except Exception as error:
            raise _fault(error) from error


async def _in_time(run: AsyncIterator[tuple[int, str]], seconds: float) -> AsyncIterator[tuple[int, str]]:
    """The items of `run`; `TimeoutError` after `seconds` in all, or after silence within an answer.

    Only waiting is timed, never the caller at work between two items: cancelling that would be cancelling him.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    begun = False
    while True:
        limit = min(deadline, clock() + seconds * _SILENCE) if begun else deadline
        try:
            async with asyncio.timeout_at(limit):
                item = await anext(run)
        except StopAsyncIteration:
            return
        begun = bool(item[1])
        yield item


def _load() -> None:
    """Loads the model libraries, which takes a second or more, away from the event loop."""
    import_module("langchain.agents")
    import_module("langchain_openai")


def _fault(error: Exception) -> Exception:
    """`error` as a `ModelFault` if it is the model's doing, otherwise as it is."""
    from assistant.model.faults import as_fault

    fault = as_fault(error)
    if fault is None:
        return error
    _log.warning("model gave no usable answer: %s", fault)
    return fault
