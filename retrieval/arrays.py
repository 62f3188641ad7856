"""The array types of retrieval, and the one normalisation all vectors go through."""

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]


def unit(vectors: Vectors) -> Vectors:
    """`vectors`, shape (n, d) or (d,), scaled to length 1; a zero vector stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def best(scores: Vectors, count: int) -> Indices:
    """The places of the `count` highest of `scores`, shape (n,), best first, ties by place.
    Places that hold minus infinity are not candidates and never returned."""
    if 0 < count < len(scores):
        threshold = np.partition(scores, len(scores) - count)[len(scores) - count]
        places = np.flatnonzero((scores >= threshold) & (scores > -np.inf))
    else:
        places = np.flatnonzero(scores > -np.inf)
    return places[np.argsort(-scores[places], kind="stable")][:count]
