"""A list as a workbook (XLSX)."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

from fastapi.responses import Response
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from core.clock import today
from core.text import fold

# Longer lists take minutes to write; a whole company's data is exported on the machine itself.
LONGEST = 20_000
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Value = str | int | Decimal | date | None


def workbook(title: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """A workbook of one sheet to be downloaded, named after `title` and today. Texts are texts, whatever they begin
    with: none becomes a formula, not even when its cell is edited."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(ILLEGAL_CHARACTERS_RE.sub("", title)[:31])
    sheet.freeze_panes = "A2"

    def cell(value: Value, *, bold: bool = False) -> Cell:
        if not isinstance(value, str):
            # The stubs know fewer types than the library writes.
            return WriteOnlyCell(sheet, value=value)  # type: ignore[arg-type]
        made = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
        made.data_type = "s"
        made.quotePrefix = value[:1] in "=+-@\t\r"
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(header, bold=True) for header in headers])
    for row in rows:
        sheet.append([cell(value) for value in row])
    target = BytesIO()
    book.save(target)
    name = f"{title.lower()}-{today().isoformat()}.xlsx"
    plain = "".join(c for c in fold(name) if c.isascii() and c not in '"\\')
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    sent = {"Content-Disposition": named, "Cache-Control": "no-store"}
    return Response(target.getvalue(), media_type=_TYPE, headers=sent)
