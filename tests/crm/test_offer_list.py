"""The list of offers: each filter keeps what it says, under the rights of the one who looks."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from assistant.context import Parts
from core.clock import today
from crm.actor import SYSTEM, Actor
from crm.lists import found
from crm.offer_list import OfferFilters, query_for
from crm.session import unit
from crm.tables import Offer, OfferVersion
from offers.figures import Edit, EditedLine
from offers.service import Offers

People = Callable[[str], Actor]


@pytest.fixture
def listed(engine: Engine, people: People, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Five offers; call it with a login, an order and filters to get the places (1 to 5) of those listed."""
    made: dict[str, int] = {}

    def offer(login: str, firm: str, quantity: int, discount: int = 0) -> str:
        edit = Edit((EditedLine("TOLL", Decimal(quantity), Decimal(discount)),), today() + timedelta(days=9), 8)
        number = parts.offers.create(people(login), firm, edit).number
        made[number] = len(made) + 1
        return number

    issued = offer("nora", "C0001", 1)
    monkeypatch.setattr(Offers, "ensure_documents", lambda self, actor, number: self.view(actor, number))
    parts.offers.issue(people("nora"), issued)
    offer("mate", "C0002", 2)
    offer("nora", "C0003", 3, discount=50)
    offer("nora", "C0004", 4)
    late = offer("nora", "C0001", 5)
    with unit(engine, SYSTEM) as session:
        for version in session.query(OfferVersion).join(Offer).where(Offer.number == late):
            version.valid_until = today() - timedelta(days=1)
            version.made_on = today() - timedelta(days=40)

    def look(login: str = "nora", order: str = "number", **filters: object) -> list[int]:
        with unit(engine, people(login), writes=False) as session:
            page = found(session, query_for(session, OfferFilters(**filters), order), Offer.id)  # type: ignore[arg-type]
            assert page.total == len(page.rows)
            return [made[row.number] for row in page.rows]

    return look


def test_each_filter_keeps_what_it_says(listed: Callable[..., list[int]]) -> None:
    assert listed() == [1, 2, 3, 4, 5]
    assert listed(text="bartók") == [1, 2, 3, 5]
    assert listed(text="bartók fia") == [2]
    assert listed(text="00004") == [4] and listed(text=f"aj-{today().year}-00004") == [4]
    assert listed(text="%") == [] and listed(text="semmi ilyen") == []
    assert listed(state="draft") == [2, 4, 5]
    assert listed(state="awaiting_approval") == [3]
    assert listed(state="issued") == [1]
    assert listed(state="expired") == [5]
    assert listed(owner="me") == [1, 3, 4, 5] and listed(owner="mate") == [2] and listed(owner="senki") == []
    assert listed(customer="c0001") == [1, 5] and listed(customer="C9999") == []
    assert listed(currency="PLN") == [4]
    assert listed(since=today()) == [1, 2, 3, 4] and listed(until=today() - timedelta(days=1)) == [5]
    assert listed(state="draft", owner="me", text="bartók") == [5]


def test_orders_and_gross_within_one_currency_only(listed: Callable[..., list[int]]) -> None:
    assert listed(order="-number") == [5, 4, 3, 2, 1]
    assert listed(order="valid_until")[0] == 5 and listed(order="made")[0] == 5
    assert listed(order="-gross", currency="HUF") == [5, 2, 3, 1]
    assert listed(order="-gross") == [5, 4, 3, 2, 1]
    assert listed(order="owner")[0] == 2
    assert listed(order="-customer")[0] == 4


def test_a_level_sees_the_offers_of_the_customers_in_its_reach(listed: Callable[..., list[int]]) -> None:
    assert listed("rita") == [2, 3]
    assert listed("rita", text="bartók") == [2, 3]
    assert listed("rita", state="expired") == []
    for order in ("number", "customer", "owner", "made", "valid_until", "gross"):
        assert sorted(listed("rita", order=order, currency="HUF")) == [2, 3]
