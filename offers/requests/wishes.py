"""What a request wishes besides its lines: by when, at what discount, in which currency and language. Wishes are shown
to the person; only they decide."""

from collections.abc import Iterable, Sequence
from datetime import date

from core.language import Language
from core.money import Currency, plain
from offers.requests.places import Place
from offers.requests.recognised import Quote
from offers.requests.texts import sentences
from offers.requests.words import words
from offers.understand import wishes as prompts
from offers.understand.dates import dates
from offers.understand.figures import percents
from offers.understand.tokens import tokenise

_MOST = 5
_LONGEST = 300


def _sentences(places: Iterable[Place]) -> Iterable[tuple[Place, str]]:
    for place in places:
        for sentence in sentences(place.text):
            yield place, sentence


def deadlines(places: Sequence[Place], language: Language, today: date) -> tuple[Quote, ...]:
    """Days named beside a word for deadline, delivery or answer; those in the past are left out."""
    found: dict[str, Quote] = {}
    for place, sentence in _sentences(places):
        prompt = tokenise(sentence, language)
        spoken = {token.folded for token in prompt.tokens}
        for dated in dates(prompt, today):
            if dated.day >= today and (dated.until or spoken & words("due")):
                day = dated.day.isoformat()
                found.setdefault(day, Quote(place=place, words=sentence[:_LONGEST], value=day))
    return tuple(found.values())[:_MOST]


def discounts(places: Sequence[Place], language: Language) -> tuple[Quote, ...]:
    """Discounts asked for outside of tables, in per cent."""
    found = []
    for place, sentence in _sentences(places):
        prompt = tokenise(sentence, language)
        for figure in percents(prompt):
            found.append(Quote(place=place, words=sentence[:_LONGEST], value=plain(figure.value)))
    return tuple(found)[:_MOST]


def wished_currency(places: Sequence[Place], language: Language) -> Currency | None:
    """The currency asked for; None where none or several are."""
    said = {prompts.currency(tokenise(sentence, language)) for _, sentence in _sentences(places)} - {None}
    return next(iter(said)) if len(said) == 1 else None


def wished_language(places: Sequence[Place], language: Language) -> Language | None:
    """The language of the document asked for; None where none or several are."""
    said = {prompts.language(tokenise(sentence, language)) for _, sentence in _sentences(places)} - {None}
    return next(iter(said)) if len(said) == 1 else None
