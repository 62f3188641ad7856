"""Why a figure of an offer is what it is: answered from what is kept with the offer, without a model."""

import re
import tomllib
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from assistant.context import Turn
from assistant.evidence import Evidence
from assistant.outcome import Outcome
from assistant.reply import LinkView
from core.errors import NotFound, say
from core.money import print_money, print_number
from core.text import fold, folded_words
from crm import offers as offer_records
from crm.session import unit
from offers.documents.view import print_price
from offers.documents.words import unit_word
from offers.figures_told import rate_told, source_told
from offers.provenance import Figure, RateSource, figures_of
from offers.sheet import OfferSheet, SheetLine
from offers.to_sheet import offer_sheet
from offers.understand import Mentions

_FILE = Path(__file__).with_name("figures_words.toml")
_NUMBER = re.compile(r"\b[A-Z0-9]{1,10}-\d{4}-\d{3,}\b", re.IGNORECASE)
_LONGEST = 16
_LONGEST_TEXT = 200
_MOST_LINES = 8
_STEM = 4
_ASPECTS = ("price", "discount", "vat", "rate", "total")
_OF_LINE = {
    "price": ("unit_price", "discount_percent", "vat_percent"),
    "discount": ("discount_percent",),
    "vat": ("vat_percent",),
    "rate": ("unit_price",),
}


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[tuple[str, ...]]]:
    tables = TypeAdapter(dict[str, dict[str, list[str]]]).validate_python(tomllib.loads(_FILE.read_text("utf-8")))
    return {name: [tuple(entry.split()) for entry in table["words"]] for name, table in tables.items()}


def _says(words: list[str], name: str) -> bool:
    def fits(part: str, word: str) -> bool:
        return word.startswith(part[:-1]) if part.endswith("*") else word == part

    return any(
        all(fits(part, word) for part, word in zip(pattern, words[at : at + len(pattern)], strict=True))
        for pattern in _patterns()[name]
        for at in range(len(words) - len(pattern) + 1)
    )


def aspects_of(message: str) -> tuple[str, ...]:
    """What figures `message` asks the origin of, of `price`, `discount`, `vat`, `rate`, `total`; empty where it does
    not surely ask that."""
    words = folded_words(message.replace("'", "").replace("’", ""))
    if len(message) > _LONGEST_TEXT or not 0 < len(words) <= _LONGEST:
        return ()
    if not _says(words, "origin") or _says(words, "otherwise"):
        return ()
    return tuple(name for name in _ASPECTS if _says(words, name))


def claim(turn: Turn, seen: Mentions) -> Callable[[], Outcome] | None:
    """The answerer of a question about where the figures of an offer come from: of the one named by its number, on
    screen, or shown in the reply before; one shown earlier only if the message points at it."""
    message = turn.ask.message
    aspects = aspects_of(message)
    if not aspects or seen.customer:
        return None
    number = _offer_meant(turn)
    return None if not number else lambda: _answer(turn, number, aspects)


def _offer_meant(turn: Turn) -> str:
    named = _NUMBER.search(turn.ask.message)
    if named is not None:
        return named[0].upper()
    if turn.on_screen is not None:
        return turn.on_screen.code if turn.on_screen.kind == "offer" else turn.offer_shown
    pointed = _says(folded_words(turn.ask.message), "pointing")
    return turn.offer_shown or (turn.offer_before if pointed else "")


def _answer(turn: Turn, number: str, aspects: tuple[str, ...]) -> Outcome:
    language = turn.language
    try:
        with unit(turn.parts.engine, turn.actor, writes=False) as session:
            sheet = offer_sheet(session, offer_records.by_number(session, number))
    except NotFound as missing:
        return Outcome("answer", missing.message(language), abstained=True)
    sentences = list(_told(turn, sheet, aspects))
    title = say("figures_of_offer", language, number=sheet.number, version=sheet.version)
    evidence = Evidence(
        1, f"offer:{sheet.number}", sheet.number, title, f"/offers/{sheet.number}", "\n".join(sentences)
    )
    return Outcome(
        "answer",
        "\n".join([f"**{title}** [1]", *sentences]),
        citations=(evidence.citation(),),
        links=(LinkView(label=sheet.number, url=f"/offers/{sheet.number}"),),
    )


def _told(turn: Turn, sheet: OfferSheet, aspects: tuple[str, ...]) -> Iterator[str]:
    language, figures = turn.language, figures_of(sheet)
    wanted = {name for aspect in aspects for name in _OF_LINE.get(aspect, ())}
    rate = next((figure.source for figure in figures if figure.name == "rate"), None)
    if "rate" in aspects and not isinstance(rate, RateSource):
        yield say("figures_no_rate", language, currency=sheet.currency)
        wanted -= {"unit_price"} if "price" not in aspects else set()
    elif aspects == ("rate",) and isinstance(rate, RateSource):
        yield rate_told(rate, language)
        return
    if wanted:
        yield from _of_lines(turn, sheet, figures, wanted)
    if "total" in aspects:
        for name, amount in (("net", sheet.totals.net), ("vat", sheet.totals.vat), ("gross", sheet.totals.gross)):
            source = next(figure.source for figure in figures if figure.name == f"totals.{name}")
            told, label = source_told(source, language), say(f"figures_total_{name}", language)
            yield f"- {label}: {print_money(amount, sheet.currency, language)}. {told}"


def _of_lines(turn: Turn, sheet: OfferSheet, figures: tuple[Figure, ...], wanted: set[str]) -> Iterator[str]:
    language = turn.language
    places = _lines_meant(turn.ask.message, sheet.lines)
    for place in places[:_MOST_LINES]:
        line = sheet.lines[place]
        quantity = f"{print_number(line.quantity, language)} {unit_word(line.unit, line.quantity, language)}"
        price = print_price(line.unit_price, sheet.currency, language)
        told = [
            source_told(figure.source, language)
            for figure in figures
            if figure.place == place
            and figure.name.startswith("lines[")
            and figure.name.rpartition(".")[2] in wanted
            and (figure.value or "discount" not in figure.name)
        ]
        if not told:
            told = [say("figures_no_discount", language)]
        yield f"- **{line.name}** ({line.sku}), {quantity} × {price}: {' '.join(told)}"
    if len(places) > _MOST_LINES:
        yield say("figures_more_lines", language, count=len(places) - _MOST_LINES)


def _lines_meant(message: str, lines: tuple[SheetLine, ...]) -> list[int]:
    """The places of the lines whose product the message names; all where it names none."""
    said = [word for word in folded_words(message) if len(word) >= _STEM]
    named = [
        place
        for place, line in enumerate(lines)
        if fold(line.sku) in fold(message)
        or any(
            word[: max(_STEM, len(word) - 2)] == name[: max(_STEM, len(word) - 2)]
            for name in folded_words(line.name)
            for word in said
            if len(name) >= _STEM
        )
    ]
    return named or list(range(len(lines)))
