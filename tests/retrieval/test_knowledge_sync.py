"""A sync makes the index equal to the pages and embeds only texts it has not seen."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, update

from core.errors import AppError
from core.settings import Settings
from retrieval.index import Knowledge
from retrieval.store import State, write
from retrieval.tables import metadata, passage_table, state_table
from tests.retrieval.retrieval_fakes import PAGES, HashedWords, make_page


def test_the_first_sync_embeds_everything_once(settings: Settings, engine: Engine) -> None:
    embedder, steps = HashedWords(), []
    report = Knowledge(settings, engine, embedder).sync(PAGES, lambda done, of: steps.append((done, of)))
    assert (report.pages, report.added, report.chunks, report.generation) == (3, 3, 4, 1)
    assert len(embedder.embedded) == 4
    assert steps[-1] == (4, 4)


def test_a_sync_of_the_same_pages_changes_nothing(settings: Settings, engine: Engine) -> None:
    embedder = HashedWords()
    Knowledge(settings, engine, embedder).sync(PAGES)
    report = Knowledge(settings, engine, embedder).sync(PAGES)
    assert (report.unchanged, report.added, report.changed, report.removed, report.generation) == (3, 0, 0, 0, 1)
    assert len(embedder.embedded) == 4


def test_only_the_section_that_changed_is_embedded_again(settings: Settings, engine: Engine) -> None:
    embedder = HashedWords()
    knowledge = Knowledge(settings, engine, embedder)
    knowledge.sync(PAGES)
    changed = replace(PAGES[0], body=PAGES[0].body.replace("Thirty", "Sixty"))
    report = knowledge.sync([changed, *PAGES[1:]])
    assert (report.changed, report.unchanged, report.generation) == (1, 2, 2)
    assert embedder.embedded[4:] == ["offers\nValidity\nSixty days."]


def test_a_new_audience_needs_no_embedding_but_a_new_generation(settings: Settings, engine: Engine) -> None:
    embedder = HashedWords()
    knowledge = Knowledge(settings, engine, embedder)
    knowledge.sync(PAGES)
    report = knowledge.sync([replace(PAGES[0], audience=("manager",)), *PAGES[1:]])
    assert (report.changed, report.generation, len(embedder.embedded)) == (1, 2, 4)


def test_vanished_pages_leave_the_index(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    report = knowledge.sync(PAGES[1:])
    assert (report.removed, report.chunks) == (1, 2)
    assert all(
        hit.page_id != "offers" for hit in knowledge.search("discount", language=None, audiences=frozenset()).hits
    )


def test_sources_do_not_remove_each_other(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    assert knowledge.sync([make_page("own", "Our own page.")], source="company").chunks == 5
    assert knowledge.sync([], source="company").chunks == 4


def test_another_sources_page_cannot_be_replaced(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    with pytest.raises(AppError) as refused:
        knowledge.sync([make_page("offers", "Mine.")], source="company")
    assert refused.value.code == "page_twice"


def test_another_embedder_means_every_text_again_of_every_source(settings: Settings, engine: Engine) -> None:
    old = Knowledge(settings, engine, HashedWords())
    old.sync(PAGES)
    old.sync([make_page("own", "Our own page.")], source="company")
    other = HashedWords("other", 32)
    knowledge = Knowledge(settings, engine, other)
    with pytest.raises(AppError) as refused:
        knowledge.search("page", language=None, audiences=frozenset())
    assert refused.value.code == "index_other_embedder"
    knowledge.sync(PAGES)
    assert len(other.embedded) == 5
    assert knowledge.search("own page", language=None, audiences=frozenset()).hits[0].page_id == "own"


def test_a_change_made_meanwhile_is_not_overwritten(settings: Settings, engine: Engine) -> None:
    Knowledge(settings, engine, HashedWords()).sync(PAGES)
    for stale in (State(), State(generation=7)):
        with pytest.raises(AppError) as refused:
            write(engine, stale, State(8, "fake", 64, ""), gone_pages=[("en", "offers")], pages=[], passages=[])
        assert refused.value.code == "index_busy"
    assert Knowledge(settings, engine, HashedWords()).sync(PAGES).unchanged == 3


def test_an_index_of_another_schema_is_made_anew(settings: Settings, engine: Engine) -> None:
    Knowledge(settings, engine, HashedWords()).sync(PAGES)
    with engine.begin() as connection:
        connection.execute(update(state_table).values(schema=0))
    report = Knowledge(settings, engine, HashedWords()).sync(PAGES)
    assert (report.added, report.generation) == (3, 1)


def test_an_index_dropped_under_a_running_process_is_not_served_from_memory(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    knowledge.search("discount", language=None, audiences=frozenset())
    metadata.drop_all(engine)
    Knowledge(settings, engine, HashedWords())
    assert knowledge.search("discount", language=None, audiences=frozenset()).hits == ()


def test_a_damaged_vector_is_embedded_again_whichever_source_is_synced(settings: Settings, engine: Engine) -> None:
    Knowledge(settings, engine, HashedWords()).sync(PAGES)
    with engine.begin() as connection:
        connection.execute(update(passage_table).where(passage_table.c.ordinal == 0).values(vector=b"\x00"))
    with pytest.raises(AppError, match="robo index"):
        Knowledge(settings, engine, HashedWords()).search("offers", language=None, audiences=frozenset({"everyone"}))
    report = Knowledge(settings, engine, HashedWords()).sync(
        [make_page("other", "## Other\n\nSomething else.")], source="company"
    )
    assert report.added == 1
    found = Knowledge(settings, engine, HashedWords()).search(
        "offers", language=None, audiences=frozenset({"everyone"})
    )
    assert found.hits
