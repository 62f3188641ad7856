"""Files that ask for an offer."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from crm.tables.base import Base, Versioned


class OfferRequestFile(Versioned, Base):
    """A file that asks for an offer, as somebody uploaded it: its text by places, and what was recognised in it.

    Its uploader's alone. `state`: `open`, `used` (an offer was made of it) or `erased`. `recognised` is of the shape
    `offers/requests` defines.
    """

    __tablename__ = "offer_request_files"
    resource: ClassVar[str] = "conversation"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    filename: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    places: Mapped[list[object]]
    recognised: Mapped[dict[str, object]]
    state: Mapped[str] = mapped_column(default="open")
    offer_number: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
