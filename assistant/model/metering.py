"""Counting what calls of a model take, whatever becomes of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from assistant.model.contract import Meter, Used
from assistant.stopping import uninterrupted

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

# Hungarian and Polish text has about three characters a token, English four; the dearer guess is the safer one.
CHARACTERS_A_TOKEN = 3


class Metered:
    """The calls of one run, charged to `meter` (to nobody where it is None). `written` is how many characters of the
    present call have come, for a call whose server never says."""

    def __init__(self, meter: Meter | None) -> None:
        self._meter = meter
        self.written = 0

    @asynccontextmanager
    async def call(self, sent: int) -> AsyncIterator[Callable[[tuple[int, int] | None], None]]:
        """One call with `sent` characters: admitted before, counted after, also where it failed or was broken off.

        The function given takes the tokens in and out as the server reported them.
        """
        meter = self._meter
        told: tuple[int, int] | None = None

        def record(tokens: tuple[int, int] | None) -> None:
            nonlocal told
            told = tokens

        day = await asyncio.to_thread(meter.admit) if meter is not None else None
        self.written, began = 0, perf_counter()
        try:
            yield record
        finally:
            seconds = perf_counter() - began
            guessed = -(-sent // CHARACTERS_A_TOKEN), -(-self.written // CHARACTERS_A_TOKEN)
            if meter is not None and day is not None:
                await uninterrupted(meter.count, Used(*(told or guessed), seconds, told is None), day)


def reported(answers: Sequence[AIMessage]) -> tuple[int, int] | None:
    """The tokens in and out of a call, where its server said."""
    usage = [answer.usage_metadata for answer in answers if answer.usage_metadata]
    if not usage:
        return None
    return sum(u["input_tokens"] for u in usage), sum(u["output_tokens"] for u in usage)
