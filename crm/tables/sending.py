"""What becomes of an offer that goes out: mails, links, the customer's decision."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base, Versioned
from crm.tables.offers import Offer, OfferVersion
from crm.tables.people import User


class OfferMail(Versioned, Base):
    """A mail with an offer, in the outbox from the moment a person confirmed it. `digest` is the SHA-256 of all that
    was previewed: recipients, subject, text, files.

    `state`: `queued`, `claimed` (a worker has it, nothing was said to the server yet), `transmitting` (the server may
    have taken it), `sent`, `failed` (the server refused it), `uncertain` (nobody knows: a person decides), `bounced`,
    `cancelled`. `recipients`, `copies` are addresses; `files` are `{"name", "path", "sha256", "size"}`.
    """

    __tablename__ = "offer_mails"
    resource: ClassVar[str] = "offer"
    # The text holds the customer's link, which whoever reads the audit has no business to open.
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"body"})
    hashed_fields: ClassVar[frozenset[str]] = frozenset({"body"})

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"))
    purpose: Mapped[str] = mapped_column(default="offer")
    sender: Mapped[str]
    recipients: Mapped[list[object]]
    copies: Mapped[list[object]]
    subject: Mapped[str]
    body: Mapped[str]
    files: Mapped[list[object]]
    digest: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="queued", index=True)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    claim: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    fault: Mapped[str | None]

    offer: Mapped[Offer] = relationship()
    offer_version: Mapped[OfferVersion] = relationship()
    confirmed_by: Mapped[User | None] = relationship()


class AcceptanceLink(Versioned, Base):
    """A link by which a customer reads and answers one version of an offer. Only the SHA-256 of its token is kept."""

    __tablename__ = "acceptance_links"
    resource: ClassVar[str] = "offer"
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"token_sha256"})

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"))
    token_sha256: Mapped[str] = mapped_column(unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]

    offer: Mapped[Offer] = relationship()
    offer_version: Mapped[OfferVersion] = relationship()


class OfferDecision(Versioned, Base):
    """What a customer answered: `accepted` or `declined`, by whom, from which address, to which file (`pdf_sha256`).

    `taken` are the positions of the lines taken, the sums those of them. `signature` is drawn as an SVG path, if it
    was; `stamped_path` the copy that both sides got. `undone_at` is when a person took it back.
    """

    __tablename__ = "offer_decisions"
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"))
    link_id: Mapped[int | None] = mapped_column(ForeignKey("acceptance_links.id"))
    decision: Mapped[str]
    name: Mapped[str]
    comment: Mapped[str] = mapped_column(default="")
    reason: Mapped[str | None]
    taken: Mapped[list[object]]
    net: Mapped[Decimal]
    vat: Mapped[Decimal]
    gross: Mapped[Decimal]
    signature: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(default=now)
    address: Mapped[str]
    pdf_sha256: Mapped[str]
    stamped_path: Mapped[str | None]
    stamped_sha256: Mapped[str | None]
    undone_at: Mapped[datetime | None]

    offer: Mapped[Offer] = relationship()
    offer_version: Mapped[OfferVersion] = relationship()
    link: Mapped[AcceptanceLink | None] = relationship()
