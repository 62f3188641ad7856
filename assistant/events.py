"""What happens during a turn, as typed events; the last one is always `Finished` or `Failed`."""

from typing import Literal

from pydantic import BaseModel

from assistant.reply import Reply

StepName = Literal["reading", "searching", "looking_up", "asking_model", "pricing", "proposing", "revising"]


class Started(BaseModel):
    """The turn has begun and the user's message is kept."""

    type: Literal["started"] = "started"
    conversation_id: str
    message_id: str


class Step(BaseModel):
    """What is being done now; `label` says it in the user's language."""

    type: Literal["step"] = "step"
    name: StepName
    label: str


class Delta(BaseModel):
    """The next piece of the answer's text."""

    type: Literal["delta"] = "delta"
    text: str


class Dropped(BaseModel):
    """The text streamed so far is withdrawn: the model failed, and another answer follows."""

    type: Literal["dropped"] = "dropped"


class Finished(BaseModel):
    """The whole reply, already kept in the conversation."""

    type: Literal["finished"] = "finished"
    reply: Reply


class Failed(BaseModel):
    """The turn could not be finished: a stable code, its HTTP status, and a sentence in the user's language."""

    type: Literal["failed"] = "failed"
    code: str
    status: int
    message: str


TurnEvent = Started | Step | Delta | Dropped | Finished | Failed
