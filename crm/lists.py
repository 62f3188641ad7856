"""Lists of records as screens show them: one page of the rows an actor may see, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from crm.actor import Actor
from crm.session import CrmSession
from crm.tables import Base, User, table_of

Row = TypeVar("Row", bound=Base)
PAGE_SIZE = 50
LARGEST_PAGE = 200


def members(actor: Actor) -> Select[tuple[int]]:
    """The ids of the users in the actor's team, the actor always among them: for conditions on an owner."""
    # A Core table: an ORM subquery would get the criteria of users a second time.
    users = table_of(User)
    own = users.c.id == actor.user_id
    return select(users.c.id).where(own if actor.team_id is None else or_(own, users.c.team_id == actor.team_id))


@dataclass(frozen=True)
class Found(Generic[Row]):
    """Rows `offset` to `offset + size` of `total`."""

    rows: Sequence[Row]
    total: int
    offset: int
    size: int

    @property
    def last(self) -> int:
        """The place of the last row shown, counted from one; zero where there is none."""
        return min(self.offset + len(self.rows), self.total)


def found(
    session: CrmSession,
    query: Select[Row],
    key: InstrumentedAttribute[Any],
    offset: int = 0,
    size: int = PAGE_SIZE,
    counted: Select[Row] | None = None,
) -> Found[Row]:
    """One page of `query`, whose rows are told apart by `key`, the entity's primary key.

    `counted` selects the same rows without what only the order of `query` needs, where that costs much.

    The count is exact: at 100,000 rows it takes milliseconds on both databases (docs/benchmarks.md).
    An offset beyond the end gives the last page.
    """
    size = max(1, min(size, LARGEST_PAGE))
    whole = query if counted is None else counted
    total = session.scalar(whole.with_only_columns(func.count(key)).order_by(None)) or 0
    offset = max(0, min(offset, (total - 1) // size * size if total else 0))
    rows = session.scalars(query.offset(offset).limit(size)).unique().all()
    return Found(rows, total, offset, size)
