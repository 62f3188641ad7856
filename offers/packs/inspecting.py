"""Looking through one PDF: what would act by itself in the reader's hands is refused, and what nobody could read."""

from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, PdfObject

from offers.packs.limits import Fault, PackLimits
from offers.packs.values import value

_ACTS = {
    "/JavaScript": "attachment_with_script",
    "/Launch": "attachment_with_launch",
    "/ImportData": "attachment_with_launch",
    "/SubmitForm": "attachment_with_launch",
    "/Rendition": "attachment_with_media",
    "/Movie": "attachment_with_media",
    "/Sound": "attachment_with_media",
}
_CARRIES = {
    "/JS": "attachment_with_script",
    "/JavaScript": "attachment_with_script",
    "/EmbeddedFiles": "attachment_with_files",
    "/EF": "attachment_with_files",
    "/RichMediaContent": "attachment_with_media",
    "/RichMediaSettings": "attachment_with_media",
    "/XFA": "attachment_dynamic_form",
}
_CARRIERS = {
    "/FileAttachment": "attachment_with_files",
    "/RichMedia": "attachment_with_media",
    "/Screen": "attachment_with_media",
    "/Movie": "attachment_with_media",
    "/Sound": "attachment_with_media",
}


def opened(file: Path) -> PdfReader:
    """A reader of the PDF at `file`. Raises `Fault` for one that is encrypted or no PDF."""
    with file.open("rb") as data:
        if b"%PDF-" not in data.read(1024):
            raise Fault("attachment_damaged")
    try:
        reader = PdfReader(file)
        encrypted = reader.is_encrypted
    except DependencyError as fault:
        # Kinds of encryption that are not even told without a further library.
        raise Fault("attachment_encrypted") from fault
    # The library raises whatever a damaged file makes it meet.
    except Exception as fault:
        raise Fault("attachment_damaged") from fault
    if encrypted:
        raise Fault("attachment_encrypted")
    return reader


def inspected(file: Path, limits: PackLimits) -> dict[str, object]:
    """`{"pages": n}` for a PDF that may go with offers; raises `Fault` with the reason why one may not."""
    reader = opened(file)
    _walk(reader, limits)
    pages = len(reader.pages)
    if pages == 0:
        raise Fault("attachment_without_pages")
    if pages > limits.pages:
        raise Fault("attachment_too_many_pages", most=limits.pages)
    # Every page is taken in the way it would be merged: what cannot be is told now, not when an offer is to go out.
    from offers.packs.merging import readable

    readable(reader)
    return {"pages": pages}


def _walk(reader: PdfReader, limits: PackLimits) -> None:
    """Look at everything that can be reached from the file's root, each object once."""
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = [reader.trailer.raw_get("/Root")]
    looked_at = 0
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            place = (found.idnum, found.generation)
            if place in seen:
                continue
            seen.add(place)
            found = found.get_object()
        looked_at += 1
        if looked_at > 10 * limits.objects or len(seen) > limits.objects:
            raise Fault("attachment_took_too_much")
        if isinstance(found, DictionaryObject):
            _check(found)
            waiting += [found.raw_get(name) for name in found]
        elif isinstance(found, ArrayObject):
            waiting += [part for part in list.__iter__(found) if not _plain(part)]


def _plain(part: object) -> bool:
    return isinstance(part, PdfObject) and not isinstance(part, IndirectObject | DictionaryObject | ArrayObject)


def _check(found: DictionaryObject) -> None:
    for name, code in _CARRIES.items():
        if name in found and not _empty(found, name):
            raise Fault(code)
    action = value(found, "/S")
    if isinstance(action, NameObject) and action in _ACTS and not _is_structure(found):
        raise Fault(_ACTS[action])
    kind = value(found, "/Subtype")
    if isinstance(kind, NameObject) and kind in _CARRIERS and "/Rect" in found:
        raise Fault(_CARRIERS[kind])


def _empty(found: DictionaryObject, name: str) -> bool:
    """Whether nothing is there: a tree of embedded files with none in it is harmless."""
    kept = value(found, name)
    if name in ("/EmbeddedFiles", "/JavaScript") and isinstance(kept, DictionaryObject):
        return not value(kept, "/Names") and not value(kept, "/Kids")
    return kept is None or (isinstance(kept, ArrayObject | DictionaryObject) and not kept)


def _is_structure(found: DictionaryObject) -> bool:
    """Whether it is a node of the document's structure, whose names are free: a paragraph may be called `Sound`."""
    return "/P" in found and not {"/F", "/Win", "/R", "/T"} & set(found)
