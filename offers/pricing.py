"""The arithmetic of an offer. Every amount that is printed is computed here, in exact decimals."""

from collections.abc import Iterable
from decimal import Decimal, localcontext

from core.money import Currency, round_money
from offers.sheet import Totals, VatRow

_HUNDRED = Decimal(100)


def line_net(quantity: Decimal, unit_price: Decimal, discount_percent: Decimal, currency: Currency) -> Decimal:
    """quantity x list price x (1 - discount / 100), rounded half up to the currency's minor unit."""
    with localcontext() as context:
        context.prec = 60
        return round_money(quantity * unit_price * (_HUNDRED - discount_percent) / _HUNDRED, currency)


def vat_rows(lines: Iterable[tuple[Decimal, Decimal]], currency: Currency) -> tuple[VatRow, ...]:
    """VAT by rate, highest rate first, from (line net, VAT per cent) pairs: per rate on the sum of its
    line nets, rounded half up, not line by line (Act CXXVII of 2007 allows either; the sum leaves less rounding)."""
    nets: dict[Decimal, Decimal] = {}
    for net, percent in lines:
        nets[percent] = nets.get(percent, Decimal(0)) + net
    return tuple(
        VatRow(percent, net, round_money(net * percent / _HUNDRED, currency))
        for percent, net in sorted(nets.items(), reverse=True)
    )


def totals(rows: Iterable[VatRow]) -> Totals:
    """Net and VAT summed over the rates; gross is their sum."""
    rows = tuple(rows)
    net = sum((row.net for row in rows), Decimal(0))
    vat = sum((row.vat for row in rows), Decimal(0))
    return Totals(net, vat, net + vat)
