"""The company's own help pages: written by right, read by those they are for, and what the assistant may quote."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine, select

from assistant import pages
from assistant.context import Parts
from core.errors import AppError, Forbidden
from crm import help_pages
from crm.actor import Actor
from crm.customer_fields import FieldsRefused
from crm.help_pages import PageFields
from crm.session import unit
from crm.tables import HelpPage
from knowledge.pages import Page
from retrieval.result import Hit

People = Callable[[str], Actor]
LEAVE = PageFields(
    "Szabadság kérése",
    "A szabadságot a zöld füzetbe írjuk.\n\n## Kinek szóljak?\n\nJutkának.",
    ("everyone",),
    ("leave",),
)
SECRET = PageFields("Bónuszrendszer", "A bónusz kulcsszava: xilofon.", ("manager", "administrator"))


@pytest.fixture(autouse=True)
def few_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only some of the shipped pages, so that indexing takes a moment."""
    kept = tuple(p for p in pages.shipped() if p.id in ("audit-log", "contacts", "making-an-offer"))
    monkeypatch.setattr(pages, "shipped", lambda: kept)
    return iter(())


def ids(parts: Parts, actor: Actor | None) -> set[str]:
    return {page.id for page in pages.contents(parts, "hu", actor)}


def hits(parts: Parts, actor: Actor, question: str) -> tuple[Hit, ...]:
    found = parts.knowledge.search(question, language="hu", audiences=actor.audiences).hits
    return parts.knowledge.still_readable(found, actor.audiences)


def quoted(parts: Parts, actor: Actor, question: str) -> set[str]:
    return {hit.page_id for hit in hits(parts, actor, question)}


def refusal(code: str, change: Callable[[], object]) -> None:
    with pytest.raises(AppError) as caught:
        change()
    assert caught.value.code == code


def test_a_page_saved_is_found_by_the_next_question_and_read_at_its_address(parts: Parts, people: People) -> None:
    ada, nora = people("ada"), people("nora")
    pages.save(parts, ada, "hu", "leave", 0, LEAVE)
    assert "leave" in quoted(parts, nora, "Hova írjuk a szabadságot?")
    found = pages.find(parts, "hu", "leave", nora)
    assert (found.title, found.origin, found.version, found.screens) == ("Szabadság kérése", "own", 1, ("leave",))
    pages.save(parts, ada, "hu", "leave", 1, replace(LEAVE, body="Ezentúl a sárga mappába kerül."))
    texts = {hit.text for hit in hits(parts, nora, "Hova írjuk a szabadságot?")}
    assert "Ezentúl a sárga mappába kerül." in texts and not [t for t in texts if "zöld" in t]


def test_a_page_is_out_of_reach_the_moment_it_is_narrowed_hidden_or_removed(parts: Parts, people: People) -> None:
    ada, nora = people("ada"), people("nora")
    pages.save(parts, ada, "hu", "leave", 0, LEAVE)
    held = hits(parts, nora, "Hova írjuk a szabadságot?")
    assert "leave" in {hit.page_id for hit in held}
    pages.save(parts, ada, "hu", "leave", 1, replace(LEAVE, audience=("manager",)))
    # What a turn found before the change is not quoted after it.
    assert "leave" not in {hit.page_id for hit in parts.knowledge.still_readable(held, nora.audiences)}
    assert "leave" not in quoted(parts, nora, "szabadság") | ids(parts, nora)
    assert "leave" in quoted(parts, people("mate"), "szabadság") & ids(parts, people("mate"))
    pages.hide(parts, ada, "hu", "leave", 2)
    assert "leave" not in quoted(parts, people("mate"), "szabadság") | ids(parts, people("mate"))
    assert pages.find(parts, "hu", "leave", ada).hidden
    pages.save(parts, ada, "hu", "leave", 3, LEAVE)
    assert "leave" in quoted(parts, nora, "szabadság")
    pages.remove(parts, ada, "hu", "leave", 4)
    assert "leave" not in quoted(parts, nora, "szabadság") | ids(parts, ada)


def test_a_shipped_page_is_written_over_hidden_and_comes_back(parts: Parts, people: People) -> None:
    ada, nora = people("ada"), people("nora")
    before = pages.find(parts, "hu", "contacts", nora)
    typed = replace(before.fields, body="Nálunk a kapcsolattartókat Jutka rögzíti.")
    pages.save(parts, ada, "hu", "contacts", 0, typed)
    changed = pages.find(parts, "hu", "contacts", nora)
    assert (changed.body, changed.origin) == (typed.body, "changed")
    assert pages.find(parts, "pl", "contacts", nora).origin == "shipped"
    pages.hide(parts, ada, "hu", "contacts", 1)
    refusal("unknown_page", lambda: pages.find(parts, "hu", "contacts", nora))
    pages.remove(parts, ada, "hu", "contacts", 2)
    assert pages.find(parts, "hu", "contacts", nora) == before


