"""The offer cases that ship with the demo company all come to what they should."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.context import Parts
from assistant.evaluate import evaluate_offers, load_cases
from core.errors import AppError
from core.settings import Settings
from crm import engine as crm_engine
from demo.load import load
from knowledge.pages import help_pages
from offers.service import Offers
from retrieval.index import Knowledge
from tests.conftest import WordEmbedder

CASES = Path(__file__).parents[2] / "demo" / "cases" / "offers.jsonl"


@pytest.fixture
def demo_parts(tmp_path: Path) -> Iterator[Parts]:
    """The demo company on SQLite."""
    settings = Settings(home=tmp_path)
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    load(engine)
    knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
    knowledge.sync(help_pages()[:2])
    yield Parts(settings, engine, knowledge, Offers(engine, settings), None)
    knowledge.close()
    engine.dispose()


def test_every_shipped_case_is_right_in_three_languages(demo_parts: Parts) -> None:
    score = evaluate_offers(demo_parts, load_cases(CASES))
    assert score.wrong == []
    assert set(score.total) == {"hu", "pl", "en"} and sum(score.total.values()) >= 30


def test_a_wrong_expectation_is_reported(demo_parts: Parts, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('{"prompt": "Kovács Kft.-nek 2 prémium licenc", "user": "anna", "expect": {"net": "1"}}\n')
    wrong = evaluate_offers(demo_parts, load_cases(file)).wrong
    assert len(wrong) == 1 and "net: 129800, not 1" in str(wrong[0]["difference"])


def test_a_broken_case_file_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_text('\n{"prompt": "x"}\n')
    with pytest.raises(AppError) as refused:
        load_cases(file)
    assert refused.value.values["line"] == 2
