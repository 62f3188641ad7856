"""The pack: everything that goes with an offer in one file, each page saying to which offer it belongs."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from pypdf import PdfReader

from assistant.context import Parts
from core.errors import AppError
from crm import offers as offer_records
from crm.actor import Actor
from crm.session import unit
from offers import attaching, packing
from offers.packing import SendFile, files_to_send, pack
from tests.offers.pack_world import edit, offer, pdf, put

People = Callable[[str], Actor]


@pytest.fixture
def nora(people: People) -> Actor:
    return people("nora")


@pytest.fixture
def boss(people: People) -> Actor:
    return people("mate")


def packed(parts: Parts, actor: Actor, number: str, **how: bool) -> SendFile:
    return pack(parts.engine, parts.settings, actor, number, **how)


def texts(path: Path) -> list[str]:
    return [page.extract_text() for page in PdfReader(path).pages]


def test_a_pack_holds_every_page_and_stamps_those_of_the_attachments(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Warranty one", "Warranty two"), "Warranty terms", automatic=True)
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    alone = len(PdfReader(parts.offers.document(nora, number, "pdf")).pages)
    made = packed(parts, nora, number)
    pages = texts(made.path)
    assert len(pages) == alone + 3
    for at, text in enumerate(pages[alone:], start=alone + 1):
        assert f"{number} · 1. változat · {at}/{len(pages)}. oldal" in text
    assert "Warranty two" in "".join(pages)
    assert not any("· 1. változat ·" in text for text in pages[:alone])


def test_the_parts_of_a_pack_are_bookmarked(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Reference"), "Referenciák", automatic=True)
    number = offer(parts, nora)
    outline = PdfReader(packed(parts, nora, number, with_letter=True).path).outline
    assert [mark["/Title"] for mark in outline] == ["Kísérőlevél", f"Ajánlat {number}", "Referenciák"]


def test_the_offer_in_a_pack_says_the_figures_of_the_offer(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora, "C0001", ("TOLL", 12), ("TEA", 7))
    said = "".join("".join(texts(packed(parts, nora, number).path)).split())
    assert "".join("".join(texts(parts.offers.document(nora, number, "pdf"))).split()) in said


def test_a_pack_whose_offer_says_something_else_is_not_made(
    parts: Parts, nora: Actor, boss: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    monkeypatch.setattr(packing, "document_text", lambda path: path.name)
    with pytest.raises(AppError) as refused:
        packed(parts, nora, number)
    assert refused.value.code == "pack_wrong"
    with unit(parts.engine, nora, writes=False) as session:
        assert "pack" not in {d.kind for d in offer_records.by_number(session, number).latest.documents}


def test_the_same_offer_gives_the_same_bytes(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    first = packed(parts, nora, number, with_letter=True)
    kept = first.path.read_bytes()
    first.path.unlink()
    again = packed(parts, nora, number, with_letter=True)
    assert again.sha256 == first.sha256 == sha256(kept).hexdigest()


def test_a_pack_is_noted_on_its_version_and_made_anew_when_something_was_added(
    parts: Parts, nora: Actor, boss: Actor
) -> None:
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    first = packed(parts, nora, number)
    other = put(parts, boss, pdf("More"), "More")
    with unit(parts.engine, nora) as session:
        version = offer_records.by_number(session, number).latest
        noted = next(document for document in version.documents if document.kind == "pack")
        assert (parts.settings.home / noted.path).resolve() == first.path and noted.sha256 == first.sha256
        attaching.attach(session, version, [(other, attaching.PERSON)])
    second = packed(parts, nora, number)
    assert len(PdfReader(second.path).pages) == len(PdfReader(first.path).pages) + 1
    assert {document.kind for document in parts.offers.view(nora, number).documents} == {"docx", "pdf"}


def test_what_cannot_be_merged_goes_beside_the_pack(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Reference"), "References", name="ref.pdf", automatic=True)
    picture = b"\x89PNG\r\n\x1a\n" + bytes(40)
    put(parts, boss, picture, "Photo", name="photo.png", automatic=True)
    number = offer(parts, nora)
    apart = files_to_send(parts.engine, parts.settings, nora, number, as_pack=False)
    together = files_to_send(parts.engine, parts.settings, nora, number, as_pack=True)
    assert [file.name for file in apart] == [f"{number}.pdf", "photo.png", "ref.pdf"]
    assert [file.name for file in together] == [f"{number}-v1.pdf", "photo.png"]
    for file in (*apart, *together):
        data = file.path.read_bytes()
        assert (len(data), sha256(data).hexdigest()) == (file.size, file.sha256)


def test_two_files_of_one_name_are_told_apart(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("One"), "One", name="terms.pdf", automatic=True)
    put(parts, boss, pdf("Two"), "Two", name="Terms.pdf", automatic=True)
    number = offer(parts, nora)
    files = files_to_send(parts.engine, parts.settings, nora, number, as_pack=False)
    assert [file.name for file in files[1:]] == ["terms.pdf", "Terms (2).pdf"]


def test_an_offer_with_nothing_attached_is_sent_as_it_is(parts: Parts, nora: Actor) -> None:
    number = offer(parts, nora)
    (only,) = files_to_send(parts.engine, parts.settings, nora, number, as_pack=True)
    assert only.path == parts.offers.document(nora, number, "pdf")


def test_a_file_that_was_changed_on_disk_is_named_and_the_offer_stays(parts: Parts, nora: Actor, boss: Actor) -> None:
    kept = put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    (parts.settings.home / kept.path).write_bytes(b"%PDF-1.4 something else")
    with pytest.raises(AppError) as refused:
        packed(parts, nora, number)
    assert refused.value.code == "attachment_file_missing" and refused.value.values["file"] == "References"
    assert parts.offers.view(nora, number).number == number


def test_an_issued_offer_still_has_its_pack(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    before = packed(parts, nora, number)
    parts.offers.issue(nora, number)
    before.path.unlink()
    assert packed(parts, nora, number).sha256 == before.sha256


def test_a_new_version_has_a_pack_of_its_own(parts: Parts, nora: Actor, boss: Actor) -> None:
    put(parts, boss, pdf("Reference"), "References", automatic=True)
    number = offer(parts, nora)
    first = packed(parts, nora, number)
    parts.offers.revise(nora, number, parts.offers.detail(nora, number).lock, edit(("TOLL", 3)))
    second = packed(parts, nora, number)
    assert second.path.parent != first.path.parent and "2. változat" in texts(second.path)[-1]
