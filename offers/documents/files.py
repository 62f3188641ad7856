"""Finished files: written whole or not at all, and known by their digest."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from core.errors import AppError
from core.settings import Settings
from offers.sheet import OfferSheet


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file at `path`, 64 hexadecimal digits in lower case."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def template_of(settings: Settings, sheet: OfferSheet) -> Path | None:
    """The file of the company's own template that documents of `sheet` are made from; None for the shipped one.

    Raises `AppError("template_file_missing")` (409) where it is not there or not the one that was checked.
    """
    own = sheet.template
    if own is None:
        return None
    path = settings.home.resolve() / own.path
    if not path.is_file() or sha256_of(path) != own.sha256:
        raise AppError("template_file_missing", 409, code=own.code)
    return path


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """A path beside `target` to write to; it becomes `target` in one step when the block ends well.

    If the block raises, the half-written file is removed and an older `target` stays as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(dir=target.parent, prefix=f".{target.stem[:40]}-", suffix=target.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        with suppress(FileNotFoundError):
            draft.unlink()
        raise
