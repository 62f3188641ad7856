"""The change cases that ship with the demo company: each is read as it was meant, on a fixed Sunday at noon."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant import changes
from assistant.ask import Ask
from assistant.context import Parts, Turn
from assistant.decide import decide
from assistant.outcome import Outcome
from assistant.screen import RecordRef, ScreenContext
from assistant.waiting import ChangePending
from core import clock
from core.language import LANGUAGES
from core.settings import Settings
from crm import engine as crm_engine
from crm import proposals
from crm.people import actor_for
from crm.session import unit
from demo.load import load
from knowledge.pages import help_pages
from offers.names import VisibleNames
from offers.service import Offers
from offers.understand import strength
from retrieval.index import Knowledge
from tests.conftest import WordEmbedder

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
FILE = Path(__file__).parents[2] / "demo" / "cases" / "changes.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def demo_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The demo company on SQLite, loaded once: no case changes anything."""
    settings = Settings(home=tmp_path_factory.mktemp("cases"))
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    load(engine)
    knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
    knowledge.sync(help_pages()[:1])
    yield Parts(settings, engine, knowledge, Offers(engine, settings), None)
    knowledge.close()
    engine.dispose()


def outcome(parts: Parts, case: dict[str, object]) -> Outcome | None:
    kind, _, code = str(case.get("screen", "")).partition(":")
    screen = ScreenContext(id=kind, record=RecordRef(type=kind, code=code)) if code else None
    said, language = str(case["prompt"]), case["lang"]
    actor = actor_for(parts.engine, str(case["user"]))
    turn = Turn(parts, actor, Ask(said, None, screen), language)  # type: ignore[arg-type]
    with unit(parts.engine, actor, writes=False) as session:
        seen = strength(said, VisibleNames(session), language=turn.language)
    decide(said, seen, record_on_screen=screen is not None)
    answerer = changes.claim(turn, seen)
    if answerer is None:
        return None
    found = answerer()
    for answer in case.get("answers", []):  # type: ignore[attr-defined]
        assert isinstance(found.pending, ChangePending)
        answering = Turn(parts, actor, Ask(str(answer), None, screen), language)  # type: ignore[arg-type]
        resumed = changes.resumed(answering, found.pending, claimed=False, offer=False)
        assert resumed is not None
        found = resumed()
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_is_read_as_it_was_meant(
    demo_parts: Parts, case: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    found = outcome(demo_parts, case)
    expected = case["expect"]
    if isinstance(expected, dict):
        assert (found.kind if found is not None else "none") == expected["kind"]
        return
    assert found is not None and found.proposal is not None, found
    actor = actor_for(demo_parts.engine, str(case["user"]))
    items = proposals.read(demo_parts.engine, actor, found.proposal.code).items
    assert isinstance(expected, list)
    shown = [item.model_dump(mode="json") for item in items]
    told = [{name: item.get(name) for name in wanted} for item, wanted in zip(shown, expected, strict=True)]
    assert told == expected


def test_there_are_enough_cases_in_every_language() -> None:
    assert all(sum(case["lang"] == language for case in CASES) >= 20 for language in LANGUAGES)
