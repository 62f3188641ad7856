"""How the index grows: reading it, searching it and the memory it takes at 1,000, 10,000 and 100,000 passages.

Texts and vectors are made up (embedding so many would take hours): words by Zipf's law over a made-up vocabulary,
vectors around cluster centres.
"""

import gc
import random
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path

import numpy as np
from sqlalchemy import create_engine

from benchmarks.figures import Figure, alternately, figure
from core.clock import today
from core.settings import Settings
from knowledge.pages import EVERYONE
from retrieval.arrays import Indices, Vectors, unit
from retrieval.index import Knowledge
from retrieval.lexical import Lexical
from retrieval.snapshot import read_snapshot
from retrieval.store import State, StoredPage, StoredPassage, write

NAME = "growth"
DIMENSION = 384
_WORDS_A_TEXT = 120
_PASSAGES_A_PAGE = 10
_CLUSTERS = 400
_SYLLABLES = [c + v + e for c in "bcdfghjklmnprstvz" for v in "aeiouáéöő" for e in ("", "k", "l", "n", "r", "t")]


class MadeUpVectors:
    """An embedder whose vector of a text is a fixed one, taken by the text's checksum."""

    name = "made-up"
    dimension = DIMENSION

    def __init__(self) -> None:
        self._pool = _vectors(997, seed=5)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        return self._pool[[zlib.crc32(text.encode()) % len(self._pool) for text in texts]]

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row a text."""
        return self.queries(texts)


def _vectors(count: int, seed: int) -> Vectors:
    chance = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(_CLUSTERS, DIMENSION))
    spread = chance.normal(size=(count, DIMENSION)) * 0.7
    return unit((centres[chance.integers(0, _CLUSTERS, count)] + spread).astype(np.float32))


def _texts(count: int) -> Iterator[str]:
    chance = np.random.default_rng(3)
    for _ in range(count):
        ranks = np.minimum(chance.zipf(1.25, _WORDS_A_TEXT), 60_000)
        yield " ".join(_word(int(rank)) for rank in ranks)


@cache
def _word(rank: int) -> str:
    chance = random.Random(rank)
    return "".join(chance.choices(_SYLLABLES, k=1 + min(4, rank.bit_length() // 3)))


def _fill(knowledge_home: Path, count: int) -> None:
    engine = create_engine(f"sqlite:///{knowledge_home / 'crm.db'}")
    Knowledge(Settings(home=knowledge_home), engine, MadeUpVectors())
    vectors = _vectors(count, seed=2)
    pages: list[StoredPage] = []
    passages: list[StoredPassage] = []
    texts = enumerate(_texts(count))
    for page in range(-(-count // _PASSAGES_A_PAGE)):
        rows = islice(texts, _PASSAGES_A_PAGE)
        key = f"page-{page:06}"
        pages.append(StoredPage("hu", key, "made up", f"Page {page}", (), (EVERYONE,), today(), str(page)))
        passages += [
            StoredPassage(f"{n:024}", "hu", key, at, "", "", text, f"{n}", vectors[n].tobytes())
            for at, (n, text) in enumerate(rows)
        ]
    write(engine, State(), State(1, "made-up", DIMENSION, ""), gone_pages=(), pages=pages, passages=passages)
    engine.dispose()


def _resident() -> int:
    """Memory of this process in MB."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def _nearest(matrix: Vectors, query: Vectors) -> Indices:
    return np.argpartition(-(matrix @ query), 100)[:100]


def _measure(count: int, times: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        home = Path(folder)
        _fill(home, count)
        engine = create_engine(f"sqlite:///{home / 'crm.db'}")
        gc.collect()
        before = _resident()
        started = time.perf_counter()
        snapshot = read_snapshot(engine)
        loaded = time.perf_counter() - started
        held = _resident() - before
        texts = [passage.indexed for passage in snapshot.passages]
        started = time.perf_counter()
        lexical = Lexical(texts)
        built = time.perf_counter() - started
        del lexical, texts, snapshot
        gc.collect()
        knowledge = Knowledge(Settings(home=home), engine, MadeUpVectors(), vectors="exact")
        matrix = _vectors(count, seed=2)
        embedder = MadeUpVectors()
        questions = [" ".join(text.split()[:8]) for text in _texts(times + 1)]
        knowledge.search(questions[0], language="hu", audiences=frozenset())
        pairs = []
        for turn, question in enumerate(questions[1:]):
            query = embedder.queries([question])[0]
            product = partial(knowledge.search, question, language="hu", audiences=frozenset())
            pairs.append(alternately(product, partial(_nearest, matrix, query), turn))
        made = figure(NAME, f"{count:,} passages, searched exactly", "the best 100 by cosine, numpy", pairs)
        made.notes["read from SQL and built"] = f"{loaded:.1f} s"
        made.notes["of it the lexical index"] = f"{built:.1f} s"
        made.notes["memory held"] = f"{held} MB"
        knowledge.close()
        engine.dispose()
        return made


def run(*, quick: bool) -> list[Figure]:
    """1,000, 10,000 and 100,000 passages (quick: 1,000 alone), 50 questions each (5)."""
    sizes, times = ((1_000,), 5) if quick else ((1_000, 10_000, 100_000), 50)
    return [_measure(size, times) for size in sizes]
