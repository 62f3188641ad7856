"""Limits of what a level may offer alone, and versions that wait for approval."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base, Versioned
from crm.tables.offers import Offer, OfferVersion
from crm.tables.people import User


class ApprovalLimit(Versioned, Base):
    """What a level may offer alone: at most `discount_percent` off, at least `margin_percent` left (of net), on
    products of `category`, or on all where it is empty. What is None is not limited here."""

    __tablename__ = "approval_limits"
    __table_args__ = (UniqueConstraint("role_code", "category"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("roles.code"))
    category: Mapped[str] = mapped_column(default="")
    discount_percent: Mapped[Decimal | None]
    margin_percent: Mapped[Decimal | None]


class ApprovalRequest(Versioned, Base):
    """A version of an offer that waits for somebody who may approve it. `state`: `open`, `approved`, `rejected`, or
    `withdrawn` where a newer version came. `reasons` are the limits it is over, as warnings are kept. `delegate` is
    whom it was handed to, if it was."""

    __tablename__ = "approval_requests"
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), index=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"), unique=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    delegate_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    delegated_at: Mapped[datetime | None]
    reasons: Mapped[list[object]]
    state: Mapped[str] = mapped_column(default="open", index=True)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    offer: Mapped[Offer] = relationship()
    offer_version: Mapped[OfferVersion] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    delegate: Mapped[User | None] = relationship(foreign_keys=[delegate_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])
