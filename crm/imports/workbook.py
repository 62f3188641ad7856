"""Reading xlsx files row by row, after a look at how much is inside."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from openpyxl import load_workbook

from core.errors import AppError
from crm.imports.cells import Cell

# A million rows of a table are about 500 MB of XML; sheets pack 10 to 40 fold, bombs 1,000 fold.
MOST_BYTES = 500_000_000
MOST_RATIO = 200
_SMALL = 20_000_000


class XlsxFile:
    """The sheet named `sheet` of a workbook, or its first one. Its cells are read in bounded memory.

    Raises `AppError` for a file that is damaged, cut off, no workbook, or unpacks to more than is sane.
    """

    def __init__(self, file: Path, sheet: str) -> None:
        self._file = file
        _weigh(file)
        try:
            self._book = load_workbook(file, read_only=True, data_only=True)
            self._sheet = self._book[sheet] if sheet in self._book.sheetnames else self._book.worksheets[0]
        # The library lets through whatever broke inside it: KeyError, ParseError, zlib.error and others.
        except Exception as broken:
            raise AppError("import_damaged_workbook", 422, file=file.name) from broken
        self.total: int | None = self._sheet.max_row

    def rows(self) -> Iterator[tuple[int, list[Cell] | None]]:
        """Every row with its number; rows left out in the file come as empty ones."""
        # Some programs write a wrong size of the sheet, and rows beyond it would be lost.
        self._sheet.reset_dimensions()
        rows = self._sheet.iter_rows(values_only=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(rows)
            except StopIteration:
                self._book.close()
                return
            except Exception as broken:
                self._book.close()
                raise AppError("import_damaged_workbook", 422, file=self._file.name) from broken
            yield number, [_cell(c) for c in cells]


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str | int | float | date | datetime):
        return value
    return str(value)


def _weigh(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError) as broken:
        raise AppError("import_damaged_workbook", 422, file=file.name) from broken
    if not any(entry.filename == "xl/workbook.xml" for entry in entries):
        raise AppError("import_not_a_table", 422, file=file.name)
    size = sum(entry.file_size for entry in entries)
    packed = max(1, sum(entry.compress_size for entry in entries))
    if size > MOST_BYTES or (size > _SMALL and size / packed > MOST_RATIO):
        raise AppError("import_too_large", 413, file=file.name, megabytes=MOST_BYTES // 1_000_000)
