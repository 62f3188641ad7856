"""Two versions of an offer side by side: what was added, removed and changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from offers.sheet import SheetLine

Change = Literal["added", "removed", "changed", "same"]


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
        return "same" if self.before == self.after else "changed"

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
