"""Looking a Word file over before anything opens it: what it unpacks to, what it links to, what it would run.

Nothing is unpacked beyond what is allowed, no entity is resolved and no address fetched.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from core.errors import AppError
from offers.documents.places import Place, TemplateRefused
from offers.documents.stories import W, local, stories

MOST_BYTES = 5_000_000
_MOST_MEMBERS = 2_000
_MOST_UNPACKED = 60_000_000
_MOST_XML = 8_000_000
_RATIO, _SMALL = 150, 5_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_XML = (".xml", ".rels", ".vml")
# Relations by the end of their type: what brings in or runs something that is not in sight.
_UNSAFE = frozenset(
    ["attachedTemplate", "oleObject", "package", "aFChunk", "subDocument", "frame", "control", "vbaProject",
     "wordVbaData", "activeXControlBinary", "mailMergeSource", "mailMergeHeaderSource", "mailMergeRecipientData",
     "transform", "xslt", "keyMapCustomizations", "ui/extensibility"]
)  # fmt: skip
_UNSAFE_TAGS = frozenset(["altChunk", "OLEObject", "object", "control", "subDoc", "attachedTemplate", "mailMerge"])
_SAFE_FIELDS = frozenset(
    ["PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "PAGEREF", "REF", "NOTEREF", "STYLEREF", "SEQ", "TOC", "TC", "XE",
     "INDEX", "HYPERLINK", "SYMBOL", "LISTNUM", "TITLE", "SUBJECT", "AUTHOR", "FORMTEXT", "FORMCHECKBOX",
     "FORMDROPDOWN", "BIBLIOGRAPHY", "CITATION", "ADVANCE"]
)  # fmt: skip
_FIELD = re.compile(r"\s*([A-Za-z=]+)")
_LINK = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)


class _Enough(Exception):
    """The first element begins: no document type stood before it."""


def inspect(path: Path, filename: str) -> None:
    """Raise `AppError` unless the file at `path`, called `filename`, is a Word file that is safe to open.

    `template_too_large` (413), `template_not_word` (415) for another kind, `template_encrypted`, `template_damaged`,
    `template_unpacks_too_large` (413), `template_macros`, and `template_unsafe` with the place of what links to or runs
    something outside the file.
    """
    if path.stat().st_size > MOST_BYTES:
        raise AppError("template_too_large", 413, megabytes=MOST_BYTES // 1_000_000)
    if filename.lower().endswith((".docm", ".dotm")):
        raise AppError("template_macros", 422)
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE:
        # A Word file with a password is one of these too.
        raise AppError("template_encrypted", 415)
    if not filename.lower().endswith(".docx") or not start.startswith(b"PK"):
        raise AppError("template_not_word", 415)
    try:
        with zipfile.ZipFile(path) as archive:
            _weigh(archive)
            parts = {entry.filename: archive.read(entry) for entry in archive.infolist() if _is_xml(entry)}
        _declared(parts)
        _relations(parts)
        _content(parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as broken:
        raise AppError("template_damaged", 422) from broken
    except etree.XMLSyntaxError as broken:
        raise AppError("template_damaged", 422) from broken


def _is_xml(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.lower().endswith(_XML)


def _weigh(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    size, packed = sum(e.file_size for e in entries), max(1, sum(e.compress_size for e in entries))
    xml = sum(entry.file_size for entry in entries if _is_xml(entry))
    if len(entries) > _MOST_MEMBERS or size > _MOST_UNPACKED or xml > _MOST_XML or (
        size > _SMALL and size > _RATIO * packed
    ):  # fmt: skip
        raise AppError("template_unpacks_too_large", 413)
    if any(entry.flag_bits & 1 for entry in entries):
        raise AppError("template_encrypted", 415)
    folded = [name.lower() for name in names]
    for name in names:
        if name.startswith(("/", "\\")) or "\\" in name or ":" in name or ".." in name.split("/"):
            raise _unsafe(name, name)
        if "vba" in name.lower() or "activex" in name.lower():
            raise AppError("template_macros", 422)
    if len(set(folded)) != len(folded) or "word/document.xml" not in folded or "[content_types].xml" not in folded:
        raise AppError("template_damaged", 422)


def _unsafe(part: str, found: str) -> AppError:
    return TemplateRefused("template_unsafe", Place(part), found)


def _parsed(part: str, content: bytes) -> etree._Element:
    """The root of an XML part. Raises `template_unsafe` where it declares a document type."""
    parser = expat.ParserCreate()

    def refuse(*_declared: object) -> None:
        raise _unsafe(part, "DOCTYPE")

    def enough(*_element: object) -> None:
        raise _Enough

    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, enough
    try:
        parser.Parse(content, True)
    except _Enough:
        pass
    except expat.ExpatError as broken:
        raise AppError("template_damaged", 422) from broken
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(content, safe)


def _declared(parts: dict[str, bytes]) -> None:
    """The document itself has to be a Word document without macros, whatever the file is called."""
    name = next(name for name in parts if name.lower() == "[content_types].xml")
    types = [str(e.get("ContentType", "")) for e in _parsed(name, parts[name])]
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types):
        raise AppError("template_macros", 422)
    if _MAIN not in types:
        raise AppError("template_not_word", 415)


def _relations(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        if not name.lower().endswith(".rels"):
            continue
        for relation in _parsed(name, content):
            kind, target = str(relation.get("Type", "")), str(relation.get("Target", ""))
            ends = {kind.rpartition("/")[2], "/".join(kind.split("/")[-2:])}
            outside = str(relation.get("TargetMode", "")).lower() == "external"
            link = outside and kind.endswith("/hyperlink") and _LINK.match(target.strip())
            if ends & _UNSAFE or (outside and not link) or (not outside and _leads_out(name, target)):
                raise _unsafe(name, f"{kind.rpartition('/')[2]}: {target}")


def _leads_out(name: str, target: str) -> bool:
    folder = posixpath.dirname(posixpath.dirname(name))
    return ":" in target or posixpath.normpath(posixpath.join("/" + folder, target)).startswith(("/..", "//"))


def _content(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        if name.lower().endswith(".rels") or not name.lower().startswith("word/"):
            continue
        root = _parsed(name, content)
        for element in root.iter():
            if local(element) in _UNSAFE_TAGS:
                raise _unsafe(name, local(element))
        for place, code in _fields(name, root):
            found = _FIELD.match(code)
            if code.strip() and (found is None or found[1].upper() not in _SAFE_FIELDS):
                raise TemplateRefused("template_unsafe", place, code.strip()[:60] or "field")


def _fields(name: str, root: etree._Element) -> Iterator[tuple[Place, str]]:
    """The code of every field of a part and where it stands; fields within fields each by themselves."""
    open_fields: list[list[str]] = []
    for place, paragraph in stories(name, root):
        for element in paragraph.iter():
            kind = local(element)
            if kind == "fldSimple":
                yield place, str(element.get(f"{W}instr", ""))
            elif kind == "instrText" and open_fields:
                open_fields[-1].append(element.text or "")
            elif kind == "instrText":
                yield place, element.text or ""
            elif kind == "fldChar":
                what = element.get(f"{W}fldCharType")
                if what == "begin":
                    open_fields.append([])
                elif what == "end" and open_fields:
                    yield place, "".join(open_fields.pop())
    for left in open_fields:
        yield Place(name), "".join(left)
