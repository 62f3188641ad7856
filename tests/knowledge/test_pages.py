"""The shipped help pages: complete in three languages, readable, and short enough to be quoted."""

import re
from collections import defaultdict

import pytest

from core.language import LANGUAGES, Language
from crm.defaults import ROLES
from knowledge.pages import EVERYONE, Page, help_pages
from retrieval.chunks import LIMIT, sections
from tests.knowledge.console_screens import console_screens

# What pages speak of that is no screen of the console: a host's own screens may bear these ids.
TOPICS = frozenset({"contacts", "import", "users", "assistant", "audit", "backup"})
SCREENS = TOPICS | console_screens()
PAGES = help_pages()
BY_LANGUAGE: dict[Language, dict[str, Page]] = {
    language: {page.id: page for page in PAGES if page.language == language} for language in LANGUAGES
}


def each_page() -> pytest.MarkDecorator:
    """Run a test once for every page, named by language and id."""
    return pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.language}/{page.id}")


def test_every_page_is_there_in_every_language() -> None:
    ids = {language: set(pages) for language, pages in BY_LANGUAGE.items()}
    assert ids["hu"] and ids["hu"] == ids["pl"] == ids["en"]


def test_translations_share_screens_audience_and_date() -> None:
    shared = defaultdict(set)
    for page in PAGES:
        shared[page.id].add((page.screens, page.audience, page.updated))
    assert {id: facts for id, facts in shared.items() if len(facts) > 1} == {}


def test_translations_have_as_many_sections() -> None:
    counts = defaultdict(set)
    for page in PAGES:
        counts[page.id].add(len(list(sections(page.title, page.body))))
    assert {id: found for id, found in counts.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_has_a_page_and_no_page_a_screen_that_is_unknown(language: Language) -> None:
    named = {screen for page in BY_LANGUAGE[language].values() for screen in page.screens}
    assert named == SCREENS


@pytest.mark.parametrize("language", LANGUAGES)
def test_titles_tell_pages_apart(language: Language) -> None:
    titles = [page.title for page in BY_LANGUAGE[language].values()]
    assert len(titles) == len(set(titles))


@each_page()
def test_a_page_names_only_known_audiences(page: Page) -> None:
    assert set(page.audience) <= {EVERYONE, *ROLES}


@each_page()
def test_a_page_is_its_own_file(page: Page) -> None:
    assert page.path.name == f"{page.id}.md"
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", page.id)


@each_page()
def test_a_page_is_made_of_second_level_sections_each_with_text(page: Page) -> None:
    above, *found = sections(page.title, page.body)
    assert above.text == "" and len(found) >= 3
    assert [len(section.heading_path) for section in found] == [1] * len(found)
    assert [section.heading_path for section in found if not section.text] == []


@each_page()
def test_a_section_can_be_quoted_whole(page: Page) -> None:
    too_long = {s.anchor: len(s.text) for s in sections(page.title, page.body) if len(s.text) > LIMIT}
    assert too_long == {}
