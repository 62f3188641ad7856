"""Rankings are scaled to 0..1 and added by weight; order inside a ranking is never reversed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from retrieval.arrays import best
from retrieval.fusion import (
    DEPTH,
    SHARES,
    SHARES_ACROSS,
    SHARES_OF_TWO,
    SHARES_OF_TWO_ACROSS,
    Ranking,
    Shares,
    fuse,
    ranked,
)

SCORES = arrays(np.float32, st.integers(1, 40), elements=st.floats(-10, 10, width=32))


def ranking(*scores: float) -> Ranking:
    return Ranking(np.arange(len(scores)), np.array(scores, np.float32))


NOTHING = Ranking(np.array([], dtype=np.intp), np.array([], dtype=np.float32))


def test_first_of_all_gets_one_and_last_of_all_zero() -> None:
    parts = [(ranking(0.9, 0.85, 0.8), 0.5), (ranking(30, 20, 10), 0.3), (ranking(6, 5, 4), 0.2)]
    assert fuse(3, parts).tolist() == pytest.approx([1, 0.5, 0])


def test_the_share_says_how_much_a_ranking_counts() -> None:
    assert fuse(2, [(ranking(1, 0), 0.8), (ranking(0, 1), 0.2)]).tolist() == pytest.approx([0.8, 0.2])


def test_shares_may_differ_from_passage_to_passage() -> None:
    home, away = np.array([0.5, 0.8], np.float32), np.array([0.5, 0.2], np.float32)
    assert fuse(2, [(ranking(7, 7), home), (ranking(1, 1), away)]).tolist() == pytest.approx([1, 1])
    assert fuse(2, [(ranking(7, 7), home), (ranking(1, 0), away)]).tolist() == pytest.approx([1, 0.8])


@pytest.mark.parametrize("shares", [SHARES, SHARES_ACROSS, SHARES_OF_TWO, SHARES_OF_TWO_ACROSS])
def test_shares_add_up_to_one_so_that_scores_keep_their_scale(shares: Shares) -> None:
    assert shares.dense + shares.lexical + shares.near == pytest.approx(1)


def test_who_is_in_no_ranking_is_no_candidate() -> None:
    fused = fuse(3, [(ranking(2, 1), 0.5), (NOTHING, 0.5)])
    assert fused[2] == -np.inf
    assert best(fused, 10).tolist() == [0, 1]


def test_a_ranking_holds_the_best_of_those_asked_that_score_at_all() -> None:
    scores = np.arange(2 * DEPTH, dtype=np.float32)
    mask = np.ones(2 * DEPTH, np.bool_)
    mask[-1] = False
    assert ranked(scores, mask).places.tolist() == list(range(2 * DEPTH - 2, DEPTH - 2, -1))
    assert ranked(np.zeros(3, np.float32), np.ones(3, np.bool_)).places.tolist() == []


def test_equal_scores_all_count_in_full() -> None:
    assert ranking(7, 7).scaled().tolist() == [1, 1]


@given(SCORES, st.integers(0, 50))
def test_the_best_are_the_head_of_a_full_stable_sort(scores: np.ndarray, count: int) -> None:
    assert best(scores, count).tolist() == np.argsort(-scores, kind="stable")[:count].tolist()
