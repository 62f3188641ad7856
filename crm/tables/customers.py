"""Customers and their contacts."""

from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.tables.base import Base, Stamped, Versioned
from crm.tables.people import User


class Customer(Versioned, Stamped, Base):
    """A firm. `owner` answers for it; none means unassigned, open to every level.

    `name_key` is the folded name, to order by as people do: É beside E, Ż beside Z. The session keeps it.
    """

    __tablename__ = "customers"
    resource: ClassVar[str] = "customer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(index=True)
    name_key: Mapped[str] = mapped_column(default="", index=True)
    tax_number: Mapped[str | None]
    tax_key: Mapped[str | None] = mapped_column(index=True)
    country: Mapped[str]
    city: Mapped[str | None] = mapped_column(index=True)
    address: Mapped[str | None]
    industry: Mapped[str | None]
    employees: Mapped[int | None]
    sites: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="potential")
    segment: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True, active_history=True)
    currency: Mapped[str]
    language: Mapped[str]
    payment_days: Mapped[int] = mapped_column(default=8)

    owner: Mapped[User | None] = relationship()


class CustomerWord(Base):
    """A folded word of a customer's name, for finding firms by the beginning of any word.

    The whole name without spaces is one of the words. Kept by the session whenever a name changes.
    """

    __tablename__ = "customer_words"
    resource: ClassVar[str] = "customer"
    audited: ClassVar[bool] = False

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True, index=True)


class Contact(Versioned, Stamped, Base):
    """A person at a customer."""

    __tablename__ = "contacts"
    resource: ClassVar[str] = "contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True, active_history=True)
    family_name: Mapped[str]
    given_name: Mapped[str]
    position: Mapped[str | None]
    email: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None]
    marketing_consent: Mapped[bool] = mapped_column(default=False)

    customer: Mapped[Customer] = relationship()

    @property
    def record(self) -> str:
        """The e-mail address, or the id where there is none."""
        return self.email or str(self.id)
