"""Bringing a backup back: checked and unpacked aside first, then put in place in one transaction."""

import shutil
import tempfile
from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import OperationalError

from core.errors import AppError
from core.settings import Settings
from crm import defaults
from crm import engine as crm_engine
from crm.backup import rows
from crm.backup.archive import Manifest, unpack
from crm.backup.files import FOLDERS, switched
from crm.backup.saving import BackupReport
from crm.engine import connect, is_known, move_to, revision_of

# A database with none of these holds only what every new one does.
_SOMEONES = ("users", "customers", "products", "conversations", "audit_entries")


def restore(settings: Settings, source: Path, *, replace: bool = False) -> BackupReport:
    """Bring back the backup `source` into the home and database of `settings`, whichever database it came from.

    An older schema is brought up to date. Afterwards the search index has to be rebuilt. Nothing is changed
    when anything fails: the tables are loaded in one transaction, and files are put back. Raises `AppError`: a
    missing, damaged or newer backup; a home or database that is in use, or not empty without `replace`.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=settings.home, prefix=".restore-"))
    engine = connect(settings)
    try:
        manifest = unpack(source, aside)
        if not is_known(manifest.revision):
            raise AppError("backup_too_new", 422, file=source.name)
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                # SQLite waits no longer than this by itself.
                connection.execute(text(f"SET LOCAL lock_timeout = {crm_engine.BUSY_MS}"))
            if not replace and not _is_empty(connection, settings.home):
                raise AppError("restore_not_empty", 409, home=str(settings.home))
            if revision_of(connection) is not None:
                move_to(connection, "base")
            move_to(connection, manifest.revision)
            _fill(connection, manifest, aside, source)
            move_to(connection, "head")
            if revision_of(connection) != manifest.revision:
                defaults.install(connection)
            with switched(settings.home, aside / "files", aside / "before"):
                connection.commit()
    except OperationalError as busy:
        # Other failures of a server, such as being out of reach, are not about someone holding a lock.
        if "lock" not in str(busy.orig):
            raise
        raise AppError("restore_in_use", 409, home=str(settings.home)) from busy
    finally:
        engine.dispose()
        shutil.rmtree(aside, ignore_errors=True)
    files = sum(1 for name in manifest.members if name.startswith("files/"))
    return BackupReport(source, manifest.revision, sum(manifest.tables.values()), files)


def _fill(connection: Connection, manifest: Manifest, folder: Path, source: Path) -> None:
    tables = rows.tables_of(connection)
    if {table.name for table in tables} != set(manifest.tables):
        raise AppError("backup_damaged", 422, file=source.name)
    for table in tables:
        if rows.load(connection, table, folder / "tables" / f"{table.name}.jsonl") != manifest.tables[table.name]:
            raise AppError("backup_damaged", 422, file=source.name)


def _is_empty(connection: Connection, home: Path) -> bool:
    if any(file.is_file() for folder in FOLDERS for file in (home / folder).rglob("*")):
        return False
    holding = [table for table in rows.tables_of(connection) if table.name in _SOMEONES]
    return all(connection.execute(select(table).limit(1)).first() is None for table in holding)
