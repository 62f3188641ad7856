"""What the user has in front of them, as the host page says: typed, bounded, and never trusted."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from core.text import nfc

Short = Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(max_length=2000)]


class RecordRef(BaseModel):
    """The record shown: its type, such as `customer`, and its code, such as `C0001`."""

    model_config = ConfigDict(frozen=True)

    type: Short
    code: Short


class Control(BaseModel):
    """A button or field of the screen; `reason` says why it is disabled, where the host knows."""

    model_config = ConfigDict(frozen=True)

    name: Short
    label: Short
    enabled: bool = True
    reason: Long | None = None


class ScreenContext(BaseModel):
    """The screen: its id, the record on it, the values of visible fields and what is wrong with them, the controls,
    the messages shown, what a list is narrowed by (`filters`, by the names people see) and what is selected in it.

    It comes from a browser. It steers the search and is quoted back to its own user; it decides nothing,
    and the record is read anew under the asker's rights.
    """

    model_config = ConfigDict(frozen=True)

    id: Short
    record: RecordRef | None = None
    fields: dict[Short, Long] = Field(default_factory=dict, max_length=100)
    errors: dict[Short, Long] = Field(default_factory=dict, max_length=100)
    controls: tuple[Control, ...] = Field(default=(), max_length=100)
    messages: tuple[Long, ...] = Field(default=(), max_length=20)
    filters: dict[Short, Long] = Field(default_factory=dict, max_length=50)
    selection: tuple[RecordRef, ...] = Field(default=(), max_length=100)

    @field_validator("fields", "errors", "filters", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        """Field values of any plain type, as text."""
        if not isinstance(value, dict):
            return value
        return {nfc(str(k)): nfc(str(v)) for k, v in value.items() if isinstance(v, str | int | float | bool)}
