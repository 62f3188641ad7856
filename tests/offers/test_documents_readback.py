"""The read-back: a true document passes in every language and length, a spoilt one never does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents import read_back
from offers.documents.typeset import typeset_pdf
from offers.documents.word import fill_docx
from offers.sheet import OfferSheet, Totals
from tests.offers.documents_samples import BUYER, THREE, line, long_sheet, sheet, spoil

ONE = Decimal(1)
Make = Callable[[OfferSheet, Path], Path]
MAKERS: dict[str, Make] = {"docx": fill_docx, "pdf": typeset_pdf}


def mismatch(path: Path, truth: OfferSheet) -> str:
    with pytest.raises(AppError) as error:
        read_back(path, truth)
    assert error.value.code == "document_mismatch"
    assert error.value.status == 500
    assert error.value.values["file"] == path.name
    return str(error.value.values["figure"])


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("awaiting", [False, True])
def test_a_true_document_passes(tmp_path: Path, kind: str, language: Language, awaiting: bool) -> None:
    truth = sheet(language=language, awaiting_approval=awaiting)
    read_back(MAKERS[kind](truth, tmp_path / f"offer.{kind}"), truth)


@pytest.mark.parametrize("kind", MAKERS)
def test_120_lines_over_many_pages_pass_and_one_wrong_digit_among_them_does_not(tmp_path: Path, kind: str) -> None:
    truth = long_sheet(120)
    path = MAKERS[kind](truth, tmp_path / f"offer.{kind}")
    read_back(path, truth)
    lines = list(truth.lines)
    lines[99] = replace(lines[99], net=lines[99].net + 1)
    assert mismatch(path, replace(truth, lines=tuple(lines))) == "lines[99].net"


SPOILT: dict[str, Callable[[OfferSheet], OfferSheet]] = {
    "number": lambda s: replace(s, number="A-2026-0043"),
    "buyer.name": lambda s: replace(s, buyer=replace(BUYER, name="Nagy Kft.")),
    "valid_until": lambda s: replace(s, valid_until=date(2026, 12, 23)),
    "draft": lambda s: replace(s, awaiting_approval=True),
    "lines[1].quantity": lambda s: with_line(s, quantity=Decimal(3)),
    "lines[1].unit_price": lambda s: with_line(s, unit_price=THREE[1].unit_price + Decimal("0.1")),
    "lines[1].discount_percent": lambda s: with_line(s, discount_percent=Decimal("0.5")),
    "lines[1].net": lambda s: with_line(s, net=THREE[1].net - 1),
    "lines[1].vat_percent": lambda s: with_line(s, vat_percent=Decimal(5)),
    "lines[1]": lambda s: with_line(s, sku="HW-NB15"),
    "lines[2]": lambda s: replace(s, lines=s.lines[:2]),
    "vat[1].percent": lambda s: replace(s, vat=(s.vat[0], replace(s.vat[1], percent=Decimal(18)))),
    "vat[0].net": lambda s: replace(s, vat=(replace(s.vat[0], net=s.vat[0].net + 1), s.vat[1])),
    "vat[0].vat": lambda s: replace(s, vat=(replace(s.vat[0], vat=s.vat[0].vat + 1), s.vat[1])),
    "vat[1]": lambda s: replace(s, vat=s.vat[:1]),
    "totals.net": lambda s: replace(s, totals=Totals(s.totals.gross, s.totals.vat, s.totals.net)),
    "totals.vat": lambda s: replace(s, totals=replace(s.totals, vat=s.totals.vat + 1)),
    "totals.gross": lambda s: replace(s, totals=replace(s.totals, gross=s.totals.gross * 10)),
}


def with_line(truth: OfferSheet, **changes: object) -> OfferSheet:
    return replace(truth, lines=(truth.lines[0], replace(truth.lines[1], **changes), *truth.lines[2:]))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("figure", SPOILT)
def test_a_document_of_other_figures_is_refused_by_name(tmp_path: Path, kind: str, figure: str) -> None:
    truth = sheet()
    path = MAKERS[kind](SPOILT[figure](truth), tmp_path / f"offer.{kind}")
    assert mismatch(path, truth) == figure


@pytest.mark.parametrize("kind", MAKERS)
def test_a_line_too_many_is_refused(tmp_path: Path, kind: str) -> None:
    path = MAKERS[kind](sheet((THREE[0], line("X", "Extra"), *THREE[1:])), tmp_path / f"offer.{kind}")
    assert mismatch(path, sheet()) == "lines[1]"


@pytest.mark.parametrize("kind", MAKERS)
def test_lines_in_another_order_are_refused(tmp_path: Path, kind: str) -> None:
    path = MAKERS[kind](sheet((THREE[1], THREE[0], THREE[2])), tmp_path / f"offer.{kind}")
    assert mismatch(path, sheet()).startswith("lines[")


@pytest.mark.parametrize(
    ("old", "new", "nth", "figure"),
    [
        ("569\u00a0050", "569\u00a0060", 1, "lines[0].net"),
        ("569\u00a0050", "569\u00a005O", 1, "lines[0]"),
        ("569\u00a0050\u00a0Ft", "569\u00a0050\u00a0EUR", 1, "lines[0]"),
        (">27%<", ">72%<", 2, "lines[1].vat_percent"),
        ("10 db", "110 db", 1, "lines[0].quantity"),
        ("10 db", "10 kg", 1, "lines[0]"),
        ("7,5%", "75%", 1, "lines[2].discount_percent"),
        ("Bruttó végösszeg", "Nettó végösszeg", 1, "totals.gross"),
        ("december 22", "december 23", 1, "valid_until"),
    ],
)
def test_one_change_by_hand_in_the_word_file_is_found(
    tmp_path: Path, old: str, new: str, nth: int, figure: str
) -> None:
    path = fill_docx(sheet(), tmp_path / "offer.docx")
    spoil(path, old, new, nth)
    assert mismatch(path, sheet()) == figure


def test_the_refusal_says_what_the_file_and_what_the_offer_holds(tmp_path: Path) -> None:
    path = fill_docx(sheet(), tmp_path / "offer.docx")
    spoil(path, "569\u00a0050", "569\u00a0060")
    with pytest.raises(AppError, match="569060 in the file, 569050 in the offer"):
        read_back(path, sheet())


def test_a_name_that_looks_like_figures_deceives_nobody(tmp_path: Path) -> None:
    name = "X 10 db 59 900 Ft 5% 1 Ft 27%"
    truth = sheet((line(name=name), line(name="14")))
    read_back(fill_docx(truth, tmp_path / "offer.docx"), truth)
    wrong = replace(truth, lines=(replace(truth.lines[0], net=ONE), truth.lines[1]))
    assert mismatch(tmp_path / "offer.docx", wrong) == "lines[0].net"


@pytest.mark.parametrize("name", ["offer.docx", "offer.pdf", "offer.txt"])
def test_a_damaged_or_foreign_file_is_unreadable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7 damaged")
    with pytest.raises(AppError) as error:
        read_back(tmp_path / name, sheet())
    assert error.value.code == "document_unreadable"
