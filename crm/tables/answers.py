"""What answering leaves behind: proposed changes, questions without a good answer, hand-overs, a company's own
documents, and what the model used."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base, Stamped, Versioned
from crm.tables.people import User


class Proposal(Versioned, Base):
    """Changes a chat asked for, shown to the person who asked, who alone may confirm or reject them.

    `items` are its changes as `crm.proposals` writes them, each bound to a record's version; `state` is `open`,
    `confirmed`, `rejected`, `expired` or `undone`. The audit has every state with the SHA-256 of the items, the
    prompt behind it and its `sources`; the items themselves go with an erased conversation, and are then empty.
    """

    __tablename__ = "proposals"
    resource: ClassVar[str] = "conversation"
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"items"})
    hashed_fields: ClassVar[frozenset[str]] = frozenset({"items"})

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    prompt_id: Mapped[int | None] = mapped_column(ForeignKey("prompts.id"))
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    items: Mapped[list[object]]
    sources: Mapped[list[object]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class OpenQuestion(Versioned, Base):
    """A question that got no answer (`cause` is `unanswered`) or a badly rated one (`badly_rated`), for those who
    write help pages.

    Its asker and who may read every question see it. `text` is empty once its asker erased the conversation; `group`
    names questions that ask alike; `state` is `open`, `drafted` or `closed`; `page_id` the page written for it.
    """

    __tablename__ = "open_questions"
    resource: ClassVar[str] = "question"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    cause: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str | None]
    screen: Mapped[str | None]
    group: Mapped[str] = mapped_column("group_key", index=True)
    state: Mapped[str] = mapped_column(default="open", index=True)
    page_id: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(default=now)


class Handover(Versioned, Base):
    """A conversation handed to a person, with a copy of it as it was then; the two of them see it and nobody else.

    `transcript` is a list of messages; `state` is `open`, `answered` or, once its asker erased it, `erased`.
    """

    __tablename__ = "handovers"
    resource: ClassVar[str] = "conversation"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    from_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    to_user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), index=True)
    note: Mapped[str]
    transcript: Mapped[list[object]]
    state: Mapped[str] = mapped_column(default="open")
    answer: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    answered_at: Mapped[datetime | None]

    from_user: Mapped[User] = relationship(foreign_keys=[from_user_id])
    to_user: Mapped[User] = relationship(foreign_keys=[to_user_id])


class KnowledgeDocument(Versioned, Stamped, Base):
    """A file of the company that the assistant answers from: its text as Markdown in `body`, its original beside the
    database. `audience`, `screens` and `hidden` as in a help page."""

    __tablename__ = "knowledge_documents"
    resource: ClassVar[str] = "page"
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"body"})

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    language: Mapped[str]
    audience: Mapped[list[object]]
    screens: Mapped[list[object]]
    hidden: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str]
    pages: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))


class ModelUsage(Base):
    """What one user's questions cost at the model on one day (UTC): calls, tokens, seconds of waiting in
    milliseconds, and money in millionths of the currency the settings name. Written by the system alone."""

    __tablename__ = "model_usage"
    __table_args__ = (UniqueConstraint("user_id", "day"),)
    resource: ClassVar[str] = "usage"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    day: Mapped[date] = mapped_column(index=True)
    calls: Mapped[int] = mapped_column(default=0)
    tokens_in: Mapped[int] = mapped_column(BigInteger, default=0)
    tokens_out: Mapped[int] = mapped_column(BigInteger, default=0)
    milliseconds: Mapped[int] = mapped_column(BigInteger, default=0)
    cost_millionths: Mapped[int] = mapped_column(BigInteger, default=0)
