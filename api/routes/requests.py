"""Uploaded requests: a file or a text that asks for an offer, what was recognised in it, and the offer made of it."""

import asyncio

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData

from api.deps import ActorDep, PartsDep
from api.links import linked_offer
from api.uploads import file_of, form_of, on_disk
from assistant import requests
from assistant.context import Parts
from assistant.requests import LIMITS, Decision, Whence
from assistant.screen import ScreenContext
from core.errors import AppError
from crm.actor import Actor
from offers.draft import OnScreen
from offers.requests.making import Typed
from offers.requests.view import RequestView
from offers.view import OfferView

router = APIRouter(prefix="/api/v1/requests", tags=["requests"])

_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "text": {"type": "string"},
                        "conversation_id": {"type": "string"},
                        "screen": {"type": "string"},
                        "talk": {"type": "boolean"},
                    },
                }
            }
        },
    }
}


class PickedLine(BaseModel):
    """What the person says of the line `n`: our SKU, how many (a number as they write it), or that it is left out.
    What is None stays as it was."""

    model_config = ConfigDict(extra="forbid")

    n: int = Field(ge=1)
    sku: str | None = Field(default=None, max_length=60)
    quantity: str | None = Field(default=None, max_length=40)
    left_out: bool | None = None


class Picked(BaseModel):
    """What the person says of a request they looked at in `version`: the customer's code, and lines."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    customer: str | None = Field(default=None, max_length=40)
    lines: list[PickedLine] = Field(default=[], max_length=200)


class Making(BaseModel):
    """The version that was looked at, and the screen the offer is made on: its opportunity becomes the offer's."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1)
    screen: ScreenContext | None = None


def on_screen_of(screen: ScreenContext | None) -> OnScreen | None:
    """The record on a screen."""
    return OnScreen(screen.record.type, screen.record.code) if screen and screen.record else None


def _screen(sent: str) -> OnScreen | None:
    try:
        return on_screen_of(ScreenContext.model_validate_json(sent)) if sent else None
    except ValidationError as wrong:
        raise AppError("request_screen_wrong", 422) from wrong


def _whence(form: FormData) -> Whence:
    conversation, talk, shown = form.get("conversation_id"), form.get("talk"), form.get("screen")
    return Whence(
        conversation if isinstance(conversation, str) and conversation else None,
        _screen(shown if isinstance(shown, str) else ""),
        talk=talk in ("true", "1", "on"),
    )


async def received(parts: Parts, actor: Actor, form: FormData, whence: Whence) -> RequestView:
    """The request that a form brings as `text`, else as `file`, read and kept."""
    text = form.get("text")

    def read() -> RequestView:
        if isinstance(text, str) and text.strip():
            return requests.receive(parts, actor, requests.pasted(text, actor.language), whence)
        sent = file_of(form)
        with on_disk(parts.settings, sent, LIMITS.file_bytes) as path:
            return requests.receive(parts, actor, requests.places_of(path, sent.filename or ""), whence)

    return await asyncio.to_thread(read)


@router.post("", status_code=201, openapi_extra=_FORM)
async def upload(request: Request, actor: ActorDep, parts: PartsDep) -> RequestView:
    """Read a request, as `file` or pasted as `text`, and recognise what it asks for; nothing else comes of it.

    With a `conversation_id`, or `talk` for a new one, it is erased with that conversation; `screen` (JSON) offers the
    customer on it where the file names none. 413 where it is too large, 415 for a kind that is not read, 422 where
    there is nothing to be read in it, such as a scan.
    """
    form = await form_of(request)
    return await received(parts, actor, form, _whence(form))


@router.get("/{code}")
def show(actor: ActorDep, parts: PartsDep, code: str) -> RequestView:
    """One of the user's own requests as it stands."""
    return requests.find(parts, actor, code)


@router.put("/{code}")
@router.post("/{code}", include_in_schema=False)
def decide(actor: ActorDep, parts: PartsDep, code: str, body: Picked) -> RequestView:
    """Keep what the person says of its customer and lines. 409 where it was changed since, or an offer was made.

    Also by POST: pages of other origins may send nothing else (`api/origins.py`).
    """
    lines = tuple((line.n, Typed(line.sku, line.quantity, line.left_out)) for line in body.lines)
    return requests.decide(parts, actor, code, Decision(body.version, body.customer, lines))


@router.post("/{code}/offer", status_code=201)
def make(actor: ActorDep, parts: PartsDep, code: str, body: Making) -> OfferView:
    """Make the draft offer. 409 while something is still to be said, or where one was made already."""
    return linked_offer(requests.offer(parts, actor, code, body.version, on_screen_of(body.screen)))


@router.delete("/{code}", status_code=204)
def erase(actor: ActorDep, parts: PartsDep, code: str, version: int) -> None:
    """Take its text away for good; an offer made of it stays."""
    requests.erase(parts, actor, code, version)
