"""The assistant as an AG-UI agent: the same turn, as that protocol's events.

Of the request only the last user message, the thread and the context are used; earlier messages come from
our own database, and the state and tools a client sends are ignored.
"""

import asyncio
from collections.abc import AsyncIterator

from ag_ui.core import BaseEvent, RunAgentInput, RunErrorEvent, RunStartedEvent
from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import ValidationError

from api.deps import ActorDep, PartsDep, RunsDep
from api.runs import Runs
from api.stream import Encoder
from assistant.ask import Ask
from assistant.events import Failed, Finished, TurnEvent
from assistant.screen import ScreenContext
from assistant.turn import run_turn
from core.errors import AppError
from crm.actor import Actor

router = APIRouter(prefix="/api/v1", tags=["assistant"])

SCREEN = "screen"


def _message(request: RunAgentInput) -> str:
    last = next((m for m in reversed(request.messages) if m.role == "user"), None)
    content = last.content if last is not None else ""
    if isinstance(content, str):
        return content
    return "\n".join(part.text for part in content if part.type == "text")


def _screen(request: RunAgentInput) -> ScreenContext | None:
    """The context item described as `screen`: JSON of a `ScreenContext`; anything else is left aside."""
    for item in request.context or []:
        if item.description == SCREEN:
            try:
                return ScreenContext.model_validate_json(item.value)
            except ValidationError as fault:
                raise AppError("bad_request", 422, detail=f"context screen: {fault.errors()[0]['msg']}") from fault
    return None


async def _events(
    parts: PartsDep, runs: Runs, actor: Actor, ask: Ask, request: RunAgentInput
) -> AsyncIterator[BaseEvent]:
    queue: asyncio.Queue[TurnEvent | None] = asyncio.Queue()

    async def produce() -> None:
        try:
            async for event in run_turn(parts, actor, ask):
                queue.put_nowait(event)
        except AppError as error:
            queue.put_nowait(Failed(code=error.code, status=error.status, message=error.message(actor.language)))

    # The end is told by the task itself: one that is stopped before its first step never runs a line of its own.
    runs.start(actor.user_id, request.run_id, produce()).add_done_callback(lambda _: queue.put_nowait(None))
    encoder = Encoder(request)
    yield RunStartedEvent(thread_id=request.thread_id, run_id=request.run_id)
    ended = False
    while (event := await queue.get()) is not None:
        ended = isinstance(event, Finished | Failed)
        for encoded in encoder.encode(event):
            yield encoded
    if not ended:
        # Whatever went wrong, the client is told: an error inside a stream would else end it without a word.
        error = AppError("unexpected", 500, reference=request.run_id[:40])
        yield RunErrorEvent(message=error.message(actor.language), code=error.code)


@router.post("/agui", response_class=EventSourceResponse)
async def run(
    actor: ActorDep, parts: PartsDep, runs: RunsDep, request: RunAgentInput
) -> AsyncIterator[ServerSentEvent]:
    """Run one turn, streaming AG-UI events. The whole reply is the custom event `robo.reply`."""
    try:
        ask = Ask(_message(request), None, _screen(request), None, False, request.thread_id)
    except AppError as error:
        yield _sse(RunStartedEvent(thread_id=request.thread_id, run_id=request.run_id))
        yield _sse(RunErrorEvent(message=error.message(actor.language), code=error.code))
        return
    async for event in _events(parts, runs, actor, ask, request):
        yield _sse(event)


@router.post("/runs/{run_id}/stop", status_code=204)
async def stop(actor: ActorDep, runs: RunsDep, run_id: str) -> None:
    """Stop the user's own run at its next wait; its conversation keeps that it was stopped.

    A run that has ended, is another user's or was never begun is answered the same, and nothing happens.
    """
    runs.stop(actor.user_id, run_id)


def _sse(event: BaseEvent) -> ServerSentEvent:
    return ServerSentEvent(raw_data=event.model_dump_json(by_alias=True))
