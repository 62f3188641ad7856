"""A real small model behind an OpenAI-compatible server on this machine. Start it all with `real_model.sh`."""

import asyncio
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant.model import AnsweringModel, ModelFault
from core.language import Language
from core.settings import Settings
from offers.request import OfferRequest
from tests.assistant.model_samples import Outcome, Remembering, ask, passage

pytestmark = pytest.mark.model

STAGES = passage(
    1,
    "Az Ajánlat szakaszba csak olyan lehetőség léphet, amelyhez van elküldött ajánlat. Ha nincs, a rendszer jelzi. "
    "Az ajánlatot az Ajánlatok fülön, a Küldés gombbal küldheted el.",
)
EXPORT = passage(
    2,
    "Az ügyféllistát az Exportálás gombbal mentheted Excel-fájlba. Az exporthoz export jogosultság kell.",
    "export",
)


@pytest.fixture
def model_settings() -> Settings:
    address = os.environ.get("ROBO_TEST_MODEL_URL")
    if not address:
        pytest.fail("set ROBO_TEST_MODEL_URL to the server's /v1 address, or run tests/acceptance/real_model.sh")
    return Settings(home=Path("unused"), openai_base_url=address, model="local", model_timeout=300)


def attempt(settings: Settings, question: str) -> Outcome | None:
    """The outcome, or None after a fault: the assistant then answers without the model."""
    try:
        return ask(settings, question, evidence=(STAGES, EXPORT), tools=Remembering(may=()))
    except ModelFault:
        return None


def test_a_question_the_sources_answer_is_answered_with_its_source(model_settings: Settings) -> None:
    questions = (
        "Miért nem tudom az ajánlat szakaszba tenni a lehetőséget?",
        "Hogyan exportálom az ügyfeleket Excelbe?",
    )
    outcomes = [attempt(model_settings, question) for question in questions]
    found = [outcome.whole for outcome in outcomes if outcome is not None and outcome.whole.found]
    assert found, "a small model may fail on one of them, not on both"
    for whole in found:
        assert {one.n for one in whole.used} <= {1, 2}
        assert whole.used
        assert any(word in whole.text.lower() for word in ("küld", "export"))


def test_a_question_beside_the_sources_is_never_answered_without_one(model_settings: Settings) -> None:
    outcome = attempt(model_settings, "Mennyi az áfakulcs Németországban?")
    assert outcome is None or bool(outcome.whole.used) == outcome.whole.found


READ: list[tuple[str, Language, str, list[int], str | None]] = [
    ("10 prémium licenc a Kovács Kft.-nek 5% kedvezménnyel", "hu", "kovács kft", [10], "5"),
    (
        "Proszę o ofertę: 3 sztuki drukarki laserowej i 20 tonerów dla Nowak Sp. z o.o., rabat 7,5%",
        "pl",
        "nowak sp",
        [3, 20],
        "7.5",
    ),
    ("Offer for Baltic Trade Ltd: 5 office desks and 12 chairs", "en", "baltic trade", [5, 12], None),
]


def test_most_sentences_are_read_right_and_none_is_read_wrong(model_settings: Settings) -> None:
    async def read(prompt: str, language: Language) -> OfferRequest | None:
        try:
            return await AnsweringModel(model_settings).extract(prompt, language=language, today=date(2026, 11, 22))
        except ModelFault:
            return None

    right = 0
    for prompt, language, customer, quantities, discount in READ:
        request = asyncio.run(read(prompt, language))
        if request is None:
            continue
        assert customer in (request.customer or "").lower()
        assert [line.quantity for line in request.lines] == [Decimal(q) for q in quantities]
        said = {request.discount_percent, *(line.discount_percent for line in request.lines)} - {None}
        assert said == ({Decimal(discount)} if discount else set())
        right += 1
    assert right >= 2
