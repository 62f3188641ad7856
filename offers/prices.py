"""What a product costs a customer on a day: the price row that holds, and all that led to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.clock import today
from core.money import Currency, exact
from crm import catalogue
from crm.session import CrmSession
from crm.tables import Customer, Price, Product


@dataclass(frozen=True)
class ForWhom:
    """Whom a price is asked for: the customer, and the campaign of the opportunity, if any."""

    customer: Customer | None = None
    campaign: str | None = None


@dataclass(frozen=True)
class Priced:
    """A unit price in the offer's currency, the row it comes from, and its provenance as `OfferLine` keeps it."""

    price: Price
    unit_price: Decimal
    provenance: Mapping[str, object]


def priced(
    session: CrmSession,
    product: Product,
    quantity: Decimal,
    currency: Currency,
    whom: ForWhom,
    earlier: Price | None = None,
) -> Priced:
    """Today's price of `quantity` of `product` in `currency`. A row of `earlier` that says the same amount is kept as
    its source. Raises `AppError("no_price")`."""
    price = catalogue.price_on(session, product, currency, today())
    if earlier is not None and earlier.currency == currency and earlier.unit_price == price.unit_price:
        price = earlier
    return Priced(price, price.unit_price, {"price": _of_row(price)})


def _of_row(price: Price) -> dict[str, object]:
    return {
        "id": price.id,
        "version": price.version,
        "unit_price": exact(price.unit_price),
        "currency": price.currency,
        "from": price.valid_from.isoformat(),
        "quantity_from": exact(price.minimum_quantity),
        "list": None,
    }
