"""Built web files: where they lie, and addresses that change when they do."""

import hashlib
import mimetypes
from pathlib import Path

from core.errors import AppError

STATIC = Path(__file__).with_name("static")
_marks: dict[tuple[str, int], str] = {}


def built(name: str) -> Path:
    """The built file `name`. Raises `AppError("not_built")` where it was not built, or never is."""
    path = STATIC / name
    if Path(name).name != name or not path.is_file():
        raise AppError("not_built", 404, file=name[:80])
    return path


def mark_of(path: Path) -> str:
    """A short digest of the file's content."""
    key = (path.name, path.stat().st_mtime_ns)
    if key not in _marks:
        _marks[key] = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    return _marks[key]


def asset_url(name: str) -> str:
    """The address of a built file, with the digest of its content so that browsers may keep it for good."""
    path = STATIC / name
    return f"/static/{name}?v={mark_of(path)}" if path.is_file() else f"/static/{name}"


def media_type(name: str) -> str:
    """What kind of file `name` is."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
