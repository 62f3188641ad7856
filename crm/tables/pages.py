"""Help pages a company wrote itself, or wrote over those that are shipped."""

from datetime import date
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.tables.base import Base, Stamped, Versioned


class HelpPage(Versioned, Stamped, Base):
    """A page in one language, its body in Markdown. One with the `page_id` of a shipped page replaces it.

    `audience` and `screens` are lists of names, as in a shipped page's front matter; `hidden` takes the page away.
    """

    __tablename__ = "help_pages"
    __table_args__ = (UniqueConstraint("page_id", "language"),)
    resource: ClassVar[str] = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[str]
    language: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    screens: Mapped[list[object]]
    audience: Mapped[list[object]]
    hidden: Mapped[bool] = mapped_column(default=False)
    updated_on: Mapped[date]

    @property
    def record(self) -> str:
        """Page and language, such as `making-an-offer/hu`."""
        return f"{self.page_id}/{self.language}"
