"""The PDF: which engine makes it, that no engine can hang or leave halves, and that all letters print."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents import pdf_engine, read_back, render_docx, render_pdf
from offers.documents.extract import document_text
from offers.documents.office import convert_to_pdf
from offers.documents.typeset import typeset_pdf
from tests.offers.documents_samples import BUYER, line, long_sheet, sheet

LETTERS = "ÁÉÍÓÖŐÚÜŰ áéíóöőúüű ĄĆĘŁŃÓŚŹŻ ąćęłńóśźż"


def program(folder: Path, script: str) -> Path:
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def no_office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))


@pytest.fixture
def office_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return tmp_path / "bin"


@pytest.mark.usefixtures("no_office")
def test_without_libreoffice_typst_makes_the_pdf(tmp_path: Path) -> None:
    assert pdf_engine() == "typst"
    made = render_pdf(sheet(), tmp_path / "offer.docx", tmp_path / "offer.pdf")
    read_back(made, sheet())


@pytest.mark.usefixtures("no_office")
def test_a_companys_own_template_needs_libreoffice_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(AppError) as error:
        render_pdf(sheet(), tmp_path / "offer.docx", tmp_path / "offer.pdf", custom_template=True)
    assert error.value.code == "pdf_needs_libreoffice"
    assert "LibreOffice" in error.value.message("pl")
    assert not (tmp_path / "offer.pdf").exists()


def test_a_failing_libreoffice_hands_a_shipped_template_to_typst(tmp_path: Path, office_that: Path) -> None:
    program(office_that, "echo broken >&2; exit 7")
    docx = render_docx(sheet(), tmp_path / "offer.docx")
    read_back(render_pdf(sheet(), docx, tmp_path / "offer.pdf"), sheet())
    with pytest.raises(AppError, match="ended with 7: broken"):
        render_pdf(sheet(), docx, tmp_path / "own.pdf", custom_template=True)


def test_a_libreoffice_that_makes_nothing_is_a_failure(tmp_path: Path, office_that: Path) -> None:
    program(office_that, "exit 0")
    docx = render_docx(sheet(), tmp_path / "offer.docx")
    with pytest.raises(AppError, match="made no file"):
        convert_to_pdf(docx, tmp_path / "offer.pdf")


def test_a_hanging_libreoffice_is_ended_with_its_children(tmp_path: Path, office_that: Path) -> None:
    program(office_that, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    docx = render_docx(sheet(), tmp_path / "offer.docx")
    with pytest.raises(AppError, match="took longer"):
        convert_to_pdf(docx, tmp_path / "offer.pdf", timeout=1)
    child = int((tmp_path / "child").read_text())
    assert gone(child), "the program's own child is still running"
    assert not (tmp_path / "offer.pdf").exists()


def gone(process: int) -> bool:
    for _ in range(100):
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def fonts(path: Path) -> set[str]:
    names = set()
    for page in PdfReader(path).pages:
        for font in page["/Resources"]["/Font"].values():
            names.add(str(font.get_object()["/BaseFont"]).split("+")[-1])
    return names


def test_the_font_that_comes_with_typst_has_every_hungarian_and_polish_letter(tmp_path: Path) -> None:
    lettered = replace(sheet((line(name=LETTERS),)), buyer=replace(BUYER, name=LETTERS))
    path = typeset_pdf(lettered, tmp_path / "offer.pdf")
    assert "".join(LETTERS.split()) in "".join(document_text(path).split())
    assert all(name.startswith("LibertinusSerif") for name in fonts(path)), fonts(path)


@pytest.mark.parametrize(
    "text", ["#panic() $x$ *b* _i_ `c` @a <b> \\ // /* ", '"); #read("/etc/passwd")', "&<>{{ 1 }}"]
)
def test_markup_in_a_value_is_text(tmp_path: Path, text: str) -> None:
    hostile = replace(sheet((line(name=text),)), title=text, notes=(text,), buyer=replace(BUYER, name=text))
    path = typeset_pdf(hostile, tmp_path / "offer.pdf")
    assert "".join(document_text(path).split()).count("".join(text.split())) >= 4
    read_back(path, hostile)


@pytest.mark.parametrize("name", ["Ő" * 900, "Word " * 900, "مرحبا بالعالم", "漢字 😀 5", "A" * 200])
def test_names_of_any_length_and_script_leave_the_figures_readable(tmp_path: Path, name: str) -> None:
    strange = sheet((line(), line(name=name, quantity="100"), line("LAST")))
    read_back(typeset_pdf(strange, tmp_path / "offer.pdf"), strange)


def test_a_polish_line_break_leaves_codes_alone_and_repeats_the_hyphen_of_a_name(tmp_path: Path) -> None:
    name = "Zestaw biurowo-konferencyjno-wykładowo-laboratoryjny"
    long = sheet((line("LIC-PREMIUM-2026-KORPO", name),), "pl")
    path = typeset_pdf(long, tmp_path / "offer.pdf")
    said = document_text(path).replace("\n", "")
    assert "LIC-PREMIUM-2026-KORPO" in said
    assert "--" in said, "the break this test is about did not happen"
    read_back(path, long)


def test_the_same_sheet_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = [typeset_pdf(sheet(), tmp_path / name) for name in ("a.pdf", "b.pdf")]
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.office
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("awaiting", [False, True])
def test_libreoffice_prints_what_the_sheet_holds(tmp_path: Path, language: Language, awaiting: bool) -> None:
    assert pdf_engine() == "libreoffice"
    truth = sheet((line(name=LETTERS), line("L", "x" * 90)), language, awaiting)
    path = convert_to_pdf(render_docx(truth, tmp_path / "offer.docx"), tmp_path / "offer.pdf")
    assert "".join(LETTERS.split()) in "".join(document_text(path).split())
    read_back(path, truth)


@pytest.mark.office
def test_libreoffice_prints_120_lines(tmp_path: Path) -> None:
    truth = long_sheet(120)
    path = convert_to_pdf(render_docx(truth, tmp_path / "offer.docx"), tmp_path / "offer.pdf")
    assert len(PdfReader(path).pages) > 3
    read_back(path, truth)
    with pytest.raises(AppError, match=r"totals\.gross"):
        read_back(path, replace(truth, totals=replace(truth.totals, gross=truth.totals.gross + 1)))
