"""Filters of lists that questions about records narrow by: days, teams, cities, sources, open offers and their sums."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from core.clock import now, today
from crm import activity_list, customer_list, offer_list, opportunity_list
from crm.activity_list import ActivityFilters
from crm.actor import SYSTEM, Actor
from crm.customer_list import CustomerFilters
from crm.offer_list import OfferFilters, Sums
from crm.opportunity_list import OpportunityFilters
from crm.session import unit
from crm.tables import Activity, Customer, Offer, OfferVersion, Opportunity

People = Callable[[str], Actor]
DAY = timedelta(days=1)


@pytest.fixture
def filled(engine: Engine, people: People, company: None) -> Engine:
    """Offers, opportunities and activities of the sample company, some days away from today."""
    with unit(engine, SYSTEM) as session:
        firms = {c.code: c for c in session.scalars(select(Customer))}
        firms["C0001"].city = "Győr"

        def deal(code: str, firm: str, owner: str, stage: str, source: str | None = None) -> Opportunity:
            made = Opportunity(code=code, customer_id=firms[firm].id, title=code, stage_code=stage, currency="HUF")
            made.owner_id, made.opened_on, made.source = people(owner).user_id, today(), source
            session.add(made)
            session.flush()
            return made

        won = deal("O0001", "C0001", "nora", "won")
        alive = deal("O0002", "C0001", "rita", "decision", "web")
        deal("O0003", "C0003", "reka", "contact", "")

        def offer(number: str, firm: str, owner: str, valid: int, issued: int | None, net: str, of: int | None) -> None:
            made = Offer(number=number, customer_id=firms[firm].id, owner_id=people(owner).user_id, opportunity_id=of)
            made.state = "draft" if issued is None else "issued"
            made.issued_at = None if issued is None else now() - issued * DAY
            session.add(made)
            session.flush()
            version = OfferVersion(offer_id=made.id, ordinal=1, language="hu", payment_days=8, warnings=[])
            version.currency = "EUR" if firm == "C0005" else "HUF"
            version.made_on, version.valid_until = today(), today() + valid * DAY
            version.net, version.vat, version.gross = Decimal(net), Decimal(0), Decimal(net) * 2
            session.add(version)

        offer("A1", "C0001", "nora", 3, None, "100", None)
        offer("A2", "C0001", "rita", 9, 2, "200.25", alive.id)
        offer("A3", "C0001", "nora", 9, 5, "400", won.id)
        offer("A4", "C0005", "reka", -1, 5, "800", None)

        def activity(subject: str, owner: str, due: int, done: int | None = None) -> None:
            made = Activity(customer_id=firms["C0003"].id, type_code="call", subject=subject)
            made.assignee_id, made.due = people(owner).user_id, today() + due * DAY
            if done is not None:
                made.state, made.done_at = "done", now() - done * DAY
            session.add(made)

        activity("late", "nora", -2)
        activity("soon", "rita", 2)
        activity("far", "reka", 30)
        activity("done", "nora", -9, done=4)
    return engine


def offers(engine: Engine, actor: Actor, filters: OfferFilters) -> list[str]:
    with unit(engine, actor, writes=False) as session:
        return sorted(o.number for o in session.scalars(offer_list.query_for(session, filters)).unique())


def test_an_open_offer_is_valid_and_its_opportunity_has_not_ended(filled: Engine, people: People) -> None:
    assert offers(filled, people("nora"), OfferFilters(state="open")) == ["A1", "A2"]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (OfferFilters(valid_from=today(), valid_to=today() + 3 * DAY), ["A1"]),
        (OfferFilters(valid_to=today() - DAY), ["A4"]),
        (OfferFilters(issued_from=today() - 3 * DAY), ["A2"]),
        (OfferFilters(issued_to=today() - 4 * DAY), ["A3", "A4"]),
        (OfferFilters(owner="team"), ["A1", "A2", "A3"]),
    ],
)
def test_offers_by_validity_day_issued_and_team(
    filled: Engine, people: People, filters: OfferFilters, left: list[str]
) -> None:
    assert offers(filled, people("nora"), filters) == left


def test_sums_of_offers_are_exact_by_currency_and_within_reach(filled: Engine, people: People) -> None:
    with unit(filled, people("nora"), writes=False) as session:
        assert offer_list.sums(session, OfferFilters()) == {
            "EUR": Sums(Decimal(800), Decimal(1600)),
            "HUF": Sums(Decimal("700.25"), Decimal("1400.5")),
        }
    with unit(filled, people("reka"), writes=False) as session:
        assert offer_list.sums(session, OfferFilters()) == {}


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (ActivityFilters(due_from=today(), due_to=today() + 2 * DAY), ["soon"]),
        (ActivityFilters(due_to=today(), state="open"), ["late"]),
        (ActivityFilters(state="done", done_from=today() - 5 * DAY, done_to=today()), ["done"]),
        (ActivityFilters(state="done", done_from=today() - 2 * DAY), []),
        (ActivityFilters(assignee="team", state="open"), ["late", "soon"]),
    ],
)
def test_activities_by_days_and_team(filled: Engine, people: People, filters: ActivityFilters, left: list[str]) -> None:
    actor = people("nora")
    with unit(filled, actor, writes=False) as session:
        assert sorted(a.subject for a in session.scalars(activity_list.query_for(actor, filters))) == left


def test_opportunities_by_team_and_by_a_recorded_source(filled: Engine, people: People) -> None:
    with unit(filled, people("nora"), writes=False) as session:

        def codes(filters: OpportunityFilters) -> list[str]:
            return sorted(o.code for o in session.scalars(opportunity_list.query_for(session, filters)).unique())

        assert codes(OpportunityFilters(owner="team")) == ["O0001", "O0002"]
        assert codes(OpportunityFilters(source="any")) == ["O0002"]
        assert codes(OpportunityFilters(source="web")) == ["O0002"]


def test_customers_by_city_and_team(filled: Engine, people: People) -> None:
    with unit(filled, people("rita"), writes=False) as session:
        assert customer_list.page(session, CustomerFilters(city="Győr")).total == 0
    with unit(filled, people("nora"), writes=False) as session:
        assert [c.code for c in customer_list.page(session, CustomerFilters(city="Győr")).rows] == ["C0001"]
        assert customer_list.page(session, CustomerFilters(owner="team")).total == 4
