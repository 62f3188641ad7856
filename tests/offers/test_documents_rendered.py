"""Everything of a template that is filled in is checked, wherever in the file it hides."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from core.errors import AppError
from offers.documents.own_files import check_template
from offers.documents.rendered import check_rendered
from offers.documents.word import shipped_template

# On the sample it does nothing; on another offer it would never end.
_TRAP = (
    "{% if number == 'X' %}{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}{% endif %}"
)
_XML = _TRAP.replace("'", "&apos;")


def _rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return target


def _torn(folder: Path) -> Path:
    """Braces that only come together across two paragraphs."""
    document = docx.Document(str(shipped_template("en")))
    document.add_paragraph("{")
    document.add_paragraph("{ range(99999) }}")
    document.save(str(folder / "torn.docx"))
    return folder / "torn.docx"


def _attribute(folder: Path) -> Path:
    def change(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        paragraph = f'<w:p><w:pPr><w:pStyle w:val="{_XML}"/></w:pPr></w:p>'.encode()
        return content.replace(b"<w:body>", b"<w:body>" + paragraph, 1)

    return _rewritten(shipped_template("en"), folder / "attribute.docx", change)


def _property(folder: Path) -> Path:
    document = docx.Document(str(shipped_template("en")))
    document.core_properties.comments = _TRAP
    document.save(str(folder / "property.docx"))
    return folder / "property.docx"


def _header(folder: Path) -> Path:
    document = docx.Document(str(shipped_template("en")))
    main = document.part
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    blob = f"<w:hdr {space}><w:p><w:r><w:t>{_XML}</w:t></w:r></w:p></w:hdr>".encode()
    part = Part(PackURI("/word/other.xml"), CONTENT_TYPE.WML_HEADER, blob, main.package)
    main.relate_to(part, RELATIONSHIP_TYPE.HEADER)
    document.save(str(folder / "header.docx"))
    return folder / "header.docx"


@pytest.mark.parametrize("hidden", [_torn, _attribute, _property, _header])
def test_what_a_template_hides_is_refused_before_any_offer_is_made(
    tmp_path: Path, hidden: Callable[[Path], Path]
) -> None:
    with pytest.raises(AppError) as refused:
        check_template(hidden(tmp_path), "own.docx", "en")
    assert refused.value.code == "template_tag_forbidden"


@pytest.mark.parametrize("language", ["hu", "pl", "en"])
def test_the_shipped_ones_hide_nothing(language: str) -> None:
    check_rendered(shipped_template(language))  # type: ignore[arg-type]
