"""Products, what they cost, and what is given for whom: price lists, exchange rates, costs, bundles."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from crm.tables.base import Base, Stamped, Versioned
from crm.tables.customers import Customer


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


class PriceList(Versioned, Stamped, Base):
    """Prices that hold for some customers only: those of one `customer`, one `segment` or one `campaign`, of which
    exactly one is set. Valid from `valid_from` to `valid_to` inclusive, if `active`. Prices of no list are everybody's.
    """

    __tablename__ = "price_lists"
    resource: ClassVar[str] = "price"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    segment: Mapped[str | None]
    campaign: Mapped[str | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    active: Mapped[bool] = mapped_column(default=True)

    customer: Mapped[Customer | None] = relationship()


class Price(Versioned, Base):
    """A price row: net, per unit, in `currency`, valid from `valid_from` to `valid_to` inclusive, for quantities of
    `minimum_quantity` and more.

    `valid_to` empty means until further notice; a `price_list_id` of 0 means that it holds for every customer.
    """

    __tablename__ = "prices"
    __table_args__ = (
        Index(
            "ix_prices_natural",
            "product_id",
            "currency",
            "price_list_id",
            "minimum_quantity",
            "valid_from",
            unique=True,
        ),
    )
    resource: ClassVar[str] = "price"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    currency: Mapped[str]
    unit_price: Mapped[Decimal]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    # No foreign key, which SQLite could only add by making the table anew; a price list is never deleted.
    price_list_id: Mapped[int] = mapped_column(default=0, server_default="0", index=True)
    minimum_quantity: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")

    product: Mapped[Product] = relationship(back_populates="prices")
    price_list: Mapped[PriceList | None] = relationship(
        primaryjoin=lambda: foreign(Price.price_list_id) == PriceList.id
    )


class ProductCost(Versioned, Base):
    """What a unit of a product costs the company in `currency` from `valid_from` on; read by those who see margins."""

    __tablename__ = "product_costs"
    __table_args__ = (UniqueConstraint("product_id", "currency", "valid_from"),)
    resource: ClassVar[str] = "margin"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    currency: Mapped[str]
    unit_cost: Mapped[Decimal]
    valid_from: Mapped[date]

    product: Mapped[Product] = relationship()


class ExchangeRate(Versioned, Base):
    """One unit of `base` is `rate` units of `quote`, from `valid_from` on, as an administrator gave it; `source` says
    where it was taken from."""

    __tablename__ = "exchange_rates"
    __table_args__ = (UniqueConstraint("base", "quote", "valid_from"),)
    resource: ClassVar[str] = "price"

    id: Mapped[int] = mapped_column(primary_key=True)
    base: Mapped[str]
    quote: Mapped[str]
    rate: Mapped[Decimal]
    valid_from: Mapped[date]
    source: Mapped[str | None]


class BundleItem(Versioned, Base):
    """A bundle is a product with a price of its own; this says how much of another product (`quantity`, in that
    product's unit) one of it contains."""

    __tablename__ = "bundle_items"
    __table_args__ = (UniqueConstraint("bundle_id", "product_id"),)
    resource: ClassVar[str] = "product"

    id: Mapped[int] = mapped_column(primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"))
    quantity: Mapped[Decimal]

    bundle: Mapped[Product] = relationship(foreign_keys=[bundle_id])
    product: Mapped[Product] = relationship(foreign_keys=[product_id])
