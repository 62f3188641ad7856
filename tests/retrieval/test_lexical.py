"""The lexical index finds words in other inflections and with other accents."""

import numpy as np
import pytest

from retrieval.lexical import Lexical, grams

TEXTS = ["Az árajánlatok elküldése", "Faktury i oferty cenowe", "Backup and restore", ""]


@pytest.mark.parametrize(
    ("question", "found"),
    [("arajanlat", 0), ("ÁRAJÁNLATOT", 0), ("ofertą", 1), ("restoring", 2)],
)
def test_inflected_and_unaccented_words_are_found(question: str, found: int) -> None:
    scores = Lexical(TEXTS).scores(question)
    assert scores.argmax() == found
    assert (scores > 0).sum() == 1


@pytest.mark.parametrize("question", ["", "?!", "zzzzzz"])
def test_a_question_that_shares_nothing_scores_nothing(question: str) -> None:
    assert Lexical(TEXTS).scores(question).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("texts", [[], [""], ["...", "?"]])
def test_an_index_without_words_answers_with_zeros(texts: list[str]) -> None:
    assert Lexical(texts).scores("backup").tolist() == [0] * len(texts)


def test_repeating_a_word_does_not_change_the_scores() -> None:
    index = Lexical(TEXTS)
    assert np.array_equal(index.scores("backup backup"), index.scores("backup"))


def test_grams_never_join_two_words_and_keep_short_ones_whole() -> None:
    assert grams("az") == (" az ",) * 2
    assert grams("ofert") == (" ofe", "ofer", "fert", "ert ", " ofer", "ofert", "fert ")
