"""Answers to clarifications, put into the request they were asked about."""

from dataclasses import replace
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from core.language import Language
from offers.clarify import question_about_discount, question_about_quantity
from offers.request import Catalogue, LineMatch, OfferRequest, RequestedLine, Understood
from offers.understand import match
from offers.understand.tokens import clean, tokenise


class Answer(BaseModel):
    """What the person answered, and which field had been asked about."""

    model_config = ConfigDict(frozen=True)

    field: str
    value: str


class Pending(BaseModel):
    """An offer that waits for answers: the prompt that began it, the language it is read in, the answers so far."""

    model_config = ConfigDict(frozen=True)

    prompt: str
    language: Language
    answers: tuple[Answer, ...] = ()
    asked: str


def _number(text: str, language: Language) -> Decimal | None:
    """The number in an answer; None where it has none or several, for then it would be a guess."""
    found = [token.value for token in tokenise(clean(text), language).tokens if token.value is not None]
    return found[0] if len(found) == 1 else None


def _in_question(field: str, line: LineMatch) -> bool:
    if field == "product":
        return len(line.products) != 1
    return len(line.products) == 1 and question_about_quantity(line, "en") is not None


def _with_line(understood: Understood, field: str, changed: LineMatch) -> Understood:
    lines = list(understood.lines)
    place = next(i for i, line in enumerate(lines) if _in_question(field, line))
    lines[place] = changed
    return replace(understood, lines=tuple(lines))


def _with_discount(understood: Understood, percent: Decimal | None) -> Understood:
    """`percent` in the place of the discount that was asked about: that of a line, else that of all."""
    if percent is None:
        return understood
    for place, line in enumerate(understood.lines):
        if question_about_discount(line.requested.discount_percent, "en") is not None:
            lines = list(understood.lines)
            requested = line.requested.model_copy(update={"discount_percent": percent})
            lines[place] = replace(line, requested=requested)
            return replace(understood, lines=tuple(lines))
    request = understood.request.model_copy(update={"discount_percent": percent})
    return replace(understood, request=request)


def apply(understood: Understood, answer: Answer, names: Catalogue, language: Language) -> Understood:
    """`understood` with one answer, read in `language`, put in; unchanged where it fits nothing that was asked."""
    if answer.field == "customer":
        found = match(OfferRequest(customer=answer.value), names)
        request = understood.request.model_copy(update={"customer": answer.value})
        return replace(understood, request=request, customers=found.customers)
    if answer.field == "discount":
        return _with_discount(understood, _number(answer.value, language))
    open_line = next((line for line in understood.lines if _in_question(answer.field, line)), None)
    if open_line is None:
        return understood
    if answer.field == "product":
        found = match(OfferRequest(lines=(RequestedLine(product=answer.value),)), names)
        products = found.lines[0].products if found.lines else ()
        return _with_line(understood, "product", replace(open_line, products=products))
    if answer.field == "quantity":
        quantity = _number(answer.value, language)
        if quantity is None:
            return understood
        requested = open_line.requested.model_copy(update={"quantity": quantity})
        return _with_line(understood, "quantity", replace(open_line, requested=requested))
    return understood
