"""A line while it is being put together."""

from dataclasses import dataclass, field
from decimal import Decimal

from offers.understand.products import Mention


@dataclass
class Draft:
    """A line being put together: its mention, what it means, and its figures. `again` are further mentions of the same
    product; `group` names the choice that it is one alternative of."""

    mention: Mention
    quantity: Decimal | None = None
    discount: Decimal | None = None
    price: Decimal | None = None
    again: list[Mention] = field(default_factory=list)
    optional: bool = False
    group: str | None = None
