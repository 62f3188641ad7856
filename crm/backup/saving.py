"""Making a backup while the program serves."""

import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.clock import now
from core.errors import AppError
from core.settings import Settings
from crm.backup import rows
from crm.backup.archive import Manifest, pack, sha256
from crm.backup.files import kept_files
from crm.engine import connect, revision_of

# The originals of documents; all other files stay once they are there.
_DELETED_BY_PEOPLE = Path("documents", "knowledge")


@dataclass(frozen=True)
class BackupReport:
    """A backup made or restored: the file, its schema revision, and how many rows and files it holds."""

    path: Path
    revision: str
    rows: int
    files: int


def backup(settings: Settings, target: Path) -> BackupReport:
    """Write everything of the home and its database, as of one moment, into the file `target` (`.tar.gz`).

    If `target` is a folder, the file in it is named by the time. Password hashes and keys are inside: the
    file is readable by its owner alone. The search index is not: it is rebuilt. Raises `AppError` where there
    is nothing to back up or `target` is there already.
    """
    moment = now()
    if target.is_dir():
        target = target / f"robo-{moment:%Y%m%d-%H%M%S}.tar.gz"
    if target.exists():
        raise AppError("backup_exists", 409, file=str(target))
    if settings.database_url is None and not (settings.home / "crm.db").is_file():
        raise AppError("backup_nothing", 404, home=str(settings.home))
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    engine = connect(settings)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".robo-backup-") as folder:
            members: dict[str, Path] = {}
            counts: dict[str, int] = {}
            with rows.snapshot(engine) as connection:
                revision = revision_of(connection)
                if revision is None:
                    raise AppError("backup_nothing", 404, home=str(settings.home))
                for table in rows.tables_of(connection):
                    file = Path(folder) / f"{table.name}.jsonl"
                    counts[table.name] = rows.dump(connection, table, file)
                    members[f"tables/{file.name}"] = file
            # After the tables: a document they speak of is there by now, unless somebody deleted it since.
            home = settings.home
            files = {f"files/{f.relative_to(home).as_posix()}": f for f in kept_files(home)}
            files = _held(files, home, Path(folder))
            members |= files
            manifest = Manifest(
                made_at=moment.isoformat(),
                database=engine.dialect.name,
                revision=revision,
                tables=counts,
                members={name: sha256(file) for name, file in members.items()},
            )
            pack(partial, manifest, members)
            partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
        engine.dispose()
    return BackupReport(target, revision, sum(counts.values()), len(files))


def _held(files: dict[str, Path], home: Path, folder: Path) -> dict[str, Path]:
    """`files`, with copies in `folder` for those that people can delete: they must not vanish while being packed."""
    kept: dict[str, Path] = {}
    for number, (name, file) in enumerate(files.items()):
        if not file.is_relative_to(home / _DELETED_BY_PEOPLE):
            kept[name] = file
            continue
        copy = folder / f"{number}.held"
        try:
            copy.hardlink_to(file)
        except FileNotFoundError:
            continue
        # Not every disk can, and the backup may be written to another one.
        except OSError:
            with suppress(FileNotFoundError):
                shutil.copy(file, copy)
        if copy.is_file():
            kept[name] = copy
    return kept
