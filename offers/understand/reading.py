"""From a sentence to a looked-up offer request, by code alone."""

from datetime import date

from core.language import Language
from offers.request import (
    Catalogue,
    CustomerName,
    LineMatch,
    OfferRequest,
    Point,
    ProductName,
    RequestedLine,
    Understood,
)
from offers.understand.attachments import attachments
from offers.understand.customers import Found, find_customer
from offers.understand.figures import percents, prices
from offers.understand.identifiers import identified
from offers.understand.lexicon import lexicon
from offers.understand.lines import find_lines
from offers.understand.notes import note, title
from offers.understand.products import mentions, skus
from offers.understand.terms import delivery, payment, warranty
from offers.understand.tokens import Prompt, tokenise
from offers.understand.unread import foreign_currency, free_goods, left_out
from offers.understand.validity import unread_span, unread_validity, validity
from offers.understand.vocabulary import Vocabulary, vocabulary
from offers.understand.wishes import currency, opportunity
from offers.understand.wishes import language as wished_language

MAX_CHOICES = 20


def understand(text: str, catalogue: Catalogue, *, language: Language, today: date) -> Understood:
    """What `text`, a prompt in `language`, asks an offer for, looked up in `catalogue`; `today` is the day that
    validity is counted from.

    Only the first 10,000 characters are read. Names that several records fit give all of them (at most 20); a name
    that none fits is kept as written with no candidate. Quantities and percentages are as written, zero and negative
    ones too; what is not said is None. A named price goes to its line's `named_price` and nowhere else.
    """
    prompt = tokenise(text, language)
    vocab = vocabulary(catalogue.products(), lexicon(language))
    said, heading = note(prompt, vocab), title(prompt, vocab)
    documents = attachments(prompt)
    code = opportunity(prompt)
    found = customer(prompt, catalogue, vocab, named_only=True)
    sku_free = skus(prompt, vocab)
    paying = payment(prompt)
    warranted = warranty(prompt, vocab)
    delivered = delivery(prompt, vocab)
    valid = validity(prompt, today)
    discounts = percents(prompt)
    named_prices = prices(prompt)
    adverb = wished_language(prompt, adverbs=True)
    found = found if found.written else customer(prompt, catalogue, vocab)
    money = currency(prompt)
    wished = adverb or wished_language(prompt)
    lines = find_lines(prompt, vocab, discounts, named_prices, sku_free)
    request = OfferRequest(
        customer=found.written,
        lines=tuple(m.requested for m in lines.matches),
        discount_percent=lines.discount,
        valid_days=valid.days,
        valid_until=valid.until,
        currency=money,
        language=wished,
        opportunity=code,
        payment_days=paying.days,
        delivery=delivered.text,
        warranty=warranted,
        notes=said,
        title=heading,
        attach=documents,
    )
    asked = (
        paying.doubt,
        foreign_currency(prompt),
        free_goods(prompt),
        unread_validity(prompt, valid),
        unread_span(prompt, tuple(q for m in lines.matches if (q := m.requested.quantity) is not None)),
    )
    doubts = (*lines.doubts, *(doubt for doubt in asked if doubt is not None))
    remarks = left_out(prompt)
    if delivered.in_words:
        remarks.append(Point("delivery", "warn_delivery_terms", {"written": delivered.text or ""}))
    if paying.unread:
        remarks.append(Point("payment", "warn_payment_words", {"written": paying.unread}))
    return Understood(request, found.customers, lines.matches, doubts, tuple(remarks))


def customer(prompt: Prompt, catalogue: Catalogue, vocab: Vocabulary, *, named_only: bool = False) -> Found:
    """The customer of a prompt: codes and tax numbers first, then (unless `named_only`) names."""
    by_number = identified(prompt, catalogue)
    if by_number:
        several: dict[str, CustomerName] = {f.customer.code: f.customer for f in by_number if f.customer}
        return Found(by_number[0].written, tuple(several.values()))
    return Found(None, ()) if named_only else find_customer(prompt, catalogue, vocab)


def match(request: OfferRequest, catalogue: Catalogue, *, language: Language = "hu") -> Understood:
    """The names of a request that came from elsewhere, looked up with the same matchers. `request` is returned as it
    was; every line has its candidates, in order, none when its text names no product."""
    vocab = vocabulary(catalogue.products(), lexicon(language))
    customers: tuple[CustomerName, ...] = ()
    if request.customer:
        prompt = tokenise(request.customer[:200], language)
        found = customer(prompt, catalogue, vocab, named_only=True)
        customers = (found if found.written else find_customer(prompt, catalogue, vocab, whole=True)).customers
    lines = tuple(LineMatch(line, _products(line, vocab, language)) for line in request.lines)
    return Understood(request, customers, lines)


def _products(line: RequestedLine, vocab: Vocabulary, language: Language) -> tuple[ProductName, ...]:
    prompt = tokenise(line.product[:200], language)
    found = mentions(prompt, vocab)
    # A text that mentions several different products names none of them for sure: all are candidates.
    places = dict.fromkeys(c for m in found for c in m.candidates)
    return tuple(vocab.products[c] for c in places)[:MAX_CHOICES]
