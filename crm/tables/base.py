"""What every table shares: the declarative base, exact column types, version and resource."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import JSON, TypeDecorator

from core.clock import now

SCALE = 4


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal with at most four places, kept as an integer of ten-thousandths.

    SQLite has no decimal type; an integer is exact, sorts and sums the same on both databases.
    Raises `ValueError` for a value with more places: nothing is ever rounded by storing it.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Ten-thousandths of `value`."""
        if value is None:
            return None
        scaled = value.scaleb(SCALE)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{value} has more than {SCALE} decimal places")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The decimal, without needless zeros beyond the unit."""
        if value is None:
            return None
        number = Decimal(value).scaleb(-SCALE)
        short = number.normalize()
        return short if int(short.as_tuple().exponent) <= 0 else short.quantize(Decimal(1))


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC. Raises `ValueError` for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """`value` in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table.

    `resource` is the name grants use for the table; `audited` says whether its changes are
    written to the audit; `unaudited_fields` are columns whose values the audit never keeps, `hashed_fields` those of
    them whose SHA-256 it keeps instead.
    """

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        Decimal: ExactDecimal,
        datetime: UtcDateTime,
        dict[str, object]: JSON,
        list[object]: JSON,
    }

    resource: ClassVar[str] = "settings"
    audited: ClassVar[bool] = True
    unaudited_fields: ClassVar[frozenset[str]] = frozenset()
    hashed_fields: ClassVar[frozenset[str]] = frozenset()

    @property
    def record(self) -> str:
        """What people call this record in messages and in the audit: its code, or its id."""
        return str(getattr(self, "code", None) or getattr(self, "id", "?"))


def table_of(entity: type[Base]) -> Table:
    """The Core table of `entity`, for statements below the permission layer: the data layer's own use."""
    table = entity.__table__
    assert isinstance(table, Table)
    return table


class Versioned:
    """A counter the database compares on every update, so that of two writers one loses loudly."""

    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, object]:
        return {"version_id_col": cls.version}


class Stamped:
    """When the record was made and last changed, UTC."""

    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
