"""With the bundled model: questions in other words than the pages', in three languages, find their page."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from core.language import Language
from core.settings import Settings
from retrieval.index import Knowledge
from tests.retrieval.retrieval_fakes import make_page

PAGES = [
    make_page("discount", "A 20% feletti kedvezményt a vezető hagyja jóvá.", title="Kedvezmény", language="hu"),
    make_page("backup", "A mentés visszatöltése előtt állítsd le a szervert.", title="Mentés", language="hu"),
    make_page("discount", "Rabat powyżej 20% zatwierdza kierownik.", title="Rabat", language="pl"),
    make_page("backup", "Przed przywróceniem kopii zatrzymaj serwer.", title="Kopia zapasowa", language="pl"),
    make_page("discount", "A discount above 20% is approved by a manager.", title="Discount", language="en"),
    make_page("printing", "Choose paper size A4 before you print an offer.", title="Printing", language="en"),
]


@pytest.fixture
def knowledge(tmp_path_factory: pytest.TempPathFactory, settings: Settings, engine: Engine) -> Iterator[Knowledge]:
    knowledge = Knowledge(settings, engine)
    knowledge.sync(PAGES)
    yield knowledge
    knowledge.close()


QUESTIONS: list[tuple[Language, str, str]] = [
    ("hu", "Ki engedélyezi a nagy árengedményt?", "discount"),
    ("hu", "hogyan allitom vissza a mentest", "backup"),
    ("pl", "Kto akceptuje duży upust?", "discount"),
    ("pl", "jak odtworzyć kopię", "backup"),
    ("en", "Who has to approve a large reduction?", "discount"),
]


def test_other_words_find_the_page(knowledge: Knowledge) -> None:
    for language, question, page in QUESTIONS:
        hit = knowledge.search(question, language=language, audiences=frozenset()).hits[0]
        assert (hit.page_id, hit.language) == (page, language), question


def test_a_page_that_is_only_in_another_language_is_found(knowledge: Knowledge) -> None:
    hits = knowledge.search("Milyen papírméretre nyomtassak?", language="hu", audiences=frozenset()).hits
    assert ("printing", "en") in [(hit.page_id, hit.language) for hit in hits]
    assert ("discount", "en") not in [(hit.page_id, hit.language) for hit in hits]
