"""How well the index finds what it should, on an evaluation set, through the product's own search."""

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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


@dataclass(frozen=True)
class SetScore:
    """One row of `evaluate_all`: the questions of the set called `questions`, asked of the documents of the set called
    `pages`, as typed or folded."""

    questions: str
    pages: str
    unaccented: bool
    score: RetrievalScore

    def as_dict(self) -> dict[str, object]:
        """The row as it is printed in JSON."""
        return {
            "questions": self.questions,
            "pages": self.pages,
            "unaccented": self.unaccented,
            **self.score.as_dict(),
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
    with _indexed(chosen, settings, progress, embedder, vectors) as knowledge:
        return _score(knowledge, chosen, None, k, unaccented=unaccented)


def evaluate_all(
    directories: Sequence[Path],
    settings: Settings,
    k: int = 10,
    *,
    progress: Progress | None = None,
    embedder: Embedder | None = None,
) -> Iterator[SetScore]:
    """Each set as `evaluate` does, as typed and folded; then the questions of every other set whose gold documents it
    has too (by id): for sets that are translations of each other, questions in one language and pages in another.

    Raises as `evaluate`.
    """
    sets = {directory.resolve().name: read_set(directory) for directory in directories}
    for name, chosen in sets.items():
        with _indexed(chosen, settings, progress, embedder, "auto") as knowledge:
            for unaccented in (False, True):
                own = _score(knowledge, chosen, None, k, unaccented=unaccented)
                yield SetScore(name, name, unaccented, own)
            for other, asking in sets.items():
                shared = _asked_of(asking, chosen)
                if other != name and shared.questions:
                    across = _score(knowledge, shared, _language(asking), k, unaccented=False)
                    yield SetScore(other, name, False, across)


@contextmanager
def _indexed(
    chosen: EvaluationSet,
    settings: Settings,
    progress: Progress | None,
    embedder: Embedder | None,
    vectors: Literal["auto", "exact", "chroma"],
) -> Iterator[Knowledge]:
    """The product's own index over the documents of `chosen`, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as scratch:
        own = settings.model_copy(update={"home": Path(scratch), "database_url": None, "chroma_url": None})
        engine = create_engine(own.sqlalchemy_url)
        knowledge = Knowledge(own, engine, embedder, vectors=vectors)
        try:
            knowledge.sync(_pages(chosen), progress)
            yield knowledge
        finally:
            knowledge.close()
            engine.dispose()


def _asked_of(asking: EvaluationSet, answering: EvaluationSet) -> EvaluationSet:
    """The questions of `asking` with those of their gold documents that `answering` has, over its documents."""
    held = {document.id for document in answering.documents}
    gains = {q: {d: gain for d, gain in found.items() if d in held} for q, found in asking.gains.items()}
    answered = {q: found for q, found in gains.items() if found}
    questions = {q: text for q, text in asking.questions.items() if q in answered}
    return EvaluationSet(answering.documents, questions, answered)


def _language(chosen: EvaluationSet) -> Language:
    # A set is in one language; within a set it hardly matters which, it must only be the same for all.
    sample = " ".join(document.text[:200] for document in chosen.documents[:20])
    return detect_language(sample, LANGUAGES[0])


def _pages(chosen: EvaluationSet) -> list[Page]:
    language = _language(chosen)
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


def _score(
    knowledge: Knowledge, chosen: EvaluationSet, language: Language | None, k: int, *, unaccented: bool
) -> RetrievalScore:
    # Loading the model and the index is not part of a question.
    _ask(knowledge, chosen.documents[0].text[:100], None)
    ndcg, recall, mrr, timings = [], [], [], []
    for identifier, text in chosen.questions.items():
        result = _ask(knowledge, fold(text) if unaccented else text, language)
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


def _ask(knowledge: Knowledge, question: str, language: Language | None) -> SearchResult:
    return knowledge.search(question, language=language, audiences=frozenset(), k=_CHUNKS)


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
