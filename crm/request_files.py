"""Files that ask for an offer: each its uploader's alone."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import defer

from core.errors import AppError, NotFound
from crm.lists import Found, found
from crm.numbers import draw
from crm.session import CrmSession, acting
from crm.settings_rules import same_version
from crm.tables import Conversation, OfferRequestFile

RESOURCE = "request"
SERIES = "offer_request"


@dataclass(frozen=True)
class NewRequest:
    """A file that was read: its name as shown, its size in bytes, its SHA-256, its text by places, and what was
    recognised in it, both as `offers.requests` keeps them."""

    filename: str
    size: int
    sha256: str
    places: list[object]
    recognised: dict[str, object]


def add(session: CrmSession, new: NewRequest, conversation: Conversation | None) -> OfferRequestFile:
    """Keep a request for the actor; erased with its `conversation`. Raises `Forbidden`."""
    file = OfferRequestFile(
        code=f"RQ{draw(session, SERIES):05d}",
        user_id=session.actor.user_id,
        conversation_id=conversation.id if conversation else None,
        filename=new.filename,
        size=new.size,
        sha256=new.sha256,
        places=new.places,
        recognised=new.recognised,
    )
    session.add(file)
    session.flush()
    return file


def by_code(session: CrmSession, code: str, *, locked: bool = False) -> OfferRequestFile:
    """One of the actor's own requests. Raises `NotFound`, also for one that was erased."""
    query = select(OfferRequestFile).where(OfferRequestFile.code == code.strip().upper())
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    file = session.scalar(query)
    if file is None or file.state == "erased":
        raise NotFound(RESOURCE, code[:40])
    return file


def open_to_change(session: CrmSession, code: str, version: int) -> OfferRequestFile:
    """A request as it was at `version`, locked. Raises `NotFound`, `AppError("conflict")`, and
    `AppError("request_used")` (409) where an offer was made of it."""
    file = by_code(session, code, locked=True)
    if file.state == "used":
        raise AppError("request_used", 409, request=file.code, number=file.offer_number)
    same_version(file.version, version)
    return file


def listed(session: CrmSession, offset: int = 0, size: int = 50) -> Found[OfferRequestFile]:
    """The actor's own requests, the newest first, without their text."""
    query = select(OfferRequestFile).where(OfferRequestFile.state != "erased")
    query = query.options(defer(OfferRequestFile.places, raiseload=True)).order_by(OfferRequestFile.id.desc())
    return found(session, query, OfferRequestFile.id, offset, size)


def erase(session: CrmSession, code: str, version: int) -> None:
    """Take a request's text and all that was recognised in it away for good; what was made of it stays.

    Raises `NotFound`, `AppError("conflict")`.
    """
    file = by_code(session, code, locked=True)
    same_version(file.version, version)
    empty(session, file)


def empty(session: CrmSession, file: OfferRequestFile) -> None:
    """Erase one request's text."""
    with acting(session, "delete"):
        file.filename, file.places, file.recognised, file.state = "", [], {}, "erased"
        session.flush()
