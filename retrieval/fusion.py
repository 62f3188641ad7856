"""Two rankings made one: each scaled to 0..1 over its best hundred, then added by weight."""

from dataclasses import dataclass

import numpy as np

from retrieval.arrays import Indices, Vectors

# How many of the best of each ranking are candidates.
DEPTH = 100
# The dense ranking's share. Half and half within a language; n-grams say little across languages.
DENSE_SHARE = 0.5
DENSE_SHARE_ACROSS = 0.8


@dataclass(frozen=True)
class Ranking:
    """The candidates of one search, best first: `places` in the snapshot and their `scores`."""

    places: Indices
    scores: Vectors

    def scaled(self) -> Vectors:
        """The scores from 0 (last candidate) to 1 (first); all 1 where they do not differ."""
        if not len(self.scores):
            return self.scores
        low, high = self.scores.min(), self.scores.max()
        if high == low:
            return np.ones_like(self.scores)
        scaled: Vectors = (self.scores - low) / (high - low)
        return scaled


def fuse(size: int, dense: Ranking, lexical: Ranking, dense_share: float) -> Vectors:
    """The fused score of each of `size` passages: 0..1 for candidates of either ranking, one that is
    missing from a ranking gets 0 for it, and minus infinity for those in neither."""
    fused = np.full(size, -np.inf, np.float32)
    fused[dense.places] = 0
    fused[lexical.places] = 0
    fused[dense.places] += dense_share * dense.scaled()
    fused[lexical.places] += (1 - dense_share) * lexical.scaled()
    return fused
