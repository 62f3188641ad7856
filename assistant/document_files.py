"""The originals of a company's documents, beside the database: `ROBO_HOME/documents/knowledge/CODE/SHA256`.

No part of a path comes from a file's name.
"""

import hashlib
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from core.errors import AppError
from core.settings import Settings

_CODE = re.compile(r"D[0-9]{4,9}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PART = 1 << 20
# Held while a record and its file change together, or the files are compared with the records.
settling = threading.RLock()
_receiving: set[Path] = set()


@contextmanager
def incoming(settings: Settings) -> Iterator[Path]:
    """A new empty file of the home for what is being received, gone afterwards unless it was kept. No backup has it."""
    folder = settings.home / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    with settling:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as made:
            path = Path(made.name)
        _receiving.add(path)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        _receiving.discard(path)


def copied(source: BinaryIO, target: Path, most: int) -> int:
    """Write `source` to `target`, a part at a time; returns its bytes, or one more than `most` where it has more."""
    taken = 0
    with target.open("wb") as out:
        while taken <= most and (part := source.read(_PART)):
            out.write(part)
            taken += len(part)
    return min(taken, most + 1)


def digest(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def keep(settings: Settings, code: str, sha256: str, file: Path) -> None:
    """Put `file` (of the same disk) in its place in one step."""
    place = _place(settings, code, sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    file.replace(place)
    place.chmod(0o600)


def original(settings: Settings, code: str, sha256: str) -> Path:
    """Where the original is. Raises `AppError("document_file_missing")` (404) where it is not."""
    place = _place(settings, code, sha256)
    if not place.is_file():
        raise AppError("document_file_missing", 404, code=code)
    return place


def drop_others(settings: Settings, code: str, sha256: str) -> None:
    """Delete every file of a document but the one with this digest."""
    kept = _place(settings, code, sha256)
    if kept.parent.is_dir():
        for file in kept.parent.iterdir():
            if file != kept:
                file.unlink(missing_ok=True)


def drop(settings: Settings, code: str) -> None:
    """Delete all files of a document."""
    shutil.rmtree(_place(settings, code, "0" * 64).parent, ignore_errors=True)


def sweep(settings: Settings, kept: Mapping[str, str]) -> None:
    """Delete what a process that was killed left behind: files it was receiving, and originals other than `kept`, the
    digest of each document's file by its code.

    The caller holds `settling` since before it read `kept`, and its process the home's lock.
    """
    for file in _inside(settings.home / "incoming"):
        if file not in _receiving:
            file.unlink(missing_ok=True)
    for folder in _inside(settings.home / "documents" / "knowledge"):
        # Nothing but what has the form of our own names is ours to delete.
        if _CODE.fullmatch(folder.name) and folder.is_dir():
            if folder.name in kept:
                drop_others(settings, folder.name, kept[folder.name])
            else:
                drop(settings, folder.name)


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _place(settings: Settings, code: str, sha256: str) -> Path:
    assert _CODE.fullmatch(code) and _SHA256.fullmatch(sha256)
    return settings.home / "documents" / "knowledge" / code / sha256
