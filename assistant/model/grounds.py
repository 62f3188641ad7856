"""Whether an offer request that a model gave says only what the person wrote."""

import re
from collections.abc import Callable
from decimal import Decimal

from assistant.model import figures
from assistant.model.contract import ModelFault
from assistant.model.terms import terms_said
from core.language import Language
from core.money import Currency
from core.text import fold, folded_words
from offers.request import OfferRequest, RequestedLine

StandsIn = Callable[[Decimal, str], bool]

_CURRENCY_WORDS: dict[Currency, tuple[str, ...]] = {
    "HUF": ("huf", "ft", "forint"),
    "EUR": ("eur", "€"),
    "PLN": ("pln", "zl", "zlot"),
}
_LANGUAGE_WORDS: dict[Language, tuple[str, ...]] = {
    "hu": ("magyar", "hungar", "wegier", "hu"),
    "pl": ("lengyel", "polsk", "polish", "pl"),
    "en": ("angol", "angiel", "english", "en"),
}
_STEM = 3
_CODE = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)+")


def in_digits(number: Decimal, text: str) -> bool:
    """True if `number` stands in `text` in digits, grouped and pointed in any of our languages' ways."""
    return times_in_digits(number, text) > 0


def times_in_digits(number: Decimal, text: str) -> int:
    """How often `number` stands in `text` in digits: as a whole number, or as a part of a date or a time of day."""
    days, rest = figures.dates(figures.plain(text))
    moments, rest = figures.times(rest)
    parts = [part for moment in (*days, *moments) for part in moment]
    written = [{figures.value(run), figures.decimal(run)} for run in figures.runs(rest)]
    return parts.count(int(number)) * (number == int(number)) + sum(number in read for read in written)


def grounded(request: OfferRequest, prompt: str, stands_in: StandsIn | None) -> OfferRequest:
    """`request` less the wishes nobody uttered. A currency, language, opportunity, option or text of terms that the
    prompt does not have is dropped, for a model likes to fill every field.

    Raises `ModelFault` ("nonsense") for a number, customer or product from nowhere: then nothing else in it
    can be relied on either.
    """
    stands = stands_in or in_digits
    numbers: list[Decimal | None] = [request.discount_percent, *(n for line in request.lines for n in _numbers(line))]
    if request.valid_days is not None:
        numbers.append(Decimal(request.valid_days))
    if request.payment_days is not None:
        numbers.append(Decimal(request.payment_days))
    if request.valid_until is not None:
        numbers.append(Decimal(request.valid_until.day))
    for number in numbers:
        if number is not None and not stands(number, prompt):
            raise ModelFault("nonsense", "a number that nobody wrote")
    if _shared(request, prompt):
        raise ModelFault("nonsense", "one number used for two things")
    for name in (request.customer, *(line.product for line in request.lines)):
        if name is not None and not named(name, prompt):
            raise ModelFault("nonsense", "a name that nobody wrote")
    if _said_once_too_often([line.product for line in request.lines], prompt):
        raise ModelFault("nonsense", "a product twice that was named once")
    if request.customer is None and not request.lines:
        raise ModelFault("nonsense", "nothing was read")
    folded = fold(prompt)
    words = folded_words(prompt)
    dropped: dict[str, None] = {}
    if request.currency and not _said(_CURRENCY_WORDS[request.currency], folded, words):
        dropped["currency"] = None
    if request.language and not _named_language(request.language, words):
        dropped["language"] = None
    if request.opportunity and fold(request.opportunity).strip() not in folded:
        dropped["opportunity"] = None
    return terms_said(request.model_copy(update=dropped), prompt)


def _shared(request: OfferRequest, prompt: str) -> bool:
    """True if a number said once serves for different things, as when the days of validity become a quantity too.

    The same number as the quantity of several lines is fine: "5-5 desks and chairs".
    """
    uses: dict[Decimal, set[str]] = {}
    for line in request.lines:
        for use, number in zip(("quantity", "line discount", "price"), _numbers(line), strict=True):
            uses.setdefault(number or Decimal(0), set()).add(use)
    wholes = (
        ("discount", request.discount_percent),
        ("days", request.valid_days),
        ("payment", request.payment_days),
    )
    for use, whole in wholes:
        uses.setdefault(Decimal(whole or 0), set()).add(use)
    return any(len(uses[n]) > max(1, times_in_digits(n, prompt)) for n in uses if n)


def _numbers(line: RequestedLine) -> tuple[Decimal | None, ...]:
    return line.quantity, line.discount_percent, line.named_price


def _said(beginnings: tuple[str, ...], folded: str, words: list[str]) -> bool:
    return any(word.startswith(b) for b in beginnings for word in words) or ("€" in beginnings and "€" in folded)


def _named_language(language: Language, words: list[str]) -> bool:
    """True if a word for the language is there; its two-letter code counts only as a word of its own."""
    return any(word == w or (len(w) > 2 and word.startswith(w)) for w in _LANGUAGE_WORDS[language] for word in words)


def _said_once_too_often(names: list[str], prompt: str) -> bool:
    """True if a product fills more lines than the prompt names it times: a small model repeats a line for the next."""
    spoken = folded_words(prompt)
    for name in set(names):
        first = (folded_words(name) or [""])[0]
        if names.count(name) > sum(word.startswith(_stem(first)) for word in spoken):
            return True
    return False


def named(name: str, prompt: str) -> bool:
    """True if at least half of the words of `name` stand in `prompt`, endings aside; of a code all of it."""
    spoken = folded_words(prompt)
    words = folded_words(name)
    if _CODE.fullmatch(name.strip()):
        # Half of a SKU is another product's.
        return " ".join(words) in " ".join(spoken)
    heard = [word for word in words if any(s.startswith(_stem(word)) for s in spoken)]
    return bool(words) and 2 * len(heard) >= len(words)


def _stem(word: str) -> str:
    """The part of a word that its case endings leave alone."""
    return word if word.isdigit() or len(word) <= _STEM else word[: max(_STEM, len(word) - 3)]
