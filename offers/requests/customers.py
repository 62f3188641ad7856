"""Whom a request is from: by tax number, address of a contact, or name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.language import Language
from core.text import fold, folded_words
from offers.request import Catalogue, CustomerName
from offers.requests.places import Place
from offers.requests.recognised import Quote, Sureness, Whose
from offers.requests.words import words
from offers.understand.customers import find_customer
from offers.understand.legal import legal_form_at
from offers.understand.tokens import tokenise
from offers.understand.vocabulary import Vocabulary

_EMAIL = re.compile(r"[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63}){1,5})")
_TAX = re.compile(r"\b\d{8}-\d-\d{2}\b|\b\d{3}-\d{3}-\d{2}-\d{2}\b|\b\d{3}-\d{2}-\d{2}-\d{3}\b|\b[A-Z]{2} ?\d{8,12}\b")
_SAID_TAX = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,30})[^\w\n]{0,4}(?:number|no|szám|ID)?[^\w\n]{0,4}(\d[\d -]{6,14}\d)")
_SEGMENT = re.compile(r"[,;|:()\t]| [-–—] ")
_MOST_LOOKUPS = 30
_MOST_CHOICES = 8
_LONGEST_NAME = 90


class Addresses(Protocol):
    """Customers by the e-mail addresses of their contacts, among those the asker may see."""

    def customers_by_email(self, address: str) -> tuple[CustomerName, ...]:
        """Those with a contact of this address, letter case aside."""
        ...

    def customers_by_domain(self, domain: str) -> tuple[CustomerName, ...]:
        """Those with a contact whose address ends in `@domain`; at most 20."""
        ...


class People(Catalogue, Addresses, Protocol):
    """All names a request is matched with."""


@dataclass(frozen=True)
class _Sign:
    quote: Quote
    customers: tuple[CustomerName, ...]
    strong: bool


def whose(places: Sequence[Place], names: People, vocab: Vocabulary, language: Language) -> Whose:
    """The customer that `places` speak of.

    Sure is one customer whom a tax number, a contact's address or the whole name says, where nothing else of that kind
    says another.
    """
    signs = [*_by_tax_number(places, names), *_by_address(places, names), *_by_name(places, names, vocab, language)]
    strong = _customers(sign for sign in signs if sign.strong)
    every = {**strong, **_customers(signs)}
    quote = next((s.quote for s in signs if s.strong and s.customers), None)
    quote = quote or next((s.quote for s in signs if s.customers), None) or next((s.quote for s in signs), None)
    sure: Sureness = "sure" if len(strong) == 1 else "unsure" if every else "unknown"
    codes = tuple(every)[:_MOST_CHOICES]
    return Whose(sure=sure, codes=codes[:1] if sure == "sure" else codes, quote=quote)


def _customers(signs: Iterator[_Sign] | list[_Sign]) -> dict[str, CustomerName]:
    return {customer.code: customer for sign in signs for customer in sign.customers}


def _by_tax_number(places: Sequence[Place], names: People) -> Iterator[_Sign]:
    looked: set[str] = set()
    for place in places:
        text = place.text
        said = [m.group(2) for m in _SAID_TAX.finditer(text) if fold(m.group(1)) in words("tax")]
        for written in (*_TAX.findall(text), *said):
            if written in looked or len(looked) >= _MOST_LOOKUPS:
                continue
            looked.add(written)
            key = re.sub(r"\W", "", written)
            found = names.customer_by_tax_number(key)
            if found is None and key[:2].isalpha():
                found = names.customer_by_tax_number(key[2:])
            if found is not None:
                yield _Sign(Quote(place=place, words=written.strip()), (found,), strong=True)


def _by_address(places: Sequence[Place], names: People) -> Iterator[_Sign]:
    looked: set[str] = set()
    for place in places:
        for match in _EMAIL.finditer(place.text):
            address, domain = match.group().lower(), match.group(1).lower()
            if address in looked or len(looked) >= _MOST_LOOKUPS:
                continue
            looked.add(address)
            quote = Quote(place=place, words=match.group())
            if found := names.customers_by_email(address):
                yield _Sign(quote, found, strong=len(found) == 1)
            elif domain not in words("free_mail") and (found := names.customers_by_domain(domain)):
                yield _Sign(quote, found, strong=False)


def _by_name(places: Sequence[Place], names: People, vocab: Vocabulary, language: Language) -> Iterator[_Sign]:
    looked: set[str] = set()
    for place in places:
        for segment in _SEGMENT.split(place.text):
            written = segment.strip(" .\"'„”<>")
            if not written or len(written) > _LONGEST_NAME or written in looked or len(looked) >= _MOST_LOOKUPS:
                continue
            prompt = tokenise(segment.strip(), language)
            if not any(legal_form_at(prompt, i) for i in range(len(prompt.tokens))):
                continue
            looked.add(written)
            found = find_customer(prompt, names, vocab, whole=True)
            said = "".join(folded_words(written))
            exact = tuple(c for c in found.customers if "".join(folded_words(c.name)) == said)
            quote = Quote(place=place, words=segment.strip())
            yield _Sign(quote, exact or found.customers, strong=len(exact) == 1)
