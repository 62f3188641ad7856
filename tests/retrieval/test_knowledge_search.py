"""Who sees what: the audience rule holds inside the search; language and screen only prefer."""

from dataclasses import replace
from typing import Literal

import pytest
from sqlalchemy import Engine

from core.settings import Settings
from retrieval.fusion import DEPTH
from retrieval.index import Knowledge
from tests.retrieval.retrieval_fakes import PAGES, HashedWords, make_page

NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset({"administrator"})
BOTH_SEARCHES = pytest.mark.parametrize("vectors", ["exact", "chroma"])
Vectors = Literal["exact", "chroma"]


@pytest.fixture
def knowledge(settings: Settings, engine: Engine) -> Knowledge:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(PAGES)
    return knowledge


def test_a_hit_says_where_it_is_from(knowledge: Knowledge) -> None:
    result = knowledge.search("discount approval", language="en", audiences=NOBODY)
    hit = result.hits[0]
    assert (hit.page_id, hit.section, hit.anchor, hit.language) == ("offers", "Discount", "discount", "en")
    assert hit.text == "A discount over the limit waits for approval."
    assert hit.dense_cosine == pytest.approx(result.best_cosine)
    assert result.generation == 1


@BOTH_SEARCHES
def test_a_passage_is_found_only_by_its_audience(settings: Settings, engine: Engine, vectors: Vectors) -> None:
    knowledge = Knowledge(settings, engine, HashedWords(), vectors=vectors)
    knowledge.sync(PAGES)
    question = "stop the server, restore backup"
    assert knowledge.search(question, language=None, audiences=ADMIN).hits[0].page_id == "backup"
    unseen = knowledge.search(question, language=None, audiences=NOBODY, k=50)
    assert {hit.page_id for hit in unseen.hits} == {"offers", "customers"}


@BOTH_SEARCHES
def test_hidden_passages_take_no_candidates_place(settings: Settings, engine: Engine, vectors: Vectors) -> None:
    hidden = [make_page(f"h{n}", "restore backup " * 3 + str(n), audience=("administrator",)) for n in range(3 * DEPTH)]
    knowledge = Knowledge(settings, engine, HashedWords(), vectors=vectors)
    knowledge.sync([*hidden, make_page("open", "How to restore one page.")])
    result = knowledge.search("restore backup", language=None, audiences=NOBODY, k=5)
    assert [hit.page_id for hit in result.hits] == ["open"]
    # Its score is what it would be were the others not there.
    assert result.hits[0].score == pytest.approx(1.0)


def test_both_ways_of_searching_vectors_agree(settings: Settings, engine: Engine) -> None:
    pages = [make_page(f"p{n}", f"word{n} thing{n % 7} item{n % 3}") for n in range(60)]
    exact = Knowledge(settings, engine, HashedWords(), vectors="exact")
    exact.sync(pages)
    other = Knowledge(settings, engine, HashedWords(), vectors="chroma")
    found = [k.search("thing3 item1 word24", language="en", audiences=NOBODY, k=10).hits for k in (exact, other)]
    assert found[0] == found[1]
    other.close()


def test_a_page_is_searched_in_the_askers_language_if_it_has_it(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    knowledge.sync(
        [
            make_page("invoice", "printer invoice", language="en"),
            make_page("invoice", "számla nyomtató", language="hu"),
            make_page("cable", "printer cable", language="en"),
        ]
    )
    found = knowledge.search("printer", language="hu", audiences=NOBODY).hits
    assert {(hit.page_id, hit.language) for hit in found} == {("invoice", "hu"), ("cable", "en")}
    assert len(knowledge.search("printer", language=None, audiences=NOBODY).hits) == 3


def test_a_translation_the_asker_may_not_read_hides_nothing(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    hungarian = make_page("invoice", "számla", language="hu", audience=("administrator",))
    knowledge.sync([make_page("invoice", "printer invoice", language="en"), hungarian])
    assert [hit.language for hit in knowledge.search("invoice", language="hu", audiences=NOBODY).hits] == ["en"]


def test_the_askers_screen_settles_a_tie_and_no_more(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    text = "Deleting a record"
    knowledge.sync(
        [make_page("a", text, title="t"), make_page("b", text, title="t", screens=("offer",)), make_page("c", "x y")]
    )
    first = [
        knowledge.search("deleting", language="en", audiences=NOBODY, screen=s).hits[0].page_id for s in (None, "offer")
    ]
    assert first == ["a", "b"]


def test_accents_are_restored_before_the_question_is_embedded(settings: Settings, engine: Engine) -> None:
    embedder = HashedWords()
    knowledge = Knowledge(settings, engine, embedder)
    knowledge.sync([make_page("a", "Kedvezmény és jóváhagyás", language="hu")])
    knowledge.search("kedvezmeny jovahagyas", language="hu", audiences=NOBODY)
    assert embedder.asked == ["kedvezmény jóváhagyás"]


@pytest.mark.parametrize("question", ["", "  \n"])
def test_an_empty_question_finds_nothing(knowledge: Knowledge, question: str) -> None:
    result = knowledge.search(question, language="en", audiences=ADMIN)
    assert (result.hits, result.best_cosine) == ((), -1.0)


def test_an_index_never_filled_finds_nothing(settings: Settings, engine: Engine) -> None:
    result = Knowledge(settings, engine, HashedWords()).search("discount", language="en", audiences=ADMIN)
    assert (result.hits, result.generation) == ((), 0)


def test_a_hit_is_checked_again_before_it_is_used(settings: Settings, engine: Engine, knowledge: Knowledge) -> None:
    hits = knowledge.search("backup discount tax", language="en", audiences=ADMIN, k=10).hits
    assert knowledge.still_readable(hits, ADMIN) == hits
    assert {hit.page_id for hit in knowledge.still_readable(hits, NOBODY)} == {"offers", "customers"}
    elsewhere = Knowledge(settings, engine, HashedWords())
    reworded = replace(PAGES[1], body=PAGES[1].body.replace("eight", "ten"))
    elsewhere.sync([replace(PAGES[0], audience=("manager",)), reworded])
    assert knowledge.still_readable(hits, ADMIN) == ()
    assert knowledge.still_readable([], ADMIN) == ()


def test_a_change_by_another_process_is_seen_by_the_next_search(
    settings: Settings, engine: Engine, knowledge: Knowledge
) -> None:
    assert knowledge.search("zebra", language="en", audiences=NOBODY).generation == 1
    Knowledge(settings, engine, HashedWords()).sync([*PAGES, make_page("zebra", "A zebra.")])
    result = knowledge.search("zebra", language="en", audiences=NOBODY)
    assert (result.generation, result.hits[0].page_id) == (2, "zebra")
