"""Files people bring are read to text by what is in them, whatever they are called."""

import datetime
import io
import zipfile

import pytest

from retrieval.parsing.door import parse, shown_name
from tests.retrieval.parsing_samples import WORD, docx, pdf, raw_docx, xlsx, zipped

STYLES = (
    f'<w:styles xmlns:w="{WORD}"><w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="Own"><w:name w:val="Our heading"/><w:basedOn w:val="H1"/></w:style></w:styles>'
)


def words(file: bytes, name: str) -> str:
    """The text of a file in English."""
    return parse(file, name).text("en")


def test_the_pages_of_a_pdf_become_headings_in_the_language_asked_for() -> None:
    read = parse(pdf("First things", "Second things"), "rules.pdf")
    assert (read.kind, read.pages, read.unread, read.title) == ("pdf", 2, 0, "rules")
    assert read.text("en") == "## Page 1\n\nFirst things\n\n## Page 2\n\nSecond things"
    assert "## 2. oldal" in read.text("hu") and "## Strona 2" in read.text("pl")


def test_a_word_file_keeps_headings_lists_and_tables() -> None:
    prices = [("Termék", "Egység", "Ár"), ("Töltőtoll", "db", "12000"), ("Tinta", "üveg", "1990")]
    read = parse(
        docx(("Title", "Árlista"), ("Heading 1", "Írószer"), ("Normal", "Érvényes: ma."), rows=prices), "a.docx"
    )
    assert read.title == "Árlista"
    assert read.text("hu") == (
        "# Árlista\n\n## Írószer\n\nÉrvényes: ma.\n\n"
        "- Termék: Töltőtoll; Egység: db; Ár: 12000\n- Termék: Tinta; Egység: üveg; Ár: 1990"
    )


def test_a_heading_is_one_by_the_style_its_own_style_is_based_on() -> None:
    body = '<w:p><w:pPr><w:pStyle w:val="Own"/></w:pPr><w:r><w:t>Leave</w:t></w:r></w:p>'
    part = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    assert words(zipped({"word/document.xml": part, "word/styles.xml": STYLES}), "a.docx") == "## Leave"


@pytest.mark.parametrize(
    "unseen",
    [
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>",
        "<w:del><w:r><w:delText>secret</w:delText></w:r></w:del>",
        "<w:moveFrom><w:r><w:t>secret</w:t></w:r></w:moveFrom>",
        "<w:r><w:instrText>secret</w:instrText></w:r>",
    ],
)
def test_what_a_reader_of_the_word_file_does_not_see_is_not_read(unseen: str) -> None:
    assert words(raw_docx(f"<w:p>{unseen}<w:r><w:t>open</w:t></w:r></w:p>"), "a.docx") == "open"


def test_a_word_file_with_macros_is_read_without_them() -> None:
    part = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>text</w:t></w:r></w:p></w:body></w:document>'
    assert words(zipped({"word/document.xml": part, "word/vbaProject.bin": b"\0macro"}), "a.docm") == "text"


def test_rows_of_a_sheet_say_by_themselves_what_their_cells_are() -> None:
    rows = [
        ("Product", "Unit", "Price", "From"),
        ("Pen", "pc", 12.5, datetime.date(2026, 1, 5)),
        ("Ink", None, 3, None),
    ]
    read = parse(xlsx({"Prices": rows}), "p.xlsx")
    assert read.text("en") == (
        "## Prices\n\n- Product: Pen; Unit: pc; Price: 12.5; From: 2026-01-05\n- Product: Ink; Price: 3"
    )


def test_a_hidden_sheet_is_not_read() -> None:
    read = parse(xlsx({"Prices": [("Pen", 990)], "Costs": [("Pen", 100)]}, hidden=["Costs"]), "p.xlsx")
    assert read.text("en") == "## Prices\n\n- Pen: 990" and read.pages == 1


def test_a_long_sheet_is_divided_and_every_part_has_the_labels() -> None:
    rows = [("Product", "Unit", "Price"), *((f"P{number}", "pc", number) for number in range(1, 251))]
    text = words(xlsx({"List": rows}), "p.xlsx")
    assert "## List (201–250)" in text and "- Product: P250; Unit: pc; Price: 250" in text


