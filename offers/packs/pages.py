"""One page of a PDF as a drawing to be put on another page: whatever its content does to the graphics state stays
inside, and nothing that could act comes along."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from offers.packs.limits import Fault
from offers.packs.values import called, figures, inner, number, value

_LEAST, _LARGEST = 9.0, 200_000.0
_HIDDEN, _NO_VIEW = 2, 32
# Fields stand in groups; what one lacks its group has.
_DEEPEST = 8
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """What is seen of a page: the lower left corner and size of its visible box in its own units, and by how many
    degrees (0, 90, 180, 270) it is turned clockwise to be read."""

    x: float
    y: float
    width: float
    height: float
    turned: int

    @property
    def shown(self) -> tuple[float, float]:
        """Its width and height as it is read."""
        return (self.height, self.width) if self.turned in (90, 270) else (self.width, self.height)

    @property
    def upright(self) -> Matrix:
        """What takes a drawing of the size `shown` onto the page, so that it stands upright for the reader."""
        right, top = self.x + self.width, self.y + self.height
        return {
            0: (1.0, 0.0, 0.0, 1.0, self.x, self.y),
            90: (0.0, 1.0, -1.0, 0.0, right, self.y),
            180: (-1.0, 0.0, 0.0, -1.0, right, top),
            270: (0.0, -1.0, 1.0, 0.0, self.x, top),
        }[self.turned]


def sheet_of(page: PageObject) -> Sheet:
    """What is seen of `page`. Raises `Fault` for a page without a size one could print."""
    media, crop = _box(page.mediabox), _box(page.cropbox)
    box = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if box[2] - box[0] < _LEAST or box[3] - box[1] < _LEAST:
        box = media
    width, height = box[2] - box[0], box[3] - box[1]
    if not (_LEAST <= width <= _LARGEST and _LEAST <= height <= _LARGEST):
        raise Fault("attachment_damaged")
    return Sheet(box[0], box[1], width, height, int(page.rotation) % 360 // 90 * 90)


def _box(rectangle: Iterable[float]) -> tuple[float, float, float, float]:
    a, b, c, d = map(float, rectangle)
    return min(a, c), min(b, d), max(a, c), max(b, d)


def content_of(page: PageObject) -> bytes:
    """The page's content, unpacked; its parts joined as a reader would."""
    raw = value(page, "/Contents")
    parts = list(raw) if isinstance(raw, ArrayObject) else [raw]
    streams = (part.get_object() for part in parts if isinstance(part, PdfObject))
    return b"\n".join(stream.get_data() for stream in streams if isinstance(stream, StreamObject))


def drawing(writer: PdfWriter, page: PageObject, sheet: Sheet) -> PdfObject:
    """`page` as a form object of `writer`: its content with its own resources, clipped to what is seen of it."""
    made = DecodedStreamObject()
    made.set_data(content_of(page))
    packed = made.flate_encode()
    packed[NameObject("/Type")] = NameObject("/XObject")
    packed[NameObject("/Subtype")] = NameObject("/Form")
    packed[NameObject("/BBox")] = numbers(sheet.x, sheet.y, sheet.x + sheet.width, sheet.y + sheet.height)
    resources = page["/Resources"] if "/Resources" in page else DictionaryObject()
    packed[NameObject("/Resources")] = resources.clone(writer)
    return writer._add_object(packed)


def numbers(*values: float) -> ArrayObject:
    """`values` as an array of a PDF."""
    return ArrayObject([FloatObject(round(each, 4)) for each in values])


def notes_of(page: PageObject) -> Iterator[DictionaryObject]:
    """The annotations of `page`."""
    raw = value(page, "/Annots")
    for note in raw if isinstance(raw, ArrayObject) else ():
        found = note.get_object()
        if isinstance(found, DictionaryObject):
            yield found


def web_link(writer: PdfWriter, note: DictionaryObject) -> PdfObject | None:
    """A link to an address of the web or of mail, made anew; None for every other note."""
    action = inner(note, "/A")
    if called(note, "/Subtype") != "/Link" or action is None or called(action, "/S") != "/URI":
        return None
    address = called(action, "/URI")
    if not address.lower().startswith(("http://", "https://", "mailto:")):
        return None
    made = DictionaryObject()
    made[NameObject("/Type")], made[NameObject("/Subtype")] = NameObject("/Annot"), NameObject("/Link")
    made[NameObject("/Rect")] = numbers(*_box(figures(note, "/Rect")))
    made[NameObject("/Border")] = ArrayObject([NumberObject(0)] * 3)
    goes = DictionaryObject()
    goes[NameObject("/S")], goes[NameObject("/URI")] = NameObject("/URI"), action["/URI"].clone(writer)
    made[NameObject("/A")] = goes
    return writer._add_object(made)


def shown_face(note: DictionaryObject) -> StreamObject | None:
    """What a note or form field looks like on the page; None where nothing of it is seen."""
    if number(note, "/F") & (_HIDDEN | _NO_VIEW):
        return None
    if called(note, "/Subtype") in ("/Link", "/Popup"):
        return None
    faces = inner(note, "/AP")
    face = value(faces, "/N") if faces is not None else None
    if isinstance(face, DictionaryObject) and not isinstance(face, StreamObject):
        face = value(face, called(note, "/AS") or "/Off")
    return face if isinstance(face, StreamObject) and "/BBox" in face and "/Rect" in note else None


def placed(note: DictionaryObject, face: StreamObject) -> Matrix | None:
    """What takes `face` to where its note stands on the page; None where it has no size."""
    box, rect = _box(figures(face, "/BBox")), _box(figures(note, "/Rect"))
    m = figures(face, "/Matrix") or [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    across = [m[0] * x + m[2] * y + m[4] for x, y in corners]
    up = [m[1] * x + m[3] * y + m[5] for x, y in corners]
    width, height = max(across) - min(across), max(up) - min(up)
    if width <= 0 or height <= 0:
        return None
    sx, sy = (rect[2] - rect[0]) / width, (rect[3] - rect[1]) / height
    return sx, 0.0, 0.0, sy, rect[0] - min(across) * sx, rect[1] - min(up) * sy


def undrawn(note: DictionaryObject) -> bool:
    """Whether it is a form field with a value that only some programs would draw: nothing of it would be printed."""
    if called(note, "/Subtype") != "/Widget" or shown_face(note) is not None:
        return False
    if number(note, "/F") & (_HIDDEN | _NO_VIEW):
        return False
    field: DictionaryObject | None = note
    kind = typed = ""
    for _ in range(_DEEPEST):
        if field is None:
            break
        kind, typed = kind or called(field, "/FT"), typed or called(field, "/V")
        field = inner(field, "/Parent")
    return kind in ("/Tx", "/Ch") and bool(typed.strip())
