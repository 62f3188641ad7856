"""The Word file: values are literal text, a bad template says so, and files are whole or absent."""

import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest

from core.errors import AppError
from core.language import LANGUAGES, Language
from offers.documents import read_back, render_docx, sha256_of
from offers.documents.extract import document_text
from offers.documents.files import whole_file
from offers.documents.word import shipped_template
from offers.templates.build import build
from tests.offers.documents_samples import BUYER, line, sheet

HOSTILE = [
    "Nagy & Fia <b>Kft.</b>",
    "{{ 7 * 7 }} {% for x in y %} {# no #}",
    "{_{ seller }_} {_% %_}",
    "=1+1",
    "]]> &amp; &#65; \"'",
    "</w:t></w:r><w:p/>",
    "Ő" * 900,
    "Word " * 200,
]


def own(tmp_path: Path, text: str) -> Path:
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(tmp_path / "own.docx"))
    return tmp_path / "own.docx"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_value_is_literal_text(tmp_path: Path, text: str) -> None:
    hostile = replace(sheet((line(name=text),)), buyer=replace(BUYER, name=text), title=text, notes=(text,))
    said = document_text(render_docx(hostile, tmp_path / "offer.docx"))
    assert said.count(text.strip()) >= 4
    read_back(tmp_path / "offer.docx", hostile)


def test_control_characters_leave_the_file_readable(tmp_path: Path) -> None:
    hostile = sheet((line(name="a\x00b\x07c\x0cd\ud800e"),))
    assert "abc de" in document_text(render_docx(hostile, tmp_path / "offer.docx"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_of_the_template_is_left_in_the_document(tmp_path: Path, language: Language) -> None:
    said = document_text(render_docx(sheet(language=language), tmp_path / "offer.docx"))
    assert "{" not in said
    assert "%}" not in said


@pytest.mark.parametrize(("language", "mark"), [("hu", "TERVEZET"), ("pl", "SZKIC"), ("en", "DRAFT")])
def test_only_a_draft_is_marked(tmp_path: Path, language: Language, mark: str) -> None:
    issued = render_docx(sheet(language=language), tmp_path / "issued.docx")
    draft = render_docx(sheet(language=language, awaiting_approval=True), tmp_path / "draft.docx")
    assert mark not in document_text(issued)
    assert document_text(draft).count(mark) == 2, "on top and in the head of every page"


@pytest.mark.parametrize(
    "text",
    ["{{ nobody }}", "{{ number", "{% for x in lines %}", "{{ number + 1 }}", "{{ ''.__class__.__mro__ }}"],
)
def test_a_faulty_template_is_named_and_leaves_no_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(AppError, match=r"own\.docx is faulty") as error:
        render_docx(sheet(), tmp_path / "out" / "offer.docx", own(tmp_path, text))
    assert error.value.code == "offer_template_broken"
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_word_is_a_faulty_template(tmp_path: Path) -> None:
    (tmp_path / "own.docx").write_text("not a zip")
    with pytest.raises(AppError) as error:
        render_docx(sheet(), tmp_path / "offer.docx", tmp_path / "own.docx")
    assert error.value.code == "offer_template_broken"


def test_a_missing_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(AppError) as error:
        render_docx(sheet(), tmp_path / "offer.docx", tmp_path / "own.docx")
    assert error.value.code == "offer_template_missing"


def test_a_fault_while_writing_keeps_the_older_file(tmp_path: Path) -> None:
    target = tmp_path / "offer.docx"
    target.write_text("older")
    with pytest.raises(RuntimeError), whole_file(target) as draft:
        draft.write_text("half")
        raise RuntimeError
    assert target.read_text() == "older"
    assert list(tmp_path.iterdir()) == [target]


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert sha256_of(tmp_path / "x") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_templates_are_what_the_script_builds(tmp_path: Path, language: Language) -> None:
    fresh = build(language, tmp_path / "fresh.docx")
    parts = ("word/document.xml", "word/footer1.xml", "word/header1.xml", "word/styles.xml", "word/settings.xml")
    with zipfile.ZipFile(fresh) as built, zipfile.ZipFile(shipped_template(language)) as shipped:
        for part in parts:
            assert built.read(part) == shipped.read(part), f"run python -m offers.templates.build ({part})"