def test_a_web_page_is_read_without_scripts_menus_and_hidden_parts() -> None:
    page = (
        "<html><head><title>Rules &amp; terms</title><style>p{}</style></head><body><nav>Home</nav><h1>Rules</h1>"
        "<script>alert(1)</script><p>Be <b>kind</b>.</p><p style='display: none'>secret</p>"
        "<ul><li>One<li>Two</ul><table><tr><th>Day</th><td>Monday</td></tr></table></body></html>"
    )
    read = parse(page.encode(), "rules.html")
    assert read.title == "Rules & terms"
    assert read.text("en") == "# Rules\n\nBe kind.\n\n- One\n\n- Two\n\n- Day: Monday"


def test_markdown_stays_as_it_is_but_for_its_front_matter() -> None:
    read = parse(b"---\ntitle: Leave\n---\n\n# Asking\n\n- *one*\n", "leave.md")
    assert (read.title, read.text("en")) == ("Leave", "# Asking\n\n- *one*")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1250", "iso-8859-2"])
@pytest.mark.parametrize("said", ["Őrült tűző fény, árvíz.", "Zażółć gęślą jaźń: wieś, źdźbło, ąś."])
def test_the_encoding_of_a_text_is_found_out(said: str, encoding: str) -> None:
    assert words(said.encode(encoding), "note.txt") == said


def test_text_never_becomes_a_heading_or_html_by_chance() -> None:
    said = words(b"# 12 pens\n<script>\n```\n    far in\nplain", "note.txt")
    assert said == "\\# 12 pens\n\\<script>\n\\```\nfar in\nplain"


def test_a_long_text_is_divided_into_parts_that_can_be_cited() -> None:
    read = parse("\n\n".join(f"Paragraph {n}. " + "word " * 100 for n in range(100)).encode(), "long.txt")
    assert len(read.sections) > 3 and "## Part 2" in read.text("en") and "## 2. rész" in read.text("hu")
    assert "".join(read.text("en").split()).count("Paragraph") == 100


@pytest.mark.parametrize(
    ("file", "kind"), [(pdf("Hi"), "pdf"), (docx(("Normal", "Hi")), "docx"), (b"<!doctype html><p>Hi", "html")]
)
def test_the_kind_is_told_by_the_content_not_the_name(file: bytes, kind: str) -> None:
    assert parse(file, "something.txt").kind == kind


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("../../etc/passwd", "passwd"), ("C:\\x\\ár.pdf", "ár.pdf"), ("a\x00b\u202ec.txt", "abc.txt"), ("", "?")],
)
def test_a_files_name_is_shown_without_its_folders_and_tricks(sent: str, shown: str) -> None:
    assert shown_name(sent) == shown


def _with(book: bytes, changed: dict[str, tuple[str, str]]) -> bytes:
    """A workbook with words replaced in some of its parts."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for part, (old, new) in changed.items():
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)
    return zipped(parts)


def test_a_strict_workbook_is_read_with_its_dates_and_without_its_hidden_sheets() -> None:
    rows = [("Product", "Price", "From"), ("Pen", 12.5, datetime.date(2026, 1, 5)), ("Ink", True, None)]
    usual = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    book = xlsx({"Prices": rows, "Costs": [("Pen", 1)]}, hidden=["Costs"])
    parts = ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml")
    read = parse(_with(book, dict.fromkeys(parts, (usual, strict))), "p.xlsx")
    assert read.text("en") == (
        "## Prices\n\n- Product: Pen; Price: 12.5; From: 2026-01-05\n- Product: Ink; Price: True"
    )


def test_a_workbook_whose_styles_the_library_refuses_still_has_its_text() -> None:
    book = _with(xlsx({"Prices": [("Pen", 990)]}), {"xl/styles.xml": ('name="Normal"', "")})
    assert words(book, "p.xlsx") == "## Prices\n\n- Pen: 990"
