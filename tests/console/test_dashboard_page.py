"""The dashboard as people see it: the figures of what they may see, and where each of them leads."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import Engine, select

from core.clock import today
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import Activity, Customer, Opportunity
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
People = Callable[[str], Actor]


@pytest.fixture
def deals(engine: Engine, people: People, company: None) -> None:
    """Two opportunities of nora's, one of rita's, opened today; a task overdue and one planned."""
    with unit(engine, SYSTEM) as session:
        firms = {firm.code: firm.id for firm in session.scalars(select(Customer))}
        for code, firm, stage, owner, currency in [
            ("O0001", "C0001", "decision", "nora", "HUF"),
            ("O0002", "C0005", "decision", "nora", "EUR"),
            ("O0003", "C0002", "won", "rita", "HUF"),
        ]:
            session.add(
                Opportunity(
                    code=code,
                    customer_id=firms[firm],
                    title=f"Üzlet {code}",
                    stage_code=stage,
                    owner_id=people(owner).user_id,
                    amount=Decimal(1500),
                    currency=currency,
                    campaign="Ősz" if code == "O0001" else None,
                    opened_on=today(),
                )
            )
        for subject, days, login in [("Visszahívás", -3, "nora"), ("Látogatás", 4, "nora"), ("Más dolga", 0, "rita")]:
            task = Activity(
                customer_id=firms["C0003"], type_code="call", subject=subject, due=today() + timedelta(days)
            )
            task.assignee_id = people(login).user_id
            session.add(task)


def boxes(page: str) -> dict[str, int]:
    """The count in each box by the stage's name."""
    found = re.findall(r'box-name">([^<]+)</span>\s*<strong class="box-count">(\d+)<', page)
    return {name: int(count) for name, count in found}


def test_a_seller_begins_with_their_own_figures(console: Console, deals: None) -> None:
    page = console("nora").get("/").text
    assert boxes(page) == {
        "Kapcsolatfelvétel": 0,
        "Ajánlatkérés": 0,
        "Ajánlattétel": 0,
        "Döntéshozatal": 2,
        "Sikeres": 0,
        "Sikertelen": 0,
    }
    # Forints and euros stand side by side; they are never one sum.
    plain = page.replace("\xa0", " ")
    assert "1 500 Ft" in plain and "1 500,00 EUR" in plain and "3 000" not in plain
    assert "Visszahívás" in page and "Látogatás" in page and "Más dolga" not in page


def test_a_manager_begins_with_everyones(console: Console, deals: None) -> None:
    page = console("mate").get("/").text
    assert boxes(page)["Sikeres"] == 1
    assert "Más dolga" in page


def test_another_persons_figures_are_shown_as_far_as_ones_rights_go(console: Console, deals: None) -> None:
    assert boxes(console("nora").get("/?user=rita").text)["Sikeres"] == 1
    page = console("rita").get("/?user=nora").text
    assert boxes(page)["Döntéshozatal"] == 0
    assert '<option value="nora"' not in page


def test_the_campaign_filter_is_there_only_where_there_is_a_campaign(console: Console, deals: None) -> None:
    page = console("nora").get("/?campaign=%C5%90sz").text
    assert boxes(page)["Döntéshozatal"] == 1
    assert 'name="campaign"' not in console("rita").get("/").text


@pytest.mark.parametrize("stage", ["Döntéshozatal", "Sikeres"])
def test_a_box_leads_to_the_list_of_what_it_counts(console: Console, deals: None, stage: str) -> None:
    client = console("mate")
    page = client.get("/").text
    link = re.search(rf'href="([^"]+)">\s*<span class="box-name">{stage}<', page)
    assert link is not None
    listed = client.get(unescape(link[1])).text
    assert listed.count('href="/opportunities/O') == boxes(page)[stage]


def test_a_period_that_ends_before_it_begins_is_explained(console: Console, deals: None) -> None:
    page = console("nora").get("/?period=custom&from=2026-05-02&to=2026-05-01").text
    assert "korábbi, mint az eleje" in page
    assert 'aria-invalid="true"' in page


@pytest.mark.parametrize("query", ["?period=never", "?period=custom&from=x&to=2026-99-99", "?user=%00&campaign=%27"])
def test_an_address_that_means_nothing_shows_the_dashboard(console: Console, deals: None, query: str) -> None:
    assert console("nora").get(f"/{query}").status_code == 200


def test_an_empty_company_is_told_what_to_do(console: Console, company: None) -> None:
    page = console("nora").get("/").text
    assert "Ebben az időszakban nincs mit mutatni." in page
    assert "Ebben az időszakban nem nyílt lehetőség." in page
    assert page.count('href="/opportunities/new"') >= 2


def test_the_funnel_is_drawn_and_can_be_read_without_the_drawing(console: Console, deals: None) -> None:
    page = console("mate").get("/").text
    assert page.count("<polygon") == 5
    assert len(re.findall(r'<th scope="row">', page)) == 5
    assert "33,3%" in page


def test_the_widget_is_told_what_the_dashboard_shows(console: Console, deals: None) -> None:
    page = console("nora").get("/").text
    told = re.search(r'id="screen">(.*?)</script>', page)
    assert told is not None
    assert '"id": "dashboard"' in told[1]
