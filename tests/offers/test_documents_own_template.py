"""A company's own template: any layout may pass, but no figure may be missing, wrong or misplaced."""

from dataclasses import replace
from pathlib import Path

import docx
import pytest

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents import read_back
from offers.documents.office import convert_to_pdf
from offers.documents.word import fill_docx
from tests.offers.documents_samples import line, sheet, spoil

COLUMNS = ("vat", "net", "discount", "unit_price", "quantity", "name")
TOTALS = {"Nettó": "net", "ÁFA": "vat", "Bruttó": "gross"}


def own(folder: Path, columns: tuple[str, ...] = COLUMNS, totals: dict[str, str] | None = None) -> Path:
    """A template of another layout: columns the other way round, totals before the VAT rows."""
    document = docx.Document()
    document.add_paragraph("{{ draft }} {{ number }} / {{ buyer.name }} / {{ valid_until }}")
    lines = document.add_table(3, len(columns))
    lines.cell(0, 0).text, lines.cell(2, 0).text = "{%tr for line in lines %}", "{%tr endfor %}"
    for place, column in enumerate(columns):
        lines.cell(1, place).text = "{{ line." + column + " }}"
    # The identity of a line has to come before its figures.
    lines.cell(1, 0).text = "{{ line.sku }} " + lines.cell(1, 0).text
    for label, total in (totals or TOTALS).items():
        document.add_paragraph(label + ": {{ totals." + total + " }}")
    document.add_paragraph("{%p for row in vat %}")
    document.add_paragraph("{{ row.rate }}: {{ row.net }} / {{ row.vat }}")
    document.add_paragraph("{%p endfor %}")
    for tag in ("{%p for note in notes %}", "{{ note }}", "{%p endfor %}"):
        document.add_paragraph(tag)
    document.save(str(folder / "own.docx"))
    return folder / "own.docx"


def refused(path: Path) -> str:
    with pytest.raises(AppError) as error:
        read_back(path, sheet(), custom_template=True)
    assert error.value.code == "document_mismatch"
    return str(error.value.values["figure"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_layout_with_every_figure_passes(tmp_path: Path, language: Language) -> None:
    truth = sheet(language=language, awaiting_approval=True)
    path = fill_docx(truth, tmp_path / "offer.docx", own(tmp_path))
    read_back(path, truth, custom_template=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_document_passes_the_looser_check_too(tmp_path: Path, language: Language) -> None:
    truth = sheet(language=language)
    read_back(fill_docx(truth, tmp_path / "offer.docx"), truth, custom_template=True)


@pytest.mark.parametrize("missing", ["vat", "net", "discount", "unit_price", "quantity"])
def test_a_template_that_leaves_out_a_figure_is_refused(tmp_path: Path, missing: str) -> None:
    columns = tuple(column for column in COLUMNS if column != missing)
    figure = refused(fill_docx(sheet(), tmp_path / "offer.docx", own(tmp_path, columns)))
    assert figure.startswith("lines[")
    assert missing in figure


def test_swapped_totals_are_refused(tmp_path: Path) -> None:
    swapped = {"Nettó": "gross", "ÁFA": "vat", "Bruttó": "net"}
    assert refused(fill_docx(sheet(), tmp_path / "offer.docx", own(tmp_path, totals=swapped))) == "totals.net"


def test_a_missing_total_is_refused(tmp_path: Path) -> None:
    short = {"Nettó": "net", "ÁFA": "vat"}
    assert refused(fill_docx(sheet(), tmp_path / "offer.docx", own(tmp_path, totals=short))) == "totals.gross"


def test_a_total_of_the_same_amount_does_not_stand_in_for_a_spoilt_line(tmp_path: Path) -> None:
    truth = sheet((line(),))
    path = fill_docx(truth, tmp_path / "offer.docx", own(tmp_path))
    spoil(path, "569\u00a0050", "569\u00a0060")
    with pytest.raises(AppError, match="569050"):
        read_back(path, truth, custom_template=True)


def test_a_draft_mark_is_not_optional(tmp_path: Path) -> None:
    truth = replace(sheet(), awaiting_approval=True)
    path = fill_docx(truth, tmp_path / "offer.docx", own(tmp_path))
    spoil(path, "TERVEZET", "")
    with pytest.raises(AppError, match="draft"):
        read_back(path, truth, custom_template=True)


@pytest.mark.office
def test_the_pdf_of_an_own_template_is_read_back_too(tmp_path: Path) -> None:
    path = convert_to_pdf(fill_docx(sheet(), tmp_path / "o.docx", own(tmp_path)), tmp_path / "offer.pdf")
    read_back(path, sheet(), custom_template=True)
    changed = replace(sheet(), totals=replace(sheet().totals, gross=sheet().totals.gross + 1))
    with pytest.raises(AppError, match=r"totals\.gross"):
        read_back(path, changed, custom_template=True)
