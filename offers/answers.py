"""Answers to clarifications, put into the request they were asked about."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from pydantic import BaseModel, ConfigDict

from offers.clarify import quantity_of
from offers.request import Catalogue, LineMatch, OfferRequest, RequestedLine, Understood
from offers.understand import match


class Answer(BaseModel):
    """What the person answered, and which field had been asked about."""

    model_config = ConfigDict(frozen=True)

    field: str
    value: str


class Pending(BaseModel):
    """An offer that waits for answers: the prompt that began it and the answers so far."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    answers: tuple[Answer, ...] = ()
    asked: str


def _number(text: str) -> Decimal | None:
    digits = "".join(c for c in text.replace(",", ".") if c.isdigit() or c in ".-")
    try:
        return Decimal(digits)
    except InvalidOperation:
        return None


def _in_question(field: str, line: LineMatch) -> bool:
    if field == "product":
        return len(line.products) != 1
    quantity = quantity_of(line)
    return len(line.products) == 1 and (
        quantity is None or quantity <= 0 or quantity < line.products[0].minimum_quantity
    )


def _with_line(understood: Understood, field: str, changed: LineMatch) -> Understood:
    lines = list(understood.lines)
    place = next(i for i, line in enumerate(lines) if _in_question(field, line))
    lines[place] = changed
    return replace(understood, lines=tuple(lines))


def apply(understood: Understood, answer: Answer, names: Catalogue) -> Understood:
    """`understood` with one answer put in; unchanged where the answer fits nothing that was asked."""
    if answer.field == "customer":
        found = match(OfferRequest(customer=answer.value), names)
        request = understood.request.model_copy(update={"customer": answer.value})
        return replace(understood, request=request, customers=found.customers)
    open_line = next((line for line in understood.lines if _in_question(answer.field, line)), None)
    if open_line is None:
        return understood
    if answer.field == "product":
        found = match(OfferRequest(lines=(RequestedLine(product=answer.value),)), names)
        products = found.lines[0].products if found.lines else ()
        return _with_line(understood, "product", replace(open_line, products=products))
    if answer.field == "quantity":
        quantity = _number(answer.value)
        if quantity is None:
            return understood
        requested = open_line.requested.model_copy(update={"quantity": quantity})
        return _with_line(understood, "quantity", replace(open_line, requested=requested))
    return understood
