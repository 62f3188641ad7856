"""A template's faults are told with their place; only what a template may do is done."""

from pathlib import Path

import docx
import pytest

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents.inspecting import inspect
from offers.documents.own_files import check_template
from offers.documents.placeholders import check_placeholders
from offers.documents.places import TemplateRefused
from offers.documents.sample import plain_sheet, sample_sheet
from offers.documents.sections import sections
from offers.documents.trying import placeholder_of, try_out
from offers.documents.word import fill_docx, shipped_template


def template(folder: Path, text: str, *, in_cell: bool = False) -> Path:
    document = docx.Document()
    document.add_paragraph("Dear customer")
    if in_cell:
        document.add_table(3, 4).cell(1, 2).text = text
    else:
        document.add_paragraph(text)
    document.save(str(folder / "own.docx"))
    return folder / "own.docx"


def refused(path: Path) -> TemplateRefused:
    with pytest.raises(TemplateRefused) as error:
        check_placeholders(path)
    return error.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_template_is_a_sound_start(language: Language) -> None:
    inspect(shipped_template(language), "offer.docx")
    check_placeholders(shipped_template(language))


def test_a_shipped_template_passes_the_trial_too() -> None:
    check_template(shipped_template("pl"), "oferta.docx", "pl")


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        ("{{ nummer }}", "template_placeholder_unknown", "number"),
        ("{{ buyer.nam }}", "template_placeholder_unknown", "buyer.name"),
        ("{{ total.gross }}", "template_placeholder_unknown", "totals"),
        ("{% for l in lines %}{{ l.price }}{% endfor %}", "template_placeholder_unknown", "l.unit_price"),
        ("{{ buyer }}", "template_placeholder_whole", "buyer.name"),
        ("{{ lines }}", "template_placeholder_whole", "for … in lines"),
        ("{{ number", "template_syntax", None),
        ("{% for line in lines %}", "template_syntax", None),
        ("{% endif %}", "template_syntax", None),
        ("{{ range(9) }}", "template_tag_forbidden", None),
        ("{{ number * 99999 }}", "template_tag_forbidden", None),
        ("{{ number|replace('1', '2') }}", "template_tag_forbidden", None),
        ("{{ ''.__class__.__mro__ }}", "template_placeholder_unknown", None),
        ("{% include 'x' %}", "template_tag_forbidden", None),
        ("{% set number = '1' %}", "template_tag_forbidden", None),
        ("{% for a in lines %}{% for b in lines %}x{% endfor %}{% endfor %}", "template_tag_forbidden", None),
        ("{% for a in number %}x{% endfor %}", "template_tag_forbidden", None),
    ],
)
def test_a_fault_is_told_with_its_place_and_the_nearest_right_name(
    tmp_path: Path, text: str, code: str, nearest: str | None
) -> None:
    fault = refused(template(tmp_path, text, in_cell=True))
    assert fault.code == code
    assert (fault.place.table, fault.place.row, fault.place.cell) == (1, 2, 3)
    assert "1. táblázat, 2. sor, 3. cella" in fault.message("hu")
    assert "table 1, row 2, cell 3" in fault.message("en")
    if nearest is not None:
        assert nearest in str(fault.values["nearest"])


def test_outside_a_table_the_paragraph_is_counted_and_its_words_are_quoted(tmp_path: Path) -> None:
    fault = refused(template(tmp_path, "Your number is {{ nummer }}, thank you."))
    assert fault.place.paragraph == 2
    assert "Your number is {{ nummer }}" in str(fault.values["around"])
    assert "akapit 2" in fault.message("pl")


def test_a_fault_in_the_footer_says_so(tmp_path: Path) -> None:
    document = docx.Document(str(shipped_template("en")))
    document.sections[0].footer.paragraphs[0].add_run("{{ vesion }}")
    document.save(str(tmp_path / "own.docx"))
    fault = refused(tmp_path / "own.docx")
    assert fault.place.story == "footer"
    assert fault.values["nearest"] == "version"


@pytest.mark.parametrize(
    ("cut", "missing"),
    [
        ("{{ totals.gross }}", "totals.gross"),
        ("{{ rate_note }}", "rate_note"),
        ("{{ line.net }}", "line.net"),
        ("{{ part.quantity }}", "line.contents"),
        ("{{ line.text }}", "line.text"),
        ("{{ row.vat }}", "row.vat"),
    ],
)
def test_a_template_that_leaves_something_out_is_told_what(tmp_path: Path, cut: str, missing: str) -> None:
    document = docx.Document(str(shipped_template("en")))
    for text in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        text.text = (text.text or "").replace(cut, "")
    document.save(str(tmp_path / "own.docx"))
    with pytest.raises(AppError) as error:
        check_template(tmp_path / "own.docx", "own.docx", "en")
    assert error.value.code == "template_leaves_out"
    assert missing in str(error.value.values["placeholder"])


def test_a_trial_that_goes_wrong_is_told_and_ends(tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(AppError) as error:
        try_out(tmp_path / "own.docx", "en")
    assert error.value.code == "template_trial_failed"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_has_every_feature_and_the_plain_one_none(tmp_path: Path, language: Language) -> None:
    full, plain = sections(sample_sheet(language)), sections(plain_sheet(language))
    assert full.alternatives and full.options and not plain.alternatives and not plain.options
    assert any(one.line.contents for one in full.counted) and any(one.line.text for one in full.counted)
    fill_docx(sample_sheet(language), tmp_path / "full.docx")


def test_figures_are_told_by_the_placeholder_that_prints_them() -> None:
    truth = sample_sheet("en")
    assert placeholder_of("lines[5].net", truth) == "options: line.net"
    assert placeholder_of("lines[4].discount_percent", truth) == "alternatives: line.discount"
    assert placeholder_of("lines[0]", truth) == "lines: line.sku"
    assert placeholder_of("vat[1].net", truth) == "row.net"
    assert placeholder_of("totals.gross", truth) == "totals.gross"
