"""The assistant as an AG-UI agent: the same turn, as that protocol's events.

Of the request only the last user message, the thread and the context are used; earlier messages come from
our own database, and the state and tools a client sends are ignored.
"""

import asyncio
from collections.abc import AsyncIterator

from ag_ui.core import (
    BaseEvent,
    CustomEvent,
    RunAgentInput,
    RunErrorEvent,
    RunFinishedEvent,
    RunStartedEvent,
    StepFinishedEvent,
    StepStartedEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
)
from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import ValidationError

from api.deps import ActorDep, PartsDep
from api.links import with_links
from assistant.ask import Ask
from assistant.events import Delta, Dropped, Failed, Finished, Started, Step, TurnEvent
from assistant.screen import ScreenContext
from assistant.turn import run_turn
from core.errors import AppError
from crm.actor import Actor

router = APIRouter(prefix="/api/v1", tags=["assistant"])

SCREEN = "screen"
# Turns go on when their client goes away, so that what was begun is also kept; the loop holds tasks weakly.
_running: set[asyncio.Task[None]] = set()


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


class _Encoder:
    """Turns events of a turn into AG-UI events; remembers which text message and step are open."""

    def __init__(self, request: RunAgentInput) -> None:
        self._request = request
        self._text: str | None = None
        self._step: str | None = None
        self._texts = 0

    def _close_step(self) -> list[BaseEvent]:
        closed, self._step = self._step, None
        return [StepFinishedEvent(step_name=closed)] if closed else []

    def _close_text(self) -> list[BaseEvent]:
        closed, self._text = self._text, None
        return [TextMessageEndEvent(message_id=closed)] if closed else []

    def _say(self, text: str) -> list[BaseEvent]:
        events: list[BaseEvent] = []
        if self._text is None:
            self._texts += 1
            self._text = f"{self._request.run_id}-{self._texts}"
            events.append(TextMessageStartEvent(message_id=self._text, role="assistant"))
        return [*events, TextMessageContentEvent(message_id=self._text, delta=text)] if text else events

    def encode(self, event: TurnEvent) -> list[BaseEvent]:
        """The protocol's events for one event of the turn."""
        match event:
            case Started():
                return []
            case Step():
                opened = StepStartedEvent(step_name=event.name)
                closed, self._step = self._close_step(), event.name
                return [*closed, opened, CustomEvent(name="robo.step", value=event.model_dump())]
            case Delta():
                return self._say(event.text)
            case Dropped():
                dropped = self._text
                return [*self._close_text(), CustomEvent(name="robo.dropped", value={"messageId": dropped})]
            case Finished():
                said = [] if self._text is not None else self._say(event.reply.text)
                reply = with_links(event.reply).model_dump(mode="json")
                thread, run = self._request.thread_id, self._request.run_id
                return [
                    *said,
                    *self._close_text(),
                    *self._close_step(),
                    CustomEvent(name="robo.reply", value=reply),
                    RunFinishedEvent(thread_id=thread, run_id=run),
                ]
            case Failed():
                return [
                    *self._close_text(),
                    *self._close_step(),
                    RunErrorEvent(message=event.message, code=event.code),
                ]


async def _events(parts: PartsDep, actor: Actor, ask: Ask, request: RunAgentInput) -> AsyncIterator[BaseEvent]:
    queue: asyncio.Queue[TurnEvent | None] = asyncio.Queue()

    async def produce() -> None:
        try:
            async for event in run_turn(parts, actor, ask):
                queue.put_nowait(event)
        except AppError as error:
            queue.put_nowait(Failed(code=error.code, status=error.status, message=error.message(actor.language)))
        finally:
            queue.put_nowait(None)

    task = asyncio.create_task(produce())
    _running.add(task)
    task.add_done_callback(_running.discard)
    encoder = _Encoder(request)
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
async def run(actor: ActorDep, parts: PartsDep, request: RunAgentInput) -> AsyncIterator[ServerSentEvent]:
    """Run one turn, streaming AG-UI events. The whole reply is the custom event `robo.reply`."""
    try:
        ask = Ask(_message(request), None, _screen(request), None, False, request.thread_id)
    except AppError as error:
        yield _sse(RunStartedEvent(thread_id=request.thread_id, run_id=request.run_id))
        yield _sse(RunErrorEvent(message=error.message(actor.language), code=error.code))
        return
    async for event in _events(parts, actor, ask, request):
        yield _sse(event)


def _sse(event: BaseEvent) -> ServerSentEvent:
    return ServerSentEvent(raw_data=event.model_dump_json(by_alias=True))
