"""Connecting to the database, and bringing its tables up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.settings import Settings
from crm import defaults

_MIGRATIONS = Path(__file__).with_name("migrations")
# How long a writer waits for another, in milliseconds.
BUSY_MS = 15_000


def connect(settings: Settings) -> Engine:
    """An engine for the configured database. An SQLite home folder is made if it is missing."""
    url = settings.sqlalchemy_url
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=10)
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        # The driver must not open transactions by itself: `begin` below does, with the right kind of lock.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=NORMAL", f"busy_timeout={BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("robo_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest revision; does nothing when they are there already."""
    with engine.begin() as connection:
        if is_current(connection):
            return
        move_to(connection, "head")
        defaults.install(connection)


def gather_statistics(engine: Engine) -> None:
    """Tell the database's planner what the tables hold: after much was loaded. SQLite never does it by itself."""
    with engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def move_to(connection: Connection, revision: str) -> None:
    """Bring the tables to `revision`, up or down, within the transaction of `connection`: `head` is the newest,
    `base` has no tables left."""
    config = _config()
    config.attributes["connection"] = connection
    newest_first = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    present = revision_of(connection)
    lower = revision in newest_first and present in newest_first[: newest_first.index(revision)]
    if revision == "base" or lower:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this program knows `revision`; it does not know those of newer programs."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def is_current(connection: Connection) -> bool:
    """Whether the database is at the newest revision."""
    return revision_of(connection) == ScriptDirectory.from_config(_config()).get_current_head()
