"""How well the check of sentences (`assistant.model.support`) tells what a passage supports from what it does not."""

from collections.abc import Sequence

from assistant.model.support import Nearness, judge
from assistant.scoring.board import Board
from assistant.scoring.cases import SentenceCase
from core.language import detect_language

METRICS = ("precision", "recall", "unsupported caught")
_CERTAIN = 0.9


def evaluate_sentences(cases: Sequence[SentenceCase], nearness: Nearness | None) -> Board:
    """Judge every labelled sentence. Precision: of those passed, how many are supported; recall: of the supported ones,
    how many pass; groups are the languages of the sentences."""
    board = Board("sentences", METRICS)
    for case in cases:
        across = detect_language(case.passage, case.language, _CERTAIN) != case.language
        labelled = [*((s, True) for s in case.supported), *((s, False) for s in case.unsupported)]
        for sentence, supported in labelled:
            signs = judge(sentence, [case.passage], nearness, across=across)
            if signs.supported:
                board.count(case.language, "precision", supported)
            board.count(case.language, "recall" if supported else "unsupported caught", signs.supported == supported)
            if signs.supported != supported:
                board.wrong.append({"sentence": sentence, "label": supported, "why": signs.why})
    return board
