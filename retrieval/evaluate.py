"""How well the index finds what it should, on an evaluation set, through the product's own search."""

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Literal, TypedDict

from sqlalchemy import create_engine

from core.clock import today
from core.language import LANGUAGES, Language, detect_language
from core.settings import Settings
from core.text import fold
from knowledge.pages import EVERYONE, Page
from retrieval.beir import EvaluationSet, read_set
from retrieval.embed import Embedder
from retrieval.index import Knowledge
from retrieval.result import SearchResult, Timings
from retrieval.sync import Progress

# Chunks asked for a question: a document counts by its best chunk, so ten documents need more.
_CHUNKS = 100


class MsPerQuestion(TypedDict):
    """Mean milliseconds a question, by part; `total` is their sum."""

    embed: float
    vector: float
    lexical: float
    fuse: float
    total: float


# The keys are a published format, "ndcg@10" cannot be an attribute.
ScoreDict = TypedDict(
    "ScoreDict",
    {
        "ndcg@10": float,
        "recall@5": float,
        "mrr@10": float,
        "queries": int,
        "documents": int,
        "ms_per_question": MsPerQuestion,
    },
)


@dataclass(frozen=True)
class RetrievalScore:
    """Means over all questions (0 to 1), counts, and mean milliseconds a question."""

    ndcg: float
    recall: float
    mrr: float
    queries: int
    documents: int
    ms_per_question: MsPerQuestion

    def as_dict(self) -> ScoreDict:
        """The score as it is printed in JSON; quality to four decimals, times to three."""
        return {
            "ndcg@10": round(self.ndcg, 4),
            "recall@5": round(self.recall, 4),
            "mrr@10": round(self.mrr, 4),
            "queries": self.queries,
            "documents": self.documents,
            "ms_per_question": self.ms_per_question,
        }


def evaluate(
    directory: Path,
    settings: Settings,
    k: int = 10,
    *,
    unaccented: bool = False,
    progress: Progress | None = None,
    embedder: Embedder | None = None,
    vectors: Literal["auto", "exact", "chroma"] = "auto",
) -> RetrievalScore:
    """Indexes the titles and texts of the set in `directory` into a home of its own, asks every question
    and compares the first `k` documents with the gold ones. `unaccented` folds the questions first.

    `settings` gives the embedder; its home and databases are not touched. Raises as `read_set` and the
    embedder.
    """
    chosen = read_set(directory)
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        own = settings.model_copy(update={"home": home, "database_url": None, "chroma_url": None})
        engine = create_engine(own.sqlalchemy_url)
        knowledge = Knowledge(own, engine, embedder, vectors=vectors)
        try:
            knowledge.sync(_pages(chosen), progress)
            return _score(knowledge, chosen, k, unaccented=unaccented)
        finally:
            knowledge.close()
            engine.dispose()


def _pages(chosen: EvaluationSet) -> list[Page]:
    # A set is in one language; which of ours hardly matters, it must only be the same for all.
    sample = " ".join(document.text[:200] for document in chosen.documents[:20])
    language: Language = detect_language(sample, LANGUAGES[0])
    return [
        Page(
            id=document.id,
            title=document.title,
            language=language,
            screens=(),
            audience=(EVERYONE,),
            updated=today(),
            body=document.text,
            path=Path(document.id),
        )
        for document in chosen.documents
    ]


def _score(knowledge: Knowledge, chosen: EvaluationSet, k: int, *, unaccented: bool) -> RetrievalScore:
    # Loading the model and the index is not part of a question.
    _ask(knowledge, chosen.documents[0].text[:100])
    ndcg, recall, mrr, timings = [], [], [], []
    for identifier, text in chosen.questions.items():
        result = _ask(knowledge, fold(text) if unaccented else text)
        ranked = list(dict.fromkeys(hit.page_id for hit in result.hits))
        gains = chosen.gains[identifier]
        ndcg.append(ndcg_at(ranked, gains, k))
        recall.append(len(gains.keys() & set(ranked[:5])) / len(gains))
        mrr.append(next((1 / place for place, found in enumerate(ranked[:k], 1) if found in gains), 0.0))
        timings.append(result.timings)
    return RetrievalScore(
        ndcg=statistics.fmean(ndcg),
        recall=statistics.fmean(recall),
        mrr=statistics.fmean(mrr),
        queries=len(chosen.questions),
        documents=len(chosen.documents),
        ms_per_question=_milliseconds(timings),
    )


def _ask(knowledge: Knowledge, question: str) -> SearchResult:
    return knowledge.search(question, language=None, audiences=frozenset(), k=_CHUNKS)


def _milliseconds(timings: Sequence[Timings]) -> MsPerQuestion:
    embed, vector, lexical, fuse = (
        round(1000 * statistics.fmean(part), 3)
        for part in zip(*((t.embed, t.vector, t.lexical, t.fuse) for t in timings), strict=True)
    )
    total = round(embed + vector + lexical + fuse, 3)
    return {"embed": embed, "vector": vector, "lexical": lexical, "fuse": fuse, "total": total}


def ndcg_at(ranked: Sequence[str], gains: dict[str, int], k: int) -> float:
    """Normalised discounted cumulative gain of the first `k` of `ranked`, 0 to 1 (gain over log2 of the
    place plus one, against the best possible order)."""
    found = sum(gains.get(identifier, 0) / log2(place + 1) for place, identifier in enumerate(ranked[:k], 1))
    ideal = sum(gain / log2(place + 1) for place, gain in enumerate(sorted(gains.values(), reverse=True)[:k], 1))
    return found / ideal
