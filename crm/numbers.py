"""Number series: the next code of a kind of record, drawn under a lock, so no two are alike."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.tables import NumberSeries, table_of

_TABLE = table_of(NumberSeries)


def draw(session: Session, series: str) -> int:
    """The next number of `series`, beginning with 1. It is given back if the unit of work fails."""
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = (
        dialect.insert(_TABLE)
        .values(code=series, next_number=2)
        .on_conflict_do_update(index_elements=["code"], set_={"next_number": _TABLE.c.next_number + 1})
        .returning(_TABLE.c.next_number)
    )
    return int(connection.execute(statement).scalar_one()) - 1


def reserve(session: Session, series: str, used: int) -> None:
    """Note that `used` is taken in `series`, as by an imported code, so that `draw` goes on after it."""
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(_TABLE).values(code=series, next_number=used + 1)
    larger = statement.on_conflict_do_update(
        index_elements=["code"],
        set_={"next_number": statement.excluded.next_number},
        where=_TABLE.c.next_number < statement.excluded.next_number,
    )
    connection.execute(larger)
