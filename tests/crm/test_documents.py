"""A company's documents as records: added by right, read by those they are for, audited without their text."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden, NotFound
from crm import documents
from crm.actor import Actor
from crm.customer_fields import FieldsRefused
from crm.documents import DocumentFields, DocumentFile
from crm.session import unit
from crm.tables import AuditEntry

People = Callable[[str], Actor]
FILE = DocumentFile("rules.pdf", "application/pdf", "## Page 1\n\nBe kind.", 1, 900, "a" * 64)
OTHER = replace(FILE, filename="terms.pdf", sha256="b" * 64)
OPEN = DocumentFields("Rules", "en")
SECRET = DocumentFields("Bonus", "en", ("manager",))


def added(engine: Engine, actor: Actor, file: DocumentFile = FILE, fields: DocumentFields = OPEN) -> str:
    with unit(engine, actor) as session:
        return documents.add(session, file, fields).code


def titles(engine: Engine, actor: Actor) -> list[str]:
    with unit(engine, actor, writes=False) as session:
        return [document.title for document in documents.listed(session)]


def test_codes_count_on(engine: Engine, people: People) -> None:
    ada = people("ada")
    assert [added(engine, ada), added(engine, ada, OTHER)] == ["D0001", "D0002"]


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_only_those_who_write_pages_add_change_and_remove(engine: Engine, people: People, login: str) -> None:
    code, actor = added(engine, people("ada")), people(login)
    for change in (
        lambda session: documents.add(session, OTHER, OPEN),
        lambda session: documents.change(session, code, 1, SECRET),
        lambda session: documents.replace(session, code, 1, OTHER),
        lambda session: documents.remove(session, code, 1),
    ):
        with pytest.raises(Forbidden), unit(engine, actor) as session:
            change(session)
    assert titles(engine, people("ada")) == ["Rules"]


def test_a_document_is_read_by_those_it_is_for_and_those_who_write_pages(engine: Engine, people: People) -> None:
    added(engine, people("ada"))
    code = added(engine, people("ada"), OTHER, SECRET)
    assert titles(engine, people("nora")) == ["Rules"]
    assert titles(engine, people("mate")) == titles(engine, people("ada")) == ["Bonus", "Rules"]
    with pytest.raises(NotFound), unit(engine, people("nora"), writes=False) as session:
        documents.by_code(session, code)


def test_a_hidden_document_is_there_for_those_who_write_pages_alone(engine: Engine, people: People) -> None:
    code = added(engine, people("ada"))
    with unit(engine, people("ada")) as session:
        documents.change(session, code, 1, replace(OPEN, hidden=True))
    assert (titles(engine, people("mate")), titles(engine, people("ada"))) == ([], ["Rules"])


def test_of_two_who_change_one_document_the_second_is_told(engine: Engine, people: People) -> None:
    code = added(engine, people("ada"))
    with unit(engine, people("ada")) as session:
        documents.change(session, code, 1, replace(OPEN, title="House rules"))
    for change in (
        lambda session: documents.change(session, code, 1, SECRET),
        lambda session: documents.replace(session, code, 1, OTHER),
        lambda session: documents.remove(session, code, 1),
    ):
        with pytest.raises(AppError) as refused, unit(engine, people("ada")) as session:
            change(session)
        assert refused.value.code == "conflict"


def test_one_file_is_there_once(engine: Engine, people: People) -> None:
    code = added(engine, people("ada"))
    other = added(engine, people("ada"), OTHER)
    with pytest.raises(AppError) as refused, unit(engine, people("ada")) as session:
        documents.add(session, FILE, OPEN)
    assert (refused.value.code, refused.value.values["code"]) == ("document_twice", code)
    with pytest.raises(AppError), unit(engine, people("ada")) as session:
        documents.replace(session, other, 1, FILE)
    with unit(engine, people("ada")) as session:
        assert documents.replace(session, code, 1, FILE).sha256 == FILE.sha256


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (replace(OPEN, title=" "), {"title"}),
        (replace(OPEN, title="x" * 151), {"title"}),
        (replace(OPEN, audience=()), {"audience"}),
        (replace(OPEN, audience=("boss",)), {"audience"}),
        (replace(OPEN, language="de", screens=("No Such",)), {"language", "screens"}),
    ],
)
def test_what_cannot_be_kept_is_told_by_field(
    engine: Engine, people: People, fields: DocumentFields, wrong: set[str]
) -> None:
    with pytest.raises(FieldsRefused) as refused, unit(engine, people("ada")) as session:
        documents.add(session, FILE, fields)
    assert set(refused.value.faults) == wrong


def test_the_audit_tells_whom_it_was_for_and_which_file_but_not_its_text(engine: Engine, people: People) -> None:
    ada = people("ada")
    code = added(engine, ada)
    with unit(engine, ada) as session:
        documents.change(session, code, 1, replace(OPEN, audience=("manager",)))
    with unit(engine, ada) as session:
        documents.remove(session, code, 2)
    with unit(engine, ada, writes=False) as session:
        query = select(AuditEntry).where(AuditEntry.resource_name == "knowledge_documents").order_by(AuditEntry.seq)
        made, changed, removed = session.scalars(query)
    assert [entry.action for entry in (made, changed, removed)] == ["create", "update", "delete"]
    assert made.after is not None and made.after["sha256"] == FILE.sha256 and made.actor == "ada"
    assert changed.before is not None and changed.before["audience"] == ["everyone"]
    assert not any("Be kind" in str((entry.before, entry.after)) for entry in (made, changed, removed))
