"""Two versions of an offer side by side: what was added, removed and changed, in lines and in terms."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, get_args

from core.language import Language
from core.money import Currency
from offers.sheet import SheetLine

Change = Literal["added", "removed", "changed", "same"]
TermName = Literal[
    "currency", "language", "valid_until", "payment_days", "title", "delivery", "warranty", "notes", "vat_rule"
]
TERMS: tuple[TermName, ...] = get_args(TermName)


# What a line says to a customer. Where its figures come from is not part of that: a price of today may be the same.
_SAID = (
    *("sku", "name", "quantity", "unit", "unit_price", "discount_percent", "net", "vat_percent"),
    *("optional", "option_group", "text", "contents"),
)


class Compared(Protocol):
    """A version as it is compared: its terms by their names. Empty texts and none are the same."""

    @property
    def currency(self) -> Currency:
        """Of all its amounts."""
        ...

    @property
    def language(self) -> Language:
        """Of its document."""
        ...

    @property
    def valid_until(self) -> date:
        """Its last day."""
        ...

    @property
    def payment_days(self) -> int:
        """In calendar days."""
        ...

    @property
    def title(self) -> str | None:
        """What it is about."""
        ...

    @property
    def lines(self) -> tuple[SheetLine, ...]:
        """What is offered."""
        ...


@dataclass(frozen=True)
class TermChange:
    """A term that is another: its value before and after, none where it said nothing."""

    name: TermName
    before: str | int | date | None
    after: str | int | date | None


@dataclass(frozen=True)
class LineChange:
    """A line of the earlier version, of the later one, or both."""

    before: SheetLine | None
    after: SheetLine | None

    @property
    def change(self) -> Change:
        """What became of the line."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        return "same" if all(not self.differs(name) for name in _SAID) else "changed"

    def differs(self, field: str) -> bool:
        """Whether `field` is another in the later version; false for a line that is in one of them alone."""
        if self.before is None or self.after is None:
            return False
        return bool(getattr(self.before, field) != getattr(self.after, field))


def compare(before: Sequence[SheetLine], after: Sequence[SheetLine]) -> tuple[LineChange, ...]:
    """The lines of both, those of the same product together: the order of the later version, then what was removed.

    Several lines of one product are matched in their order.
    """
    waiting: dict[str, list[SheetLine]] = defaultdict(list)
    for line in before:
        waiting[line.sku].append(line)
    changes = [LineChange(waiting[line.sku].pop(0) if waiting[line.sku] else None, line) for line in after]
    left = {id(line) for lines in waiting.values() for line in lines}
    return (*changes, *(LineChange(line, None) for line in before if id(line) in left))


def compare_terms(before: Compared, after: Compared) -> tuple[TermChange, ...]:
    """The terms that are not the same in both, in the order people read them."""
    changes = (TermChange(name, getattr(before, name) or None, getattr(after, name) or None) for name in TERMS)
    return tuple(
        TermChange("payment_days", before.payment_days, after.payment_days) if one.name == "payment_days" else one
        for one in changes
        if one.before != one.after
    )
