"""Answering a question from the help pages: with the model where there is one, else composed."""

import asyncio
from collections.abc import AsyncIterator

from assistant import fallback
from assistant.compose import as_evidence, compose
from assistant.confidence import holds_answer
from assistant.context import Turn
from assistant.events import Delta, Dropped, Step
from assistant.model import Answered, ModelFault
from assistant.onscreen.screen_links import links_for
from assistant.outcome import Outcome
from assistant.tools import BoundTools
from core.errors import say
from retrieval.result import Hit

_PASSAGES = 4
_LOOKED_AT = 12
_OF_A_PAGE = 2


def _query(turn: Turn) -> str:
    """The question; with a message on the screen added, since that is mostly what it is about."""
    screen = turn.ask.screen
    if turn.ask.about or screen is None or not screen.messages:
        return turn.ask.about or turn.ask.message
    return f"{turn.ask.message}\n{screen.messages[0][:300]}"


def _search(turn: Turn) -> tuple[tuple[Hit, ...], bool]:
    """The passages the asker may read, and whether the pages hold an answer at all."""
    audiences = turn.actor.audiences
    knowledge = turn.parts.knowledge
    screen = turn.ask.screen.id if turn.ask.screen else None
    result = knowledge.search(_query(turn), language=turn.language, audiences=audiences, screen=screen, k=_LOOKED_AT)
    hits = varied(knowledge.still_readable(result.hits, audiences))
    return hits, bool(hits) and holds_answer(_query(turn), result, hits, knowledge.embedder_name)


def varied(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """The best passages, at most `_OF_A_PAGE` of one page: where the first page is the wrong one, the next gets a
    word in."""
    kept: list[Hit] = []
    for hit in hits:
        if sum((hit.language, hit.page_id) == (other.language, other.page_id) for other in kept) < _OF_A_PAGE:
            kept.append(hit)
    return tuple(kept[:_PASSAGES])


async def answer(turn: Turn) -> AsyncIterator[Step | Delta | Dropped | Outcome]:
    """Answer from the pages; the last thing yielded is the outcome.

    A model that fails is fallen back from, with a warning that says so.
    """
    yield turn.step("searching")
    hits, held = await asyncio.to_thread(_search, turn)
    warnings: tuple[str, ...] = ()
    if turn.model is not None:
        yield turn.step("asking_model")
        try:
            async for event in _with_model(turn, hits):
                yield event
            return
        except ModelFault as fault:
            yield Dropped()
            warnings = (fallback.warning(fault, turn.language),)
    if not held:
        yield Outcome("answer", say("not_in_pages", turn.language), abstained=True, warnings=warnings)
        return
    composed = compose(turn.ask.message, hits, turn.ask.screen, turn.language)
    shown = turn.ask.screen.id if turn.ask.screen else None
    links = links_for([cited.page_id for cited in composed.citations], turn.language, turn.actor, shown)
    quoted = bool(turn.ask.screen and turn.ask.screen.messages)
    yield Outcome(
        "answer", composed.text, citations=composed.citations, warnings=warnings, links=links, from_screen=quoted
    )


async def _with_model(turn: Turn, hits: tuple[Hit, ...]) -> AsyncIterator[Delta | Outcome]:
    model = turn.model
    assert model is not None
    evidence = as_evidence(hits)
    screen_id = turn.ask.screen.id if turn.ask.screen else None
    tools = BoundTools(
        turn.parts.engine, turn.parts.knowledge, turn.actor, turn.language, screen_id, next_n=len(evidence) + 1
    )
    stream = model.answer(
        turn.ask.message,
        language=turn.language,
        evidence=evidence,
        screen=turn.ask.screen,
        history=turn.history,
        tools=tools,
    )
    async for piece in stream:
        if not isinstance(piece, Answered):
            yield Delta(text=piece.text)
        elif not piece.found:
            yield Outcome("answer", say("not_in_pages", turn.language), abstained=True)
        else:
            citations = tuple(source.citation() for source in piece.used)
            warnings = fallback.left_out(piece.left_out, turn.language)
            shown = turn.ask.screen is not None
            yield Outcome("answer", piece.text, citations=citations, warnings=warnings, from_screen=shown)
