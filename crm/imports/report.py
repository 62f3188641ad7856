"""What an import did, row by row where something was wrong."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from core.errors import say
from core.language import Language

ImportKind = Literal["users", "products", "customers", "contacts", "activities", "opportunities"]
IMPORT_KINDS: tuple[ImportKind, ...] = get_args(ImportKind)


@dataclass(frozen=True)
class RowFault:
    """Something about one row. `row` is its number as a spreadsheet shows it: the header is row 1.

    `reason_code` names a message and `values` fill it.
    """

    row: int
    reason_code: str
    values: dict[str, object] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        """The reason, as a sentence in `language`."""
        return say(self.reason_code, language, **self.values)


@dataclass
class ImportReport:
    """How many records were made, changed or found as they were; which rows were refused or doubtful.

    A strict import with a refused row made and changed nothing, and counts nothing.
    """

    kind: ImportKind
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[RowFault] = field(default_factory=list)
    warnings: list[RowFault] = field(default_factory=list)

    def reject(self, row: int, reason_code: str, **values: object) -> None:
        """Note that `row` was not taken over, and why."""
        self.rejected.append(RowFault(row, reason_code, values))

    def warn(self, row: int, reason_code: str, **values: object) -> None:
        """Note something doubtful about `row`, which was taken over all the same."""
        self.warnings.append(RowFault(row, reason_code, values))
