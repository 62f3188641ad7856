"""Both rankings are scaled to 0..1 and added by weight; order inside a ranking is never reversed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.arrays import best
from retrieval.fusion import Ranking, fuse

SCORES = arrays(np.float32, st.integers(1, 40), elements=st.floats(-10, 10, width=32))


def ranking(*scores: float) -> Ranking:
    return Ranking(np.arange(len(scores)), np.array(scores, np.float32))


NOTHING = Ranking(np.array([], dtype=np.intp), np.array([], dtype=np.float32))


def test_first_of_both_gets_one_and_last_of_both_zero() -> None:
    assert fuse(3, ranking(0.9, 0.85, 0.8), ranking(30, 20, 10), 0.5).tolist() == pytest.approx([1, 0.5, 0])


def test_the_share_says_how_much_the_dense_ranking_counts() -> None:
    assert fuse(2, ranking(1, 0), ranking(0, 1), 0.8).tolist() == pytest.approx([0.8, 0.2])


def test_who_is_in_neither_ranking_is_no_candidate() -> None:
    fused = fuse(3, ranking(2, 1), NOTHING, 0.5)
    assert fused[2] == -np.inf
    assert best(fused, 10).tolist() == [0, 1]


def test_equal_scores_all_count_in_full() -> None:
    assert ranking(7, 7).scaled().tolist() == [1, 1]


@given(SCORES, st.integers(0, 50))
def test_the_best_are_the_head_of_a_full_stable_sort(scores: np.ndarray, count: int) -> None:
    assert best(scores, count).tolist() == np.argsort(-scores, kind="stable")[:count].tolist()
