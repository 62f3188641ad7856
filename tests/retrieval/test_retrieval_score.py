"""Evaluation sets: read strictly, scored by the known formulas, through the product's own search."""

import json
from collections.abc import Callable
from math import log2
from pathlib import Path

import pytest

from core.errors import AppError
from core.settings import Settings
from retrieval.evaluate import evaluate, evaluate_all, ndcg_at
from tests.retrieval.retrieval_fakes import HashedWords

CORPUS = '{"id": "d1", "title": "Offers", "text": "alpha beta"}\n{"_id": "d2", "title": "", "text": "gamma delta"}\n'
QUERIES = '{"id": "q1", "text": "alpha"}\n{"id": "q2", "text": "delta gamma"}\n{"id": "q3", "text": "none"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t2\nq3\td1\t0\n"
MakeSet = Callable[..., Path]


@pytest.fixture
def make_set(tmp_path: Path) -> MakeSet:
    def make(corpus: str = CORPUS, queries: str = QUERIES, qrels: str = QRELS) -> Path:
        for name, text in (("corpus.jsonl", corpus), ("queries.jsonl", queries), ("qrels.tsv", qrels)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return make


def test_a_set_is_scored_and_reported_under_its_published_keys(make_set: MakeSet) -> None:
    score = evaluate(make_set(), Settings(), embedder=HashedWords()).as_dict()
    assert (score["ndcg@10"], score["recall@5"], score["mrr@10"]) == (1, 1, 1)
    assert (score["queries"], score["documents"]) == (2, 2)
    times = score["ms_per_question"]
    assert set(times) == {"embed", "vector", "lexical", "fuse", "total"}
    assert set(score) == {"ndcg@10", "recall@5", "mrr@10", "queries", "documents", "ms_per_question"}


def test_the_wrong_document_first_costs_what_the_formula_says(make_set: MakeSet) -> None:
    score = evaluate(make_set(qrels="q1\td2\t1\n"), Settings(), embedder=HashedWords())
    assert score.ndcg == pytest.approx(1 / log2(3))
    assert (score.mrr, score.recall) == (0.5, 1)


def test_gains_are_weighed_by_place() -> None:
    assert ndcg_at(["a", "b"], {"b": 3, "a": 1}, 10) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))
    assert ndcg_at(["x", "a"], {"a": 1}, 1) == 0


def test_the_home_of_the_settings_is_left_alone(make_set: MakeSet, tmp_path: Path) -> None:
    home = tmp_path / "home"
    evaluate(make_set(), Settings(home=home), embedder=HashedWords())
    assert not home.exists()


def test_a_question_can_be_asked_without_its_accents(make_set: MakeSet) -> None:
    embedder = HashedWords()
    folder = make_set(
        corpus='{"id": "d1", "text": "plain"}', queries='{"id": "q1", "text": "Őszi ÁR"}', qrels="q1\td1\t1"
    )
    evaluate(folder, Settings(), embedder=embedder, unaccented=True)
    assert embedder.asked[-1] == "oszi ar"


@pytest.mark.parametrize(
    ("broken", "code", "line"),
    [
        ({"corpus": CORPUS + "{oops"}, "eval_line", 3),
        ({"corpus": CORPUS + '["list"]'}, "eval_line", 3),
        ({"corpus": CORPUS + '{"id": "d1", "text": "again"}'}, "eval_line", 3),
        ({"corpus": '{"id": "d1"}'}, "eval_line", 1),
        ({"queries": '{"id": 4, "text": "a"}'}, "eval_line", 1),
        ({"qrels": QRELS + "q9\td1\t1"}, "eval_line", 5),
        ({"qrels": QRELS + "q1\td9\t1"}, "eval_line", 5),
        ({"qrels": QRELS + "q1 d1 1"}, "eval_line", 5),
        ({"qrels": QRELS + "q1\td1\tgood"}, "eval_line", 5),
        ({"qrels": "query-id\tcorpus-id\tscore\n"}, "eval_empty", None),
    ],
)
def test_a_broken_set_says_where(make_set: MakeSet, broken: dict[str, str], code: str, line: int | None) -> None:
    with pytest.raises(AppError) as fault:
        evaluate(make_set(**broken), Settings(), embedder=HashedWords())
    assert (fault.value.code, fault.value.values.get("line")) == (code, line)


def test_a_missing_or_unreadable_file_is_named(make_set: MakeSet) -> None:
    folder = make_set()
    (folder / "queries.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AppError, match=r"queries\.jsonl"):
        evaluate(folder, Settings(), embedder=HashedWords())
    (folder / "corpus.jsonl").unlink()
    with pytest.raises(AppError, match=r"corpus\.jsonl"):
        evaluate(folder, Settings(), embedder=HashedWords())


def test_sets_that_share_documents_are_asked_of_each_other(tmp_path: Path) -> None:
    for name, words, question in (("a", "kedvezmény", "kedvezmény"), ("b", "discount", "discount")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "corpus.jsonl").write_text(
            json.dumps({"id": "d1", "title": "", "text": words})
            + "\n"
            + json.dumps({"id": f"only-{name}", "text": "x y"}),
            encoding="utf-8",
        )
        questions = [{"id": "q1", "text": question}, {"id": "q2", "text": "x y"}]
        (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, questions)), encoding="utf-8")
        (folder / "qrels.tsv").write_text(f"q1\td1\t1\nq2\tonly-{name}\t1\n", encoding="utf-8")
    rows = list(
        evaluate_all([tmp_path / "a", tmp_path / "b"], Settings(home=tmp_path / "home"), embedder=HashedWords())
    )
    kinds = [(row.questions, row.pages, row.unaccented, row.score.queries) for row in rows]
    assert kinds == [
        ("a", "a", False, 2),
        ("a", "a", True, 2),
        ("b", "a", False, 1),
        ("b", "b", False, 2),
        ("b", "b", True, 2),
        ("a", "b", False, 1),
    ]
    assert rows[0].as_dict()["ndcg@10"] == 1
    assert rows[0].as_dict()["questions"] == "a"
