"""The pipeline as data, opportunities that move along it, and activities."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base, Stamped, Versioned
from crm.tables.customers import Customer
from crm.tables.people import User


class Stage(Versioned, Base):
    """A step of the pipeline; `closed` stages (won, lost) end it. `names` by language."""

    __tablename__ = "stages"

    code: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    names: Mapped[dict[str, object]]
    closed: Mapped[bool] = mapped_column(default=False)


class Transition(Versioned, Base):
    """A legal step: from one stage to another, by `trigger`, for those granted `action` on opportunities.

    Triggers: `person` (someone moves it), `activity` (an activity type carries the move),
    `automatic` (follows at once), `undo` (takes back won or lost).
    """

    __tablename__ = "transitions"
    __table_args__ = (UniqueConstraint("from_stage", "to_stage", "trigger"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_stage: Mapped[str] = mapped_column(ForeignKey("stages.code"))
    to_stage: Mapped[str] = mapped_column(ForeignKey("stages.code"))
    trigger: Mapped[str]
    action: Mapped[str] = mapped_column(default="transition")


class PipelineEntry(Versioned, Base):
    """The stage an opportunity starts in, by where the enquiry came from: `direct` or `external`."""

    __tablename__ = "pipeline_entries"

    origin: Mapped[str] = mapped_column(primary_key=True)
    stage_code: Mapped[str] = mapped_column(ForeignKey("stages.code"))


class ActivityType(Versioned, Base):
    """A kind of activity; one with `moves_to` moves the opportunity there when it is done."""

    __tablename__ = "activity_types"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, object]]
    moves_to: Mapped[str | None] = mapped_column(ForeignKey("stages.code"))


class Opportunity(Versioned, Stamped, Base):
    """A possible sale to a customer. `amount` is net, in `currency`. Its stage is set by the pipeline alone.

    `stage_since` is when it came to its stage; empty where that was never recorded.
    """

    __tablename__ = "opportunities"
    # Boards and dashboards count and sum whole stages: all they need is in the index, so no row is read for it.
    __table_args__ = (
        Index("ix_opportunities_opened", "stage_code", "opened_on", "currency", "amount", "customer_id", "owner_id"),
        Index("ix_opportunities_closed", "stage_code", "stage_since", "currency", "amount", "customer_id", "owner_id"),
    )
    resource: ClassVar[str] = "opportunity"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True, active_history=True)
    title: Mapped[str]
    stage_code: Mapped[str] = mapped_column(ForeignKey("stages.code"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True, active_history=True)
    amount: Mapped[Decimal | None]
    currency: Mapped[str]
    source: Mapped[str | None]
    campaign: Mapped[str | None]
    opened_on: Mapped[date] = mapped_column(index=True)
    stage_since: Mapped[datetime | None] = mapped_column(default=now)

    customer: Mapped[Customer] = relationship()
    owner: Mapped[User | None] = relationship()
    stage: Mapped[Stage] = relationship()


class Activity(Versioned, Stamped, Base):
    """A call, mail, meeting or task with a customer. `state` is `open` or `done`; priority `high`, `normal`, `low`.

    One with a time of day has `starts_at` (then `due` is its date where the business is) and lasts `minutes`.
    """

    __tablename__ = "activities"
    __table_args__ = (
        Index("ix_activities_natural", "customer_id", "type_code", "subject", "due"),
        Index("ix_activities_state_due", "state", "due"),
        Index("ix_activities_customer_contact", "customer_id", "state", "done_at", "due"),
        Index("ix_activities_assignee_state_due", "assignee_id", "state", "due"),
    )
    resource: ClassVar[str] = "activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), active_history=True)
    opportunity_id: Mapped[int | None] = mapped_column(ForeignKey("opportunities.id"), index=True)
    type_code: Mapped[str] = mapped_column(ForeignKey("activity_types.code"))
    subject: Mapped[str]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    due: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="open")
    priority: Mapped[str] = mapped_column(default="normal")
    note: Mapped[str | None]
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    minutes: Mapped[int | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)

    customer: Mapped[Customer] = relationship()
    opportunity: Mapped[Opportunity | None] = relationship()
    assignee: Mapped[User | None] = relationship()
    type: Mapped[ActivityType] = relationship()
