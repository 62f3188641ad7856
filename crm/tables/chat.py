"""Conversations with the assistant: each its owner's alone, whatever the level of others."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base


class Conversation(Base):
    """A thread of messages between one user and the assistant; `code` is a random identifier."""

    __tablename__ = "conversations"
    resource: ClassVar[str] = "conversation"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    title: Mapped[str]
    # When its owner erased it: the texts are gone, the hashes stay.
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    messages: Mapped[list["Message"]] = relationship(back_populates="conversation", order_by="Message.id")


class Message(Base):
    """One message. `role` is `user` or `assistant`; `reply` is the assistant's whole reply as sent.

    `rating` is 1 or -1 once the user gave it, with an optional `reason`.
    """

    __tablename__ = "messages"
    resource: ClassVar[str] = "conversation"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    role: Mapped[str]
    text: Mapped[str]
    # SHA-256 of the text, once it was erased.
    sha256: Mapped[str | None]
    reply: Mapped[dict[str, object] | None]
    rating: Mapped[int | None]
    reason: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    conversation: Mapped[Conversation] = relationship(back_populates="messages")
