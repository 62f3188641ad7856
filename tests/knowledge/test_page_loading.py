"""A page is read strictly: a fault is told with its file, and no bad page gets into the index."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import AppError
from knowledge.pages import load_pages

HEADER = "id: offers\ntitle: Offers\nscreens: [offer, offers]\naudience: everyone\nupdated: 2026-11-01"


def write(file: Path, header: str = HEADER, body: str = "Text.") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{header}\n---\n{body}\n", encoding="utf-8")
    return file


def test_the_folder_gives_the_language(tmp_path: Path) -> None:
    for code in ("hu", "en"):
        write(tmp_path / code / "offers.md")
    pages = load_pages(tmp_path)
    assert [page.language for page in pages] == ["hu", "en"]
    first = pages[0]
    assert (first.id, first.title, first.body) == ("offers", "Offers", "Text.")
    assert (first.screens, first.audience, first.updated) == (("offer", "offers"), ("everyone",), date(2026, 11, 1))


def test_a_flat_folder_or_a_file_says_its_language_itself(tmp_path: Path) -> None:
    file = write(tmp_path / "a.md", HEADER + "\nlanguage: pl")
    assert load_pages(tmp_path) == load_pages(file)
    assert load_pages(file)[0].language == "pl"


def test_decomposed_accents_are_composed(tmp_path: Path) -> None:
    write(tmp_path / "a.md", HEADER + "\nlanguage: hu", body="a\u0301r")
    assert load_pages(tmp_path)[0].body == "ár"


@pytest.mark.parametrize(
    ("header", "code", "field"),
    [
        ("id: [", "page_header", None),
        ("", "page_header", None),
        ("just words", "page_header", None),
        (HEADER.replace("title: Offers\n", ""), "page_field_missing", "title"),
        (HEADER.replace("updated: 2026-11-01", "updated: soon"), "page_field_wrong", "updated"),
        (HEADER.replace("audience: everyone", "audience: []"), "page_field_wrong", "audience"),
        (HEADER.replace("[offer, offers]", "[1]"), "page_field_wrong", "screens"),
        (HEADER.replace("id: offers", "id: a b"), "page_field_wrong", "id"),
        (HEADER.replace("title: Offers", "title: 7"), "page_field_wrong", "title"),
        (HEADER + "\nlanguage: en", "page_field_wrong", "language"),
        (HEADER + "\nscreen: offer", "page_field_unknown", "screen"),
    ],
)
def test_a_faulty_header_names_file_and_field(tmp_path: Path, header: str, code: str, field: str | None) -> None:
    file = write(tmp_path / "hu" / "bad.md", header)
    with pytest.raises(AppError) as fault:
        load_pages(tmp_path)
    assert (fault.value.code, fault.value.values["file"], fault.value.values.get("field")) == (code, file, field)


def test_a_flat_page_without_a_language_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    with pytest.raises(AppError, match="language"):
        load_pages(tmp_path)


def test_a_page_without_text_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "hu" / "a.md", body=" ")
    with pytest.raises(AppError, match=r"a\.md"):
        load_pages(tmp_path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"---\nid: \xff\n---\n")
    with pytest.raises(AppError) as fault:
        load_pages(tmp_path)
    assert fault.value.code == "page_unreadable"


def test_one_id_twice_in_a_language_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "hu" / "a.md")
    write(tmp_path / "hu" / "b.md")
    with pytest.raises(AppError) as fault:
        load_pages(tmp_path)
    assert fault.value.code == "page_twice"


def test_nothing_there_is_said(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "absent"):
        with pytest.raises(AppError) as fault:
            load_pages(path)
        assert fault.value.code == "pages_missing"
