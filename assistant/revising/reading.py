"""What a message wants changed of an offer, read by code: only what is surely understood, word by word."""

import re
from dataclasses import dataclass
from datetime import date

from assistant.followup.words import opened, wanted_language
from assistant.revising.clauses import Message, clauses, message
from assistant.revising.lexicon import find
from assistant.revising.texts import free_texts
from assistant.revising.wishing import wishes_of
from core.language import LANGUAGES, Language
from core.text import folded_words
from offers.request import Catalogue
from offers.understand.reading import customer
from offers.understand.wishes import currency
from offers.understand.wishes import language as wished_language
from offers.wishes import CopyFor, Reprice, SetCurrency, SetLanguage, Undo, Wish

NUMBER = re.compile(r"\b[A-Z0-9]{1,8}-\d{4}-\d{4,6}\b", re.IGNORECASE)
LONGEST = 600
_OFFER = ("ajanlat", "arajanlat", "ofert", "offer", "quote")
_MOST_WISHES = 30
_WITHOUT = re.compile(r"\bn[eé]lk[uü]l\b", re.IGNORECASE)


@dataclass(frozen=True)
class Read:
    """What was read in words of `language`. `whole` where every word was understood; `orders` where a word says that
    something is to be changed, not only what; `customers` are codes of customers named, for whom a copy is not
    asked."""

    language: Language
    wishes: tuple[Wish, ...] = ()
    whole: bool = False
    orders: bool = False
    customers: tuple[str, ...] = ()


def read(text: str, expected: Language, catalogue: Catalogue, today: date) -> Read:
    """What `text` wants, read in the `expected` language first; short messages do not show which one they are in."""
    first = Read(expected)
    for language in (expected, *(code for code in LANGUAGES if code != expected)):
        found = _read(text[:LONGEST], language, catalogue, today)
        if found.whole and found.wishes:
            return found
        if len(found.wishes) > len(first.wishes) or (found.orders and not first.orders):
            first = found
    return Read(first.language, first.wishes, False, first.orders, first.customers)


def _read(text: str, language: Language, catalogue: Catalogue, today: date) -> Read:
    plain, texts = free_texts(NUMBER.sub(" ", text), language)
    # "Szék nélkül": in the words of a request this says no product ("szállítás nélkül"), here it leaves one out.
    plain = _WITHOUT.sub("hagyd ki", plain) if language == "hu" else plain
    words = folded_words(plain)
    undone = find("undo", words, language)
    if undone and not texts and _only(words, undone, language):
        return Read(language, (Undo(),), True, True)
    wanted = wanted_language(plain)
    if wanted is not None and not texts:
        # "Make it English" orders; "in English" may be about anything that was just said.
        ordered = bool(find("set", words, language)) or any(word.startswith(_OFFER) for word in words)
        return Read(language, (SetLanguage(language=wanted),), True, ordered)
    said = message(plain, language, catalogue)
    wishes: list[Wish] = list(texts)
    spoken, money = wished_language(said.prompt), currency(said.prompt)
    repriced = _reprice(said)
    if repriced:
        wishes.append(Reprice())
    copied = _copied(said, plain, language, catalogue)
    others: tuple[str, ...] = ()
    if copied is not None:
        wishes.append(copied)
    else:
        found = customer(said.prompt, catalogue, said.vocab)
        others = tuple(c.code for c in found.customers) or (("?",) if found.written else ())
    if spoken is not None:
        wishes.append(SetLanguage(language=spoken))
    if money is not None:
        wishes.append(SetCurrency(currency=money))
    parts = clauses(said, today)
    done = wishes_of(said, parts, today)
    wishes += done.wishes
    passed = bool(wishes) and len(wishes) <= _MOST_WISHES and done.whole
    return Read(
        language, tuple(wishes), passed, done.orders or bool(texts or repriced or copied or spoken or money), others
    )


def _only(words: list[str], spans: tuple[tuple[int, int], ...], language: Language) -> bool:
    inside = {at for first, last in spans for at in range(first, last + 1)}
    fill = {at for first, last in find("fill", words, language) for at in range(first, last + 1)}
    return all(at in inside | fill for at in range(len(words)))


def _reprice(said: Message) -> bool:
    """Whether the prices of today are asked for; the words are claimed."""
    places = [i for i, token in enumerate(said.prompt.tokens) if token.free and token.kind == "word"]
    spans = find("reprice", [said.prompt.tokens[i].folded for i in places], said.language)
    for first, last in spans:
        said.prompt.claim(places[first : last + 1], "reprice")
    return bool(spans)


def _copied(said: Message, plain: str, language: Language, catalogue: Catalogue) -> CopyFor | None:
    """Whom the same is asked for: "the same for Green & Hill", or "and for Green & Hill?"."""
    places = [i for i, token in enumerate(said.prompt.tokens) if token.free and token.kind == "word"]
    spans = find("same", [said.prompt.tokens[i].folded for i in places], language)
    opening = opened(plain, language)
    if not spans and (opening is None or opening.language != language):
        return None
    found = customer(said.prompt, catalogue, said.vocab)
    if found.written is None:
        return None
    for first, last in spans:
        said.prompt.claim(places[first : last + 1], "same")
    return CopyFor(customer=found.customers[0].code if len(found.customers) == 1 else found.written)
