"""Products and their prices."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.tables.base import Base, Stamped, Versioned


class Product(Versioned, Stamped, Base):
    """Something sold. `vat_percent` is the rate in per cent; `minimum_quantity` is in `unit`."""

    __tablename__ = "products"
    resource: ClassVar[str] = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(unique=True)
    name_hu: Mapped[str]
    name_pl: Mapped[str]
    name_en: Mapped[str]
    unit: Mapped[str]
    vat_percent: Mapped[Decimal]
    category: Mapped[str | None]
    minimum_quantity: Mapped[Decimal]
    active: Mapped[bool] = mapped_column(default=True)

    prices: Mapped[list["Price"]] = relationship(back_populates="product")

    @property
    def record(self) -> str:
        """The SKU."""
        return self.sku


class Price(Versioned, Base):
    """A list price row: net, per unit, in `currency`, valid from `valid_from` to `valid_to` inclusive.

    `valid_to` empty means until further notice.
    """

    __tablename__ = "prices"
    __table_args__ = (Index("ix_prices_product_currency_from", "product_id", "currency", "valid_from", unique=True),)
    resource: ClassVar[str] = "price"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    currency: Mapped[str]
    unit_price: Mapped[Decimal]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    product: Mapped[Product] = relationship(back_populates="prices")