def test_a_page_is_nowhere_to_be_seen_for_those_it_is_not_for(parts: Parts, engine: Engine, people: People) -> None:
    pages.save(parts, people("ada"), "hu", "bonus", 0, SECRET)
    for login in ("nora", "rita"):
        actor = people(login)
        refusal("unknown_page", lambda actor=actor: pages.find(parts, "hu", "bonus", actor))
        assert "bonus" not in ids(parts, actor) | quoted(parts, actor, "Mi a bónusz kulcsszava?")
        with unit(engine, actor, writes=False) as session:
            assert session.scalars(select(HelpPage)).all() == []
            assert session.scalars(select(HelpPage.body)).all() == []
    refusal("unknown_page", lambda: pages.find(parts, "hu", "bonus", None))
    assert "bonus" not in ids(parts, None) and "contacts" in ids(parts, None)
    with unit(engine, people("mate"), writes=False) as session:
        assert [p.page_id for p in help_pages.listed(session)] == ["bonus"]
    assert "bonus" in quoted(parts, people("mate"), "Mi a bónusz kulcsszava?")


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_only_those_with_the_right_write_pages(parts: Parts, people: People, login: str) -> None:
    actor = people(login)
    with pytest.raises(Forbidden):
        pages.save(parts, actor, "hu", "leave", 0, LEAVE)
    with pytest.raises(Forbidden):
        pages.hide(parts, actor, "hu", "contacts", 0)
    with pytest.raises(Forbidden):
        pages.remove(parts, actor, "hu", "contacts", 1)
    assert "contacts" in quoted(parts, actor, "kapcsolattartó")


def test_what_is_wrong_with_a_page_is_told_field_by_field(parts: Parts, people: People) -> None:
    ada = people("ada")
    wrong = PageFields(" ", "x" * (help_pages.LONGEST_BODY + 1), ("everyone", "king"), ("a b",))
    with pytest.raises(FieldsRefused) as caught:
        pages.save(parts, ada, "hu", "leave", 0, wrong)
    assert set(caught.value.faults) == {"title", "body", "audience", "screens"}
    for page_id in ("", "Új oldal", "a/b", "../x", "new", "x" * 81):
        with pytest.raises(FieldsRefused) as caught:
            pages.save(parts, ada, "hu", page_id, 0, LEAVE)
        assert set(caught.value.faults) == {"page_id"}


def test_of_two_who_write_a_page_the_second_is_told(parts: Parts, people: People) -> None:
    ada = people("ada")
    pages.save(parts, ada, "hu", "leave", 0, LEAVE)
    refusal("conflict", lambda: pages.save(parts, ada, "hu", "leave", 0, LEAVE))
    pages.save(parts, ada, "hu", "leave", 1, replace(LEAVE, title="Szabadságolás"))
    refusal("conflict", lambda: pages.remove(parts, ada, "hu", "leave", 1))


def test_pages_of_an_indexed_folder_keep_working_beside_those_of_the_screens(
    parts: Parts, people: People, tmp_path: Path
) -> None:
    from api.search import sync_pages

    (tmp_path / "vpn.md").write_text(
        "---\nid: it/vpn\ntitle: VPN\nlanguage: hu\nscreens: []\naudience: [manager]\nupdated: 2026-01-31\n---\n"
        "Bevezető.\n\n## Beállítás\n\nA VPN címe zebra.\n\n### Telefonon\n\nUgyanez.\n",
        encoding="utf-8",
    )
    sync_pages(parts, tmp_path)
    pages.save(parts, people("ada"), "hu", "leave", 0, LEAVE)
    sync_pages(parts, None)
    mate, nora = people("mate"), people("nora")
    assert "it/vpn" in quoted(parts, mate, "Mi a VPN címe?") & ids(parts, mate)
    assert "it/vpn" not in quoted(parts, nora, "Mi a VPN címe?") | ids(parts, nora)
    found = pages.find(parts, "hu", "it/vpn", mate)
    assert found.body == "Bevezető.\n\n## Beállítás\n\nA VPN címe zebra.\n\n### Telefonon\n\nUgyanez."
    refusal("unknown_page", lambda: pages.find(parts, "hu", "it/vpn", nora))
    (tmp_path / "vpn.md").write_text((tmp_path / "vpn.md").read_text().replace("it/vpn", "leave"))
    refusal("page_twice", lambda: sync_pages(parts, tmp_path))


def test_a_page_of_a_folder_is_not_written_over_by_a_screen(parts: Parts, people: People) -> None:
    page = Page("vpn", "VPN", "hu", (), ("everyone",), pages.shipped()[0].updated, "A VPN címe zebra.", Path("vpn.md"))
    parts.knowledge.sync([page], source=pages.FOLDER)
    refusal("page_of_folder", lambda: pages.save(parts, people("ada"), "hu", "vpn", 0, LEAVE))
    assert "vpn" in quoted(parts, people("nora"), "Mi a VPN címe?")


def test_an_old_text_is_not_quoted_even_if_the_embedder_is_gone(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, nora = people("ada"), people("nora")
    pages.save(parts, ada, "hu", "bonus", 0, replace(SECRET, audience=("everyone",)))
    held = hits(parts, nora, "Mi a bónusz kulcsszava?")
    assert "bonus" in {hit.page_id for hit in held}

    def gone(_texts: object) -> NDArray[np.float32]:
        raise AppError("embedder_unreachable", 503, embedder="words")

    monkeypatch.setattr(parts.knowledge._embedder, "passages", gone)
    refusal("page_not_indexed", lambda: pages.save(parts, ada, "hu", "bonus", 1, replace(SECRET, body="Már más.")))
    assert pages.find(parts, "hu", "bonus", ada).body == "Már más."
    assert "bonus" not in {hit.page_id for hit in parts.knowledge.still_readable(held, nora.audiences)}
