"""Cases of the offer chain: what a person says or sends, and what it should come to."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from core.errors import AppError
from core.language import Language

Kind = Literal["offer", "clarification", "refusal"]
Day = Literal["tomorrow", "friday", "next friday", "end of week", "end of month", "end of next month", "end of year"]


class ExpectedLine(BaseModel):
    """A line that must be there. `option_group` is true for an alternative, whatever its group is called."""

    model_config = ConfigDict(extra="forbid")

    sku: str
    quantity: Decimal
    discount: Decimal = Decimal(0)
    optional: bool = False
    alternative: bool = False


class Expected(BaseModel):
    """What a case should come to: an offer with these figures, or a question about `field`.

    A refusal is any reply that neither makes nor changes anything. Only what is given is compared. `choices` is
    how many choices the question must offer; `valid` is a last day in words, reckoned from the day of the run;
    `unanswered` is how many things an uploaded request leaves to be said.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Kind = "offer"
    field: str | None = None
    choices: int | None = None
    customer: str | None = None
    lines: list[ExpectedLine] | None = None
    currency: str | None = None
    language: Language | None = None
    valid_days: int | None = None
    valid_until: str | None = None
    valid: Day | None = None
    state: str | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None
    payment_days: int | None = None
    delivery: str | None = None
    warranty: str | None = None
    notes: str | None = None
    title: str | None = None
    version: int | None = None
    unanswered: int | None = None


class UploadedText(BaseModel):
    """A request that comes as a file: made of `rows` (cells of a table) or of `text` when the case is run."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["docx", "xlsx", "pdf", "txt"]
    text: str = ""
    rows: list[list[str]] = []


class OfferCase(BaseModel):
    """What one user says (`prompt`, then each of `then` in the same conversation) or uploads, with the record on screen
    if there is one, and what the last of it should come to. `lang` names the group it is counted in; without it, the
    language it was read in."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = ""
    user: str
    lang: Language | None = None
    record: str | None = None
    then: list[str] = []
    upload: UploadedText | None = None
    expect: Expected

    @property
    def talks(self) -> bool:
        """Whether it takes a whole conversation or an upload, which leave records behind."""
        return bool(self.then) or self.upload is not None or self.expect.kind not in ("offer", "clarification")

    @property
    def said(self) -> str:
        """The case in one line, for a report."""
        uploaded = self.upload.text or "; ".join(" ".join(row) for row in self.upload.rows) if self.upload else ""
        return " / ".join(part for part in (self.prompt, *self.then, uploaded) if part)


def load_cases(file: Path) -> list[OfferCase]:
    """The cases of a JSONL file. Raises `AppError("bad_case_file")` naming the line."""
    cases = []
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise AppError("bad_case_file", 422, file=file, line=0, reason=str(fault)) from fault
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(OfferCase.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as fault:
            raise AppError("bad_case_file", 422, file=file, line=number, reason=str(fault)) from fault
    return cases
