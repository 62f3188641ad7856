"""How much one file may cost, and what a reader says about one."""

from dataclasses import dataclass, field
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What reading one file may take before it is refused.

    `file_bytes` the file itself; `unpacked_bytes` all that it unpacks to, and `ratio` of that to its packed size once
    it is over 20 MB; `pages` of a PDF or sheets of a workbook; `rows` and `cells` of all sheets together, `paragraphs`
    of a Word document; `text` characters of the result. `seconds` of wall time, `cpu_seconds` of processor time,
    `memory` bytes of address space. `places` says how many rows, paragraphs and lines are told one by one besides, with
    their cells; 0 for a file that is only to be read as a text.
    """

    file_bytes: int = 30 * MEGABYTE
    unpacked_bytes: int = 300 * MEGABYTE
    ratio: int = 200
    pages: int = 1_000
    rows: int = 50_000
    cells: int = 2_000_000
    paragraphs: int = 200_000
    text: int = 2_000_000
    seconds: float = 60.0
    cpu_seconds: int = 25
    memory: int = 1_000 * MEGABYTE
    places: int = 0


class Fault(Exception):
    """Why a file is not read: a code of `core/messages/parsing.toml` and its values, without the file's name."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


@dataclass(frozen=True)
class Section:
    """A part of a document: a page of a PDF or a part of a long text by its `number`, a sheet of a workbook by its
    `name`, or all of it with neither. `text` is Markdown."""

    text: str
    number: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Place:
    """A row, paragraph or line where it stands: `number` is that of the row as the sheet counts, of the row in its
    `table`, of the paragraph, or of the line on its page. `cells` are as printed, one where there are no columns;
    `starts` says at which character each begins where columns are known by their position alone (PDF)."""

    cells: tuple[str, ...]
    number: int
    page: int | None = None
    sheet: str = ""
    table: int | None = None
    starts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Draft:
    """What a reader of one kind made of a file. `title` is empty where the file does not say; `pages` counts pages
    or sheets (1 where there are none), of which `unread` could not be read; `places` are told where asked for."""

    kind: str
    title: str
    pages: int
    sections: list[Section] = field(default_factory=list)
    unread: int = 0
    places: list[Place] = field(default_factory=list)


class Budget:
    """Characters of text and paragraphs still allowed."""

    def __init__(self, limits: Limits) -> None:
        self._left = self._all = limits.text
        self._paragraphs = self._most = limits.paragraphs

    def paragraph(self) -> None:
        """Count a paragraph. Raises `Fault("file_too_many_rows")`."""
        self._paragraphs -= 1
        if self._paragraphs < 0:
            raise Fault("file_too_many_rows", most=self._most)

    def spend(self, text: str) -> str:
        """`text`, counted. Raises `Fault("file_too_much_text")`."""
        self._left -= len(text)
        if self._left < 0:
            raise Fault("file_too_much_text", characters=self._all)
        return text


def peak_of(process: str) -> int:
    """The most memory a running process ever held, in kB; 0 where the system does not tell.

    Not `ru_maxrss`: that of a child begins with what its parent held when it started it.
    """
    try:
        lines = Path("/proc", process, "status").read_text().splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    except (OSError, ValueError):
        return 0
