"""From the places of a file to a recognised request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.language import Language, detect_language
from core.money import plain
from core.text import folded_words
from offers.clarify import MOST_LINES
from offers.requests.customers import People, whose
from offers.requests.places import Place
from offers.requests.products import meant
from offers.requests.quantities import amount, decimal_of, doubts_about, is_amount
from offers.requests.recognised import Doubt, Quote, Recognised, RecognisedLine, Sureness
from offers.requests.tables import Row, divided, texts_of
from offers.requests.texts import Said, begins_quotation, closes, things
from offers.requests.wishes import deadlines, discounts, wished_currency, wished_language
from offers.requests.words import words
from offers.understand.lexicon import lexicon
from offers.understand.vocabulary import Vocabulary, compact, vocabulary

_MOST_ASIDE = 50
_DETECTED = 3_000
_LONGEST = 300
_SUBJECT = ("from", "subject", "targy", "temat")


@dataclass(frozen=True)
class _Reader:
    vocab: Vocabulary
    language: Language
    today: date


@dataclass(frozen=True)
class _Found:
    place: Place
    said: Said
    note: str = ""


def recognise(places: Sequence[Place], names: People, *, language: Language, today: date) -> Recognised:
    """What the file whose text is `places` asks an offer for, by `names`, those the uploader may see.

    `language` is the uploader's own, for a file too short to tell its own; `today` is the day dates are counted from.
    At most `MOST_LINES` lines are taken.
    """
    written = detect_language(" ".join(place.text for place in places)[:_DETECTED], language)
    reader = _Reader(vocabulary(names.products(), lexicon(written)), written, today)
    parts = divided(places)
    found: list[_Found] = []
    aside: list[Quote] = []
    for row in parts.rows:
        if len(found) > MOST_LINES:
            break
        lines = list(_of_row(reader, row))
        found += lines
        if not lines and len(aside) < _MOST_ASIDE:
            aside.append(Quote(place=row.place, words=row.place.words))
    texts = [*parts.texts]
    for place in parts.bare:
        bare = _of_bare_row(reader, place) if len(found) <= MOST_LINES else None
        found += [bare] if bare else []
        if bare is None:
            texts.append(place)
    order = {id(place): at for at, place in enumerate(places)}
    texts.sort(key=lambda place: order[id(place)])
    if len(found) <= MOST_LINES:
        spoken = _of_texts(reader, texts, found)
        found += [each for each in spoken if not each.said.aside]
        aside += [Quote(place=each.place, words=each.said.words[:_LONGEST]) for each in spoken if each.said.aside]
    found.sort(key=lambda f: order.get(id(f.place), len(order)))
    lines_found = [_line(reader, n, each) for n, each in enumerate(found[:MOST_LINES], 1)]
    return Recognised(
        language=written,
        whose=whose(places, names, reader.vocab, written),
        lines=tuple(lines_found),
        aside=tuple(aside),
        deadlines=deadlines(places, written, today),
        discounts=discounts(texts, written),
        currency=wished_currency(texts, written),
        document_language=wished_language(texts, written),
        more=len(found) > MOST_LINES,
    )


def _of_row(reader: _Reader, row: Row) -> Iterator[_Found]:
    item, code, quantity = (row.cell("item")[:_LONGEST], row.cell("code"), row.cell("quantity"))
    if not item and not code and not quantity:
        return
    said = _named(reader, item, code)
    if _is_group(row) and not said.skus and not is_amount(quantity, reader.language):
        return
    if not quantity and item:
        # "10 db Notebook 15" in one cell.
        inside = list(things("- " + item, reader.vocab, reader.language, reader.today))
        if any(thing.quantity is not None for thing in inside):
            for thing in inside:
                yield _Found(row.place, _with_cells(reader, thing, row), row.cell("note"))
            return
    counted = amount(quantity, row.cell("unit"), reader.language)
    doubts = dict.fromkeys((*said.doubts, *counted.doubts))
    if item and _counts(reader, item):
        doubts["several_numbers"] = None
    said = replace(said, quantity=counted.number, unit=counted.unit, doubts=tuple(doubts))
    yield _Found(row.place, _with_cells(reader, said, row), row.cell("note"))


def _is_group(row: Row) -> bool:
    """A line between rows that says what is below it ("Bútorok"): nothing but its words."""
    return sum(bool(cell) for cell in row.place.cells) == 1


def _counts(reader: _Reader, item: str) -> bool:
    """Whether a cell that names a product also says a number of pieces."""
    inside = things("- " + item, reader.vocab, reader.language, reader.today)
    return any(thing.quantity is not None and thing.unit for thing in inside)


def _named(reader: _Reader, item: str, code: str) -> Said:
    """The product of a row, by its name and our own code where the customer uses ours."""
    vocab = reader.vocab
    by_name = meant(item, vocab, reader.language)
    by_code = vocab.skus.get(compact(code)) if code else None
    products, doubts = by_name.products, by_name.doubts
    if by_code is not None:
        agrees = by_code in products
        doubts = tuple(d for d in doubts if d == "more_said") if agrees or not item else ("code_differs",)
        products = (by_code,) if agrees or not item else tuple(dict.fromkeys((by_code, *products)))
    skus = tuple(vocab.products[p].sku for p in products)
    return Said(item, item or code, skus, None, "", None, None, doubts, weak=False)


def _with_cells(reader: _Reader, said: Said, row: Row) -> Said:
    """With what the other cells say: words that take the wish back, a discount, a price."""
    spoken = set(folded_words(" ".join(cell for column, cell in row.cells.items() if column != "item")))
    doubts: dict[Doubt, None] = dict.fromkeys(said.doubts)
    everything = spoken | set(folded_words(row.cell("item")))
    if everything & words("not_wanted"):
        doubts["perhaps_not"] = None
    if everything & words("alternatives"):
        doubts["alternatives"] = None
    discount = decimal_of(row.cell("discount"), reader.language) if row.cell("discount") else None
    price = decimal_of(row.cell("price"), reader.language) if row.cell("price") else None
    return replace(
        said,
        doubts=tuple(doubts),
        words=row.place.words,
        discount=Decimal(discount) if discount else said.discount,
        price=Decimal(price) if price else said.price,
    )


def _of_bare_row(reader: _Reader, place: Place) -> _Found | None:
    """A row under no headings: a product in one cell and a number in another."""
    cells = [cell for cell in place.cells if cell]
    numbers = [cell for cell in cells if is_amount(cell, reader.language)]
    named = [
        (cell, found) for cell in cells if (found := meant(cell[:_LONGEST], reader.vocab, reader.language)).products
    ]
    if len(named) != 1 or not numbers:
        return None
    cell, found = named[0]
    counted = amount(numbers[0], "", reader.language)
    doubts = dict.fromkeys((*found.doubts, *counted.doubts))
    if len(cells) > len(numbers) + 1 or len(numbers) > 1:
        doubts["no_headings"] = None
    skus = tuple(reader.vocab.products[p].sku for p in found.products)
    said = Said(place.words, cell, skus, counted.number, counted.unit, None, None, tuple(doubts), weak=False)
    return _Found(place, said)


def _of_texts(reader: _Reader, texts: Sequence[Place], rows: Sequence[_Found]) -> list[_Found]:
    """What is asked for outside of tables. Behind the closing of a letter nothing is, nor in its subject; a product
    that is mentioned without a number is asked about only if nothing else asks for it."""
    found: list[_Found] = []
    weak: list[_Found] = []
    quoted = closed = False
    page: int | None = None
    for place, text in texts_of(texts):
        if place.page != page:
            page, closed = place.page, False
        quoted = quoted or begins_quotation(text)
        if closes(text):
            closed = True
        listed = text.lstrip()[:1] in ("-", "–", "•", "*", ">")
        if closed and not listed:
            continue
        subject = text.partition(":")[0].strip().lower() in _SUBJECT and len(found) == 0
        for thing in things(text, reader.vocab, reader.language, reader.today, quoted):
            (weak if thing.weak or subject else found).append(_Found(place, thing))
        if len(found) + len(rows) > MOST_LINES:
            break
    known = {sku for each in (*rows, *found) for sku in each.said.skus}
    for each in weak:
        if not known & set(each.said.skus):
            known |= set(each.said.skus)
            found.append(each)
    return found


def _line(reader: _Reader, n: int, found: _Found) -> RecognisedLine:
    said = found.said
    doubts: dict[Doubt, None] = dict.fromkeys(said.doubts)
    if said.quantity is None and "several_numbers" not in doubts:
        doubts["no_quantity"] = None
    likeliest = next((p for p in reader.vocab.products if said.skus and p.sku == said.skus[0]), None)
    if likeliest is not None:
        doubts.update(dict.fromkeys(doubts_about(said.quantity, said.unit, likeliest)))
    sure: Sureness = "unknown" if not said.skus else "unsure" if doubts or len(said.skus) > 1 else "sure"
    return RecognisedLine(
        n=n,
        place=found.place,
        words=said.words[:_LONGEST],
        product=said.product[:_LONGEST],
        sure=sure,
        skus=said.skus,
        quantity=None if said.quantity is None else plain(said.quantity),
        unit=said.unit,
        discount=None if said.discount is None else plain(said.discount),
        price=None if said.price is None else plain(said.price),
        note=found.note[:_LONGEST],
        doubts=tuple(doubts),
    )
