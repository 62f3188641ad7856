"""The list of customers: whatever it is narrowed by, it shows those that fit and are in scope, and no other."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from core.clock import now, today
from core.text import fold
from crm import customer_list as listing
from crm import opportunities, pipeline
from crm.actor import SYSTEM, Actor
from crm.customer_list import CustomerFilters
from crm.session import CrmSession, unit
from crm.tables import Activity, Customer

People = Callable[[str], Actor]
ALL = CustomerFilters()
# code, name, owner, status, segment, industry, country, city, days since the last contact, stage
FIRMS = [
    ("C1", "Almás Kft.", "nora", "active", "A", "Bor", "HU", "Vác", 3, "contact"),
    ("C2", "Barack Bt.", "rita", "active", "B", "Bor", "HU", None, 40, "won"),
    ("C3", "Citrom Kft.", None, "passive", "A", None, "HU", "Eger", None, None),
    ("C4", "Dynia Sp. z o.o.", "reka", "active", None, "Sad", "PL", "Gdynia", 40, "offer"),
    ("C5", "Éden Kft.", "rita", "former", "C", "Sad", "PL", "Eger", 0, "lost"),
    ("C6", "Füge Almás Zrt.", "nora", "potential", "A", "Bor", "SK", "Ada", None, "request"),
]
REACH = {"nora": {"C1", "C2", "C3", "C4", "C5", "C6"}, "rita": {"C2", "C3", "C5"}, "reka": {"C3", "C4"}}


@pytest.fixture
def firms(engine: Engine, people: People) -> None:
    """Six firms of three owners and of nobody, contacted at different times."""
    with unit(engine, SYSTEM) as session:
        for code, name, owner, status, segment, industry, country, city, days, stage in FIRMS:
            firm = Customer(
                code=code, name=name, owner_id=people(owner).user_id if owner else None, status=status,
                segment=segment, industry=industry, country=country, city=city, currency="HUF", language="hu",
                tax_number=f"7654321{code[1:]}", tax_key=f"7654321{code[1:]}",
            )  # fmt: skip
            session.add(firm)
            session.flush()
            # Open ones and those due in the future are no contacts.
            session.add(Activity(customer_id=firm.id, type_code="task", subject="x", due=today()))
            if days is not None:
                day = today() - timedelta(days=days)
                timed = {"done_at": now() - timedelta(days=days), "due": today() + timedelta(days=9)}
                session.add(
                    Activity(
                        customer_id=firm.id, type_code="call", subject="y", state="done",
                        **(timed if code == "C4" else {"due": day}),
                    )
                )  # fmt: skip
            if stage is not None:
                opportunities.open_new(session, firm, "z", "direct").stage_code = stage


def codes(session: CrmSession, filters: CustomerFilters = ALL, order: str = "name") -> list[str]:
    return [c.code for c in session.scalars(listing.query_for(session, filters, order)).unique()]


def fits(firm: tuple[str | int | None, ...], filters: CustomerFilters, login: str) -> bool:
    """Whether the list should hold the firm, told from the rows above alone."""
    _code, name, owner, status, segment, industry, country, _city, days, stage = firm
    words = fold(str(name)).replace(".", "").split()
    contact = None if days is None else today() - timedelta(days=int(days))
    is_open = stage in ("contact", "request", "offer", "decision")
    return (
        (not filters.text or all(any(w.startswith(fold(t)) for w in words) for t in filters.text.split()))
        and filters.status in ("", status)
        and filters.segment in ("", segment)
        and filters.industry in ("", industry)
        and filters.country in ("", country)
        and filters.currency in ("", "HUF")
        and {"": True, "me": owner == login, "unassigned": owner is None}.get(filters.owner, owner == filters.owner)
        and (filters.quiet_since is None or contact is None or contact < filters.quiet_since)
        and (filters.open_opportunity is None or filters.open_opportunity == is_open)
    )


FILTERS = st.builds(
    CustomerFilters,
    text=st.sampled_from(["", "", "alma", "kft", "ALMÁS zrt", "sp o", "nincs"]),
    status=st.sampled_from(["", "", "active", "former", "unheard"]),
    segment=st.sampled_from(["", "", "A", "B"]),
    industry=st.sampled_from(["", "", "Bor", "Sad"]),
    owner=st.sampled_from(["", "", "me", "unassigned", "nora", "rita", "no such"]),
    country=st.sampled_from(["", "", "HU", "PL"]),
    currency=st.sampled_from(["", "HUF", "EUR"]),
    quiet_since=st.sampled_from([None, 0, 1, 30, 41]).map(lambda n: None if n is None else today() - timedelta(days=n)),
    open_opportunity=st.sampled_from([None, True, False]),
)
ORDERS = st.sampled_from([*listing.ORDERS, *(f"-{o}" for o in listing.ORDERS), "nonsense"])


@pytest.fixture
def reading(engine: Engine, people: People, firms: None) -> Iterator[dict[str, CrmSession]]:
    """A reading session of three people, for many questions one after the other."""
    with (
        unit(engine, people("nora"), writes=False) as nora,
        unit(engine, people("rita"), writes=False) as rita,
        unit(engine, people("reka"), writes=False) as reka,
    ):
        yield {"nora": nora, "rita": rita, "reka": reka}


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=FILTERS, order=ORDERS, login=st.sampled_from(list(REACH)))
def test_filters_together_leave_what_fits_all_of_them_within_the_scope(
    reading: dict[str, CrmSession], filters: CustomerFilters, order: str, login: str
) -> None:
    expected = {str(f[0]) for f in FIRMS if fits(f, filters, login)} & REACH[login]
    page = listing.page(reading[login], filters, order)
    assert sorted(c.code for c in page.rows) == sorted(expected)
    assert page.total == len(expected)


def test_every_order_is_what_it_says_with_gaps_last(reading: dict[str, CrmSession]) -> None:
    nora = reading["nora"]
    assert codes(nora, order="code") == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert codes(nora, order="-code") == ["C6", "C5", "C4", "C3", "C2", "C1"]
    assert codes(nora, order="city") == ["C6", "C3", "C5", "C4", "C1", "C2"]
    assert codes(nora, order="-city")[-1] == "C2"
    assert codes(nora, order="owner")[-1] == codes(nora, order="-owner")[-1] == "C3"
    assert codes(nora, order="owner")[:2] == ["C1", "C6"]
    assert codes(nora, order="newest")[0] == "C6"
    assert set(codes(nora, order="last_contact")[:2]) == {"C3", "C6"}
    assert codes(nora, order="-last_contact")[:2] == ["C5", "C1"]
    assert codes(nora, CustomerFilters(owner="rita"), "-last_contact") == ["C5", "C2"]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=ORDERS, size=st.integers(1, 7))
def test_pages_put_together_are_the_list(reading: dict[str, CrmSession], order: str, size: int) -> None:
    nora = reading["nora"]
    pages = [listing.page(nora, ALL, order, offset, size).rows for offset in range(0, len(FIRMS), size)]
    assert [c.code for page in pages for c in page] == codes(nora, order=order)


def test_a_customer_is_found_by_the_beginning_of_its_tax_number(reading: dict[str, CrmSession]) -> None:
    assert codes(reading["nora"], CustomerFilters(text="7654-3212")) == ["C2"]
    assert codes(reading["reka"], CustomerFilters(text="7654-3212")) == []


def test_text_without_letters_and_digits_finds_nothing(reading: dict[str, CrmSession]) -> None:
    assert codes(reading["nora"], CustomerFilters(text="%_?")) == []


def test_beside_a_row_stand_its_last_contact_next_task_and_open_opportunities(reading: dict[str, CrmSession]) -> None:
    nora = reading["nora"]
    rows = {c.code: c for c in nora.scalars(listing.query_for(nora, CustomerFilters())).unique()}
    there = listing.beside(nora, list(rows.values()))
    assert there[rows["C1"].id] == listing.Beside(today() - timedelta(days=3), today(), 1)
    assert there[rows["C2"].id].open_opportunities == 0
    assert there[rows["C3"].id].last_contact is None


def test_choices_are_those_of_customers_in_scope(reading: dict[str, CrmSession]) -> None:
    assert listing.choices(reading["rita"]) == listing.Choices(("A", "B", "C"), ("Bor", "Sad"), ("HU", "PL"), ("HUF",))


def test_activities_out_of_reach_say_nothing_through_the_list(engine: Engine, people: People, firms: None) -> None:
    """Who may see customers but no activities must not learn from an order when they were contacted."""
    nora = people("nora")
    blind = Actor(
        nora.user_id, nora.login, nora.role, nora.team_id, "hu",
        {right: scope for right, scope in nora.grants.items() if right[0] not in ("activity", "opportunity")},
    )  # fmt: skip
    with unit(engine, blind, writes=False) as session:
        everyone = [f[0] for f in FIRMS]
        assert codes(session, order="last_contact") == everyone
        assert codes(session, CustomerFilters(quiet_since=date(2000, 1, 1)), "code") == everyone
        assert codes(session, CustomerFilters(open_opportunity=True)) == []
        rows = list(session.scalars(listing.query_for(session, CustomerFilters())).unique())
        assert set(listing.beside(session, rows).values()) == {listing.Beside()}


def test_a_won_opportunity_is_no_open_one(engine: Engine, people: People, firms: None) -> None:
    with unit(engine, people("nora")) as session:
        wanted = CustomerFilters(text="dynia", open_opportunity=True)
        assert codes(session, wanted) == ["C4"]
        firm = session.scalars(listing.query_for(session, wanted)).unique().one()
        deal = opportunities.newest_open(session, firm)
        assert deal is not None
        pipeline.move(session, deal, "decision")
        pipeline.move(session, deal, "lost")
        assert codes(session, wanted) == []
