"""The offer screens: list, an offer, its editor with live totals, approving and issuing, by right and version."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.clock import today
from crm.actor import Actor
from crm.session import unit
from crm.tables import Offer
from offers.figures import Edit, EditedLine

People = Callable[[str], Actor]
Console = Callable[[str], object]


@pytest.fixture
def made(parts: Parts, people: People) -> Callable[..., str]:
    """Makes an offer as a user and gives its number."""

    def make(login: str = "nora", firm: str = "C0001", discount: int = 5) -> str:
        edit = Edit((EditedLine("TOLL", Decimal(10), Decimal(discount)),), today() + timedelta(days=9), 8)
        return parts.offers.create(people(login), firm, edit).number

    return make


def lines(*rows: tuple[str, str, str], **terms: str) -> dict[str, object]:
    """A form with these (product, quantity, discount) rows."""
    return {
        "key": [f"k{place}" for place in range(len(rows))],
        "product": [row[0] for row in rows],
        "quantity": [row[1] for row in rows],
        "discount_percent": [row[2] for row in rows],
        "valid_until": (today() + timedelta(days=20)).isoformat(),
        "payment_days": "8",
        **terms,
    }


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_list_shows_offers_within_reach_and_keeps_its_filters_in_the_address(
    console: Console, made: Callable[..., str]
) -> None:
    ours, theirs = made(), made("rita", "C0002")
    page = console("nora").get("/offers?state=draft&q=bart%C3%B3k").text
    assert ours in page and theirs in page and 'value="bartók"' in page
    assert "state=draft" in unescape(page)
    assert ours not in console("rita").get("/offers").text
    assert ours not in console("nora").get("/offers?state=issued").text


def test_an_offer_shows_lines_totals_vat_by_rate_and_its_documents(console: Console, made: Callable[..., str]) -> None:
    number = made()
    browser = console("nora")
    page = unescape(browser.get(f"/offers/{number}").text).replace("\xa0", " ")
    for shown in ("Töltőtoll", "114 000 Ft", "30 780 Ft", "144 780 Ft", "27%", f"/offers/{number}/documents/pdf"):
        assert shown in page
    pdf = browser.get(f"/offers/{number}/documents/pdf")
    assert pdf.content.startswith(b"%PDF") and pdf.headers["content-disposition"].startswith("inline")
    preview = browser.get(f"/offers/{number}/preview").text.replace("\xa0", " ")
    assert "Árajánlat" in preview and "144 780 Ft" in preview
    assert console("rita").get(f"/offers/{number}").status_code == 404
    assert console("rita").get(f"/offers/{number}/preview").status_code == 404
    assert console("rita").get(f"/offers/{number}/documents/pdf").status_code == 404


def test_the_editor_computes_while_typing_and_says_what_is_wrong_line_by_line(
    console: Console, made: Callable[..., str]
) -> None:
    number, browser = made(), console("nora")
    typed = lines(("TOLL · Töltőtoll", "11", "5"), ("TEA", "1", ""), ("", "", ""), ("Kék tinta", "2", "x"))
    shown = unescape(browser.post(f"/offers/{number}/figures", typed).text).replace("\xa0", " ")
    assert '<output id="net-k0" hx-swap-oob="true">125 400 Ft</output>' in shown
    assert re.search(r'id="info-k1".*?data-field="quantity"', shown, re.S)
    assert re.search(r'id="info-k2" hx-swap-oob="true">\s*</p>', shown)
    assert re.search(r'id="info-k3".*?data-field="discount"', shown, re.S)
    assert "159 258 Ft" in shown


def test_saving_makes_the_next_version_and_a_wrong_form_comes_back_as_typed(
    console: Console, made: Callable[..., str], parts: Parts, people: People
) -> None:
    number, browser = made(), console("nora")
    version = version_in(browser.get(f"/offers/{number}/edit").text)
    wrong = browser.post(f"/offers/{number}/edit", lines(("TOLL", "sok", "5"), version=version))
    assert wrong.status_code == 422 and 'value="sok"' in wrong.text and version_in(wrong.text) == version
    saved = browser.post(f"/offers/{number}/edit", lines(("TOLL", "12,5", "5"), version=version))
    assert (saved.status_code, saved.headers["location"]) == (303, f"/offers/{number}")
    view = parts.offers.view(people("nora"), number)
    assert (view.version, view.lines[0].quantity) == (2, "12.5")
    compared = browser.get(f"/offers/{number}?version=2&compare=1").text
    assert "<del>10</del>" in compared


def test_a_form_opened_before_somebody_elses_change_comes_back_whole_and_can_be_saved_after_it(
    console: Console, made: Callable[..., str], parts: Parts, people: People
) -> None:
    number, nora, mate = made(), console("nora"), console("mate")
    version = version_in(nora.get(f"/offers/{number}/edit").text)
    mate.post(f"/offers/{number}/edit", lines(("TEA", "7", ""), version=version))
    late = nora.post(f"/offers/{number}/edit", lines(("TOLL", "33", ""), version=version))
    assert late.status_code == 409 and 'value="33"' in late.text
    again = nora.post(f"/offers/{number}/edit", lines(("TOLL", "33", ""), version=version_in(late.text)))
    assert again.status_code == 303
    assert parts.offers.view(people("nora"), number).version == 3


def test_buttons_of_the_form_work_without_a_script(console: Console, made: Callable[..., str]) -> None:
    number, browser = made(), console("nora")
    two = lines(("TOLL", "1", ""), ("TEA", "9", ""))

    def products(do: str) -> list[str]:
        page = browser.post(f"/offers/{number}/edit", {**two, "do": do, "version": "1"}).text
        return re.findall(r'name="product" value="([^"]*)"', page.split("<template")[0])

    assert products("add") == ["TOLL", "TEA", ""]
    assert products("remove k0") == ["TEA"]
    assert products("up k1") == ["TEA", "TOLL"]
    assert products("down k1") == ["TOLL", "TEA"]
    assert products("update") == ["TOLL", "TEA"]


def test_a_new_offer_by_form(console: Console, engine: Engine, people: People) -> None:
    browser = console("nora")
    assert "C0004" in browser.get("/offers/new?customer=C0004").text
    unclear = browser.post("/offers/new", lines(("TOLL", "3", ""), customer="Bartók"))
    assert unclear.status_code == 422 and 'value="Bartók"' in unclear.text
    done = browser.post("/offers/new", lines(("TOLL", "3", ""), customer="C0004 · Malinowski Sp. z o.o."))
    assert done.status_code == 303
    with unit(engine, people("nora"), writes=False) as session:
        offer = session.scalars(select(Offer)).one()
        assert done.headers["location"] == f"/offers/{offer.number}"
        assert (offer.latest.currency, offer.latest.net) == ("PLN", Decimal("391.50"))
    assert "Töltőtoll" in browser.get("/offers/new/products?product=toltotoll").text
    assert "C0001" in browser.get("/offers/new/customers?customer=bart").text
    assert "C0001" not in console("rita").get("/offers/new/customers?customer=bart").text


def test_issue_and_approve_are_for_what_was_looked_at_and_say_why_not(
    console: Console, made: Callable[..., str], parts: Parts, people: People
) -> None:
    number, nora, mate = made(discount=30), console("nora"), console("mate")
    page = nora.get(f"/offers/{number}").text
    assert 'action="/offers/' + number + '/approve"' not in page
    assert 'aria-describedby="why-issue"' in page
    looked_at = version_in(mate.get(f"/offers/{number}").text)
    assert nora.post(f"/offers/{number}/approve", {"version": looked_at}).status_code == 403
    assert nora.post(f"/offers/{number}/issue", {"version": looked_at}).status_code == 409
    assert mate.post(f"/offers/{number}/approve", {"version": looked_at}).status_code == 303
    assert nora.post(f"/offers/{number}/issue", {"version": looked_at}).status_code == 409
    now = version_in(nora.get(f"/offers/{number}").text)
    assert nora.post(f"/offers/{number}/issue", {"version": now}).status_code == 303
    assert parts.offers.view(people("nora"), number).state == "issued"
    assert f"/offers/{number}/issue" not in nora.get(f"/offers/{number}").text


def test_an_earlier_version_is_shown_and_its_file_is_the_one_of_then(
    console: Console, made: Callable[..., str]
) -> None:
    number, browser = made(), console("nora")
    first = browser.get(f"/offers/{number}/documents/pdf").content
    version = version_in(browser.get(f"/offers/{number}/edit").text)
    browser.post(f"/offers/{number}/edit", lines(("TOLL", "1", ""), version=version))
    assert "114" in browser.get(f"/offers/{number}?version=1").text
    assert browser.get(f"/offers/{number}/documents/pdf?version=1").content == first
    assert browser.get(f"/offers/{number}/documents/pdf").content != first
    assert browser.get(f"/offers/{number}?version=9").status_code == 404


def test_what_people_typed_is_never_markup(console: Console, made: Callable[..., str]) -> None:
    evil = "<img src=x onerror=alert(1)>"
    number, browser = made(), console("nora")
    for path in (f"/offers/{number}/edit", f"/offers/{number}/figures", "/offers/new", "/offers/new/figures"):
        page = browser.post(path, lines((evil, evil, evil), customer=evil, discount=evil, version="1")).text
        assert "<img" not in page
    assert "<img" not in browser.get(f"/offers?q={evil}").text
