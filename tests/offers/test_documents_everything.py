"""An offer with all that a document can say: nothing of it is lost, and no figure of it can be changed unseen."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents import read_back
from offers.documents.extract import document_text
from offers.documents.readback import check_text
from offers.documents.sections import sections
from offers.documents.typeset import typeset_pdf
from offers.documents.view import printed
from offers.documents.word import fill_docx
from offers.sheet import OfferSheet
from tests.offers.documents_samples import full_sheet

Make = Callable[[OfferSheet, Path], Path]
MAKERS: dict[str, Make] = {"docx": fill_docx, "pdf": typeset_pdf}
# What the layout counts by itself: the page, and how many there are.
PAGE_NUMBERS = re.compile(r"\d+ / \d+")


@lru_cache
def text_of(kind: str, language: Language) -> str:
    with TemporaryDirectory() as folder:
        return document_text(MAKERS[kind](full_sheet(language), Path(folder, f"offer.{kind}")))


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [8, 60])
def test_everything_is_said_and_reads_back(tmp_path: Path, kind: str, language: Language, count: int) -> None:
    truth = full_sheet(language, count)
    path = MAKERS[kind](truth, tmp_path / f"offer.{kind}")
    read_back(path, truth)
    read_back(path, truth, custom_template=True)


@pytest.mark.parametrize("custom", [False, True])
@pytest.mark.parametrize("kind", MAKERS)
@settings(max_examples=120, deadline=None)
@given(st.sampled_from(LANGUAGES), st.data())
def test_no_digit_can_change_unseen(kind: str, custom: bool, language: Language, data: st.DataObject) -> None:
    text, truth = text_of(kind, language), full_sheet(language)
    free = {place for found in PAGE_NUMBERS.finditer(text) for place in range(*found.span())}
    if custom:
        # Of a company's own layout only what was agreed is known; its letterhead and dates may be anywhere.
        offer = printed(truth)
        agreed = [one.net for one in offer.lines] + [one.net for one in offer.options] + [offer.totals.gross]
        agreed += [
            offer.rate_note,
            *offer.notes,
            *(one.unit_price for group in offer.alternatives for one in group.lines),
        ]
        spans = [found.span() for said in agreed for found in re.finditer(re.escape(said), text)]
        free = set(range(len(text))) - {place for span in spans for place in range(*span)}
    places = [place for place, letter in enumerate(text) if letter.isdigit() and place not in free]
    place = data.draw(st.sampled_from(places))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[place]]))
    with pytest.raises(AppError) as error:
        check_text(f"offer.{kind}", text[:place] + digit + text[place + 1 :], truth, custom_template=custom)
    assert error.value.code == "document_mismatch"


SPOILT: dict[str, Callable[[OfferSheet], OfferSheet]] = {
    "lines[10].net": lambda s: with_line(s, 10, net=s.lines[10].net + 1),
    "lines[8].unit_price": lambda s: with_line(s, 8, unit_price=s.lines[8].unit_price + 1),
    "rate": lambda s: replace(s, rate=replace(s.rate, rate=Decimal("395.13"))),  # type: ignore[type-var]
    "vat_rule": lambda s: replace(s, vat_rule="reverse_charge"),
    "lines[11]": lambda s: replace(s, lines=s.lines[:11]),
    "delivery": lambda s: replace(s, delivery="12 nap"),
    "warranty": lambda s: replace(s, warranty="36 hónap"),
    "notes[1]": lambda s: replace(s, notes=s.notes[:1]),
    "made_on": lambda s: replace(s, made_on=s.valid_until),
    "payment": lambda s: replace(s, payment_days=30),
    "seller.bank_account": lambda s: replace(s, seller=replace(s.seller, bank_account="11712345-20001234-00000001")),
}


def with_line(truth: OfferSheet, place: int, **changes: object) -> OfferSheet:
    changed = replace(truth.lines[place], **changes)  # type: ignore[arg-type]
    return replace(truth, lines=(*truth.lines[:place], changed, *truth.lines[place + 1 :]))


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("figure", SPOILT)
def test_a_document_that_says_otherwise_is_refused_by_name(tmp_path: Path, kind: str, figure: str) -> None:
    truth = full_sheet()
    path = MAKERS[kind](SPOILT[figure](truth), tmp_path / f"offer.{kind}")
    with pytest.raises(AppError) as error:
        read_back(path, truth)
    assert error.value.values["figure"] == figure


@pytest.mark.parametrize("kind", MAKERS)
def test_an_option_too_many_is_refused(tmp_path: Path, kind: str) -> None:
    truth = full_sheet()
    path = MAKERS[kind](truth, tmp_path / f"offer.{kind}")
    with pytest.raises(AppError) as error:
        read_back(path, replace(truth, lines=truth.lines[:-1]))
    assert error.value.values["figure"] == "rest"


def test_every_line_is_printed_once_and_what_is_optional_never_among_what_counts() -> None:
    placed = sections(full_sheet())
    assert sorted(one.place for one in placed.printed) == list(range(12))
    assert not any(one.line.optional for one in placed.counted)
    assert [(group.name, group.chosen and group.chosen.place) for group in placed.alternatives] == [("Monitor", 2)]


def test_a_group_without_a_line_that_counts_says_of_none_that_it_is_replaced() -> None:
    truth = full_sheet()
    lonely = replace(
        truth, lines=tuple(replace(one, option_group=None) if not one.optional else one for one in truth.lines)
    )
    assert [group.instead for group in printed(lonely).alternatives] == [""]
