"""Passages in another language compete by how they stand out among their own kind, not by their lower cosines."""

import numpy as np
import pytest
from sqlalchemy import Engine

from core.settings import Settings
from retrieval.index import Knowledge, _comparable_scores
from tests.retrieval.retrieval_fakes import HashedWords, make_page

HOME, AWAY = 60, 40


def cosines(best_away: float) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(1)
    scores = np.concatenate([chance.normal(0.3, 0.05, HOME), chance.normal(0.05, 0.03, AWAY)]).astype(np.float32)
    scores[-1] = best_away
    return scores, np.arange(HOME + AWAY) >= HOME


def test_a_foreign_passage_that_stands_out_comes_first_although_its_cosine_is_lower() -> None:
    scores, foreign = cosines(best_away=0.3)
    assert scores.argmax() < HOME
    assert _comparable_scores(scores, foreign, np.ones(len(scores), np.bool_)).argmax() == len(scores) - 1


def test_a_foreign_passage_like_the_others_of_its_kind_does_not() -> None:
    scores, foreign = cosines(best_away=0.06)
    assert _comparable_scores(scores, foreign, np.ones(len(scores), np.bool_)).argmax() < HOME


@pytest.mark.parametrize("foreign_share", [0, 1])
def test_where_all_are_of_one_kind_nothing_changes(foreign_share: int) -> None:
    scores, _ = cosines(best_away=0.1)
    foreign = np.full(len(scores), bool(foreign_share))
    assert _comparable_scores(scores, foreign, np.ones(len(scores), np.bool_)) is scores


def test_hidden_passages_do_not_count_for_the_mean() -> None:
    scores, foreign = cosines(best_away=0.2)
    mask = np.ones(len(scores), np.bool_)
    mask[0] = False
    before = _comparable_scores(scores, foreign, mask)
    scores[0] = 5
    assert np.array_equal(_comparable_scores(scores, foreign, mask)[1:], before[1:])


def test_a_question_in_one_language_finds_a_page_that_is_only_in_another(settings: Settings, engine: Engine) -> None:
    own = [make_page(f"own{n}", f"valami más {n}", language="hu") for n in range(30)]
    away = [make_page(f"away{n}", f"thing {n}") for n in range(30)]
    wanted = make_page("cable", "cable webasto szint")
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync([*own, *away, wanted])
    hits = knowledge.search("webasto cable szint", language="hu", audiences=frozenset()).hits
    assert hits[0].page_id == "cable"
