"""Merging PDF files into one, in the child process: sizes told first, then pages drawn, stamped and looked at again."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    PdfObject,
    StreamObject,
)

from offers.packs import pages
from offers.packs.inspecting import opened
from offers.packs.layers import Layer, keep, layers_of
from offers.packs.limits import Fault, PackLimits
from offers.packs.pages import Matrix, content_of
from offers.packs.values import inner, value

Part = Mapping[str, object]


def _parts(listed: list[object]) -> Iterator[tuple[Part, PdfReader]]:
    for part in listed:
        assert isinstance(part, dict)
        with _named(part):
            reader = opened(Path(str(part["file"])))
        yield part, reader


class _named:  # noqa: N801
    """Whatever breaks inside is the fault of `part`."""

    def __init__(self, part: Part) -> None:
        self._title = str(part["title"])

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Fault):
            raise Fault(error.code, self._title, **error.values) from error
        if isinstance(error, Exception) and not isinstance(error, MemoryError):
            raise Fault("attachment_damaged", self._title) from error


def readable(reader: PdfReader) -> None:
    """Take in every page as merging would. Raises `Fault` for what could not be merged or would lose something."""
    trial = PdfWriter()
    for page in reader.pages:
        _drawn(trial, page, None)
        if any(pages.undrawn(note) for note in pages.notes_of(page)):
            raise Fault("attachment_unset_form")


def measured(listed: list[object], limits: PackLimits) -> dict[str, object]:
    """For each part, the width and height of its pages as they are read, in points of 1/72 inch."""
    sizes: list[list[tuple[float, float]]] = []
    for part, reader in _parts(listed):
        with _named(part):
            sizes.append([pages.sheet_of(page).shown for page in reader.pages])
        if sum(map(len, sizes)) > limits.pages:
            raise Fault("pack_too_many_pages", most=limits.pages)
    return {"sizes": sizes}


def merged(listed: list[object], stamps: Path, target: Path, title: str, limits: PackLimits) -> dict[str, object]:
    """Write all parts to `target`, a bookmark each, those with `stamp` stamped with the pages of `stamps` in turn;
    `{"pages": n}`. Pages `keep` of the first part that has it are written to that path again as they stand in the
    finished file, so that they can be compared."""
    writer = PdfWriter()
    writer.add_metadata({"/Title": title})
    marks = iter(PdfReader(stamps).pages)
    layers: list[Layer] = []
    first = 0
    for part, reader in _parts(listed):
        with _named(part):
            for page in reader.pages:
                _drawn(writer, page, next(marks) if part["stamp"] else None)
            layers += layers_of(writer, reader)
        writer.add_outline_item(title=str(part["title"]), page_number=first)
        first = len(writer.pages)
    keep(writer, layers)
    writer.write(target)
    return {"pages": _checked(target, listed)}


def _drawn(writer: PdfWriter, page: PageObject, mark: PageObject | None) -> None:
    """Add `page` to `writer` as a drawing, notes and form fields fixed as they look, `mark` upright on top."""
    sheet = pages.sheet_of(page)
    made = writer.add_blank_page(sheet.width, sheet.height)
    made[NameObject("/MediaBox")] = made[NameObject("/CropBox")] = pages.numbers(
        sheet.x, sheet.y, sheet.x + sheet.width, sheet.y + sheet.height
    )
    for name in ("/Group", "/UserUnit"):
        if name in page:
            made[NameObject(name)] = page[name].clone(writer)
    if sheet.turned:
        made.rotation = sheet.turned
    drawings = DictionaryObject()
    commands = [_put(drawings, "/Page", pages.drawing(writer, page, sheet), None)]
    links = ArrayObject()
    for place, note in enumerate(pages.notes_of(page)):
        link = pages.web_link(writer, note)
        if link is not None:
            links.append(link)
        face = pages.shown_face(note)
        where = pages.placed(note, face) if face is not None else None
        if face is not None and where is not None:
            commands.append(_put(drawings, f"/Note{place}", _face(writer, face), where))
    if mark is not None:
        seen = pages.sheet_of(mark)
        commands.append(_put(drawings, "/Stamp", pages.drawing(writer, mark, seen), sheet.upright))
    content = DecodedStreamObject()
    content.set_data(b"\n".join(commands))
    made[NameObject("/Contents")] = writer._add_object(content)
    made[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawings})
    if links:
        made[NameObject("/Annots")] = links


def _face(writer: PdfWriter, face: StreamObject) -> PdfObject:
    """A copy of what a note looks like, said to be a form object, which some writers leave out."""
    copy = face.clone(writer, ignore_fields=("/StructParent", "/Parent", "/P"))
    copy[NameObject("/Type")], copy[NameObject("/Subtype")] = NameObject("/XObject"), NameObject("/Form")
    return copy.indirect_reference or writer._add_object(copy)


def _put(drawings: DictionaryObject, name: str, drawing: PdfObject, where: Matrix | None) -> bytes:
    """Name `drawing` among those of a page; the commands that draw it there."""
    drawings[NameObject(name)] = drawing
    moved = "" if where is None else " ".join(f"{value:.5f}" for value in where) + " cm "
    return f"q {moved}{name} Do Q".encode()


def _checked(target: Path, listed: list[object]) -> int:
    """Look at the finished file: its pages, the stamp on each that was to have one; their number."""
    finished = PdfReader(target)
    at = 0
    for part, reader in _parts(listed):
        count = len(reader.pages)
        marks = part.get("marks")
        if isinstance(marks, list):
            for page, mark in zip(finished.pages[at : at + count], marks, strict=True):
                _has_stamp(page, str(mark))
        if part.get("keep"):
            again = PdfWriter()
            for page in finished.pages[at : at + count]:
                again.add_page(page)
            again.write(Path(str(part["keep"])))
        at += count
    if len(finished.pages) != at:
        raise Fault("pack_wrong", pages=len(finished.pages), expected=at)
    return at


def _has_stamp(page: PageObject, mark: str) -> None:
    stamp = inner(inner(page, "/Resources"), "/XObject")
    drawn = value(stamp, "/Stamp") if stamp is not None else None
    said = page.extract_xform_text(drawn) if isinstance(drawn, EncodedStreamObject) else ""
    if "".join(mark.split()) not in "".join(said.split()) or not content_of(page).endswith(b"/Stamp Do Q"):
        raise Fault("pack_wrong", pages=page.page_number or 0, expected=mark)
