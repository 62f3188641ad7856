"""What an offer document says: plain values, already decided, handed to the renderers."""

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
class SheetLine:
    """One line: `quantity` x `unit_price` less `discount_percent` is `net`, in the sheet's currency."""

    sku: str
    name: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    discount_percent: Decimal
    net: Decimal
    vat_percent: Decimal


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
class OfferSheet:
    """One offer version, complete: every figure a document of it may print."""

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
    awaiting_approval: bool = False
