"""Measuring the offer chain on a file of cases and what each should come to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.context import Parts
from assistant.scoring.board import Board
from assistant.scoring.offer_cases import OfferCase, load_cases
from assistant.scoring.offer_difference import Came, difference
from assistant.scoring.offer_runs import run
from core.language import Language

__all__ = ["OfferCase", "OfferScore", "evaluate_offers", "load_cases"]

METRICS = ("right", "exact", "rightly asked", "rightly refused", "no wrong figure")


@dataclass
class OfferScore:
    """How many cases came to what they should, and what the others came to."""

    total: dict[str, int] = field(default_factory=dict)
    right: dict[str, int] = field(default_factory=dict)
    wrong: list[dict[str, object]] = field(default_factory=list)
    counted: list[tuple[Language, str, bool]] = field(default_factory=list)

    def count(self, case: OfferCase, language: Language, came: Came) -> None:
        """Put one case on the score. A wrong figure is an offer that should not be, or is not as it should be; asking
        where nothing had to be asked is a fault, but no wrong figure."""
        differs = difference(case.expect, came)
        self.total[language] = self.total.get(language, 0) + 1
        self.right[language] = self.right.get(language, 0) + (differs is None)
        kinds = {"offer": "exact", "clarification": "rightly asked"}
        wrong_figure = differs is not None and came.offer is not None
        self.counted += [
            (language, "right", differs is None),
            (language, kinds.get(case.expect.kind, "rightly refused"), differs is None),
            (language, "no wrong figure", not wrong_figure),
        ]
        if differs is not None:
            self.wrong.append(
                {"prompt": case.said, "user": case.user, "difference": differs, "wrong_figure": wrong_figure}
            )

    def board(self) -> Board:
        """The score as every measurement is shown, by language."""
        board = Board("offers", METRICS, wrong=self.wrong)
        for language, metric, right in self.counted:
            board.count(language, metric, right)
        return board


def evaluate_offers(
    parts: Parts, cases: list[OfferCase], progress: Callable[[int, int | None], None] | None = None
) -> OfferScore:
    """Run every case as its user and compare. Single prompts leave nothing stored; conversations and uploads do: hand
    in a database made for it when there are any (`OfferCase.talks`)."""
    score = OfferScore()
    for done, case in enumerate(cases, start=1):
        language, came = run(parts, case)
        score.count(case, language, came)
        if progress:
            progress(done, len(cases))
    return score
