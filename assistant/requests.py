"""Uploaded requests: a file or a pasted text is read, what it asks for is recognised, and an offer is made of it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from assistant.context import Parts
from assistant.request_talk import keep_offer, keep_reading
from core.clock import today
from core.errors import AppError, say
from core.language import Language
from core.text import storable
from crm import chat, request_files
from crm.actor import Actor
from crm.request_files import NewRequest
from crm.session import unit
from crm.tables import Conversation, OfferRequestFile
from offers.draft import OnScreen, screen_customer
from offers.requests import Place, Recognised, recognise
from offers.requests.making import Typed, make, pick
from offers.requests.names import VisiblePeople
from offers.requests.recognised import Whose
from offers.requests.view import RequestView, request_view
from offers.view import OfferView
from retrieval.parsing.door import parse, shown_name
from retrieval.parsing.limits import MEGABYTE, Limits
from retrieval.parsing.printed import lines_of

# A request is some pages or a list: what takes longer to read is not one.
LIMITS = Limits(
    file_bytes=15 * MEGABYTE, pages=100, rows=20_000, text=1_000_000, seconds=40.0, cpu_seconds=20, places=20_000
)
LONGEST_TEXT = 50_000


@dataclass(frozen=True)
class Upload:
    """A request that came: its name, size in bytes, SHA-256 and text by places."""

    filename: str
    size: int
    sha256: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Whence:
    """Where a request came in: the conversation (its code), if in one, and the record on screen. `talk` keeps what was
    sent and recognised as a turn of it, in a new conversation where there is none."""

    conversation: str | None = None
    on_screen: OnScreen | None = None
    talk: bool = False


def places_of(file: Path | bytes, filename: str) -> Upload:
    """The file read in a process of its own. Raises as `retrieval.parsing.door.parse`."""
    parsed = parse(file, filename, LIMITS)
    data = file if isinstance(file, bytes) else file.read_bytes()
    places = tuple(Place.model_validate(vars(place)) for place in parsed.places)
    return Upload(shown_name(filename), len(data), hashlib.sha256(data).hexdigest(), places)


def pasted(text: str, language: Language) -> Upload:
    """A pasted text as a request. Raises `AppError` (422) for an empty or too long one."""
    written = storable(text)
    if not written.strip():
        raise AppError("empty_message", 422)
    if len(written) > LONGEST_TEXT:
        raise AppError("request_too_long", 422, most=LONGEST_TEXT)
    places = tuple(Place.model_validate(vars(place)) for place in lines_of(written, LIMITS.places))
    data = written.encode()
    return Upload(say("request_pasted", language), len(data), hashlib.sha256(data).hexdigest(), places)


def receive(parts: Parts, actor: Actor, upload: Upload, whence: Whence) -> RequestView:
    """Recognise and keep a request that was read. Raises `NotFound` for a conversation there is not."""
    recognised = recognised_in(parts, actor, upload.places, whence.on_screen)
    new = NewRequest(
        upload.filename,
        upload.size,
        upload.sha256,
        [place.model_dump(mode="json") for place in upload.places],
        recognised.model_dump(mode="json"),
    )
    with unit(parts.engine, actor) as session:
        title = say("request_chat_title", actor.language, file=upload.filename)
        in_talk = whence.conversation is not None or whence.talk
        conversation = chat.open_conversation(session, whence.conversation, title) if in_talk else None
        file = request_files.add(session, new, conversation)
        view = request_view(session, file, actor.language, conversation.code if conversation else None)
        if whence.talk and conversation is not None:
            keep_reading(session, conversation, view, actor.language)
        return view


def recognised_in(
    parts: Parts, actor: Actor, places: tuple[Place, ...], on_screen: OnScreen | None = None
) -> Recognised:
    """What `places` ask for, by the names `actor` may see. Where they name no customer, the one on screen is offered
    to choose."""
    with unit(parts.engine, actor, writes=False) as session:
        found = recognise(places, VisiblePeople(session), language=actor.language, today=today())
        shown = screen_customer(session, on_screen)
        if not found.whose.codes and shown is not None:
            whose = Whose(sure="unsure", codes=(shown.code,), quote=found.whose.quote)
            found = found.model_copy(update={"whose": whose})
        return found


def find(parts: Parts, actor: Actor, code: str) -> RequestView:
    """One of the actor's own requests as it stands. Raises `NotFound`."""
    with unit(parts.engine, actor, writes=False) as session:
        file = request_files.by_code(session, code)
        conversation = session.get(Conversation, file.conversation_id) if file.conversation_id else None
        return request_view(session, file, actor.language, conversation.code if conversation else None)


@dataclass(frozen=True)
class Listed:
    """A request as a list shows it: how many lines it has, and how many things are still to be said."""

    file: OfferRequestFile
    lines: int
    to_answer: int


def listed(parts: Parts, actor: Actor, offset: int = 0, size: int = 50) -> tuple[list[Listed], int]:
    """The actor's own requests, newest first, and how many there are."""
    with unit(parts.engine, actor, writes=False) as session:
        page = request_files.listed(session, offset, size)
        rows = []
        for file in page.rows:
            view = request_view(session, file, actor.language)
            rows.append(Listed(file, len(view.lines), view.to_answer))
        return rows, page.total


@dataclass(frozen=True)
class Decision:
    """What the person says of a request that they looked at in `version`; None keeps what was there."""

    version: int
    customer: str | None = None
    lines: tuple[tuple[int, Typed], ...] = ()


def decide(parts: Parts, actor: Actor, code: str, decision: Decision) -> RequestView:
    """Keep what the person says. Raises as `offers.requests.making.pick`."""
    with unit(parts.engine, actor) as session:
        pick(session, code, decision.version, decision.customer, dict(decision.lines))
    return find(parts, actor, code)


def offer(parts: Parts, actor: Actor, code: str, version: int, on_screen: OnScreen | None = None) -> OfferView:
    """Make the draft offer of a request, with its documents. Raises as `offers.requests.making.make`.

    If the documents cannot be made the draft stays, with a warning that says why.
    """
    conversation = find(parts, actor, code).conversation_id
    opportunity = on_screen.code if on_screen is not None and on_screen.kind == "opportunity" else None
    with unit(parts.engine, actor) as session:
        number = make(session, code, version, opportunity, conversation).number
    view = _with_documents(parts, actor, number)
    if conversation is not None:
        with unit(parts.engine, actor) as session:
            keep_offer(session, chat.open_conversation(session, conversation, ""), view, actor.language)
    return view


def _with_documents(parts: Parts, actor: Actor, number: str) -> OfferView:
    try:
        return parts.offers.ensure_documents(actor, number)
    except AppError as error:
        view = parts.offers.view(actor, number)
        failed = say("documents_failed", actor.language, reason=error.message(actor.language))
        return view.model_copy(update={"warnings": [*view.warnings, failed]})


def erase(parts: Parts, actor: Actor, code: str, version: int) -> None:
    """Take a request's text away for good. Raises `NotFound`, `AppError("conflict")`."""
    with unit(parts.engine, actor) as session:
        request_files.erase(session, code, version)
