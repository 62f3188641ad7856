"""The audit: append-only (triggers refuse update and delete) and hash-chained."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from crm.tables.base import Base


class Prompt(Base):
    """The text of a prompt that caused a change. It can be erased; the audit keeps its SHA-256.

    Like a conversation it is its writer's alone, also for those who may read the audit.
    """

    __tablename__ = "prompts"
    resource: ClassVar[str] = "conversation"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    # The conversation it was written in: no foreign key, which SQLite could only add by making the table anew.
    conversation_id: Mapped[int | None] = mapped_column(index=True)
    text: Mapped[str | None]
    sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)


class AuditEntry(Base):
    """One change: who did what to which record, before and after, caused by which prompt.

    `hash` is the SHA-256 of the canonical JSON of the entry and `previous_hash`.
    """

    __tablename__ = "audit_entries"
    resource: ClassVar[str] = "audit"
    audited: ClassVar[bool] = False

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    resource_name: Mapped[str] = mapped_column(index=True)
    record_code: Mapped[str] = mapped_column(index=True)
    before: Mapped[dict[str, object] | None]
    after: Mapped[dict[str, object] | None]
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("prompts.id"))
    prompt_sha256: Mapped[str | None]
    sources: Mapped[list[object] | None]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditHead(Base):
    """The last link of the chain; locked while a link is added, so that the chain has no fork."""

    __tablename__ = "audit_head"
    resource: ClassVar[str] = "audit"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str]
