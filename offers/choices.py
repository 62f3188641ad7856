"""What a customer may choose of an offer, and the sums of what was chosen: computed as everything printed is."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.errors import AppError
from core.money import Currency
from crm.tables import OfferLine
from offers.pricing import totals, vat_rows
from offers.sheet import Totals, VatRow


def fixed(lines: Sequence[OfferLine]) -> frozenset[int]:
    """Positions of the lines that are taken whatever is chosen."""
    return frozenset(line.position for line in lines if not line.optional and line.option_group is None)


def groups(lines: Sequence[OfferLine]) -> list[list[OfferLine]]:
    """The groups of which the customer takes one line each, in the order of their first lines."""
    found: dict[str, list[OfferLine]] = {}
    for line in lines:
        if line.option_group is not None:
            found.setdefault(line.option_group, []).append(line)
    return list(found.values())


def offered_first(lines: Sequence[OfferLine]) -> tuple[int, ...]:
    """Positions of the lines that are in the sums before anything is chosen."""
    return tuple(line.position for line in lines if not line.optional)


def settled(lines: Sequence[OfferLine], chosen: Iterable[int]) -> tuple[int, ...]:
    """Positions taken where `chosen` are wanted: those, and what is not for choosing; in order.

    Raises `AppError("choice_invalid")` for a position that is not there, and unless each group has exactly one.
    """
    wanted = {*chosen} | fixed(lines)
    if wanted - {line.position for line in lines}:
        raise AppError("choice_invalid", 422)
    if any(sum(line.position in wanted for line in group) != 1 for group in groups(lines)):
        raise AppError("choice_invalid", 422)
    return tuple(sorted(wanted))


def sums(lines: Sequence[OfferLine], taken: Iterable[int], currency: Currency) -> tuple[tuple[VatRow, ...], Totals]:
    """VAT by rate and totals, in `currency`, of the lines at the positions `taken`."""
    positions = {*taken}
    rows = vat_rows(((line.net, line.vat_percent) for line in lines if line.position in positions), currency)
    return rows, totals(rows)


NOTHING = Totals(Decimal(0), Decimal(0), Decimal(0))
