"""What a product costs a customer on a day: the price row that holds, and all that led to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from core.clock import today
from core.errors import AppError
from core.money import CURRENCIES, Currency, exact, plain
from core.text import fold
from crm import exchange
from crm.catalogue import prices_on
from crm.price_lists import active_on
from crm.session import CrmSession
from crm.tables import Customer, Price, PriceList, Product

_STANDARD, _SEGMENT, _CAMPAIGN, _CUSTOMER = range(4)


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
    """Today's price of `quantity` of `product` in `currency` for `whom`.

    The rule, in this order:

    1. Rows in `currency` go before rows in any other. Only rows that hold today, for `quantity` or less, count: those
       of everybody's prices, and those of price lists that are active, hold today and are for this buyer.
    2. A list of the customer goes before one of the campaign of the opportunity, that before one of the customer's
       segment, that before everybody's prices. Campaigns and segments are compared without accents and letter case.
       Of two lists of one kind the one goes first that began later, then the last by code.
    3. Within a list the row for the largest quantity, then the one that began last.
    4. Where no row is in `currency`, one in another (in the order HUF, EUR, PLN) is chosen so and converted by
       the exchange rate an administrator gave for the two (`crm/exchange.py`), rounded half up to the minor unit.

    A row of `earlier` that says the same amount under the same list, for the same quantity, is kept as the source.
    Raises `AppError("no_price")` where there is no row, or no rate to convert one by.
    """
    lists = _lists_for(session, whom)
    rows = [
        row
        for row in prices_on(session, product, today())
        if row.minimum_quantity <= quantity and (row.price_list_id == 0 or row.price_list_id in lists)
    ]
    for own in (currency, *(other for other in CURRENCIES if other != currency)):
        rate = None if own == currency else exchange.rate_on(session, own, currency, today())
        within = [row for row in rows if row.currency == own]
        if not within or (own != currency and rate is None):
            continue
        chosen = max(within, key=lambda row: _order(row, lists.get(row.price_list_id)))
        price = earlier if earlier is not None and _says_the_same(earlier, chosen) else chosen
        amount = price.unit_price if rate is None else exchange.convert(price.unit_price, rate, currency)
        return Priced(
            price,
            amount,
            {
                "price": _of_row(price, lists.get(price.price_list_id)),
                "rate": None if rate is None else exchange.kept(rate),
            },
        )
    raise AppError("no_price", 409, sku=product.sku, currency=currency, day=today().isoformat())


def _lists_for(session: CrmSession, whom: ForWhom) -> dict[int, PriceList]:
    return {found.id: found for found in active_on(session, today()) if _level(found, whom) != _STANDARD}


def _level(found: PriceList, whom: ForWhom) -> int:
    """How near a list is to the buyer; `_STANDARD` where it is not for this buyer."""
    customer = whom.customer
    if found.customer_id is not None:
        return _CUSTOMER if customer is not None and found.customer_id == customer.id else _STANDARD
    if found.campaign:
        return _CAMPAIGN if _same(found.campaign, whom.campaign) else _STANDARD
    segment = customer.segment if customer is not None else None
    return _SEGMENT if found.segment and _same(found.segment, segment) else _STANDARD


def _same(one: str, other: str | None) -> bool:
    return other is not None and fold(one.strip()) == fold(other.strip())


def _order(row: Price, found: PriceList | None) -> tuple[object, ...]:
    """What rows of one currency are chosen by: the greatest is taken."""
    own = (row.minimum_quantity, row.valid_from, row.id)
    if found is None:
        return (_STANDARD, row.valid_from.min, "", *own)
    kind = _CUSTOMER if found.customer_id is not None else _CAMPAIGN if found.campaign else _SEGMENT
    return (kind, found.valid_from, found.code, *own)


def _says_the_same(earlier: Price, chosen: Price) -> bool:
    return all(
        getattr(earlier, name) == getattr(chosen, name)
        for name in ("product_id", "currency", "unit_price", "price_list_id", "minimum_quantity")
    )


def _of_row(price: Price, found: PriceList | None) -> dict[str, object]:
    return {
        "id": price.id,
        "version": price.version,
        "unit_price": exact(price.unit_price),
        "currency": price.currency,
        "from": price.valid_from.isoformat(),
        "quantity_from": plain(price.minimum_quantity),
        "list": None if found is None else {"code": found.code, "name": found.name},
    }
