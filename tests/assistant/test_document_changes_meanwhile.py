"""A document changed while it is being embedded never enters the index as it was."""

import itertools
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from unittest import mock

import pytest

from assistant import document_index as index
from assistant import documents
from assistant.context import Parts
from assistant.document_files import incoming
from assistant.documents import DocumentView, Wanted
from core.errors import AppError
from crm.actor import Actor
from crm.documents import DocumentFields
from knowledge.pages import Page
from retrieval.arrays import Vectors
from retrieval.chunks import chunk_markdown
from tests.retrieval.parsing_samples import docx

pytestmark = pytest.mark.both_databases

People = Callable[[str], Actor]
BONUS = docx(("Title", "Bónusz"), ("Normal", "A bónusz kulcsszava: xilofon."))
OTHER = docx(("Title", "Bónusz"), ("Normal", "A bónusz kulcsszava: trombita."))
QUESTION = "Mi a bónusz kulcsszava, xilofon?"
WAIT = 20


def quoted(parts: Parts, actor: Actor) -> list[str]:
    """The document's passages a question of `actor` could be answered from."""
    found = parts.knowledge.search(QUESTION, language="hu", audiences=actor.audiences).hits
    readable = parts.knowledge.still_readable(found, actor.audiences)
    return [hit.text for hit in readable if hit.page_id == "doc-D0001"]


def add(parts: Parts, actor: Actor) -> DocumentView:
    with incoming(parts.settings) as path:
        path.write_bytes(BONUS)
        return documents.add(parts, actor, path, "a.docx", Wanted(audience=("everyone",)))


def narrow(parts: Parts, actor: Actor, made: DocumentView) -> None:
    fields = DocumentFields(made.title, made.language, made.audience, made.screens)
    documents.change(parts, actor, made.code, made.version, replace(fields, audience=("administrator",)))


def hide(parts: Parts, actor: Actor, made: DocumentView) -> None:
    fields = DocumentFields(made.title, made.language, made.audience, made.screens)
    documents.change(parts, actor, made.code, made.version, replace(fields, hidden=True))


def remove(parts: Parts, actor: Actor, made: DocumentView) -> None:
    documents.remove(parts, actor, made.code, made.version)


def other_file(parts: Parts, actor: Actor, made: DocumentView) -> None:
    with incoming(parts.settings) as path:
        path.write_bytes(OTHER)
        documents.replace(parts, actor, made.code, made.version, path, "b.docx")


@pytest.mark.parametrize("taken_away", [narrow, hide, remove, other_file])
def test_what_is_taken_away_while_it_is_first_embedded_is_never_quoted(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch, taken_away: Callable[..., None]
) -> None:
    ada, nora = people("ada"), people("nora")
    at_work, go_on = threading.Event(), threading.Event()
    embed, grow = parts.knowledge._embedder.passages, parts.knowledge.grow
    seen: list[str] = []

    def waiting(texts: Sequence[str]) -> Vectors:
        if any("xilofon" in text for text in texts) and not at_work.is_set():
            at_work.set()
            assert go_on.wait(WAIT)
        elif any("trombita" in text for text in texts):
            raise AppError("embedder_unreachable", 503, embedder="x")
        return embed(texts)

    def watched(pages: Callable[[], Sequence[Page]], *, source: str) -> None:
        grow(pages, source=source)
        seen.extend(quoted(parts, nora))

    monkeypatch.setattr(parts.knowledge._embedder, "passages", waiting)
    monkeypatch.setattr(parts.knowledge, "grow", watched)
    made = add(parts, ada)
    assert at_work.wait(WAIT)
    taken_away(parts, ada, made)
    go_on.set()
    index.desk(parts.engine, parts.knowledge).settle(WAIT)
    assert not seen and not quoted(parts, nora)
    assert bool(quoted(parts, ada)) == (taken_away is narrow)


def test_a_piece_of_a_document_that_changed_before_the_index_was_read_is_refused(parts: Parts, people: People) -> None:
    ada = people("ada")
    made = add(parts, ada)
    index.desk(parts.engine, parts.knowledge).settle(WAIT)
    was = index._read(parts.engine, made.code)
    assert was is not None
    hide(parts, ada, made)
    with pytest.raises(AppError) as refused:
        parts.knowledge.grow(
            lambda: index._unless_changed(parts.engine, was, index.page_of(was)), source=index.SOURCE + made.code
        )
    assert refused.value.code == "index_busy" and not quoted(parts, people("nora"))


def test_a_file_left_by_a_kill_while_it_was_received_is_gone_after_a_start(parts: Parts) -> None:
    with mock.patch("pathlib.Path.unlink"), incoming(parts.settings) as path:
        path.write_bytes(b"x" * 1000)
    with incoming(parts.settings) as receiving:
        index.catch_up(parts.engine, parts.knowledge)
        assert list((parts.settings.home / "incoming").iterdir()) == [receiving]


def test_originals_without_a_record_left_by_a_kill_are_gone_after_a_start(parts: Parts, people: People) -> None:
    made = add(parts, people("ada"))
    index.desk(parts.engine, parts.knowledge).settle(WAIT)
    kept = documents.original(parts, people("ada"), made.code)[1]
    (kept.parent / ("0" * 64)).write_bytes(b"its last file")
    index.catch_up(parts.engine, parts.knowledge)
    assert list(kept.parent.iterdir()) == [kept]
    index.desk(parts.engine, parts.knowledge).settle(WAIT)
    with mock.patch("assistant.documents.files.drop"):
        documents.remove(parts, people("ada"), made.code, made.version)
    index.catch_up(parts.engine, parts.knowledge)
    assert not list(kept.parent.parent.iterdir())


def test_a_document_without_headings_grows_too_and_keeps_the_passages_it_has(parts: Parts, people: People) -> None:
    body = "\n\n".join(f"Paragraph {number} says something of its own." + " And more." * 20 for number in range(1_500))
    row = mock.Mock(code="D0001", title="T", language="en", screens=[], audience=["everyone"], body=body, filename="a")
    pieces = [piece.body for piece in index._growing(index.page_of(row))]
    assert len(pieces) > 2 and pieces[-1] == body
    made = [[chunk.text for chunk in chunk_markdown("T", piece)] for piece in pieces]
    for shorter, longer in itertools.pairwise(made[1:]):
        assert shorter[: len(shorter) // 2] == longer[: len(shorter) // 2]
