"""The trade-off between admitting what nothing answers and refusing what a page does answer."""

from collections.abc import Sequence

from assistant.confidence import confidence
from assistant.context import Parts
from assistant.scoring.cases import AnswerCase
from crm.actor import Actor


def probability(parts: Parts, actor: Actor, case: AnswerCase) -> float | None:
    """How sure the search is that the pages hold an answer (0 to 1); None for cases no page is meant to answer."""
    if case.kind not in ("page", "none"):
        return None
    knowledge, screen = parts.knowledge, case.screen.id if case.screen else None
    result = knowledge.search(case.question, language=case.lang, audiences=actor.audiences, screen=screen, k=4)
    return confidence(case.question, result, result.hits, knowledge.embedder_name)


def curve_of(asked: Sequence[tuple[str, float]]) -> list[dict[str, float]]:
    """For each threshold: the share of unanswerable questions admitted (below it) and of answerable ones refused."""
    none = [sure for kind, sure in asked if kind == "none"]
    page = [sure for kind, sure in asked if kind == "page"]
    if not none or not page:
        return []
    points = []
    for step in range(5, 100, 5):
        at = step / 100
        admitted = sum(sure < at for sure in none) / len(none)
        refused = sum(sure < at for sure in page) / len(page)
        points.append({"threshold": at, "admitted": round(admitted, 4), "refused": round(refused, 4)})
    return points
