"""Small PDFs, a library and an offer, for tests of what goes with offers."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from assistant.context import Parts
from core.clock import today
from crm.actor import Actor
from crm.library import AttachmentFields
from crm.tables import Attachment
from offers.figures import Edit, EditedLine
from offers.library import Library

A4 = (595.0, 842.0)
Extra = Callable[[PdfWriter], object]


def pdf(*texts: str, size: tuple[float, float] = A4, turned: int = 0, extra: Extra | None = None) -> bytes:
    """A PDF with a page a text, in Helvetica, `turned` by that many degrees, with whatever `extra` adds."""
    writer = PdfWriter()
    for text in texts:
        page = writer.add_blank_page(*size)
        font = DictionaryObject()
        for name, value in (("/Type", "/Font"), ("/Subtype", "/Type1"), ("/BaseFont", "/Helvetica")):
            font[NameObject(name)] = NameObject(value)
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = DecodedStreamObject()
        # The state is left changed at the end: a stamp must not be drawn in it.
        content.set_data(f"q 3 0 0 3 50 50 cm BT /F1 12 Tf 20 60 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(content)
        if turned:
            page.rotation = turned
    if extra is not None:
        extra(writer)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def put(parts: Parts, actor: Actor, data: bytes, title: str, name: str = "a.pdf", **fields: object) -> Attachment:
    """A file of the library, with these `AttachmentFields`."""
    file = parts.settings.home / f"sent-{name}"
    file.write_bytes(data)
    made = Library(parts.engine, parts.settings).add(
        actor, file, name, AttachmentFields(title, **fields)  # type: ignore[arg-type]
    )  # fmt: skip
    file.unlink()
    return made


def edit(*lines: tuple[str, int], **rest: object) -> Edit:
    """An offer as typed, of (SKU, quantity) lines."""
    typed = tuple(EditedLine(sku, Decimal(quantity)) for sku, quantity in lines or (("TOLL", 10),))
    return Edit(typed, today() + timedelta(days=30), 8, **rest)  # type: ignore[arg-type]


def offer(parts: Parts, actor: Actor, customer: str = "C0001", *lines: tuple[str, int], **rest: object) -> str:
    """The number of a new offer."""
    return parts.offers.create(actor, customer, edit(*lines, **rest)).number


def sent(folder: Path, data: bytes, name: str) -> Path:
    """A file as it came."""
    file = folder / name
    file.write_bytes(data)
    return file
