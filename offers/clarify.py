"""What is still to be asked before an offer can be made: one question at a time, with its choices."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pydantic import TypeAdapter

from core.errors import say
from core.language import Language
from core.money import plain, print_number
from offers.request import LineMatch, Understood

Field = Literal[
    "customer", "product", "quantity", "discount", "lines", "opportunity", "validity", "currency", "payment"
]

_FIELD: TypeAdapter[Field] = TypeAdapter(Field)
LONGEST_PAYMENT = 365
# Sold by the occasion: asking for it without a number means one.
_OCCASION = "alkalom"
_MOST_CHOICES = 8
MOST_LINES = 200
LARGEST_QUANTITY = Decimal(1_000_000)


@dataclass(frozen=True)
class Choice:
    """One answer to pick: what is shown, and what to send back."""

    label: str
    value: str


@dataclass(frozen=True)
class Clarification:
    """A question to the person, about one field; `choices` may be empty, then they write freely."""

    question: str
    field: Field
    choices: tuple[Choice, ...] = ()


def quantity_of(line: LineMatch) -> Decimal | None:
    """The quantity asked for; 1 where none was given for something sold by the occasion."""
    if line.requested.quantity is None and line.products and line.products[0].unit == _OCCASION:
        return Decimal(1)
    return line.requested.quantity


def _about_customer(understood: Understood, language: Language) -> Clarification | None:
    written = understood.request.customer
    if not understood.customers:
        if written is None:
            return Clarification(say("ask_customer", language), "customer")
        return Clarification(say("unknown_customer", language, written=written), "customer")
    if len(understood.customers) > 1:
        shown = understood.customers[:_MOST_CHOICES]
        choices = tuple(Choice(f"{c.name} ({c.code}{', ' + c.city if c.city else ''})", c.code) for c in shown)
        return Clarification(say("which_customer", language, count=len(understood.customers)), "customer", choices)
    return None


def _about_product(line: LineMatch, language: Language) -> Clarification | None:
    written = line.requested.product
    if not line.products:
        return Clarification(say("unknown_product", language, written=written), "product")
    if len(line.products) > 1:
        shown = line.products[:_MOST_CHOICES]
        choices = tuple(Choice(f"{p.names[language]} ({p.sku})", p.sku) for p in shown)
        return Clarification(say("which_product", language, written=written), "product", choices)
    return None


def question_about_quantity(line: LineMatch, language: Language) -> Clarification | None:
    """What has to be asked about the quantity of a line whose product is known."""
    product = line.products[0]
    name, quantity = product.names[language], quantity_of(line)
    if quantity is None:
        return Clarification(say("ask_quantity", language, product=name), "quantity")
    if quantity <= 0 or quantity > LARGEST_QUANTITY or quantity != round(quantity, 4):
        return Clarification(say("bad_quantity", language, product=name, quantity=plain(quantity)), "quantity")
    if quantity < product.minimum_quantity:
        least = print_number(product.minimum_quantity, language)
        return Clarification(
            say("below_minimum", language, product=name, quantity=print_number(quantity, language), least=least),
            "quantity",
            (Choice(least, plain(product.minimum_quantity)),),
        )
    return None


def question_about_discount(percent: Decimal | None, language: Language) -> Clarification | None:
    """What has to be asked about a discount."""
    if percent is None or (0 <= percent <= 100 and percent == round(percent, 4)):
        return None
    return Clarification(say("bad_discount", language, percent=plain(percent)), "discount")


def first_question(understood: Understood, language: Language) -> Clarification | None:
    """The first thing to ask, in `language`; None when the request is complete and plausible."""
    request = understood.request
    asked = _about_customer(understood, language)
    if asked is not None:
        return asked
    if not understood.lines:
        return Clarification(say("ask_lines", language), "lines")
    if len(understood.lines) > MOST_LINES:
        return Clarification(say("too_many_lines", language, most=MOST_LINES), "lines")
    for line in understood.lines:
        asked = (
            _about_product(line, language)
            or question_about_quantity(line, language)
            or question_about_discount(line.requested.discount_percent, language)
        )
        if asked is not None:
            return asked
    return question_about_discount(request.discount_percent, language) or _about_doubt(understood, language)


def _about_doubt(understood: Understood, language: Language) -> Clarification | None:
    """What the words left open. A discount that was given meanwhile, in answer, settles what was open about it."""
    request = understood.request
    for doubt in understood.doubts:
        settled = (doubt.field == "discount" and request.discount_percent is not None) or (
            doubt.field == "payment" and request.payment_days is not None
        )
        settled = settled or (doubt.field == "currency" and request.currency is not None)
        if not settled:
            return Clarification(say(doubt.code, language, **doubt.values), _FIELD.validate_python(doubt.field))
    days = request.payment_days
    if days is not None and not 0 <= days <= LONGEST_PAYMENT:
        return Clarification(say("bad_payment_days", language, days=days, most=LONGEST_PAYMENT), "payment")
    return None
