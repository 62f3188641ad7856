"""Which lines of an offer somebody's words mean."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.language import Language
from core.money import print_number
from crm import catalogue
from crm.tables import OfferLine
from offers.clarify import Choice
from offers.names import product_name
from offers.request import Catalogue, CustomerName, OfferRequest, ProductName, RequestedLine
from offers.understand import match

_MOST_CHOICES = 8


@dataclass(frozen=True)
class Meant:
    """Places of lines, counted from 1. `sure` where the words fit what is offered better than anything else on sale;
    else the lines are what may have been meant."""

    places: tuple[int, ...]
    sure: bool


@dataclass(frozen=True)
class _Offered:
    """The products of an offer alone, on sale still or not."""

    lines: tuple[ProductName, ...]

    def products(self) -> tuple[ProductName, ...]:
        """Those of the lines."""
        return self.lines

    def customers_like(self, stems: tuple[str, ...]) -> tuple[CustomerName, ...]:
        """None: no customer is looked for."""
        return ()

    def customer_by_code(self, code: str) -> CustomerName | None:
        """None."""
        return None

    def customer_by_tax_number(self, digits: str) -> CustomerName | None:
        """None."""
        return None


def lines_meant(written: str, lines: Sequence[OfferLine], names: Catalogue, language: Language) -> Meant:
    """The lines of `lines` (as the offer has them, products loaded) that `written` names.

    Words that name a product on sale which is not offered are no sure name of one that is.
    """
    asked = OfferRequest(lines=(RequestedLine(product=written),))
    found = match(asked, names, language=language)
    known = {product.sku for product in found.lines[0].products} if found.lines else set()
    places = tuple(place for place, line in enumerate(lines, start=1) if line.sku in known)
    if places:
        return Meant(places, True)
    own = _Offered(tuple({line.sku: product_name(line.product) for line in lines}.values()))
    near = {product.sku for product in match(asked, own, language=language).lines[0].products}
    return Meant(tuple(place for place, line in enumerate(lines, start=1) if line.sku in near), not known)


def choices_of(places: Sequence[int], lines: Sequence[OfferLine], reader: Language) -> tuple[Choice, ...]:
    """The lines at `places` to pick from; the value is the SKU where only one line has it, else `#place`."""
    skus = [line.sku for line in lines]
    return tuple(
        Choice(
            f"{place}. {catalogue.name_of(lines[place - 1].product, reader)}"
            f" × {print_number(lines[place - 1].quantity, reader)}",
            skus[place - 1] if skus.count(skus[place - 1]) == 1 else f"#{place}",
        )
        for place in places[:_MOST_CHOICES]
    )


def place_of(value: str, lines: Sequence[OfferLine]) -> int | None:
    """The place a choice's value means."""
    if value.startswith("#") and value[1:].isdigit() and 1 <= int(value[1:]) <= len(lines):
        return int(value[1:])
    found = [place for place, line in enumerate(lines, start=1) if line.sku.casefold() == value.strip().casefold()]
    return found[0] if len(found) == 1 else None
