"""Company-wide settings and number series."""

from typing import ClassVar

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from crm.tables.base import Base, Versioned


class CompanySetting(Versioned, Base):
    """One named setting of the company; `value` is JSON of the shape `crm.company` defines."""

    __tablename__ = "company_settings"

    code: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[object] = mapped_column(JSON)


class NumberSeries(Base):
    """The next number of a series, such as customers or the offers of a year; its row is locked to draw one."""

    __tablename__ = "number_series"
    audited: ClassVar[bool] = False

    code: Mapped[str] = mapped_column(primary_key=True)
    next_number: Mapped[int]
