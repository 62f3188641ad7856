"""The library: what may lie in it, who may change it, and how it is found."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from core.errors import AppError, Forbidden
from core.settings import Settings
from crm import library
from crm.actor import Actor
from crm.backup.files import kept_files
from crm.customer_fields import FieldsRefused
from crm.library import AttachmentFields, AttachmentFile
from crm.session import unit
from crm.tables import Attachment

People = Callable[[str], Actor]


def file(name: str = "a.pdf", digest: str = "a") -> AttachmentFile:
    return AttachmentFile(name, "application/pdf", ".pdf", 1000, 2, digest * 64)


def add(engine: Engine, actor: Actor, title: str, digest: str, **fields: object) -> Attachment:
    with unit(engine, actor) as session:
        return library.add(
            session, file(f"{digest}.pdf", digest), AttachmentFields(title, **fields)  # type: ignore[arg-type]
        )  # fmt: skip


def test_a_file_lies_under_its_code_and_digest_and_not_under_its_name(engine: Engine, people: People) -> None:
    with unit(engine, people("mate")) as session:
        kept = library.add(session, file("../../etc/passwd.pdf"), AttachmentFields("Terms"))
    assert kept.path == f"library/{kept.code}/{'a' * 64}.pdf"


@pytest.mark.parametrize("login", ["nora", "rita"])
def test_reps_read_the_library_and_do_not_change_it(engine: Engine, people: People, login: str) -> None:
    kept = add(engine, people("mate"), "Terms", "a")
    with unit(engine, people(login), writes=False) as session:
        assert [each.code for each in library.listed(session)] == [kept.code]
    with pytest.raises(Forbidden):
        add(engine, people(login), "Mine", "b")
    with pytest.raises(Forbidden), unit(engine, people(login)) as session:
        library.switch(session, kept.code, kept.version, active=False)


@pytest.mark.parametrize(
    ("text", "found"),
    [("garancialis", ["Garanciális feltételek"]), ("FELTETELEK 2026", ["Garanciális feltételek"]), ("nincs", [])],
)
def test_it_is_searched_without_accents_by_title_and_folder(
    engine: Engine, people: People, text: str, found: list[str]
) -> None:
    add(engine, people("mate"), "Garanciális feltételek", "a", folder="Feltételek/2026")
    add(engine, people("mate"), "Referenciák", "b", folder="Egyéb")
    with unit(engine, people("nora"), writes=False) as session:
        assert [each.title for each in library.listed(session, text)] == found


def test_a_folder_holds_what_lies_below_it(engine: Engine, people: People) -> None:
    add(engine, people("mate"), "Inner", "a", folder="Terms/2026")
    add(engine, people("mate"), "Outer", "b", folder="Terms")
    add(engine, people("mate"), "Other", "c", folder="Termsheets")
    with unit(engine, people("nora"), writes=False) as session:
        assert {each.title for each in library.listed(session, folder="Terms")} == {"Inner", "Outer"}
        assert library.folders(session) == ["Terms", "Terms/2026", "Termsheets"]


@pytest.mark.parametrize("folder", ["../up", "a/b/c/d/e/f", "a/.hidden"])
def test_a_folder_is_a_short_path_of_plain_names(engine: Engine, people: People, folder: str) -> None:
    with pytest.raises(FieldsRefused) as refused:
        add(engine, people("mate"), "Terms", "a", folder=folder)
    assert set(refused.value.faults) == {"folder"}


@pytest.mark.parametrize(("name", "values"), [("languages", ["de"]), ("skus", ["NONE"])])
def test_a_rule_of_what_there_is_not_is_refused(engine: Engine, people: People, name: str, values: list[str]) -> None:
    with pytest.raises(FieldsRefused) as refused:
        add(engine, people("mate"), "Terms", "a", **{name: values})
    assert refused.value.faults[name].code == "attachment_rule_wrong"


def test_the_same_file_is_not_kept_twice(engine: Engine, people: People) -> None:
    kept = add(engine, people("mate"), "Terms", "a")
    with pytest.raises(AppError) as refused:
        add(engine, people("mate"), "Again", "a")
    assert (refused.value.code, refused.value.values["code"]) == ("attachment_twice", kept.code)


def test_of_two_who_change_a_record_the_second_is_told(engine: Engine, people: People) -> None:
    kept = add(engine, people("mate"), "Terms", "a")
    seen = kept.version
    with unit(engine, people("mate")) as session:
        library.change(session, kept.code, seen, AttachmentFields("Terms 2"))
    with pytest.raises(AppError) as refused, unit(engine, people("ada")) as session:
        library.change(session, kept.code, seen, AttachmentFields("Terms 3"))
    assert refused.value.code == "conflict"


def test_a_backup_holds_the_files(settings: Settings) -> None:
    place = settings.home / "library" / "L0001" / ("a" * 64 + ".pdf")
    place.parent.mkdir(parents=True)
    place.write_bytes(b"%PDF-")
    assert place in kept_files(settings.home)
