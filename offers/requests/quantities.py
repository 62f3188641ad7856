"""How many of it: a number and a unit as people write them into a cell."""

from dataclasses import dataclass
from decimal import Decimal

from core.language import Language
from core.money import plain
from core.text import fold
from offers.clarify import LARGEST_QUANTITY
from offers.request import ProductName
from offers.requests.recognised import Doubt
from offers.requests.words import unit_of, words
from offers.understand.numerals import in_digits
from offers.understand.tokens import tokenise

_LONGEST = 80
_PLACES = 4


@dataclass(frozen=True)
class Amount:
    """A quantity as written, None where there is none to be sure of; `unit` as written."""

    number: Decimal | None
    unit: str = ""
    doubts: tuple[Doubt, ...] = ()


def amount(text: str, unit: str, language: Language) -> Amount:
    """The quantity in `text` ("10", "10 db", "12,5 kg", "tíz darab"), with the `unit` of a column of its own."""
    prompt = tokenise(text[:_LONGEST], language)
    numbers = [token for token in prompt.tokens if token.value is not None]
    said = next((t.text for t in prompt.tokens if t.kind == "word" and t.value is None and unit_of(t.folded)), "")
    doubts: list[Doubt] = []
    if any(token.folded in words("about") or token.text == "~" for token in prompt.tokens):
        doubts.append("about")
    if any(token.kind == "date" for token in prompt.tokens) or len(numbers) > 1:
        return Amount(None, unit.strip() or said, ("several_numbers",))
    if not numbers:
        return Amount(None, unit.strip() or said, ("no_quantity",))
    if said and unit.strip() and unit_of(said) != unit_of(unit):
        doubts.append("unit")
    number = numbers[0].value
    assert number is not None
    return Amount(number, unit.strip() or said, tuple(doubts))


def is_amount(text: str, language: Language) -> bool:
    """Whether `text` is a number, with nothing but a unit beside it."""
    prompt = tokenise(text[:_LONGEST], language)
    numbers = [t for t in prompt.tokens if t.value is not None and t.kind == "number"]
    others = [t for t in prompt.tokens if t.value is None and t.kind != "mark"]
    return len(numbers) == 1 and len(text) <= _LONGEST and all(unit_of(t.folded) for t in others)


def decimal_of(text: str, language: Language) -> str | None:
    """The one number in a cell such as a price or per cents, as a plain decimal; None where there is not one."""
    numbers = [t.value for t in tokenise(text[:_LONGEST], language).tokens if t.value is not None]
    return plain(numbers[0]) if len(numbers) == 1 and numbers[0] is not None else None


def doubts_about(number: Decimal | None, unit: str, product: ProductName) -> list[Doubt]:
    """What is wrong with so many of `product`: a quantity that cannot be offered, or another unit than its own."""
    doubts: list[Doubt] = []
    if number is not None and not (0 < number <= LARGEST_QUANTITY and number == round(number, _PLACES)):
        doubts.append("quantity_wrong")
    elif number is not None and number < product.minimum_quantity:
        doubts.append("below_minimum")
    if unit and unit_of(unit) != unit_of(product.unit):
        doubts.append("unit")
    return doubts


def number_of(text: str, language: Language) -> Decimal | None:
    """A number as a person types it into a field; None for what is none."""
    written = text.strip()
    if not written or len(written) > _LONGEST or not all(c.isdigit() or c in ".,  " for c in fold(written)):
        return None
    return in_digits(written.replace(" ", " "), language)
