"""A copy of the demo company to measure on, so that nothing measured stays in the home."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from api.commands.shared import bar, errors, opened
from api.home import open_parts
from assistant.context import Parts
from core.settings import Settings
from demo.load import load


@contextmanager
def scratch_parts(config: Settings, *, model: bool, demo: bool = True) -> Iterator[Parts]:
    """The application over a temporary home: a copy of this home's database, with the demo company loaded and the help
    pages in force indexed. Without `model` it answers as if none were configured; without `demo` the company of this
    home is left as it is.

    A home without an index gets one first, which takes a minute or more and is kept. A company on PostgreSQL is not
    copied: the demo company is made anew, with an index of its own each time.
    """
    with tempfile.TemporaryDirectory(prefix="robo-eval-") as folder:
        scratch = config.model_copy(update={"home": Path(folder), "database_url": None, "chroma_url": None})
        if not model:
            scratch = scratch.model_copy(update={"openai_api_key": None, "openai_base_url": None})
        if config.database_url is None:
            with opened():
                _copy(config.home / "crm.db", scratch.home / "crm.db")
        with bar("Indexing help pages") as advance:
            parts = open_parts(scratch, advance)
        try:
            if demo or config.database_url is not None:
                errors.print("Loading the demo company", style="dim")
                load(parts.engine)
            yield parts
        finally:
            parts.knowledge.close()
            parts.engine.dispose()


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
