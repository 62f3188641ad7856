"""Turns under way: kept alive when their client goes away, and stopped when their user asks for it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass


@dataclass(frozen=True)
class _Run:
    user_id: int
    run_id: str
    task: asyncio.Task[None]


class Runs:
    """The turns this process is running. They go on without their client, so that what was begun is also kept;
    the event loop itself holds tasks weakly."""

    def __init__(self) -> None:
        self._running: list[_Run] = []
        self._stopping: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many turns are under way."""
        return len(self._running)

    def start(self, user_id: int, run_id: str, turn: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Run `turn` on its own until it ends or is stopped."""
        run = _Run(user_id, run_id, asyncio.create_task(turn))
        self._running.append(run)
        run.task.add_done_callback(lambda _: self._forget(run))
        return run.task

    def _forget(self, run: _Run) -> None:
        self._running.remove(run)
        self._stopping.discard(run.task)

    def stop(self, user_id: int, run_id: str) -> None:
        """Stop that user's turn at its next wait. One that ended, another's or an unknown one: nothing happens."""
        for run in self._running:
            if (run.user_id, run.run_id) == (user_id, run_id) and run.task not in self._stopping:
                # Once only: a second request must not break off the keeping of what the first one left.
                self._stopping.add(run.task)
                run.task.cancel()
