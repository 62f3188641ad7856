"""Cases of questions: what is asked, by whom, on which screen, and what the answer should come to."""

import json
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from assistant.screen import ScreenContext
from core.errors import AppError
from core.language import LANGUAGES, Language

Model = TypeVar("Model", bound=BaseModel)
CaseKind = Literal["page", "none", "screen", "live"]


class AnswerCase(BaseModel):
    """One question. `page`: one of `pages` answers it. `none`: nothing does, so the assistant must say so. `screen`: it
    is about the screen; one of the folded words of `expect` stands in the answer, where any are given. `live`: it is
    answered from records; all `figures` and `records` stand in the answer, its links or its sources.

    `fold` parts the cases for cross-validation.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    lang: Language
    question: str
    user: str
    kind: CaseKind
    screen: ScreenContext | None = None
    pages: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    fold: int = 0

    @model_validator(mode="before")
    @classmethod
    def _of_live(cls, given: object) -> object:
        """A case of live questions has its kind, figure and records under `expect`."""
        if not isinstance(given, dict) or not isinstance(given.get("expect"), dict):
            return given
        wanted = given["expect"]
        figures = (str(wanted["figure"]),) if "figure" in wanted else ()
        return {**given, "kind": "live", "expect": (), "figures": figures, "records": wanted.get("records", ())}


class SentenceCase(BaseModel):
    """A passage, sentences it supports, and sentences it does not."""

    model_config = ConfigDict(extra="forbid")

    language: Language
    passage: str
    supported: tuple[str, ...]
    unsupported: tuple[str, ...]


class AttackCase(BaseModel):
    """Outside text that gives orders (`malicious`) or only looks as if it did (`benign`)."""

    model_config = ConfigDict(extra="ignore")

    lang: Language
    label: Literal["malicious", "benign"]
    text: str


def read_cases(file: Path, shape: type[Model]) -> list[Model]:
    """The cases of a JSONL file. Raises `AppError("bad_case_file")` naming the line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise AppError("bad_case_file", 422, file=file, line=0, reason=str(fault)) from fault
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cases.append(shape.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as fault:
            raise AppError("bad_case_file", 422, file=file, line=number, reason=str(fault)) from fault
    return cases


def read_corpus(folder: Path) -> list[AttackCase]:
    """The texts of all JSONL files of a folder of injection collections: `text` or `injected`, whatever else a row has;
    rows without a label count as malicious. Raises `AppError("bad_case_file")`."""
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        for row in read_cases(file, _CorpusRow):
            label: Literal["malicious", "benign"] = "benign" if row.label == "benign" else "malicious"
            if text := (row.injected or row.text or "").strip():
                found.append(AttackCase(lang=row.lang if row.lang in LANGUAGES else "en", label=label, text=text))
    return found


class _CorpusRow(BaseModel):
    model_config = ConfigDict(extra="ignore")

    text: str | None = None
    injected: str | None = None
    label: str | None = None
    lang: str | None = None
