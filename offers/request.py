"""What a person asked an offer for: the typed intent, before any name is looked up.

Code fills it from the prompt, or a model does; nothing in it is trusted until it is resolved
against the records that the asking user may see, and no price in it is ever printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from core.language import Language
from core.money import Currency


class RequestedLine(BaseModel):
    """One product as the person wrote it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: str = Field(description="the product as written: a name in any language, or a SKU")
    quantity: Decimal | None = Field(default=None, description="how many; null if the person gave none")
    discount_percent: Decimal | None = Field(default=None, description="discount on this line alone, in per cent")
    named_price: Decimal | None = Field(default=None, description="a unit price the person named, if any")
    optional: bool = Field(default=False, description="offered as an option that the customer may leave")
    option_group: str | None = Field(default=None, description="name of the choice this line is one option of")


class OfferRequest(BaseModel):
    """An offer as asked for. Quantities and percentages are decimals; dates are calendar dates."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    customer: str | None = Field(default=None, description="the customer as written: name, code or tax number")
    lines: tuple[RequestedLine, ...] = ()
    discount_percent: Decimal | None = Field(default=None, description="discount on every line, in per cent")
    valid_days: int | None = Field(default=None, description="validity in days from today")
    valid_until: date | None = Field(default=None, description="last day of validity, if a date was named")
    currency: Currency | None = None
    language: Language | None = Field(default=None, description="language of the document, if one was named")
    opportunity: str | None = Field(default=None, description="code of the opportunity, if one was named")
    payment_days: int | None = Field(default=None, description="days to pay in, if named")
    delivery: str | None = Field(default=None, description="terms of delivery, as written")
    warranty: str | None = Field(default=None, description="terms of warranty, as written")
    notes: str | None = Field(default=None, description="a note to the customer, as written")
    title: str | None = Field(default=None, description="what the offer is about, if a title was given")
    attach: tuple[str, ...] = Field(default=(), description="documents to attach, each as written")


@dataclass(frozen=True)
class CustomerName:
    """A customer the asking user may see, by what people call it."""

    code: str
    name: str
    tax_number: str | None
    city: str | None = None


@dataclass(frozen=True)
class ProductName:
    """A product that is on sale, by what people call it; `names` has each language."""

    sku: str
    names: dict[Language, str]
    unit: str
    minimum_quantity: Decimal


class Catalogue(Protocol):
    """The names a prompt is matched with: only those that the asking user may see."""

    def products(self) -> tuple[ProductName, ...]:
        """Every product on sale (at most some thousands)."""
        ...

    def customers_like(self, stems: tuple[str, ...]) -> tuple[CustomerName, ...]:
        """Customers that have a folded name word beginning with one of `stems` (folded beginnings
        of at least 3 letters, as chosen by the caller to survive inflection and typing errors), or whose whole
        folded name without spaces begins with one; at most 200, those with most stems met first."""
        ...

    def customer_by_code(self, code: str) -> CustomerName | None:
        """The customer with exactly this code (case-insensitive)."""
        ...

    def customer_by_tax_number(self, digits: str) -> CustomerName | None:
        """The customer whose tax number has these letters and digits (punctuation ignored), or, for a
        Hungarian number, these first 8 digits."""
        ...


@dataclass(frozen=True)
class LineMatch:
    """A requested line and the products it may mean: none, one, or several to choose from."""

    requested: RequestedLine
    products: tuple[ProductName, ...]


@dataclass(frozen=True)
class Point:
    """Something about the prompt to tell the person: `code` names a message, `values` fill it, `field` is what it is
    about (as in `Clarification`)."""

    field: str
    code: str
    values: Mapping[str, str] = dataclass_field(default_factory=dict)


@dataclass(frozen=True)
class Understood:
    """A request with its names looked up. `customers` has none, one, or several candidates; `doubts` are what the words
    leave open and has to be asked, `remarks` what the person should know of how they were read."""

    request: OfferRequest
    customers: tuple[CustomerName, ...]
    lines: tuple[LineMatch, ...]
    doubts: tuple[Point, ...] = ()
    remarks: tuple[Point, ...] = ()
