"""What a level may offer alone: limits on discounts and margins, by product category, and what an offer is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from sqlalchemy import select

from core.clock import today
from core.money import CURRENCIES, Currency, plain
from crm import exchange
from crm.company import company
from crm.session import CrmSession
from crm.tables import ApprovalLimit, Product, ProductCost, table_of
from offers.currency import as_currency
from offers.warnings import Warned, warned

_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Offered:
    """A line as limits see it: whose category, how much off, what it comes to and what it costs the company;
    `optional` and `option_group` as in `OfferLine`."""

    category: str
    discount_percent: Decimal
    net: Decimal
    cost: Decimal | None
    optional: bool = False
    option_group: str | None = None


@dataclass(frozen=True)
class Limits:
    """The limits of one level, by category; the empty one is for all products without one of their own."""

    discounts: Mapping[str, Decimal]
    margins: Mapping[str, Decimal]

    def discount(self, category: str) -> Decimal:
        """The highest discount, in per cent, on products of `category`."""
        return self.discounts.get(category, self.discounts[""])


def limits_of(session: CrmSession, role: str) -> Limits:
    """The limits of level `role`: its own rows, over the company's discount limit."""
    rows = session.scalars(select(ApprovalLimit).where(ApprovalLimit.role_code == role)).all()
    discounts = {row.category: row.discount_percent for row in rows if row.discount_percent is not None}
    margins = {row.category: row.margin_percent for row in rows if row.margin_percent is not None}
    return Limits({"": company(session).discount_limit(role), **discounts}, margins)


def unit_costs(
    session: CrmSession, product_ids: Sequence[int], currency: Currency, day: date | None = None
) -> dict[int, Decimal]:
    """What a unit of each product costs on `day` (today), in `currency`; those whose cost nobody gave are left out.

    A cost in another currency is converted by the exchange rate an administrator gave, not rounded, for it is no amount
    that is printed; without a rate it is left out. Reads below the rights to margins: limits hold for those who may not
    see what they are computed from.
    """
    day, costs = day or today(), table_of(ProductCost)
    query = (
        select(costs.c.product_id, costs.c.currency, costs.c.unit_cost)
        .where(costs.c.product_id.in_(product_ids), costs.c.valid_from <= day)
        .order_by(costs.c.valid_from)
    )
    given = {(row[0], row[1]): row[2] for row in session.connection().execute(query)}
    found = {product: cost for (product, code), cost in given.items() if code == currency}
    for own in CURRENCIES:
        meant = {product: cost for (product, code), cost in given.items() if code == own and product not in found}
        rate = exchange.rate_on(session, own, currency, day) if meant else None
        if rate is not None:
            found |= {product: exchange.times(cost, rate, currency) for product, cost in meant.items()}
    return found


class Line(Protocol):
    """What limits need of a line, stored or not yet."""

    @property
    def product(self) -> Product:
        """What is offered."""
        ...

    @property
    def quantity(self) -> Decimal:
        """How much of it."""
        ...

    @property
    def discount_percent(self) -> Decimal:
        """How much off."""
        ...

    @property
    def net(self) -> Decimal:
        """What it comes to."""
        ...

    @property
    def optional(self) -> bool:
        """Whether the customer may leave it."""
        ...

    @property
    def option_group(self) -> str | None:
        """The choice it is one of."""
        ...


def offered(session: CrmSession, lines: Sequence[Line], currency: str) -> list[Offered]:
    """`lines` as limits see them; an optional one may be taken, so it counts."""
    costs = unit_costs(session, [line.product.id for line in lines], as_currency(currency))
    return [
        Offered(
            line.product.category or "",
            line.discount_percent,
            line.net,
            costs[line.product.id] * line.quantity if line.product.id in costs else None,
            line.optional,
            line.option_group,
        )
        for line in lines
    ]


def over(limits: Limits, lines: Sequence[Offered]) -> list[Warned]:
    """The limits that `lines` are over, one warning for each; none says what anything costs the company."""
    found: list[Warned] = []
    for category in sorted({line.category for line in lines}):
        highest = max(line.discount_percent for line in lines if line.category == category)
        limit = limits.discount(category)
        if highest > limit and category in limits.discounts and category:
            found.append(warned("warn_over_category", percent=plain(highest), limit=plain(limit), category=category))
    others = [line.discount_percent for line in lines if not line.category or line.category not in limits.discounts]
    highest = max(others, default=Decimal(0))
    if highest > limits.discount(""):
        found.insert(0, warned("warn_over_limit", percent=plain(highest), limit=plain(limits.discount(""))))
    for category, least in sorted(limits.margins.items()):
        meant = [line for line in lines if not category or line.category == category]
        if _below(meant, least):
            found.append(warned("warn_low_margin", category=category) if category else warned("warn_low_margins"))
    return found


def _below(lines: Sequence[Offered], least: Decimal) -> bool:
    """Whether less than `least` per cent of the net of `lines` may be left, whatever the customer chooses of them: an
    optional line counts only where it leaves less, of one group the line that leaves the least. Lines of unknown cost
    are left out."""
    spare = Decimal(0)
    choices: dict[str, Decimal] = {}
    for line in lines:
        over_least = Decimal(0) if line.cost is None else (line.net - line.cost) * _HUNDRED - least * line.net
        if line.option_group is not None:
            choices[line.option_group] = min(over_least, choices.get(line.option_group, over_least))
        else:
            spare += min(over_least, Decimal(0)) if line.optional else over_least
    return spare + sum(choices.values(), Decimal(0)) < 0
