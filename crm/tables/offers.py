"""Offers, their versions, lines and finished documents."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base, Stamped, Versioned
from crm.tables.catalogue import Price, Product
from crm.tables.customers import Customer
from crm.tables.people import User
from crm.tables.sales import Opportunity

if TYPE_CHECKING:
    from crm.tables.library import OfferAttachment


class Offer(Versioned, Stamped, Base):
    """An offer to a customer. `state`: `draft`, `awaiting_approval`, `rejected`, `issued`, `accepted` or `declined`;
    content is in its versions. That it has run out is told by the clock, not by its state."""

    __tablename__ = "offers"
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True, active_history=True)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True, active_history=True)
    state: Mapped[str] = mapped_column(default="draft")
    latest_version: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship()
    opportunity: Mapped[Opportunity | None] = relationship()
    owner: Mapped[User] = relationship()
    versions: Mapped[list["OfferVersion"]] = relationship(back_populates="offer", order_by="OfferVersion.ordinal")

    @property
    def record(self) -> str:
        """The offer's number."""
        return self.number

    @property
    def latest(self) -> "OfferVersion":
        """The newest version."""
        return self.versions[-1]


class OfferVersion(Base):
    """What an offer said at one time; never changed once made. Amounts in `currency`, minor-unit exact; the sums are of
    the lines that count, which optional ones do not.

    `made_from` says what it was made of: `prompt`, `form`, `request RQ00001`, `offer AJ-2026-00001 v2`. `vat_rule` is
    empty, `reverse_charge` or `export`; `rate` the exchange rate its prices were converted by, if any, as
    `{"base", "quote", "rate", "on", "id"}`.
    """

    __tablename__ = "offer_versions"
    __table_args__ = (UniqueConstraint("offer_id", "ordinal"),)
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    ordinal: Mapped[int]
    currency: Mapped[str]
    language: Mapped[str]
    made_on: Mapped[date]
    valid_until: Mapped[date]
    payment_days: Mapped[int]
    net: Mapped[Decimal]
    vat: Mapped[Decimal]
    gross: Mapped[Decimal]
    warnings: Mapped[list[object]]
    made_at: Mapped[datetime] = mapped_column(default=now)
    author_id: Mapped[int | None]
    made_from: Mapped[str] = mapped_column(default="", server_default="")
    title: Mapped[str | None]
    notes: Mapped[str] = mapped_column(default="", server_default="")
    delivery: Mapped[str] = mapped_column(default="", server_default="")
    warranty: Mapped[str] = mapped_column(default="", server_default="")
    vat_rule: Mapped[str] = mapped_column(default="", server_default="")
    rate: Mapped[dict[str, object] | None]
    # No foreign keys, which SQLite could only add by making the table anew.
    template_version_id: Mapped[int | None]

    offer: Mapped[Offer] = relationship(back_populates="versions")
    lines: Mapped[list["OfferLine"]] = relationship(back_populates="offer_version", order_by="OfferLine.position")
    documents: Mapped[list["OfferDocument"]] = relationship(back_populates="offer_version")
    attachments: Mapped[list["OfferAttachment"]] = relationship(
        back_populates="offer_version", order_by="OfferAttachment.position"
    )


class OfferLine(Base):
    """A line as offered: `net` = `quantity` x `unit_price` x (1 - `discount_percent` / 100), rounded half up.

    `price_id` is the price row the unit price was taken from, `provenance` all that led to its figures (see
    `offers/provenance.py`). An `optional` line is not in the sums until the customer takes it; of the lines with one
    `option_group` the customer takes one, of which the one that is not optional counts until then. `contents` lists
    what a bundle contains: `{"sku", "name", "quantity", "unit"}` each.
    """

    __tablename__ = "offer_lines"
    __table_args__ = (UniqueConstraint("offer_version_id", "position"),)
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"))
    position: Mapped[int]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    price_id: Mapped[int] = mapped_column(ForeignKey("prices.id"), index=True)
    sku: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[Decimal]
    unit: Mapped[str]
    unit_price: Mapped[Decimal]
    discount_percent: Mapped[Decimal]
    net: Mapped[Decimal]
    vat_percent: Mapped[Decimal]
    optional: Mapped[bool] = mapped_column(default=False, server_default=false())
    option_group: Mapped[str | None]
    text: Mapped[str] = mapped_column(default="", server_default="")
    contents: Mapped[list[object]] = mapped_column(default=list, server_default="[]")
    provenance: Mapped[dict[str, object] | None]

    offer_version: Mapped[OfferVersion] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
    price: Mapped[Price] = relationship()


class OfferDocument(Base):
    """A finished file of a version, read back and found right: `docx`, `pdf`, or `pack`, the PDF with the attachments
    merged in. `path` is relative to `ROBO_HOME`."""

    __tablename__ = "offer_documents"
    __table_args__ = (UniqueConstraint("offer_version_id", "kind"),)
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"))
    kind: Mapped[str]
    path: Mapped[str]
    sha256: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=now)

    offer_version: Mapped[OfferVersion] = relationship(back_populates="documents")
