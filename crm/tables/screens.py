"""What belongs to screens: a user's saved views, and the hosts that embed the widget."""

from typing import ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.tables.base import Base, Stamped, Versioned


class SavedView(Versioned, Base):
    """A list as its user likes it: filters, order and columns as the query part of the list's address."""

    __tablename__ = "saved_views"
    __table_args__ = (UniqueConstraint("user_id", "screen", "name"),)
    resource: ClassVar[str] = "view"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    screen: Mapped[str]
    name: Mapped[str]
    query: Mapped[str]


class EmbeddingHost(Versioned, Stamped, Base):
    """An application that embeds the widget: the origins its pages come from, and the SHA-256 of its server's key."""

    __tablename__ = "embedding_hosts"
    resource: ClassVar[str] = "embedding"
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"key_sha256"})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    origins: Mapped[list[object]]
    key_sha256: Mapped[str] = mapped_column(unique=True)
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def record(self) -> str:
        """The host's name."""
        return self.name
