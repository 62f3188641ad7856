"""Documents as knowledge: answered from once indexed, out of reach the moment they are taken away."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import document_index as index
from assistant import documents, pages
from assistant.context import Parts
from assistant.document_files import incoming
from assistant.documents import DocumentView, Wanted
from core.errors import AppError, NotFound
from crm import backup as backups
from crm.actor import Actor
from crm.backup import saving
from crm.documents import DocumentFields
from crm.session import unit
from crm.tables import KnowledgeDocument
from tests.retrieval.parsing_samples import docx, pdf

People = Callable[[str], Actor]
LEAVE = docx(("Title", "Szabadság"), ("Heading 1", "Kérés"), ("Normal", "A szabadságot a zöld füzetbe írjuk."))
BONUS = docx(("Title", "Bónusz"), ("Normal", "A bónusz kulcsszava: xilofon."))
OPEN = Wanted(audience=("everyone",))
QUESTION = "Mi a bónusz kulcsszava, xilofon?"


def put(parts: Parts, actor: Actor, file: bytes, name: str = "a.docx", wanted: Wanted = OPEN) -> DocumentView:
    """Add a file and wait until it is indexed."""
    with incoming(parts.settings) as path:
        path.write_bytes(file)
        made = documents.add(parts, actor, path, name, wanted)
    index.desk(parts.engine, parts.knowledge).settle(30)
    return made


def quoted(parts: Parts, actor: Actor, question: str = QUESTION) -> set[str]:
    """The pages a question of `actor` could be answered from."""
    found = parts.knowledge.search(question, language="hu", audiences=actor.audiences).hits
    return {hit.page_id for hit in parts.knowledge.still_readable(found, actor.audiences)}


def fields(view: DocumentView, **changed: object) -> DocumentFields:
    present = DocumentFields(view.title, view.language, view.audience, view.screens, view.hidden)
    return replace(present, **changed)  # type: ignore[arg-type]


class Unreachable:
    """An embedder that cannot be reached."""

    name = "words"
    dimension = 256

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise AppError("embedder_unreachable", 503, embedder="x")

    passages = queries


def test_an_added_document_is_answered_from_and_read_with_its_headings(parts: Parts, people: People) -> None:
    view = put(parts, people("ada"), LEAVE)
    assert (view.title, view.language, view.path) == ("Szabadság", "hu", "/help/hu/doc-D0001")
    assert documents.find(parts, people("nora"), "D0001").standing.state == "ready"
    assert "doc-D0001" in quoted(parts, people("nora"), "Hova írjuk a szabadságot?")
    page = pages.find(parts, "hu", "doc-D0001", people("nora"))
    assert (page.origin, page.filename) == ("document", "a.docx") and "## Kérés" in page.body
    assert "doc-D0001" in {each.id for each in pages.contents(parts, "en", people("nora"))}


def test_the_original_is_kept_under_its_digest_never_its_name(parts: Parts, people: People) -> None:
    view = put(parts, people("ada"), LEAVE, "../../../etc/evil name.docx")
    found, path = documents.original(parts, people("nora"), view.code)
    assert found.filename == "evil name.docx" and path.read_bytes() == LEAVE
    assert path == parts.settings.home / "documents" / "knowledge" / "D0001" / view.sha256
    assert not list((parts.settings.home / "incoming").iterdir())


def test_a_document_for_some_is_found_by_nobody_else(parts: Parts, people: People) -> None:
    view = put(parts, people("ada"), BONUS, wanted=Wanted(audience=("manager",)))
    assert "doc-D0001" in quoted(parts, people("mate"))
    nora = people("nora")
    assert "doc-D0001" not in quoted(parts, nora)
    assert not documents.listed(parts, nora)
    for look in (documents.find, documents.original):
        with pytest.raises(NotFound):
            look(parts, nora, view.code)
    for reader in (nora, None):
        with pytest.raises(AppError) as refused:
            pages.find(parts, "hu", "doc-D0001", reader)
        assert refused.value.code == "unknown_page"


@pytest.mark.parametrize("change", ["narrow", "hide", "language", "remove", "replace"])
def test_what_is_taken_away_is_unreachable_by_the_next_question_even_without_an_embedder(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    ada, nora = people("ada"), people("nora")
    view = put(parts, ada, BONUS)
    found = parts.knowledge.search(QUESTION, language="hu", audiences=nora.audiences).hits
    embedder = parts.knowledge._embedder
    monkeypatch.setattr(parts.knowledge, "_embedder", Unreachable())
    if change == "narrow":
        documents.change(parts, ada, view.code, 1, fields(view, audience=("manager",)))
    elif change == "hide":
        documents.change(parts, ada, view.code, 1, fields(view, hidden=True))
    elif change == "language":
        documents.change(parts, ada, view.code, 1, fields(view, language="pl"))
    elif change == "remove":
        documents.remove(parts, ada, view.code, 1)
    else:
        with incoming(parts.settings) as path:
            path.write_bytes(LEAVE)
            documents.replace(parts, ada, view.code, 1, path, "b.docx")
    # What was found before the change is not quoted after it either.
    assert not parts.knowledge.still_readable([h for h in found if h.page_id == "doc-D0001"], nora.audiences)
    index.desk(parts.engine, parts.knowledge).settle(30)
    monkeypatch.setattr(parts.knowledge, "_embedder", embedder)
    assert "doc-D0001" not in quoted(parts, nora)


def test_narrowing_embeds_nothing_again(parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    view = put(parts, people("ada"), BONUS)
    with monkeypatch.context() as without:
        without.setattr(parts.knowledge, "_embedder", Unreachable())
        documents.change(parts, people("ada"), view.code, 1, fields(view, audience=("manager",)))
        index.desk(parts.engine, parts.knowledge).settle(30)
    assert documents.find(parts, people("ada"), view.code).standing.state == "ready"
    assert "doc-D0001" in quoted(parts, people("mate"))


def test_a_hidden_document_comes_back_when_it_is_shown_again(parts: Parts, people: People) -> None:
    ada = people("ada")
    view = put(parts, ada, BONUS)
    documents.change(parts, ada, view.code, 1, fields(view, hidden=True))
    documents.change(parts, ada, view.code, 2, fields(view))
    index.desk(parts.engine, parts.knowledge).settle(30)
    assert "doc-D0001" in quoted(parts, people("nora"))


def test_a_replaced_file_is_answered_from_and_the_older_one_is_gone(parts: Parts, people: People) -> None:
    ada = people("ada")
    view = put(parts, ada, BONUS)
    with incoming(parts.settings) as path:
        path.write_bytes(LEAVE)
        made = documents.replace(parts, ada, view.code, 1, path, "leave.docx")
    index.desk(parts.engine, parts.knowledge).settle(30)
    found, kept = documents.original(parts, ada, view.code)
    assert (made.title, found.filename, [file.name for file in kept.parent.iterdir()]) == (
        "Bónusz",
        "leave.docx",
        [found.sha256],
    )
    assert "doc-D0001" in quoted(parts, people("nora"), "Hova írjuk a szabadságot?")
    documents.remove(parts, ada, view.code, made.version)
    assert not kept.parent.exists()


def test_what_cannot_be_indexed_says_so_and_is_made_good_later(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = people("ada")
    with monkeypatch.context() as without:
        without.setattr(parts.knowledge, "_embedder", Unreachable())
        view = put(parts, ada, BONUS)
        standing = documents.find(parts, ada, view.code).standing
    assert standing.state == "waiting"
    assert standing.fault is not None and standing.fault.code == "embedder_unreachable"
    index.catch_up(parts.engine, parts.knowledge)
    index.desk(parts.engine, parts.knowledge).settle(30)
    assert documents.find(parts, ada, view.code).standing.state == "ready"


def test_after_a_start_nothing_that_was_taken_away_meanwhile_can_be_quoted(parts: Parts, people: People) -> None:
    gone, narrowed = put(parts, people("ada"), BONUS), put(parts, people("ada"), LEAVE, "b.docx")
    with unit(parts.engine, people("ada")) as session:
        # As a process that ended between storing and indexing leaves them.
        session.delete(session.get_one(KnowledgeDocument, 1))
        session.get_one(KnowledgeDocument, 2).audience = ["manager"]
    index.catch_up(parts.engine, parts.knowledge)
    nora = people("nora")
    assert not {f"doc-{gone.code}", f"doc-{narrowed.code}"} & (quoted(parts, nora) | quoted(parts, nora, "szabadság"))
    assert f"doc-{narrowed.code}" in quoted(parts, people("mate"), "Hova írjuk a szabadságot?")


def test_a_large_document_grows_in_the_index_and_ends_whole(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_PIECE", 30)
    told: list[tuple[int, int]] = []
    view = put(parts, people("ada"), pdf("Alpha rules here", "Beta rules here", "Gamma rules here"), "r.pdf")
    index.withdraw_now(parts.engine, [("en", f"doc-{view.code}")])
    index.bring(parts.engine, parts.knowledge, view.code, lambda done, total: told.append((done, total)))
    assert len(told) > 1 and told == sorted(told) and told[-1][0] == told[-1][1]
    text = parts.knowledge.page_text("en", f"doc-{view.code}")
    assert all(word in text for word in ("Alpha", "Beta", "Gamma"))


def test_a_refused_file_leaves_nothing_behind(parts: Parts, people: People) -> None:
    for name, file in (("a.pdf", b""), ("b.exe", b"MZ\0\0"), ("c.docx", b"PK\x03\x04broken")):
        with pytest.raises(AppError):
            put(parts, people("ada"), file, name)
    assert not documents.listed(parts, people("ada"))
    assert not [path for path in Path(parts.settings.home).rglob("*") if path.is_file() and "knowledge" in path.parts]


def test_a_backup_holds_the_original_and_a_restored_home_answers_from_it(
    parts: Parts, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = put(parts, people("ada"), BONUS), put(parts, people("ada"), LEAVE, "b.docx")
    listed = saving.kept_files

    def then_one_is_deleted(home: Path) -> list[Path]:
        found = listed(home)
        documents.remove(parts, people("ada"), gone.code, 1)
        return found

    monkeypatch.setattr(saving, "kept_files", then_one_is_deleted)
    backups.backup(parts.settings, tmp_path / "b.tar.gz")
    index.desk(parts.engine, parts.knowledge).settle(30)
    documents.remove(parts, people("ada"), kept.code, 1)
    index.desk(parts.engine, parts.knowledge).settle(30)
    parts.engine.dispose()
    backups.restore(parts.settings, tmp_path / "b.tar.gz", replace=True)
    index.catch_up(parts.engine, parts.knowledge)
    index.desk(parts.engine, parts.knowledge).settle(30)
    assert documents.original(parts, people("nora"), kept.code)[1].read_bytes() == BONUS
    assert "doc-D0001" in quoted(parts, people("nora"))
    with pytest.raises(AppError) as refused:
        documents.original(parts, people("ada"), gone.code)
    assert refused.value.code == "document_file_missing"
