"""The migrations make the tables the program has, and a database in use loses nothing on the way."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, select

from crm.engine import migrate, move_to
from crm.people import actor_for
from crm.session import unit
from crm.tables import Base, Customer, Grant, table_of


def test_the_newest_revision_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_database_of_the_first_release_keeps_its_records_and_gets_the_new_rights(
    engine: Engine, company: None
) -> None:
    grants = select(func.count()).select_from(table_of(Grant))
    with engine.begin() as connection:
        before = connection.execute(grants).scalar()
        move_to(connection, "0002")
        assert (connection.execute(grants).scalar() or 0) < (before or 0)
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(grants).scalar() == before
    nora = actor_for(engine, "nora")
    assert (nora.scope("view", "create"), nora.scope("page", "read"), nora.scope("page", "update")) == (
        "own",
        "all",
        None,
    )
    with unit(engine, nora, writes=False) as session:
        assert session.scalar(select(func.count(Customer.id))) == 5
