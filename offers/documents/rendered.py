"""What of a template is filled in, as the very text it is filled in from, and that nothing in it is forbidden.

`offers/documents/placeholders.py` reads a template as a person does and tells faults by their place. More than a person
sees is filled in: attributes, parts by any name, properties, and braces that stand in two paragraphs.
"""

from collections.abc import Iterator
from pathlib import Path

from docxtpl import DocxTemplate

from offers.documents.placeholders import check_source
from offers.documents.stories import story_of

_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# The properties that docxtpl fills in.
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")


def check_rendered(path: Path) -> None:
    """Raise `TemplateRefused` with the part of the first thing in the (inspected) Word file at `path` that may not be
    filled in. Opens the file whole, so it is for a process of its own, as in `offers/documents/trying.py`."""
    for part, source in _sources(path):
        check_source(story_of(part), source)


def _sources(path: Path) -> Iterator[tuple[str, str]]:
    """Each text that docxtpl hands to its template language, and the part it is of."""
    template = DocxTemplate(path)
    template.render_init()
    yield "word/document.xml", template.patch_xml(template.get_xml())
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(kind):
            yield str(part.partname).lstrip("/"), template.patch_xml(template.get_part_xml(part))
    for name in _PROPERTIES:
        yield "docProps/core.xml", getattr(template.docx.core_properties, name)
    for part in template.docx.part.package.parts:
        if part.content_type == _FOOTNOTES:
            yield str(part.partname).lstrip("/"), template.patch_xml(part.blob.decode("utf-8"))
