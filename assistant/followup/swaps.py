"""Putting what a follow-up names into the place of what the message before it named."""

import re
from decimal import Decimal

from assistant.followup.words import group, things
from assistant.live import spans
from core.clock import today
from core.language import LANGUAGES, Language
from core.text import fold, folded_words
from offers.request import Catalogue
from offers.understand import numerals
from offers.understand.layout import layout
from offers.understand.lexicon import lexicon
from offers.understand.products import Mention, mentions, skus
from offers.understand.quantities import counts
from offers.understand.reading import customer
from offers.understand.tokens import Prompt, clean, tokenise
from offers.understand.vocabulary import Vocabulary, vocabulary

_WORD = re.compile(r"[^\W_]+")
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻŐŰ][\w-]+(?:\s+(?:&\s+)?[A-ZÀ-ÖØ-ÞĄĆĘŁŃÓŚŹŻŐŰ][\w-]+)*")
_TRAILING = re.compile(r"[\s?!.…]*$")


def _read(text: str, catalogue: Catalogue, language: Language) -> tuple[Prompt, Vocabulary]:
    return tokenise(clean(text), language), vocabulary(catalogue.products(), lexicon(language))


def _products(text: str, catalogue: Catalogue, language: Language) -> tuple[Prompt, Vocabulary, list[Mention]]:
    """The products `text` names; what belongs to its customer's name ("Green & Hill") is none."""
    prompt, vocab = _read(text, catalogue, language)
    customer(prompt, catalogue, vocab)
    return prompt, vocab, [*skus(prompt, vocab), *mentions(prompt, vocab)]


def _append(text: str, more: str) -> str:
    end = _TRAILING.search(text)
    at = end.start() if end else len(text)
    return f"{text[:at]} {more}{text[at:].rstrip()}"


def number_in(fragment: str, language: Language) -> str | None:
    """The whole number that is all of `fragment`, measures aside, in digits."""
    said = [word for word in folded_words(fragment) if word not in group("measures")]
    if len(said) != 1:
        return None
    for code in (language, *LANGUAGES):
        value = numerals.in_digits(said[0], code) or numerals.in_word(said[0], code)
        if value is not None and value == value.to_integral_value() and value > 0:
            return str(value.quantize(Decimal(1)))
    return None


def with_quantity(before: str, number: str, catalogue: Catalogue, language: Language) -> str | None:
    """`before` with another quantity; None unless it has one product."""
    prompt, vocab, named = _products(before, catalogue, language)
    if len(named) != 1:
        return None
    first = named[0].first
    # "Make an offer for a pen": an article is a number only right before what is offered.
    known = [c for c in counts(prompt, vocab, named, layout(prompt)) if not c.soft or c.index == first - 1]
    if len(known) > 1:
        return None
    if known:
        token = prompt.tokens[known[0].index]
        return prompt.text[: token.start] + number + prompt.text[token.end :]
    start = prompt.tokens[first].start
    return f"{prompt.text[:start]}{number} {prompt.text[start:]}"


def names_customer(fragment: str, catalogue: Catalogue, language: Language) -> bool:
    """Whether all of `fragment` is the name or code of one or more customers the asker may see, or reads like the
    name of one they may not: both are put in alike."""
    prompt, vocab = _read(fragment, catalogue, language)
    found = customer(prompt, catalogue, vocab)
    if found.written is not None and fold(found.written).strip(" .") == fold(fragment).strip(" ."):
        return True
    if [*skus(prompt, vocab), *mentions(prompt, vocab)]:
        return False
    return all(token.capital or token.kind != "word" for token in prompt.tokens) and any(
        token.kind == "word" for token in prompt.tokens
    )


def with_customer(before: str, name: str, catalogue: Catalogue, language: Language) -> str:
    """`before` about the customer `name` instead of the one it names; `name` is added where it names none."""
    prompt, vocab = _read(before, catalogue, language)
    found = customer(prompt, catalogue, vocab)
    written = found.written if found.written and found.written in prompt.text else capital_run(prompt.text)
    if written is None:
        return _append(before, f"({name})")
    at = prompt.text.index(written)
    rest = prompt.text[at + len(written) :]
    # An ending behind the old name ("Kft.-nél") goes with it: the new one is as its writer bent it.
    rest = re.sub(r"^\.?(-\w+)?", "", rest) if rest.startswith((".-", "-")) else rest
    return prompt.text[:at] + name + rest


