"""What an offer leaves the company, for those with the right to margins: nobody else gets as much as an empty table."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.money import round_money
from crm.session import CrmSession
from crm.tables import OfferVersion
from offers.currency import as_currency
from offers.limits import unit_costs

_HUNDRED = Decimal(100)
_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Margin:
    """What of `net` is left after `cost`, both in the offer's currency; None where the cost is not known."""

    net: Decimal
    cost: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """Net less cost."""
        return None if self.cost is None else self.net - self.cost

    @property
    def percent(self) -> Decimal | None:
        """What is left, in per cent of net, to one decimal; None where nothing is known or net is zero."""
        if self.left is None or not self.net:
            return None
        return (self.left * _HUNDRED / self.net).quantize(_TENTH, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class LineMargin:
    """The margin of one line; an `optional` one is not in the total."""

    sku: str
    name: str
    optional: bool
    margin: Margin


@dataclass(frozen=True)
class Margins:
    """Margins of a version's lines, and of all that count and whose cost is known; `unknown` are the SKUs of those that
    count and whose cost is not."""

    lines: tuple[LineMargin, ...]
    total: Margin
    unknown: tuple[str, ...]


def may_see(session: CrmSession) -> bool:
    """Whether the actor sees margins."""
    return session.actor.scope("margin", "read") is not None


def margins_of(session: CrmSession, version: OfferVersion) -> Margins | None:
    """The margins of `version` by the costs of the day it was made; None for those without the right to them."""
    if not may_see(session):
        return None
    currency = as_currency(version.currency)
    costs = unit_costs(session, [line.product_id for line in version.lines], currency, version.made_on)
    lines = tuple(
        LineMargin(
            line.sku,
            line.name,
            line.optional,
            Margin(
                line.net,
                round_money(costs[line.product_id] * line.quantity, currency) if line.product_id in costs else None,
            ),
        )
        for line in version.lines
    )
    counted = [line for line in lines if not line.optional]
    known = [line.margin for line in counted if line.margin.cost is not None]
    total = Margin(_sum(each.net for each in known), _sum(each.cost for each in known) if known else None)
    return Margins(lines, total, tuple(line.sku for line in counted if line.margin.cost is None))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
