"""A turn's events as those of the AG-UI protocol."""

from ag_ui.core import (
    BaseEvent,
    CustomEvent,
    RunAgentInput,
    RunErrorEvent,
    RunFinishedEvent,
    StepFinishedEvent,
    StepStartedEvent,
    TextMessageContentEvent,
    TextMessageEndEvent,
    TextMessageStartEvent,
)
from pydantic import BaseModel, Field

from api.links import with_links
from assistant.events import Delta, Dropped, Failed, Finished, Started, Step, TurnEvent


class DroppedText(BaseModel):
    """The text message that is withdrawn; none where nothing of it had been sent."""

    message_id: str | None = Field(alias="messageId")


class Encoder:
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
                return [CustomEvent(name="robo.started", value=event.model_dump())]
            case Step():
                opened = StepStartedEvent(step_name=event.name)
                closed, self._step = self._close_step(), event.name
                return [*closed, opened, CustomEvent(name="robo.step", value=event.model_dump())]
            case Delta():
                return self._say(event.text)
            case Dropped():
                dropped = DroppedText(messageId=self._text)
                return [*self._close_text(), CustomEvent(name="robo.dropped", value=dropped.model_dump(by_alias=True))]
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
