"""The words of the pages are held with their vectors, for embedders that embed words, and follow the pages."""

from dataclasses import replace

from sqlalchemy import Engine, select

from core.settings import Settings
from retrieval.index import Knowledge
from retrieval.nearwords import comparable
from retrieval.tables import word_table
from tests.retrieval.retrieval_fakes import PAGES, HashedWords, WordsToo, make_page

NOBODY: frozenset[str] = frozenset()


def held(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(select(word_table.c.word)).scalars())


def test_every_word_of_title_heading_and_text_is_held(settings: Settings, engine: Engine) -> None:
    Knowledge(settings, engine, WordsToo()).sync(PAGES)
    assert held(engine) == set().union(*(comparable(f"{page.title} {page.body}") for page in PAGES))


def test_an_embedder_that_embeds_no_words_holds_none(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    assert held(engine) == set()
    assert knowledge.search("discount", language="en", audiences=NOBODY).hits[0].page_id == "offers"


def test_only_new_words_are_embedded_and_those_no_page_has_any_more_are_gone(
    settings: Settings, engine: Engine
) -> None:
    embedder = WordsToo()
    knowledge = Knowledge(settings, engine, embedder)
    knowledge.sync(PAGES)
    first = len(embedder.words_embedded)
    knowledge.sync([replace(PAGES[0], body=PAGES[0].body.replace("Thirty", "Sixty")), *PAGES[1:]])
    assert embedder.words_embedded[first:] == ["sixty"]
    assert "sixty" in held(engine)
    assert "thirty" not in held(engine)


def test_words_of_another_source_stay(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, WordsToo())
    knowledge.sync(PAGES)
    knowledge.sync([make_page("own", "Zeppelin.")], source="company")
    knowledge.sync(PAGES[:1])
    assert "zeppelin" in held(engine)
    assert "restoring" not in held(engine)


def test_an_unchanged_sync_embeds_no_word(settings: Settings, engine: Engine) -> None:
    Knowledge(settings, engine, WordsToo()).sync(PAGES)
    embedder = WordsToo()
    Knowledge(settings, engine, embedder).sync(PAGES)
    assert embedder.words_embedded == []


def test_a_question_embeds_only_words_that_no_page_has_and_each_once(settings: Settings, engine: Engine) -> None:
    embedder = WordsToo()
    knowledge = Knowledge(settings, engine, embedder)
    knowledge.sync(PAGES)
    knowledge.search("discount zebra", language="en", audiences=NOBODY)
    knowledge.search("validity zebra", language="en", audiences=NOBODY)
    assert embedder.asked == ["discount zebra", "zebra", "validity zebra"]
