"""The mean of questions starts from titles and follows what is asked."""

import numpy as np
import pytest

from retrieval.across import QuestionMeans
from tests.retrieval.retrieval_fakes import HashedWords, WordsToo


def test_before_any_question_the_titles_of_the_shipped_pages_are_the_mean() -> None:
    embedder = HashedWords()
    mean = QuestionMeans(embedder).of("hu")
    titles = embedder.asked
    assert "Ajánlat kiadása" in titles
    assert mean == pytest.approx(embedder.queries(titles).mean(axis=0), abs=1e-6)


def test_titles_are_embedded_once() -> None:
    embedder = HashedWords()
    means = QuestionMeans(embedder)
    means.of("pl")
    asked = len(embedder.asked)
    means.of("pl")
    assert len(embedder.asked) == asked


def test_questions_move_the_mean_of_their_language_alone() -> None:
    means = QuestionMeans(HashedWords())
    before = {code: means.of(code) for code in ("hu", "en")}
    for _ in range(40):
        means.asked("hu", np.eye(64, dtype=np.float32)[7])
    assert means.of("hu")[7] > 0.8 > before["hu"][7]
    assert means.of("en") == pytest.approx(before["en"])


def test_old_questions_are_forgotten_in_the_end() -> None:
    means = QuestionMeans(HashedWords())
    first, second = np.eye(64, dtype=np.float32)[[3, 4]]
    for vector in (first, second):
        for _ in range(1500):
            means.asked("hu", vector)
    assert means.of("hu")[4] > 0.9
    assert means.of("hu")[3] < 0.1


def test_the_mean_of_words_is_zero_where_the_embedder_embeds_none() -> None:
    assert not QuestionMeans(HashedWords()).of_words("hu").any()
    assert QuestionMeans(WordsToo()).of_words("hu").any()
