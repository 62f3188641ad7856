"""Every screen of the console, and every action on a record, has a help page in each language."""

import pytest

from assistant.onscreen.screen_links import screen_places
from assistant.onscreen.sources import passages
from core.language import LANGUAGES, Language
from knowledge.pages import EVERYONE, help_pages
from retrieval.chunks import sections
from tests.knowledge.console_screens import console_screens

# What people do with records of their own accord, as `crm.explain` knows it.
ACTIONS = {
    "offer": ("create", "update", "approve", "issue"),
    "opportunity": ("create", "update", "transition", "undo"),
    "customer": ("create", "update"),
    "contact": ("create", "update", "delete"),
    "activity": ("create", "update", "complete", "delete"),
    "product": ("create", "update"),
    "price": ("create",),
}


def test_the_screens_are_found_at_all() -> None:
    assert {"dashboard", "customer", "offer", "opportunity", "settings", "help"} <= console_screens()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_of_the_console_has_a_page(language: Language) -> None:
    named = {screen for page in help_pages() if page.language == language for screen in page.screens}
    assert console_screens() - named == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_that_every_level_gets_have_a_page_for_everyone(language: Language) -> None:
    pages = [page for page in help_pages() if page.language == language and EVERYONE in page.audience]
    named = {screen for page in pages for screen in page.screens}
    assert console_screens() - {"documents", "document", "help_questions"} - named == set()


@pytest.mark.parametrize("resource", ACTIONS)
def test_every_action_on_a_record_has_a_passage(resource: str) -> None:
    assert {f"{action}_{resource}" for action in ACTIONS[resource]} - passages().keys() == set()


def test_passages_that_answers_quote_stand_on_the_pages() -> None:
    headings = {
        page.id: [section.heading_path[-1] for section in sections(page.title, page.body) if section.heading_path]
        for page in help_pages()
        if page.language == "en"
    }
    missing = {name: place for name, place in passages().items() if place[1] not in headings.get(place[0], [])}
    assert missing == {}


def test_pages_that_lead_to_a_screen_exist() -> None:
    ids = {page.id for page in help_pages()}
    assert {page for place in screen_places().values() for page in place.pages} - ids == set()
