"""The changes a proposal may hold: a closed union, kept as JSON with the proposal."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from core.errors import AppError
from crm.customer_fields import FieldsRefused

State = Literal["open", "done", "rejected", "failed", "undone"]
Text = Annotated[str, StringConstraints(max_length=10_000)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Bound(_Part):
    """A record as it was at `version`: its table, its primary key, and what people call it."""

    table: str
    id: int
    version: int
    record: str = ""


class Effect(_Part):
    """What happens to one record: `action` as the audit names it, and the values before (none for a new record) and
    after, by column, in the audit's own form. Columns that get their value only when it happens are left out."""

    table: str
    record: str
    action: str
    before: dict[str, object] | None = None
    after: dict[str, object] | None = None


class Problem(_Part):
    """Why an item was not done: an `AppError` to be said in whatever language is asked for."""

    code: str
    status: int
    values: dict[str, str | int] = {}

    @classmethod
    def of(cls, error: AppError) -> "Problem":
        """The problem `error` tells; of refused fields the first fault, which names the reason."""
        if isinstance(error, FieldsRefused) and error.faults:
            error = next(iter(error.faults.values()))
        values = {name: value if isinstance(value, int | str) else str(value) for name, value in error.values.items()}
        return cls(code=error.code, status=error.status, values=values)

    def error(self) -> AppError:
        """The error itself again."""
        return AppError(self.code, self.status, **self.values)


class _Item(_Part):
    """What every change has: its state, what it does (`effects`), the records it depends on as they were shown
    (`bound`), those it changed as it left them (`made`), why it failed, with what doing it now would change `instead`,
    and the `reason` it was rejected for."""

    editable: ClassVar[tuple[str, ...]] = ()

    state: State = "open"
    effects: tuple[Effect, ...] = ()
    bound: tuple[Bound, ...] = ()
    made: tuple[Bound, ...] = ()
    problem: Problem | None = None
    instead: tuple[Effect, ...] = ()
    reason: str | None = None


class NewActivity(_Item):
    """A new activity of `customer` (a code): with an hour (`starts_at`, `minutes`) or for the whole of `due`; `done`
    for one that has happened already. `assignee` is a login, `opportunity` a code."""

    editable = ("subject", "type_code", "due", "starts_at", "minutes", "assignee", "note")

    kind: Literal["activity_new"] = "activity_new"
    customer: str
    type_code: str
    subject: Text
    due: date | None = None
    starts_at: AwareDatetime | None = None
    minutes: int | None = None
    assignee: str | None = None
    opportunity: str | None = None
    note: Text | None = None
    done: bool = False


class CompleteActivity(_Item):
    """Mark the activity with id `activity` done."""

    kind: Literal["activity_done"] = "activity_done"
    activity: int


class Reschedule(_Item):
    """Put an open activity to `starts_at` or, without an hour, to the day `due`, where it keeps the hour it has."""

    editable = ("due", "starts_at")

    kind: Literal["activity_when"] = "activity_when"
    activity: int
    due: date | None = None
    starts_at: AwareDatetime | None = None


class MoveStage(_Item):
    """Move the opportunity with code `opportunity` to `stage`."""

    editable = ("stage",)

    kind: Literal["stage"] = "stage"
    opportunity: str
    stage: str


class SetField(_Item):
    """Give `field` of a record `value`, typed as on its form; an empty one empties it. `record` is a code, of a
    contact its id."""

    editable = ("value",)

    kind: Literal["field"] = "field"
    resource: Literal["customer", "contact", "opportunity", "activity"]
    record: str
    field: str
    value: Text


class Assign(_Item):
    """Make `login` (none for nobody) answer for a customer or an opportunity, or do an activity."""

    editable = ("login",)

    kind: Literal["assign"] = "assign"
    resource: Literal["customer", "opportunity", "activity"]
    record: str
    login: str | None


class NewContact(_Item):
    """A new contact of `customer`."""

    editable = ("family_name", "given_name", "position", "email", "phone")

    kind: Literal["contact_new"] = "contact_new"
    customer: str
    family_name: Text = ""
    given_name: Text = ""
    position: Text = ""
    email: Text = ""
    phone: Text = ""


class Convert(_Item):
    """Make an active customer of one that was only a potential one until now."""

    kind: Literal["convert"] = "convert"
    customer: str


class NewOpportunity(_Item):
    """Open an opportunity of `customer` where the pipeline says that those begun by us begin. `amount` is net, in
    `currency` or, without one, the customer's; `owner` is a login."""

    editable = ("title", "amount", "owner")

    kind: Literal["opportunity_new"] = "opportunity_new"
    customer: str
    title: Text
    amount: Decimal | None = None
    currency: str | None = None
    owner: str | None = None


Item = (
    NewActivity | CompleteActivity | Reschedule | MoveStage | SetField | Assign | NewContact | Convert | NewOpportunity
)
_ITEM: TypeAdapter[Item] = TypeAdapter(Annotated[Item, Field(discriminator="kind")])


def loaded(rows: list[object]) -> tuple[Item, ...]:
    """The items of a stored proposal."""
    return tuple(_ITEM.validate_python(row) for row in rows)


def stored(items: tuple[Item, ...]) -> list[object]:
    """`items` as a proposal keeps them."""
    return [item.model_dump(mode="json") for item in items]


def edited(item: Item, values: Mapping[str, str | None]) -> Item:
    """`item` as the person corrected it: texts by the names of its inputs, empty for nothing.

    A day typed without an hour takes the place of the hour, and the other way round. Raises
    `AppError("proposal_input")` for an input it does not have or a value that does not fit.
    """
    given = {name: (value or "").strip() for name, value in values.items()}
    known = item.model_dump(mode="json")
    for name, value in given.items():
        if name not in item.editable:
            raise AppError("proposal_input", 422, input=name[:60])
        texts = isinstance(known[name], str) and not isinstance(getattr(item, name), date | datetime | Decimal)
        known[name] = value if value or (texts and not _may_be_none(item, name)) else None
    if "due" in given and "starts_at" not in given and given["due"]:
        known["starts_at"] = None
    try:
        return _ITEM.validate_python(known)
    except ValidationError as wrong:
        place = str(wrong.errors()[0]["loc"][-1])
        raise AppError("proposal_input", 422, input=place[:60]) from wrong


def _may_be_none(item: Item, name: str) -> bool:
    field = type(item).model_fields[name]
    return not field.is_required() and field.default is None
