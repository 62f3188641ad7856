"""The files of `ROBO_HOME` that a backup holds, and changing them for those of a backup all at once."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDERS = ("documents", "library", "templates", "uploads")
# Made anew from the tables and pages at any time, and wrong once those were replaced.
_REBUILDABLE = ("chroma", "index")
_PASSING = (".lock", ".sock", ".pid", ".log", ".tmp", ".partial")


def kept_files(home: Path) -> list[Path]:
    """Everything of `home` worth keeping beside the database: documents, own templates, settings and keys."""
    if not home.is_dir():
        return []
    found = [f for f in home.iterdir() if _is_settings(f)]
    for folder in FOLDERS:
        found += [f for f in (home / folder).rglob("*") if f.is_file() and not f.is_symlink()]
    return sorted(found)


def _is_settings(file: Path) -> bool:
    passing = file.name.startswith("crm.db") or file.name == "server.json" or file.name.endswith(_PASSING)
    return file.is_file() and not file.is_symlink() and not passing


@contextmanager
def switched(home: Path, new: Path, old: Path) -> Iterator[None]:
    """Put the files in `new` in the place of those of `home`, which go to `old`; all back if the body fails."""
    old.mkdir(parents=True)
    moves: list[tuple[Path, Path]] = []
    away = [home / name for name in (*FOLDERS, *_REBUILDABLE) if (home / name).exists()]
    away += [f for f in kept_files(home) if f.parent == home]
    coming = sorted(new.iterdir()) if new.is_dir() else []
    try:
        for source, target in [(f, old / f.name) for f in away] + [(f, home / f.name) for f in coming]:
            source.rename(target)
            moves.append((source, target))
        yield
    except BaseException:
        for source, target in reversed(moves):
            target.rename(source)
        raise
    shutil.rmtree(old)
