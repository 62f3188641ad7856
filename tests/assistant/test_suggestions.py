"""Suggested questions: some for every screen, each answered by its page, none that the asker cannot read about."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.ask import Ask
from assistant.context import Parts
from assistant.screen import ScreenContext
from assistant.suggestions import FALLBACK, Suggestion, catalogue, suggested
from assistant.turn import reply_to
from core.language import LANGUAGES, Language
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import unit
from crm.tables import User
from knowledge.pages import EVERYONE, help_pages
from offers.service import Offers
from retrieval.index import Knowledge

SCREENS = [
    "dashboard",
    "customers",
    "customer",
    "opportunities",
    "opportunity",
    "activities",
    "activity",
    "calendar",
    "offers",
    "approvals",
    "library",
    "library_file",
    "price_lists",
    "price_list",
    "requests",
    "request",
    "offer_send",
    "mails",
    "mail",
    "offer",
    "products",
    "product",
    "help",
    "help_page",
    "documents",
    "document",
    "conversations",
    "handovers",
    "help_questions",
    "proposals",
    "settings",
    "profile",
]


def reader(role: str, language: Language) -> Actor:
    return Actor(1, "x", role, None, language)


def test_every_screen_of_ours_has_questions_of_its_own() -> None:
    assert set(catalogue()) == {*SCREENS, FALLBACK}
    assert all(len(found) in (3, 4) for found in catalogue().values())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["administrator", "restricted"])
def test_two_or_three_questions_come_for_any_screen_and_level(role: str, language: Language) -> None:
    readable = {p.id for p in help_pages() if {EVERYONE, role} & set(p.audience)}
    by_words = {q.words(language): q for found in catalogue().values() for q in found}
    for screen in (*SCREENS, "a host's own", ""):
        questions = suggested(screen, reader(role, language))
        assert 2 <= len(questions) <= 3 and len(set(questions)) == len(questions)
        assert all(set(by_words[q].pages) & readable for q in questions)


def test_what_only_administrators_read_about_is_suggested_to_them_alone() -> None:
    question = "How do I write my own help page?"
    assert question in suggested("help_page", reader("administrator", "en"))
    assert question not in suggested("help_page", reader("manager", "en"))


@pytest.fixture(scope="module", params=LANGUAGES)
def spoken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path
) -> Iterator[tuple[Language, Parts]]:
    """All shipped pages of a language, indexed with the bundled model."""
    language: Language = request.param
    settings = Settings(home=tmp_path_factory.mktemp("suggestions"))
    shutil.copy(migrated_sqlite, settings.home / "crm.db")
    engine = crm_engine.connect(settings)
    with unit(engine, SYSTEM) as session:
        session.add(
            User(
                login="ada",
                family_name="A",
                given_name="B",
                email="ada@robo.example",
                role_code="administrator",
                language=language,
            )
        )
    knowledge = Knowledge(settings, engine, vectors="exact")
    knowledge.sync([page for page in help_pages() if page.language == language])
    yield language, Parts(settings, engine, knowledge, Offers(engine, settings), None)
    knowledge.close()
    engine.dispose()


def test_every_suggested_question_is_answered_by_a_page_of_its_topic(spoken: tuple[Language, Parts]) -> None:
    language, parts = spoken
    actor = actor_for(parts.engine, "ada")

    async def astray(screen: str, asked: Suggestion) -> str | None:
        reply = await reply_to(parts, actor, Ask(asked.words(language), screen=ScreenContext(id=screen)))
        led = [c.page_id for c in reply.citations]
        well = reply.kind == "answer" and reply.language == language and led and led[0] in asked.pages
        return None if well else f"{screen}: {asked.words(language)} -> {reply.kind} {led}"

    async def all_of_them() -> list[str | None]:
        return [await astray(screen, asked) for screen, found in catalogue().items() for asked in found]

    assert [failed for failed in asyncio.run(all_of_them()) if failed] == []
