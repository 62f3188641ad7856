"""The way into reading a file: a child process does it, and this process only waits, counts and stops it."""

import json
import logging
import os
import re
import selectors
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, BinaryIO

from core.errors import AppError, say
from core.language import Language
from core.text import storable
from retrieval.parsing.kinds import MEDIA_TYPES
from retrieval.parsing.limits import MEGABYTE, Limits, Place, Section, peak_of

log = logging.getLogger(__name__)

# Each may take the memory of `Limits.memory`.
_AT_ONCE = 2
_ROOT = Path(__file__).resolve().parents[2]
_PART = 65_536
_STATUS = {
    "file_unknown_kind": 415,
    "file_old_kind": 415,
    "file_too_large": 413,
    "file_unpacks_too_large": 413,
    "file_too_many_pages": 413,
    "file_too_many_rows": 413,
    "file_too_much_text": 413,
}
_readers = threading.BoundedSemaphore(_AT_ONCE)
_BLANKS = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class ParsedDocument:
    """A file read. `title` is the file's own, or made of its name; `pages` counts pages or sheets, of which `unread`
    could not be read and are left out; `sections` are never empty; `places` are told where the limits ask for them."""

    title: str
    kind: str
    pages: int
    sections: tuple[Section, ...]
    unread: int = 0
    places: tuple[Place, ...] = ()

    @property
    def media_type(self) -> str:
        """The media type of the kind of file it is."""
        return MEDIA_TYPES[self.kind]

    def text(self, language: Language) -> str:
        """All of it as Markdown, with a heading for each page or sheet in the words of `language`."""
        parts = []
        for section in self.sections:
            if section.number is not None:
                label = "file_page" if self.kind == "pdf" else "file_part"
                parts.append("## " + say(label, language, number=section.number))
            elif section.name:
                parts.append(f"## {section.name}")
            parts.append(section.text)
        return "\n\n".join(parts)


def parse(file: Path | bytes, filename: str, limits: Limits | None = None) -> ParsedDocument:
    """Read `file`, which came under the name `filename`, in a process of its own.

    No transaction may be open meanwhile: it can take `limits.seconds`. Raises `AppError` with a code of
    `core/messages/parsing.toml`: 413 too large in some way, 415 no kind that is read, 503 too many being read now,
    else 422.
    """
    limits = limits or Limits()
    shown = shown_name(filename)
    with _opened(file) as data:
        size = os.fstat(data.fileno()).st_size
        if size > limits.file_bytes:
            raise AppError("file_too_large", 413, file=shown, megabytes=limits.file_bytes // MEGABYTE)
        if not _readers.acquire(timeout=limits.seconds):
            raise AppError("file_readers_busy", 503, file=shown)
        try:
            began = time.monotonic()
            result, peak = _read(data, filename, limits)
        finally:
            _readers.release()
    code = str(result.get("fault", "read"))
    log.info("file reader: %s, %d bytes, %.2f s, peak %d kB", code, size, time.monotonic() - began, peak)
    if code != "read":
        values = result.get("values")
        known = values if isinstance(values, dict) else {}
        raise AppError(code, _STATUS.get(code, 422), **{**known, "file": shown})
    return _parsed(result, filename)


def shown_name(filename: str) -> str:
    """A file's name as it is safe to show and keep: its last part, in NFC, at most 200 characters."""
    name = storable(filename.replace("\\", "/").rpartition("/")[2])
    return "".join(c for c in name if c.isprintable()).strip()[-200:] or "?"


def _parsed(result: dict[str, object], filename: str) -> ParsedDocument:
    listed = result["sections"]
    assert isinstance(listed, list)
    sections = tuple(Section(storable(text), number, storable(name)) for number, name, text in listed)
    title = storable(str(result["title"])).strip()
    if not title:
        stem = shown_name(filename)
        title = _BLANKS.sub(" ", stem.rpartition(".")[0] or stem).strip()
    pages, unread, places = _whole(result["pages"]), _whole(result["unread"]), _places(result["places"])
    return ParsedDocument(title, str(result["kind"]), pages, sections, unread, places)


def _places(told: object) -> tuple[Place, ...]:
    assert isinstance(told, list)
    return tuple(
        Place(tuple(map(storable, cells)), number, page, storable(sheet), table, tuple(starts))
        for cells, number, page, sheet, table, starts in told
    )


def _whole(value: object) -> int:
    assert isinstance(value, int)
    return value


@contextmanager
def _opened(file: Path | bytes) -> Iterator[BinaryIO]:
    if isinstance(file, Path):
        with file.open("rb") as data:
            yield data
        return
    with tempfile.TemporaryFile() as held:
        held.write(file)
        held.seek(0)
        yield held


def _read(file: BinaryIO, filename: str, limits: Limits) -> tuple[dict[str, object], int]:
    """What the child answered, or the fault its end stands for; and the most memory it held, in kB."""
    process = subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", "retrieval.parsing.child", json.dumps(asdict(limits)), shown_name(filename)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
        cwd="/",
        start_new_session=True,
    )
    assert process.stdout is not None
    # A character takes at most four bytes, and what quotation of it JSON needs; with places the text is told twice.
    most = (12 if limits.places else 6) * limits.text + 100 * limits.places + MEGABYTE
    answer, ended = b"", "closed"
    try:
        answer, ended = _drained(process.stdout, time.monotonic() + limits.seconds, most)
    finally:
        # The group, so that nothing it may have started outlives it; its leader is not reaped yet, so the id is its.
        peak = peak_of(str(process.pid))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
    if ended == "late":
        return {"fault": "file_took_too_long"}, peak
    if ended == "long":
        return {"fault": "file_too_much_text", "values": {"characters": limits.text}}, peak
    try:
        result = json.loads(answer)
        assert isinstance(result, dict)
        return result, _whole(result.get("peak", peak))
    except (ValueError, RecursionError):
        return {"fault": _fault_of(process.returncode)}, peak


def _drained(pipe: IO[bytes], deadline: float, most: int) -> tuple[bytes, str]:
    """All that comes out of `pipe` until it is `closed`, or it was too `late`, or too `long`."""
    descriptor = pipe.fileno()
    parts: list[bytes] = []
    taken = 0
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while (left := deadline - time.monotonic()) > 0:
            if not selector.select(left):
                continue
            part = os.read(descriptor, _PART)
            if not part:
                return b"".join(parts), "closed"
            parts.append(part)
            taken += len(part)
            if taken > most:
                return b"", "long"
    return b"", "late"


def _fault_of(exit_code: int) -> str:
    """Why a child ended without an answer: stopped by the system for its time or its memory, or broken by the file."""
    if exit_code == -signal.SIGXCPU:
        return "file_took_too_long"
    # A library that cannot get memory outside of Python's own aborts, and the system's last resort is to kill.
    if exit_code in (-signal.SIGKILL, -signal.SIGABRT):
        return "file_took_too_much_memory"
    return "file_damaged"
