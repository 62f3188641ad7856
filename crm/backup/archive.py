"""The backup file: a gzipped tar with a manifest of every member's SHA-256 first.

manifest.json              what is inside, at which schema revision
tables/NAME.jsonl          one JSON object a row
files/PATH                 files of ROBO_HOME
"""

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import AppError

MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20
_LARGEST_MANIFEST = 100_000_000


class Manifest(BaseModel):
    """What a backup holds: `tables` by name with their number of rows, `members` by path with their SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int = FORMAT
    made_at: str
    database: str
    revision: str
    tables: Mapping[str, int]
    members: Mapping[str, str]


def sha256(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def pack(target: Path, manifest: Manifest, members: Mapping[str, Path]) -> None:
    """Write the backup file: `manifest`, then `members` (path inside to file), readable by its owner alone."""
    target.touch(mode=0o600)
    with tarfile.open(target, "w:gz", compresslevel=6) as tar:
        listing = target.with_suffix(".manifest")
        try:
            listing.write_text(json.dumps(manifest.model_dump(), indent=1), encoding="utf-8")
            tar.add(listing, MANIFEST)
        finally:
            listing.unlink(missing_ok=True)
        for name, file in members.items():
            tar.add(file, name, recursive=False)


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack the backup file `source` into `folder` and check every member against the manifest.

    Raises `AppError`: no such file; damaged, cut off or changed; made by a newer program.
    """
    if not source.is_file():
        raise AppError("backup_no_file", 404, file=str(source))
    with _damage_told(source), tarfile.open(source, "r:gz") as tar:
        members = iter(tar)
        manifest = _manifest(tar, next(members, None), source)
        found: set[str] = set()
        for member in members:
            data = tar.extractfile(member) if member.isreg() and _safe(member.name) else None
            if data is None or member.name not in manifest.members or member.name in found:
                raise AppError("backup_damaged", 422, file=source.name)
            found.add(member.name)
            if _copy(data, folder / member.name, member.mode) != manifest.members[member.name]:
                raise AppError("backup_damaged", 422, file=source.name)
        if found != set(manifest.members):
            raise AppError("backup_damaged", 422, file=source.name)
    return manifest


@contextmanager
def _damage_told(source: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, EOFError, zlib.error, OSError, ValueError) as broken:
        raise AppError("backup_damaged", 422, file=source.name) from broken


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None, source: Path) -> Manifest:
    data = tar.extractfile(member) if member and member.name == MANIFEST and member.isreg() else None
    if data is None or member is None or member.size > _LARGEST_MANIFEST:
        raise AppError("backup_damaged", 422, file=source.name)
    content = json.loads(data.read())
    if isinstance(content, dict) and content.get("format", 0) != FORMAT:
        raise AppError("backup_too_new", 422, file=source.name)
    try:
        return Manifest.model_validate(content)
    except ValidationError as wrong:
        raise AppError("backup_damaged", 422, file=source.name) from wrong


def _safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return len(parts) > 1 and parts[0] in ("tables", "files") and ".." not in parts


def _copy(data: IO[bytes], file: Path, mode: int) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with file.open("wb") as out:
        while chunk := data.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
    file.chmod(mode & 0o777)
    return digest.hexdigest()
