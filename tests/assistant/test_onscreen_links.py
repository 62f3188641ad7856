"""Links lead to screens of the console by the names the navigation has, and only to those the asker gets."""

import pytest

from api.console.screens import PLACES
from api.console.settings import SECTIONS
from api.console.words import Words
from assistant.onscreen.screen_links import links_for, list_link, record_link, screen_places
from core.language import LANGUAGES, Language
from crm.actor import Actor
from crm.defaults import default_grants


def actor(role: str) -> Actor:
    return Actor(7, "x", role, None, "en", {(str(r), str(a)): s for (r, a), s in default_grants()[role].items()})


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_screen_is_called_what_the_navigation_calls_it(language: Language) -> None:
    words = Words(language)
    shown = {place.path: words(place.label) for place in PLACES} | {s.path: words(s.label) for s in SECTIONS}
    # Not in the navigation: their own headings call them so.
    shown |= {"/profile": words("Profile"), "/price-lists": words("Price lists")}
    assert {p.path: p.label(language) for p in screen_places().values()}.items() <= shown.items()


def test_a_page_leads_to_the_screen_where_its_matter_is_done() -> None:
    links = links_for(["issuing-an-offer", "offer-documents", "moving-an-opportunity"], "pl", actor("normal"))
    assert [(link.label, link.url) for link in links] == [("Oferty", "/offers"), ("Szanse", "/opportunities")]


def test_the_screen_one_is_on_is_not_linked() -> None:
    assert links_for(["issuing-an-offer"], "en", actor("normal"), "offers") == ()


def test_screens_of_others_are_not_linked() -> None:
    assert links_for(["users-and-passwords", "audit-log"], "en", actor("normal")) == ()
    assert len(links_for(["users-and-passwords", "audit-log"], "en", actor("administrator"))) == 2
    blind = Actor(7, "x", "none", None, "en", {})
    assert links_for(["customers"], "en", blind) == () and list_link("customer", "en", blind) == ()


def test_a_record_without_a_screen_of_its_own_has_no_link() -> None:
    assert record_link("contact", "1", "x") is None
    found = record_link("offer", "A-2026-00001", "x")
    assert found is not None and found.url == "/offers/A-2026-00001"
