"""Measuring the offer chain on a file of prompts and what each should come to."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.ask import Ask
from assistant.context import Parts, Turn
from assistant.offering import reader_for
from assistant.scoring.board import Board
from assistant.screen import RecordRef, ScreenContext
from core.clock import today
from core.errors import AppError
from core.language import Language, detect_language
from crm.people import actor_for
from offers.answers import Pending
from offers.clarify import Clarification
from offers.view import OfferView


class ExpectedLine(BaseModel):
    """A line that must be there."""

    model_config = ConfigDict(extra="forbid")

    sku: str
    quantity: Decimal
    discount: Decimal = Decimal(0)


class Expected(BaseModel):
    """What a prompt should come to: an offer with these figures, or a question about `field`.

    Only what is given is compared; `choices` is how many choices the question must offer.
    """

    model_config = ConfigDict(extra="forbid")

    kind: str = "offer"
    field: str | None = None
    choices: int | None = None
    customer: str | None = None
    lines: list[ExpectedLine] | None = None
    currency: str | None = None
    language: Language | None = None
    valid_days: int | None = None
    valid_until: str | None = None
    state: str | None = None
    net: Decimal | None = None
    vat: Decimal | None = None
    gross: Decimal | None = None


class OfferCase(BaseModel):
    """One prompt of one user, with the record on screen if there is one."""

    model_config = ConfigDict(extra="forbid")

    prompt: str
    user: str
    record: str | None = None
    expect: Expected


@dataclass
class OfferScore:
    """How many cases came to what they should, and what the others came to."""

    total: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    wrong: list[dict[str, object]] = field(default_factory=list)

    def board(self) -> Board:
        """The score as every measurement is shown, by language of the prompt."""
        board = Board("offers", ("right",), wrong=self.wrong)
        for language, total in self.total.items():
            board.count(language, "right", self.right.get(language, 0), total)
        return board


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


def _difference(expected: Expected, came: OfferView | Clarification) -> str | None:
    """The first thing that is not as expected."""
    if isinstance(came, Clarification):
        if expected.kind != "clarification":
            return f"asked about {came.field}: {came.question}"
        if expected.field not in (None, came.field):
            return f"asked about {came.field}"
        if expected.choices not in (None, len(came.choices)):
            return f"gave {len(came.choices)} choices"
        return None
    if expected.kind != "offer":
        return f"made an offer to {came.customer.code}"
    lines = sorted((line.sku, Decimal(line.quantity), Decimal(line.discount_percent)) for line in came.lines)
    until = expected.valid_until
    if expected.valid_days is not None:
        until = (today() + timedelta(days=expected.valid_days)).isoformat()
    wanted = sorted((line.sku, line.quantity, line.discount) for line in expected.lines or [])
    compared: list[tuple[str, object, object]] = [
        ("customer", expected.customer, came.customer.code),
        ("lines", wanted if expected.lines is not None else None, lines),
        ("currency", expected.currency, came.currency),
        ("language", expected.language, came.language),
        ("valid_until", until, came.valid_until),
        ("state", expected.state, came.state),
        ("net", expected.net, Decimal(came.totals.net)),
        ("vat", expected.vat, Decimal(came.totals.vat)),
        ("gross", expected.gross, Decimal(came.totals.gross)),
    ]
    return next(
        (f"{name}: {is_!s}, not {should!s}" for name, should, is_ in compared if should not in (None, is_)), None
    )


async def run_case(parts: Parts, case: OfferCase) -> tuple[Language, OfferView | Clarification]:
    """What one case comes to, and the language it was read in; nothing is stored."""
    actor = actor_for(parts.engine, case.user)
    screen = None
    if case.record:
        kind, _, code = case.record.partition(":")
        screen = ScreenContext(id=kind, record=RecordRef(type=kind, code=code))
    language = detect_language(case.prompt, actor.language)
    turn = Turn(parts, actor, Ask(case.prompt, screen=screen).checked(), language)
    read, _ = await reader_for(turn, Pending(prompt=case.prompt, language=language, asked=""))
    return language, await asyncio.to_thread(parts.offers.preview, actor, case.prompt, read, language, turn.on_screen)


def evaluate_offers(
    parts: Parts, cases: list[OfferCase], progress: Callable[[int, int | None], None] | None = None
) -> OfferScore:
    """Run every case as its user, storing nothing, and compare."""
    score = OfferScore()
    for done, case in enumerate(cases, start=1):
        language, came = asyncio.run(run_case(parts, case))
        score.total[language] = score.total.get(language, 0) + 1
        difference = _difference(case.expect, came)
        if difference is None:
            score.right[language] = score.right.get(language, 0) + 1
        else:
            score.wrong.append({"prompt": case.prompt, "user": case.user, "difference": difference})
        if progress:
            progress(done, len(cases))
    return score
