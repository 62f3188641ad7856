"""Searches and syncs at the same time: every answer is of one whole generation."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine

from core.settings import Settings
from retrieval.index import Knowledge
from retrieval.result import SearchResult
from tests.retrieval.retrieval_fakes import HashedWords, make_page


def test_each_answer_is_of_one_generation(settings: Settings, engine: Engine) -> None:
    knowledge = Knowledge(settings, engine, HashedWords())
    # Generation n holds n pages, each of which says so.
    generations = [[make_page(f"p{page}", f"edition {n}") for page in range(n)] for n in range(1, 7)]
    knowledge.sync(generations[0])

    def ask(_: int) -> SearchResult:
        return knowledge.search("edition", language="en", audiences=frozenset(), k=20)

    with ThreadPoolExecutor(6) as pool:
        answers = pool.map(ask, range(60))
        for pages in generations[1:]:
            knowledge.sync(pages)
        results = [*answers, ask(0)]
    for result in results:
        assert [hit.text for hit in result.hits] == [f"edition {result.generation}"] * result.generation
    assert results[-1].generation == 6
