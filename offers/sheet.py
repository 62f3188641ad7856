"""What an offer document says: plain values, already decided, handed to the renderers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from core.language import Language
from core.money import Currency


@dataclass(frozen=True)
class Seller:
    """Who makes the offer: the company whose CRM this is."""

    name: str
    address: str
    tax_number: str
    email: str
    phone: str
    bank_account: str
    website: str


@dataclass(frozen=True)
class Buyer:
    """Who gets the offer."""

    code: str
    name: str
    address: str
    tax_number: str | None
    contact: str | None


@dataclass(frozen=True)
class Content:
    """A part of a bundle: `quantity`, in `unit`, of a product in one of the bundle."""

    sku: str
    name: str
    quantity: Decimal
    unit: str


@dataclass(frozen=True)
class SheetLine:
    """One line: `quantity` x `unit_price` less `discount_percent` is `net`, in the sheet's currency.

    An `optional` line is not in the totals; of the lines of one `option_group` the customer takes one. `provenance` is
    where its figures come from, as `OfferLine` keeps it.
    """

    sku: str
    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    discount_percent: Decimal
    net: Decimal
    vat_percent: Decimal
    optional: bool = False
    option_group: str | None = None
    text: str = ""
    contents: tuple[Content, ...] = ()
    provenance: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Rate:
    """A rate that prices were converted by: one unit of `base` is `rate` units of `quote`, of the day `on`."""

    base: Currency
    quote: Currency
    rate: Decimal
    on: date


@dataclass(frozen=True)
class VatRow:
    """VAT of one rate: `vat` is `percent` of the sum `net` of the lines at that rate."""

    percent: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True)
class Totals:
    """Net, VAT and gross of the whole offer; gross = net + VAT."""

    net: Decimal
    vat: Decimal
    gross: Decimal


@dataclass(frozen=True)
class OwnTemplate:
    """A company's own Word file that documents are made from: its template's code, where the file lies relative to
    `ROBO_HOME`, and its SHA-256."""

    code: str
    path: str
    sha256: str


@dataclass(frozen=True)
class OfferSheet:
    """One offer version, complete: every figure a document of it may print. `vat_rule` is empty, `reverse_charge` or
    `export`; the sums are of the lines that are not optional. Without a `template` the shipped one is used."""

    number: str
    version: int
    language: Language
    currency: Currency
    made_on: date
    valid_until: date
    payment_days: int
    seller: Seller
    buyer: Buyer
    owner_name: str
    owner_email: str
    lines: tuple[SheetLine, ...]
    vat: tuple[VatRow, ...]
    totals: Totals
    title: str | None = None
    notes: tuple[str, ...] = field(default=())
    delivery: str = ""
    warranty: str = ""
    vat_rule: str = ""
    rate: Rate | None = None
    awaiting_approval: bool = False
    template: OwnTemplate | None = None
