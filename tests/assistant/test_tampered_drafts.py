"""A model that lies in every field changes no printed figure, and no offer into something nobody asked for."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.context import Parts
from assistant.model import AnsweringModel
from benchmarks.lying_model import LyingModel
from benchmarks.tampered import Tally, recompute, run
from benchmarks.tampered_prompts import asked, lie
from core.settings import Settings
from crm import engine as crm_engine
from demo.load import load
from knowledge.pages import help_pages
from offers.service import Offers
from retrieval.index import Knowledge
from tests.conftest import WordEmbedder

_DRAFTS = 60


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tally, Path]:
    """Sixty drafts, and the database they are in."""
    home = tmp_path_factory.mktemp("tampered")
    with LyingModel() as model:
        settings = Settings(home=home, openai_base_url=model.url, model="lying")
        engine = crm_engine.connect(settings)
        crm_engine.migrate(engine)
        load(engine)
        knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
        knowledge.sync(help_pages()[:1])
        parts = Parts(settings, engine, knowledge, Offers(engine, settings), None)
        tally = run(replace(parts, model=AnsweringModel(settings)), model, _DRAFTS)
        knowledge.close()
        engine.dispose()
    return tally, home / "crm.db"


def test_no_printed_total_differs_from_the_price_rows(told: tuple[Tally, Path]) -> None:
    tally, _ = told
    assert tally.offers > _DRAFTS / 4 and tally.read_back >= 2
    assert tally.differ == []


def test_no_offer_says_what_its_prompt_does_not(told: tuple[Tally, Path]) -> None:
    tally, _ = told
    assert tally.asked_model > _DRAFTS / 10
    assert tally.untrue == []


def test_the_recomputing_tells_a_changed_figure(told: tuple[Tally, Path]) -> None:
    import sqlite3

    _, database = told
    with sqlite3.connect(database) as connection:
        number, net = connection.execute(
            "select o.number, v.net from offers o join offer_versions v on v.offer_id = o.id limit 1"
        ).fetchone()
        assert recompute(database, number)[0] * 10_000 == net
        connection.execute("update prices set unit_price = unit_price + 10000")
        connection.commit()
    assert recompute(database, number)[0] * 10_000 != net


def test_every_lie_falsifies_something() -> None:
    chance = random.Random(7)
    for _ in range(50):
        wanted = asked(chance)
        assert {"customer", "lines"} <= lie(wanted, chance).keys()