def capital_run(text: str) -> str | None:
    """The last words of `text` with capitals inside a sentence: a name that fits nobody is still who was meant."""
    found = None
    for run in _CAPITALS.finditer(text):
        if run.start() and text[: run.start()].rstrip()[-1:] not in ".?!":
            found = run.group()
    return found


def about_customer(message: str, code: str) -> str:
    """`message`, which names nobody, about the customer `code`."""
    return _append(message, f"({code})")


def is_time(fragment: str, language: Language) -> bool:
    """Whether `fragment` is a stretch of time and nothing else, as live questions read one."""
    said = folded_words(fragment)
    places = spans.read(fragment, said, language, today(), ahead=False).places
    small = group("small", language)
    return bool(places) and all(word in small for at, word in enumerate(said) if at not in places)


def with_time(before: str, time: str, language: Language) -> str:
    """`before` about another stretch of time; `time` is added where it names none."""
    cleaned = clean(before)
    places = list(_WORD.finditer(cleaned))
    told = spans.read(cleaned, [fold(place.group()) for place in places], language, today(), ahead=False).places
    if not told:
        return _append(before, time)
    at, last = min(told), places[max(told)]
    small = group("small", language)
    while at and folded_words(time)[0] in small and fold(places[at - 1].group()) in small:
        # The new time brings its own "in".
        at -= 1
    return cleaned[: places[at].start()] + time + cleaned[last.end() :]


def product_in(fragment: str, catalogue: Catalogue, language: Language) -> bool:
    """Whether `fragment` names one product and little else."""
    prompt, vocab = _read(fragment, catalogue, language)
    named = [*skus(prompt, vocab), *mentions(prompt, vocab)]
    return len(named) == 1 and named[0].last - named[0].first + 1 >= len(prompt.tokens) - 1


def with_product(before: str, product: str, catalogue: Catalogue, language: Language) -> str | None:
    """`before` about another product; None unless it has one."""
    prompt, _, named = _products(before, catalogue, language)
    if len(named) != 1:
        return None
    first, last = prompt.tokens[named[0].first], prompt.tokens[named[0].last]
    return prompt.text[: first.start] + product + prompt.text[last.end :]


def thing_in(fragment: str) -> str | None:
    """The thing of the CRM that `fragment` names, small words aside."""
    said = [word for word in folded_words(fragment) if word not in group("small")]
    named = [name for word in said for name, starts in things().items() if word.startswith(starts)]
    return named[0] if len(said) == len(named) == 1 else None


def with_thing(before: str, fragment: str) -> str | None:
    """`before` asked of the thing in `fragment` instead of its own; None where it is not clear which one that is.

    Of several things the customer stays: "the tasks of this customer" are tasks.
    """
    found = [
        (place, name)
        for place in _WORD.finditer(before)
        for name, starts in things().items()
        if fold(place.group()).startswith(starts)
    ]
    new = thing_in(fragment)
    others = [(place, name) for place, name in found if name != "customer"] or found
    if len(others) != 1 or new is None or others[0][1] == new:
        return None
    place = others[0][0]
    start = place.start()
    # An article belongs to its noun: "a customer", "an offer".
    article = re.search(r"\b(an?|the|az?)\s+$", before[:start], re.IGNORECASE)
    word = fragment if article is None or " " not in fragment else _bare(fragment)
    kept = before[:start]
    if article is not None and article.group(1).lower() in ("a", "an") and word == fragment:
        kept = kept[: article.start(1)] + _article(article.group(1), fragment) + " "
    return kept + word + before[place.end() :]


def _bare(fragment: str) -> str:
    return fragment.split()[-1]


def _article(written: str, noun: str) -> str:
    if written.lower() not in ("a", "an"):
        return written
    return "an" if fold(noun)[:1] in "aeiou" else "a"
