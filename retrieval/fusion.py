"""Several rankings made one: each scaled to 0..1 over its best hundred, then added by weight."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.arrays import Indices, Mask, Vectors, best

# How many of the best of each ranking are candidates.
DEPTH = 100


@dataclass(frozen=True)
class Shares:
    """How much each ranking counts: by meaning, by n-grams, by near words; together 1."""

    dense: float
    lexical: float
    near: float


# Chosen by cross-validation over articles and languages, see docs/decisions/0011-finding.md. N-grams say little about
# a page in another language, near words a lot. Without word vectors, or above their limit, the other two share.
SHARES = Shares(0.45, 0.3, 0.25)
SHARES_ACROSS = Shares(0.56, 0.14, 0.3)
SHARES_OF_TWO = Shares(0.5, 0.5, 0)
SHARES_OF_TWO_ACROSS = Shares(0.8, 0.2, 0)


@dataclass(frozen=True)
class Ranking:
    """The candidates of one search, best first: `places` in the snapshot and their `scores`.

    `floor` is the score that counts for nothing (None: that of the last candidate), `least` the difference from it
    that counts in full even if no candidate gets so far.
    """

    places: Indices
    scores: Vectors
    floor: float | None = None
    least: float = 0.0

    def scaled(self) -> Vectors:
        """The scores from 0 (the floor) to 1 (the first candidate); all 1 where there is no difference to scale."""
        if not len(self.scores):
            return self.scores
        low = float(self.scores.min()) if self.floor is None else self.floor
        span = max(float(self.scores.max()) - low, self.least)
        if span <= 0:
            return np.ones_like(self.scores)
        scaled: Vectors = ((self.scores - low) / span).astype(np.float32)
        return scaled


def ranked(scores: Vectors, mask: Mask, least: float = 0.0) -> Ranking:
    """The best `DEPTH` places within `mask` whose score is above 0. Where there are fewer, what the others lack is
    the score itself: the floor is 0."""
    places = best(np.where(mask & (scores > 0), scores, -np.inf), DEPTH)
    return Ranking(places, scores[places], None if len(places) == DEPTH else 0.0, least)


def fuse(size: int, parts: Sequence[tuple[Ranking, Vectors | float]]) -> Vectors:
    """The fused score of each of `size` passages, from rankings and their shares (one for all, or one a passage):
    a candidate that is missing from a ranking gets 0 for it, who is in none gets minus infinity."""
    fused = np.full(size, -np.inf, np.float32)
    for ranking, _ in parts:
        fused[ranking.places] = 0
    for ranking, share in parts:
        shares = np.broadcast_to(np.asarray(share, np.float32), (size,))
        fused[ranking.places] += shares[ranking.places] * ranking.scaled()
    return fused
