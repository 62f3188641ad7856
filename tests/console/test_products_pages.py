"""The product screens: prices of today and to come, changed by those who may."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import Engine

from assistant.context import Parts
from core.clock import today
from crm import product_changes
from crm.actor import SYSTEM
from crm.session import unit

Console = Callable[[str], object]
CHAIR = {
    "name_hu": "Szék",
    "name_pl": "Krzesło",
    "name_en": "Chair",
    "unit": "db",
    "vat_percent": "27",
    "minimum_quantity": "1",
    "category": "Bútor",
    "active": "yes",
}


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_the_list_shows_the_price_of_today_and_marks_the_one_to_come(console: Console, parts: Parts) -> None:
    mate = console("mate")
    first = today() + timedelta(days=3)
    price = {"currency": "HUF", "unit_price": "13 500", "valid_from": first.isoformat()}
    assert mate.post("/products/TOLL/prices", price).status_code == 303
    page = unescape(console("nora").get("/products?q=tolto").text).replace("\xa0", " ")
    assert "12 000 Ft" in page and "13 500 Ft" in page and "price-future" in page and "TEA" not in page
    sheet = unescape(console("nora").get("/products/TOLL").text).replace("\xa0", " ")
    assert "13 500 Ft" in sheet and 'class="price-future"' in sheet


def test_who_may_only_read_gets_no_forms_and_is_refused(console: Console, parts: Parts) -> None:
    nora = console("nora")
    assert '<form method="post" action="/products' not in nora.get("/products/TOLL").text
    assert "/products/new" not in nora.get("/products").text
    assert nora.get("/products/new").status_code == 403
    assert nora.post("/products/new", {"sku": "SZEK", **CHAIR}).status_code == 403
    assert nora.post("/products/TOLL", {"version": "1", **CHAIR}).status_code == 403
    price = {"currency": "HUF", "unit_price": "1", "valid_from": today().isoformat()}
    assert nora.post("/products/TOLL/prices", price).status_code == 403


def test_a_product_is_made_and_changed_and_a_wrong_form_comes_back_as_typed(
    console: Console, engine: Engine, parts: Parts
) -> None:
    mate = console("mate")
    wrong = mate.post("/products/new", {"sku": "SZEK", **CHAIR, "name_pl": "", "vat_percent": "sok"})
    assert wrong.status_code == 422 and 'value="sok"' in wrong.text and 'id="error-name_pl"' in wrong.text
    assert mate.post("/products/new", {"sku": "szek", **CHAIR}).headers["location"] == "/products/SZEK"
    version = version_in(mate.get("/products/SZEK").text)
    assert mate.post("/products/SZEK", {"version": version, **CHAIR, "name_en": "Seat"}).status_code == 303
    late = mate.post("/products/SZEK", {"version": version, **CHAIR, "name_en": "Stool"})
    assert late.status_code == 409 and 'value="Stool"' in late.text
    with unit(engine, SYSTEM, writes=False) as session:
        assert product_changes.find(session, "SZEK").name_en == "Seat"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"unit_price": "drága"}, "unit_price"),
        ({"unit_price": "24.000"}, "unit_price"),
        ({"valid_from": "2020-01-01"}, "valid_from"),
        ({"valid_to": "2020-01-01"}, "valid_to"),
        ({"currency": "USD"}, "currency"),
    ],
)
def test_a_price_that_cannot_be_comes_back_with_the_reason_at_its_field(
    console: Console, parts: Parts, changed: dict[str, str], field: str
) -> None:
    price = {"currency": "HUF", "unit_price": "13500", "valid_from": today().isoformat(), "valid_to": "", **changed}
    page = console("mate").post("/products/TOLL/prices", price)
    assert page.status_code == 422 and f'id="error-{field}"' in page.text


def test_what_people_typed_is_never_markup(console: Console, parts: Parts) -> None:
    evil = "<img src=x onerror=alert(1)>"
    mate = console("mate")
    assert mate.post("/products/new", {"sku": "X", **CHAIR, "name_hu": evil, "category": evil}).status_code == 303
    for path in ("/products", "/products/X"):
        assert "<img" not in mate.get(path).text
