"""Answers to clarifications, put into the request they were asked about."""

from dataclasses import replace
from decimal import Decimal

from pydantic import BaseModel, ConfigDict

from core.clock import today
from core.language import Language
from offers.clarify import question_about_discount, question_about_quantity
from offers.request import Catalogue, LineMatch, OfferRequest, RequestedLine, Understood
from offers.understand import match, understand, wishes
from offers.understand.lexicon import lexicon
from offers.understand.products import mentions
from offers.understand.tokens import clean, tokenise
from offers.understand.validity import validity
from offers.understand.vocabulary import vocabulary

# A bare answer is read as if the word it answers to stood before it.
_BEFORE: dict[tuple[str, Language], str] = {
    ("validity", "hu"): "érvényes",
    ("validity", "pl"): "ważna",
    ("validity", "en"): "valid",
    ("currency", "hu"): "in",
    ("currency", "pl"): "in",
    ("currency", "en"): "in",
}


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


def number_in(text: str, language: Language) -> Decimal | None:
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
        return _with_discount(understood, number_in(answer.value, language))
    if answer.field in ("validity", "opportunity", "currency", "payment"):
        return replace(understood, request=_with_term(understood.request, answer, language))
    if answer.field == "lines":
        told = understand(answer.value, names, language=language, today=today())
        request = understood.request.model_copy(update={"lines": told.request.lines})
        return replace(understood, request=request, lines=told.lines)
    open_line = next((line for line in understood.lines if _in_question(answer.field, line)), None)
    if open_line is None:
        return understood
    if answer.field == "product":
        found = match(OfferRequest(lines=(RequestedLine(product=answer.value),)), names)
        products = found.lines[0].products if found.lines else ()
        # "Premium, 12" answers what would be asked next as well.
        beside = _quantity_beside(answer.value, names, language) if open_line.requested.quantity is None else None
        requested = open_line.requested.model_copy(update={"quantity": beside or open_line.requested.quantity})
        return _with_line(understood, "product", LineMatch(requested, products))
    if answer.field == "quantity":
        quantity = _quantity_beside(answer.value, names, language) or number_in(answer.value, language)
        if quantity is None:
            return understood
        requested = open_line.requested.model_copy(update={"quantity": quantity})
        return _also_product(_with_line(understood, "quantity", replace(open_line, requested=requested)), answer, names)
    return understood


def _quantity_beside(text: str, names: Catalogue, language: Language) -> Decimal | None:
    """The one number in `text` that is no part of a product's name; None where there is none or several."""
    prompt = tokenise(clean(text), language)
    mentions(prompt, vocabulary(names.products(), lexicon(language)))
    found = [token.value for token in prompt.tokens if token.value is not None and token.free]
    return found[0] if len(found) == 1 else None


def _also_product(understood: Understood, answer: Answer, names: Catalogue) -> Understood:
    """A product named beside the quantity that was asked for, where another line's is open."""
    if not any(_in_question("product", line) for line in understood.lines):
        return understood
    found = match(OfferRequest(lines=(RequestedLine(product=answer.value),)), names).lines[0].products
    if len(found) != 1:
        return understood
    open_line = next(line for line in understood.lines if _in_question("product", line))
    return _with_line(understood, "product", replace(open_line, products=found))


def _with_term(request: OfferRequest, answer: Answer, language: Language) -> OfferRequest:
    """`request` with the term that was asked about; as it was where the answer does not tell one."""
    prompt = tokenise(f"{_BEFORE.get((answer.field, language), '')} {answer.value}", language)
    number = number_in(answer.value, language)
    whole = number is not None and number == int(number) and 0 <= number < 10_000
    if answer.field == "currency":
        return request.model_copy(update={"currency": wishes.currency(prompt) or request.currency})
    if answer.field == "opportunity":
        # Whatever names none leaves it out, as the question says one may.
        return request.model_copy(update={"opportunity": wishes.opportunity(prompt)})
    if answer.field == "payment":
        weeks = any(lexicon(language).inflected("weeks", token.folded) for token in prompt.tokens)
        days = int(number) * (7 if weeks else 1) if number is not None and whole else request.payment_days
        return request.model_copy(update={"payment_days": days})
    told = validity(prompt, today())
    if told.days is None and told.until is None and whole and number is not None:
        return request.model_copy(update={"valid_days": int(number), "valid_until": None})
    if told.days is None and told.until is None:
        return request
    return request.model_copy(update={"valid_days": told.days, "valid_until": told.until})
