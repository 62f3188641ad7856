"""Cheap signs that a message asks for an offer, for whoever decides between a question and an offer."""

import re
from dataclasses import dataclass

from core.language import Language
from core.text import folded_words
from offers.request import Catalogue
from offers.understand.alike import TYPO, alike
from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.products import mentions, skus
from offers.understand.reading import customer
from offers.understand.tokens import clean, tokenise
from offers.understand.vocabulary import vocabulary

_READ = 2_000
_OPENING = 3
_SENTENCE = re.compile(r"[^?!\n]*?(?:[?!\n]|\.(?=\s+[^\W\d_a-zà-ž])|$)")


@dataclass(frozen=True)
class Mentions:
    """What a message mentions. `customer` is True for a customer the asker may see, `named` also for a marked
    name that fits nobody, `products` counts mentions, `quantity` is True when a number stands beside them;
    `offer_word`, `make_word` (make, need, send), `ask_word` (how, why, what), `count_word` (how many, how much) and
    `show_word` (show, list, delete) are words of those kinds, the last three at the head of a sentence."""

    customer: bool
    named: bool
    products: int
    quantity: bool
    offer_word: bool
    make_word: bool
    ask_word: bool
    count_word: bool
    show_word: bool

    @property
    def is_offer(self) -> bool:
        """True when the message asks for an offer to be made. A customer with products is enough without the
        word; a question (why, how, what is) and an order to show or change something are never one. "How much
        are 10 monitors for Kovács Kft." has all that an offer needs; "how many monitors did they buy" has not."""
        whole = (self.customer or self.named) and self.products > 0
        if self.ask_word or self.show_word or (self.count_word and not (whole and self.quantity)):
            return False
        return whole or (self.offer_word and (self.make_word or self.products > 0 or self.customer))


def strength(text: str, catalogue: Catalogue, *, language: Language) -> Mentions:
    """The signs in the first 2,000 characters of `text`, a message in `language`; a few look-ups at most."""
    text = clean(text[:_READ])
    prompt = tokenise(text, language)
    lex = lexicon(language)
    vocab = vocabulary(catalogue.products(), lex)
    words = folded_words(text)
    sentences = [s for s in (folded_words(part) for part in _SENTENCE.findall(text)) if s]
    asking = [s for s in sentences if _asks(lex, s)]
    if "?" in text and any(t.suffix == "e" for t in prompt.tokens):
        # A Hungarian question that ends in "-e".
        asking = sentences
    # "How much would it be? Make an offer." asks for an offer after all.
    orders = [s for s in sentences if s not in asking and _any(lex, "make", s) and any(_offer(lex, w) for w in s)]
    found = customer(prompt, catalogue, vocab)
    products = len(skus(prompt, vocab)) + len(mentions(prompt, vocab))
    return Mentions(
        customer=bool(found.customers),
        named=found.written is not None,
        products=products,
        quantity=any(t.value is not None and t.free for t in prompt.tokens),
        offer_word=any(_offer(lex, w) for w in words),
        make_word=_any(lex, "make", words),
        ask_word=bool(asking) and not orders,
        count_word=any(_counts(lex, s) for s in sentences) and not orders,
        show_word=any(_any(lex, "show", s[:_OPENING]) for s in sentences[:1]),
    )


def _any(lex: Lexicon, kind: str, words: list[str]) -> bool:
    return any(lex.has(kind, w) for w in words)


def _counts(lex: Lexicon, sentence: list[str]) -> bool:
    return _any(lex, "count_ask", sentence[:2]) or sentence[:2] in (["how", "many"], ["how", "much"])


def _asks(lex: Lexicon, sentence: list[str]) -> bool:
    """True for a sentence with a question word at its head, or one anywhere that can only ask ("why", "hogyan").
    "Czy możesz ..." is a polite order."""
    if _counts(lex, sentence):
        return False
    if sentence[0] == "czy" and _any(lex, "make", sentence[1:3]) and not _any(lex, "how", sentence):
        return False
    return _any(lex, "ask", sentence[:1]) or _any(lex, "how", sentence)


def _offer(lex: Lexicon, word: str) -> bool:
    """True for a word for offer, inflected or misspelt, or at the end of a Hungarian compound."""
    if lex.inflected("offer", word) or "ajanlat" in word:
        return True
    return len(word) > 5 and any(len(known) > 5 and alike(word, known) >= TYPO for known in lex.lists["offer"])
