"""What a person may want changed of an offer there is: typed, before any name in it is looked up."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from core.language import Language
from core.money import Currency

TextField = Literal["title", "notes", "delivery", "warranty"]


class _Wish(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _OfLine(_Wish):
    """About lines the offer has: `line` names them as written, empty for the only one; `at` are their places, counted
    from 1 in the version that is changed, once it is known which are meant."""

    line: str = ""
    at: tuple[int, ...] = ()


class SetQuantity(_OfLine):
    """Another quantity: `quantity`, or that much more (less where negative) if `relative`. `was` is the quantity the
    person says it has now."""

    kind: Literal["quantity"] = "quantity"
    quantity: Decimal
    was: Decimal | None = None
    relative: bool = False


class RemoveLine(_OfLine):
    """Lines to leave out."""

    kind: Literal["remove"] = "remove"


class SetDiscount(_OfLine):
    """A discount in per cent on lines; on `every` line where none is named."""

    kind: Literal["discount"] = "discount"
    percent: Decimal
    every: bool = False


class SetOptional(_OfLine):
    """Lines to offer as an option, or not as one any more."""

    kind: Literal["optional"] = "optional"
    optional: bool = True


class SwapProduct(_OfLine):
    """Another product in the place of a line's, in the same quantity."""

    kind: Literal["swap"] = "swap"
    product: str


class AddLine(_Wish):
    """A product to add, as written; a line there is of it gets that much more. With `more` the words say that the
    offer has it already."""

    kind: Literal["add"] = "add"
    product: str
    quantity: Decimal | None = None
    discount_percent: Decimal | None = None
    optional: bool = False
    more: bool = False


class SetValidity(_Wish):
    """Another last day: `until`, or `days` from today, or `longer` days and `longer_months` calendar months after
    the day it has now."""

    kind: Literal["validity"] = "validity"
    until: date | None = None
    days: int | None = None
    longer: int | None = None
    longer_months: int = 0


class SetPayment(_Wish):
    """Another term of payment, in calendar days."""

    kind: Literal["payment"] = "payment"
    days: int


class SetText(_Wish):
    """Another free text; an empty one takes it away."""

    kind: Literal["text"] = "text"
    field: TextField
    text: str = Field(max_length=2000)


class SetLanguage(_Wish):
    """Another language of the document."""

    kind: Literal["language"] = "language"
    language: Language


class SetCurrency(_Wish):
    """Another currency, at its list prices."""

    kind: Literal["currency"] = "currency"
    currency: Currency


class Reprice(_Wish):
    """The same at the prices of today."""

    kind: Literal["reprice"] = "reprice"


class Undo(_Wish):
    """The version before, made anew."""

    kind: Literal["undo"] = "undo"


class CopyFor(_Wish):
    """The same as a new offer for another customer, as written."""

    kind: Literal["copy"] = "copy"
    customer: str


LineWish = SetQuantity | RemoveLine | SetDiscount | SetOptional | SwapProduct
Wish = Annotated[
    LineWish | AddLine | SetValidity | SetPayment | SetText | SetLanguage | SetCurrency | Reprice | Undo | CopyFor,
    Field(discriminator="kind"),
]
