"""Stopping a turn: work that waits is broken off, work that writes is finished first."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def uninterrupted(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Do blocking `work` in a thread, to its end whatever happens; gives and raises what it does.

    A thread cannot be broken off, so a task cancelled meanwhile would go on without knowing what was written.
    The cancellation comes through at the task's next wait instead.
    """
    thread = asyncio.ensure_future(asyncio.to_thread(work, *arguments, **named))
    cancelled = False
    while not thread.done():
        try:
            await asyncio.wait([thread])
        except asyncio.CancelledError:
            cancelled = True
    task = asyncio.current_task()
    if cancelled and task is not None:
        task.cancel()
    return thread.result()


async def stoppable_here() -> None:
    """Raise `CancelledError` if the task was cancelled while something could not be interrupted."""
    await asyncio.sleep(0)
