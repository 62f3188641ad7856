"""What products cost the company, for those with the right to margins."""

from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from core.clock import today
from core.errors import AppError
from core.money import CURRENCIES
from crm.session import CrmSession
from crm.tables import Product, ProductCost

_LARGEST = Decimal(10) ** 12 - 1
_PLACES = 4


def cost_rows(session: CrmSession, product: Product) -> list[ProductCost]:
    """Every cost of `product` that the actor may see, by currency, newest first."""
    rows = session.scalars(select(ProductCost).where(ProductCost.product_id == product.id)).all()
    return sorted(rows, key=lambda row: (row.currency, -row.valid_from.toordinal()))


def give(
    session: CrmSession, product: Product, currency: str, unit_cost: Decimal | None, valid_from: date | None
) -> ProductCost:
    """Have a unit of `product` cost the company `unit_cost` in `currency` from `valid_from` on; the cost of that very
    day is corrected. Raises `AppError`: `cost_wrong`, `price_currency_wrong`, `price_day_wrong`; `Forbidden`.
    """
    if unit_cost is None or not _is_cost(unit_cost):
        raise AppError("cost_wrong", 422)
    if currency not in CURRENCIES:
        raise AppError("price_currency_wrong", 422, known=", ".join(CURRENCIES))
    if valid_from is None or valid_from < today():
        raise AppError("price_day_wrong", 422)
    found = [r for r in cost_rows(session, product) if r.currency == currency and r.valid_from == valid_from]
    row = found[0] if found else ProductCost(product_id=product.id, currency=currency, valid_from=valid_from)
    row.unit_cost = unit_cost
    session.add(row)
    session.flush()
    return row


def _is_cost(amount: Decimal) -> bool:
    try:
        return amount.is_finite() and 0 <= amount <= _LARGEST and amount == round(amount, _PLACES)
    except InvalidOperation:
        return False
