"""What was recognised in a request, as it is kept."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from core.language import Language
from core.money import Currency
from offers.requests.places import Place

Sureness = Literal["sure", "unsure", "unknown"]
# Why a person has to look: each has a sentence `request_doubt_...`.
Doubt = Literal[
    "several",
    "spelling",
    "less_said",
    "more_said",
    "no_quantity",
    "several_numbers",
    "about",
    "quantity_wrong",
    "below_minimum",
    "unit",
    "perhaps_not",
    "alternatives",
    "no_headings",
    "code_differs",
    "in_prose",
    "quoted",
    "by_model",
]


class RecognisedLine(BaseModel):
    """One thing asked for: the place and its very words, the product as written, and what it may be: `skus`, the
    likeliest first. Quantity, discount (per cent) and price are decimals as strings; the price is the customer's own
    and is only shown, the discount is only what they ask for."""

    model_config = ConfigDict(frozen=True)

    n: int
    place: Place
    words: str
    product: str
    sure: Sureness
    skus: tuple[str, ...] = ()
    quantity: str | None = None
    unit: str = ""
    discount: str | None = None
    price: str | None = None
    note: str = ""
    doubts: tuple[Doubt, ...] = ()


class Quote(BaseModel):
    """Words of the file and where they stand; `value` what they say, such as a day (ISO 8601) or per cents."""

    model_config = ConfigDict(frozen=True)

    place: Place
    words: str
    value: str = ""


class Whose(BaseModel):
    """Whom the request is from: customers' codes, the likeliest first, and what they were recognised by."""

    model_config = ConfigDict(frozen=True)

    sure: Sureness = "unknown"
    codes: tuple[str, ...] = ()
    quote: Quote | None = None


class Pick(BaseModel):
    """What the person says of a line, instead of what was recognised. None keeps what was."""

    model_config = ConfigDict(frozen=True)

    sku: str | None = None
    quantity: str | None = None
    left_out: bool = False


class Picks(BaseModel):
    """What the person says of a request: the customer's code, currency and language, and lines by their number."""

    model_config = ConfigDict(frozen=True)

    customer: str | None = None
    currency: Currency | None = None
    language: Language | None = None
    lines: dict[int, Pick] = {}


class Recognised(BaseModel):
    """A request as recognised. `aside` are rows of its tables that were not taken for lines; `more` says that it has
    more lines than were taken. `discounts` are asked for, never granted; `currency` and `document_language` are
    wishes. `language` is the one it is written in."""

    model_config = ConfigDict(frozen=True)

    language: Language
    whose: Whose = Whose()
    lines: tuple[RecognisedLine, ...] = ()
    aside: tuple[Quote, ...] = ()
    deadlines: tuple[Quote, ...] = ()
    discounts: tuple[Quote, ...] = ()
    currency: Currency | None = None
    document_language: Language | None = None
    more: bool = False
    picks: Picks = Picks()
