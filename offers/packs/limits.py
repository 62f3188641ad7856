"""What reading and merging PDF files may take, and what a child process says about one it cannot take."""

from dataclasses import dataclass

MEGABYTE = 1_000_000
LARGEST_FILE = 20 * MEGABYTE


@dataclass(frozen=True)
class PackLimits:
    """`seconds` of wall time, `cpu_seconds` of processor time, `memory` bytes of address space, `pages` of one file or
    of a whole pack, `objects` a file may consist of, `written` bytes of the finished pack."""

    seconds: float = 40.0
    cpu_seconds: int = 30
    memory: int = 1_500 * MEGABYTE
    pages: int = 500
    objects: int = 200_000
    written: int = 150 * MEGABYTE


class Fault(Exception):
    """Why a file is not taken: a code of `core/messages/library.toml`; `title` names the file where there are many."""

    def __init__(self, code: str, title: str = "", **values: object) -> None:
        super().__init__(code)
        self.code, self.title, self.values = code, title, values
