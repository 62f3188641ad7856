"""How likely it is that the pages hold an answer to a question, from how well they fit it and what it is about.

The weights are learned, see benchmarks/calibrate.py and docs/decisions/0013-calibrated-abstaining.md.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log
from pathlib import Path
from typing import cast

import numpy as np

from core.text import folded_words
from retrieval.arrays import Vectors, unit
from retrieval.result import Hit, SearchResult

WEIGHTS = Path(__file__).with_name("confidence.json")
# With an embedder whose scale was not measured the share of the question's words alone decides.
_SHARE_ALONE = 0.5
_SHORT = 3
_STEM = 5
FEATURES = ("cosine", "centred", "lead", "lexical", "near", "shared", "length")


@dataclass(frozen=True)
class Calibration:
    """Learned for one `embedder`: `common` and `topic`, shape (d,), give how much a question is about what the pages
    are about; `means`, `scales` and `weights` (one a feature, then the topic) and `bias` give the log odds; an answer
    is given at a probability of `threshold` and above."""

    embedder: str
    common: Vectors
    topic: Vectors
    means: Vectors
    scales: Vectors
    weights: Vectors
    bias: float
    threshold: float

    def probability(self, values: tuple[float, ...], query: Vectors) -> float:
        """The probability that the pages hold the answer, from `FEATURES` and the question's vector, shape (d,)."""
        about = float(unit(query - self.common) @ self.topic)
        scaled = (np.array([*values, about], np.float32) - self.means) / self.scales
        return 1 / (1 + exp(-float(scaled @ self.weights) - self.bias))


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """The weights that ship with the product."""
    held = cast(dict[str, object], json.loads(WEIGHTS.read_text(encoding="utf-8")))

    def array(name: str) -> Vectors:
        return np.array(held[name], np.float32)

    return Calibration(
        embedder=str(held["embedder"]),
        common=array("common"),
        topic=array("topic"),
        means=array("means"),
        scales=array("scales"),
        weights=array("weights"),
        bias=float(array("bias")),
        threshold=float(array("threshold")),
    )


def shared_words(question: str, hits: tuple[Hit, ...]) -> float:
    """The share of the question's longer words (by their first letters) that stand in the best passages."""
    asked = {word[:_STEM] for word in folded_words(question) if len(word) > _SHORT}
    if not asked:
        return 0.0
    text = " ".join(f"{hit.title} {hit.section} {hit.text}" for hit in hits[:2])
    held = {word[:_STEM] for word in folded_words(text)}
    return len(asked & held) / len(asked)


def features(question: str, result: SearchResult, hits: tuple[Hit, ...]) -> tuple[float, ...]:
    """What the probability is told from, in the order of `FEATURES`; `length` is the logarithm of the count of words,
    since long questions come less near to everything."""
    e = result.evidence
    length = log(max(1, len(folded_words(question))))
    return (result.best_cosine, e.centred, e.lead, e.lexical, e.near, shared_words(question, hits), length)


def confidence(question: str, result: SearchResult, hits: tuple[Hit, ...], embedder: str) -> float:
    """The probability, 0 to 1, that the pages hold an answer; for an embedder that was not measured, the share of
    the question's words that stand in the best passages."""
    if not hits:
        return 0.0
    learned = calibration()
    if embedder != learned.embedder or result.query is None:
        return shared_words(question, hits)
    return learned.probability(features(question, result, hits), result.query)


def holds_answer(question: str, result: SearchResult, hits: tuple[Hit, ...], embedder: str) -> bool:
    """True if the pages are likely enough to hold an answer."""
    least = calibration().threshold if embedder == calibration().embedder else _SHARE_ALONE
    return confidence(question, result, hits, embedder) >= least
