"""What goes with an offer: by rule, by its name in any language and inflection, and by hand."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from assistant.context import Parts
from core.errors import AppError, NotFound
from core.language import Language
from crm import customers, library
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Product
from offers import attaching
from offers.attaching import resolve
from offers.library import Library
from tests.offers.pack_world import edit, offer, pdf, put

People = Callable[[str], Actor]


@pytest.fixture
def boss(people: People) -> Actor:
    return people("mate")


@pytest.fixture
def nora(people: People) -> Actor:
    return people("nora")


def titles(parts: Parts, actor: Actor, number: str) -> list[str]:
    with unit(parts.engine, actor, writes=False) as session:
        return [each.title for each in attaching.attached(offer_records.by_number(session, number).latest)]


def by_hand(parts: Parts, actor: Actor, number: str, code: str) -> None:
    with unit(parts.engine, actor) as session:
        version = offer_records.by_number(session, number).latest
        attaching.attach(session, version, [(library.by_code(session, code), attaching.PERSON)])


def off(parts: Parts, actor: Actor, number: str, code: str) -> None:
    with unit(parts.engine, actor) as session:
        attaching.detach(session, offer_records.by_number(session, number).latest, code)


VALUES = {"languages": ["hu", "pl"], "segments": ["A", "B"], "categories": ["Írószer", "Étel"], "skus": ["TOLL", "TEA"]}
HELD = {"languages": "hu", "segments": "A", "categories": "Írószer", "skus": "TOLL"}


@hypothesis_settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({name: st.lists(st.sampled_from(values), unique=True) for name, values in VALUES.items()}))
def test_a_file_goes_along_exactly_where_every_condition_that_is_not_empty_is_met(
    parts: Parts, boss: Actor, nora: Actor, conditions: dict[str, Sequence[str]]
) -> None:
    with unit(parts.engine, SYSTEM) as session:
        customers.by_code(session, "C0001").segment = "A"
        session.scalars(select(Product).where(Product.sku == "TOLL")).one().category = "Írószer"
    kept = put(parts, boss, pdf(repr(conditions)[:60]), "Terms", automatic=True, **conditions)
    number = offer(parts, nora)
    wanted = all(not values or HELD[name] in values for name, values in conditions.items())
    assert ("Terms" in titles(parts, nora, number)) == wanted
    with unit(parts.engine, boss) as session:
        library.switch(session, kept.code, kept.version, active=False)


def test_what_is_switched_off_goes_with_no_new_offer_and_stays_with_old_ones(
    parts: Parts, boss: Actor, nora: Actor
) -> None:
    kept = put(parts, boss, pdf("t"), "Terms", automatic=True)
    old = offer(parts, nora)
    with unit(parts.engine, boss) as session:
        library.switch(session, kept.code, kept.version, active=False)
    assert titles(parts, nora, old) == ["Terms"]
    number = offer(parts, nora)
    assert titles(parts, nora, number) == []
    with pytest.raises(AppError) as refused:
        by_hand(parts, nora, number, kept.code)
    assert refused.value.code == "attachment_off"


def test_a_new_version_keeps_what_a_person_added_and_what_they_took_off_stays_off(
    parts: Parts, boss: Actor, nora: Actor
) -> None:
    ruled = put(parts, boss, pdf("t"), "Terms", automatic=True)
    put(parts, boss, pdf("o"), "Other terms", automatic=True)
    added = put(parts, boss, pdf("r"), "References")
    number = offer(parts, nora)
    by_hand(parts, nora, number, added.code)
    off(parts, nora, number, ruled.code)
    parts.offers.revise(nora, number, parts.offers.detail(nora, number).lock, edit(("TOLL", 3)))
    assert sorted(titles(parts, nora, number)) == ["Other terms", "References"]


def test_what_was_attached_stays_as_it_was_when_the_file_is_replaced(parts: Parts, boss: Actor, nora: Actor) -> None:
    kept = put(parts, boss, pdf("first"), "Terms", automatic=True)
    number = offer(parts, nora)
    newer = parts.settings.home / "newer.pdf"
    newer.write_bytes(pdf("second"))
    changed = Library(parts.engine, parts.settings).replace(boss, kept.code, kept.version, newer, "newer.pdf")
    with unit(parts.engine, nora, writes=False) as session:
        (frozen,) = attaching.attached(offer_records.by_number(session, number).latest)
    assert frozen.sha256 == kept.sha256 != changed.sha256
    assert (parts.settings.home / frozen.path).is_file() and (parts.settings.home / changed.path).is_file()


def test_an_issued_offer_has_its_attachments_for_good(parts: Parts, boss: Actor, nora: Actor) -> None:
    kept = put(parts, boss, pdf("t"), "Terms", automatic=True)
    number = offer(parts, nora)
    parts.offers.issue(nora, number)
    with pytest.raises(AppError) as refused:
        off(parts, nora, number, kept.code)
    assert refused.value.code == "attachments_closed"
    with pytest.raises(AppError) as refused:
        Library(parts.engine, parts.settings).remove(boss, kept.code, kept.version)
    assert refused.value.code == "attachment_in_use"


def test_an_offer_out_of_reach_is_not_there(parts: Parts, boss: Actor, nora: Actor, people: People) -> None:
    kept = put(parts, boss, pdf("t"), "Terms")
    number = offer(parts, nora)
    with pytest.raises(NotFound):
        by_hand(parts, people("reka"), number, kept.code)


SHELF: list[tuple[str, str, Language | None]] = [
    ("Garanciális feltételek", "Feltételek", "hu"),
    ("Warunki gwarancji", "Warunki", "pl"),
    ("Warranty terms", "Terms", "en"),
    ("Általános szerződési feltételek", "Feltételek", "hu"),
    ("Ogólne warunki umowy", "Warunki", "pl"),
    ("General terms and conditions", "Terms", "en"),
    ("Referenciák", "Referenciák", "hu"),
    ("Referencje", "Referencje", "pl"),
    ("Licencek termékleírása", "Termékleírások", "hu"),
]


@pytest.mark.parametrize(
    ("written", "language", "meant"),
    [
        ("the warranty terms", "en", "Warranty terms"),
        ("the warranty terms", "hu", "Garanciális feltételek"),
        ("a garanciális feltételeket", "hu", "Garanciális feltételek"),
        ("garanciafeltételeket", "pl", "Warunki gwarancji"),
        ("warunki gwarancji", "pl", "Warunki gwarancji"),
        ("warunków gwarancji", "hu", "Garanciális feltételek"),
        ("az általános szerződési feltételeket", "hu", "Általános szerződési feltételek"),
        ("ogólne warunki umowy", "pl", "Ogólne warunki umowy"),
        ("our general terms", "en", "General terms and conditions"),
        ("az ászf-et", "hu", "Általános szerződési feltételek"),
        ("a referenciákat", "hu", "Referenciák"),
        ("referencje", "pl", "Referencje"),
        ("the references", "pl", "Referencje"),
        ("a licencek termékleírását", "hu", "Licencek termékleírása"),
    ],
)
def test_a_document_is_known_by_its_name_in_any_language_and_inflection(
    parts: Parts, boss: Actor, written: str, language: Language, meant: str
) -> None:
    for title, folder, own in SHELF:
        put(parts, boss, pdf(title.encode("ascii", "ignore").decode()), title, folder=folder, language=own)
    with unit(parts.engine, boss, writes=False) as session:
        assert [each.title for each in resolve(session, written, language)] == [meant]


@pytest.mark.parametrize("written", ["the privacy policy", "az alaprajzot", "cennik", ""])
def test_what_is_not_in_the_library_is_not_guessed(parts: Parts, boss: Actor, written: str) -> None:
    for title, folder, own in SHELF:
        put(parts, boss, pdf(title.encode("ascii", "ignore").decode()), title, folder=folder, language=own)
    with unit(parts.engine, boss, writes=False) as session:
        assert resolve(session, written, "hu") == []


def test_several_that_fit_alike_are_all_told(parts: Parts, boss: Actor) -> None:
    for title in ("Termékleírás észak", "Termékleírás dél"):
        put(parts, boss, pdf(title.encode("ascii", "ignore").decode()), title, language="hu")
    with unit(parts.engine, boss, writes=False) as session:
        assert len(resolve(session, "a termékleírást", "hu")) == 2
