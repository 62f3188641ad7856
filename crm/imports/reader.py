"""Opening a file to import, whichever format it has, and matching its header to what a kind wants."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import AppError
from core.text import nfc
from crm.imports.cells import Cell
from crm.imports.report import ImportKind, ImportReport
from crm.imports.table import Table
from crm.imports.textfile import CsvFile
from crm.imports.workbook import XlsxFile

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


def open_file(file: Path, kind: ImportKind) -> CsvFile | XlsxFile:
    """`file` ready to be read; told apart by its content, whatever its name ends in.

    Raises `AppError` for a missing file, a folder, an empty file, an old `.xls` or anything that is no table.
    """
    if file.is_dir():
        raise AppError("import_is_folder", 422, file=str(file))
    try:
        with file.open("rb") as data:
            start = data.read(4)
    except FileNotFoundError as missing:
        raise AppError("import_no_file", 404, file=str(file)) from missing
    except OSError as unreadable:
        raise AppError("import_unreadable", 422, file=str(file)) from unreadable
    if not start:
        raise AppError("import_empty", 422, file=file.name)
    if start == _OLE:
        raise AppError("import_old_workbook", 422, file=file.name)
    if start == b"%PDF":
        raise AppError("import_not_a_table", 422, file=file.name)
    return XlsxFile(file, kind) if start == _ZIP else CsvFile(file)


@dataclass
class Sheet:
    """A file with its header matched. `total` is the number of rows below the header, if it is known."""

    source: CsvFile | XlsxFile
    total: int | None
    _rows: Iterator[tuple[int, list[str] | None]] | Iterator[tuple[int, list[Cell] | None]]
    _positions: dict[str, int]
    _width: int

    def rows(self, report: ImportReport) -> Iterator[tuple[int, Mapping[str, Cell] | None]]:
        """Every row below the header: its number, and its cells by column; None for an empty or a broken one.

        Broken ones are refused in `report`. A csv row must have as many cells as the header has, because an
        unquoted delimiter in a text, or a file cut off, would shift or lose values unnoticed.
        """
        exact = isinstance(self.source, CsvFile)
        for number, cells in self._rows:
            if cells is not None and all(c is None or (isinstance(c, str) and not c.strip()) for c in cells):
                yield number, None
            elif cells is None:
                report.reject(number, "row_bad_quotes")
                yield number, None
            elif exact and (len(cells) < self._width or any(cells[self._width :])):
                report.reject(number, "row_wrong_width", wanted=self._width, found=len(cells))
                yield number, None
            else:
                yield number, {c: cells[i] if i < len(cells) else None for c, i in self._positions.items()}


def read(file: Path, kind: ImportKind, table: Table, report: ImportReport) -> Sheet:
    """Open `file` and match its header, in any order and letter case, to the columns of `table`.

    Unknown columns are left out, with one warning. Raises `AppError` where a required column is missing or a
    known one is there twice, and what `open_file` raises.
    """
    source = open_file(file, kind)
    rows = source.rows()
    _, first = next(rows, (1, None))
    header = [nfc(str(cell)).strip().lower() if cell is not None else "" for cell in first or ()]
    while header and not header[-1]:
        header.pop()
    if not header:
        raise AppError("import_empty", 422, file=file.name)
    missing = [c for c in table.required if c not in header]
    if missing:
        raise AppError(
            "import_columns",
            422,
            file=file.name,
            missing=", ".join(missing),
            wanted=", ".join(table.columns),
            found=", ".join(c for c in header if c)[:500],
        )
    twice = sorted({c for c in table.columns if header.count(c) > 1})
    if twice:
        raise AppError("import_column_twice", 422, file=file.name, columns=", ".join(twice))
    extra = [c for c in header if c and c not in table.columns]
    if extra:
        report.warn(1, "row_extra_columns", columns=", ".join(extra)[:500])
    positions = {c: header.index(c) for c in table.columns if c in header}
    total = None if source.total is None else max(0, source.total - 1)
    return Sheet(source, total, rows, positions, len(header))
