"""Reading csv files as spreadsheets of Central Europe write them: encoding and delimiter are found out."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from core.errors import AppError

_CHUNK = 1 << 20
_DELIMITERS = (",", ";", "\t")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class CsvFile:
    """A csv file. `rows` yields the number of each row as a spreadsheet shows it, and its cells.

    `cells` is None for a row whose quotes do not match. Raises `AppError` for a file that is no text,
    or one that is cut off inside a character.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._encoding = _encoding(file)
        with self._open() as lines:
            first = lines.readline()
        self._delimiter = max(_DELIMITERS, key=first.count)
        self.total: int | None = sum(1 for _ in self.rows())

    @contextmanager
    def _open(self) -> Iterator[TextIO]:
        try:
            with self._file.open(encoding=self._encoding, newline="") as lines:
                yield lines
        except UnicodeDecodeError as broken:
            raise AppError("import_not_a_table", 422, file=self._file.name) from broken

    def rows(self) -> Iterator[tuple[int, list[str] | None]]:
        """Every row with its number, from the header (1) on; empty lines as empty rows."""
        with self._open() as lines:
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            number = 0
            while True:
                number += 1
                try:
                    yield number, next(reader)
                except StopIteration:
                    return
                except csv.Error:
                    yield number, None


def _encoding(file: Path) -> str:
    """The encoding of `file`: by its byte order mark, else UTF-8 if it is that, else cp1250."""
    with file.open("rb") as data:
        start = data.read(_CHUNK)
        for bom, name in _BOMS:
            if start.startswith(bom):
                return name
        if b"\0" in start:
            raise AppError("import_not_a_table", 422, file=file.name)
        decoder = codecs.getincrementaldecoder("utf-8")()
        chunk = start
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = data.read(_CHUNK)
        except UnicodeDecodeError:
            # Valid characters of several bytes are next to impossible in cp1250: with them it is UTF-8, damaged.
            text = chunk.decode("utf-8", errors="ignore")
            if not text.isascii():
                raise AppError("import_damaged_text", 422, file=file.name) from None
            return "cp1250"
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as cut:
            raise AppError("import_cut_off", 422, file=file.name) from cut
    return "utf-8"
