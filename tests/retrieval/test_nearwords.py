"""Words are compared by meaning: a passage counts by the nearest of its words, a rare one more than a common one."""

import numpy as np
import pytest

from retrieval.arrays import Vectors, unit
from retrieval.nearwords import NearWords, comparable

DIMENSION = 6


def vector(*directions: float) -> Vectors:
    return unit(np.array([*directions, *[0.0] * (DIMENSION - len(directions))], np.float32))


# Two meanings: to sell (first axis) and weather (second); every vector shares the third, as those of a model do.
WORDS = {
    "offer": vector(1, 0, 1),
    "quotation": vector(0.9, 0.1, 1),
    "rain": vector(0, 1, 1),
    "page": vector(-1, -1, 1),
    "ajánlat": vector(0.95, 0, 1, 0.3),
}
NOTHING_SHARED = np.zeros(DIMENSION, np.float32)


def asked(*words: str) -> Vectors:
    return np.array([WORDS[word] for word in words], np.float32)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Az ÁFA 27 %-os, 2026-ban is", {"áfa", "ban"}),
        ("a1b2 and 12345", {"a1b2", "and"}),
        ("x" * 41, set()),
        ("", set()),
    ],
)
def test_words_of_three_letters_or_more_are_compared_and_numbers_are_not(text: str, words: set[str]) -> None:
    assert comparable(text) == words


def test_another_word_of_the_same_meaning_is_found() -> None:
    near = NearWords(["en", "en", "en"], ["A quotation page", "Rain page", "Page"], WORDS)
    scores = near.scores(asked("offer"), near.common("en"))
    assert scores.argmax() == 0
    assert scores[1] == scores[2] == 0


def test_a_passage_counts_by_its_nearest_word() -> None:
    near = NearWords(["en", "en"], ["quotation rain page", "quotation offer rain page"], WORDS)
    scores = near.scores(asked("offer"), near.common("en"))
    assert scores[1] == pytest.approx(1)
    assert 1 > scores[0] > 0.9


def test_of_two_words_the_rare_one_weighs_more_than_the_one_that_stands_everywhere() -> None:
    texts = ["page offer", "rain", "page", "page", "page quotation"]
    near = NearWords(["en"] * len(texts), texts, WORDS)
    scores = near.scores(asked("rain", "page"), near.common("en"))
    assert scores[1] > scores[2] > 0


def test_a_score_is_a_share_of_the_question() -> None:
    near = NearWords(["en", "en"], ["offer rain page", "page"], WORDS)
    scores = near.scores(asked("offer", "rain", "page"), near.common("en"))
    assert scores[0] == pytest.approx(1)
    assert 0 < scores[1] < 0.5


def test_pages_in_another_language_are_compared_too() -> None:
    near = NearWords(["hu", "hu"], ["ajánlat", "eső"], WORDS | {"eső": vector(0, 0.95, 1, 0.3)})
    of_english = np.mean([WORDS[word] for word in ("offer", "rain")], axis=0)
    scores = near.scores(asked("offer"), of_english)
    assert scores[0] > 0.9
    assert scores[1] == 0


def test_without_word_vectors_nothing_scores() -> None:
    near = NearWords(["en", "en"], ["offer", ""], {})
    assert not near
    assert near.scores(asked("offer"), NOTHING_SHARED).tolist() == [0, 0]
    assert near.common("en") is not None
    assert near.common("pl") is None


def test_a_question_without_words_scores_nothing() -> None:
    near = NearWords(["en"], ["offer"], WORDS)
    assert near.scores(np.zeros((0, DIMENSION), np.float32), near.common("en")).tolist() == [0]


def test_a_passage_without_words_comes_near_to_nothing() -> None:
    near = NearWords(["en", "en", "en"], ["", "offer rain", "..."], WORDS)
    assert near.scores(asked("offer"), near.common("en")).tolist() == pytest.approx([0, 1, 0], abs=1e-3)
