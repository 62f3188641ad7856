"""A customer's history apart from what is to be done, each only as far as the actor may read it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from core.clock import now, today
from crm import activities, customer_changes, customers, opportunities, pipeline, timeline
from crm.actor import SYSTEM, Actor
from crm.session import CrmSession, unit
from crm.tables import Activity, Customer
from crm.timeline import Event

People = Callable[[str], Actor]


@pytest.fixture
def history(engine: Engine, people: People, company: None) -> None:
    """A customer with a finished call, an old imported meeting, two tasks, a moved opportunity and a change."""
    with unit(engine, people("nora")) as session:
        firm = customers.by_code(session, "C0001")
        activities.record(session, firm, "call", "Hívás", done=True, note="Visszahív")
        for subject, due, state in (
            ("Régi találkozó", today() - timedelta(days=400), "done"),
            ("Későbbi feladat", today() + timedelta(days=9), "open"),
            ("Feladat nap nélkül", None, "open"),
            ("Lejárt feladat", today() - timedelta(days=9), "open"),
        ):
            session.add(Activity(customer_id=firm.id, type_code="task", subject=subject, due=due, state=state))
        deal = opportunities.open_new(session, firm, "Tollak", "direct")
    with unit(engine, people("nora")) as session:
        deal = opportunities.by_code(session, deal.code)
        pipeline.move(session, deal, "request")
        # A step of the past, so that it is told apart from the opening.
        deal.created_at = now() - timedelta(days=2)
    with unit(engine, people("nora")) as session:
        customer_changes.update(session, "C0001", 1, {"city": "Vác", "segment": "A"})


def events(engine: Engine, actor: Actor, code: str = "C0001") -> list[Event]:
    with unit(engine, actor, writes=False) as session:
        return list(timeline.past(session, customers.by_code(session, code), size=200).events)


def kinds(found: list[Event]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for event in found:
        named.setdefault(event.kind, []).append(event.title)
    return named


def test_history_holds_what_happened_and_to_dos_what_is_open(engine: Engine, people: People, history: None) -> None:
    found = kinds(events(engine, people("nora")))
    assert found["activity_done"] == ["Hívás", "Régi találkozó"]
    assert found["opportunity_opened"] == found["stage_moved"] == ["Tollak"]
    assert found["contact_added"] == ["Kiss Éva"]
    assert found["customer_added"] == ["Bartók Kft."]
    with unit(engine, people("nora"), writes=False) as session:
        firm = customers.by_code(session, "C0001")
        open_ones = [a.subject for a in timeline.to_dos(session, firm)]
        assert open_ones == ["Lejárt feladat", "Későbbi feladat", "Feladat nap nélkül"]
        assert timeline.counts(session, firm) == {"contacts": 1, "opportunities": 1, "offers": 0, "to_dos": 3}


def test_field_changes_are_told_to_those_who_may_read_the_audit(engine: Engine, people: People, history: None) -> None:
    assert "fields_changed" not in kinds(events(engine, people("nora")))
    changed = [e for e in events(engine, people("ada")) if e.kind == "fields_changed"]
    assert [(c.field, c.before, c.after) for c in changed[0].changes] == [("city", None, "Vác"), ("segment", None, "A")]
    assert changed[0].by == "nora"
    move = next(e for e in events(engine, people("ada")) if e.kind == "stage_moved")
    assert (move.left, move.kind_code, move.by) == ("contact", "request", "nora")


def test_newest_is_first_and_pages_put_together_are_the_whole(engine: Engine, people: People, history: None) -> None:
    whole = events(engine, people("nora"))
    assert [e.at for e in whole] == sorted((e.at for e in whole), reverse=True)
    assert whole[-1].title == "Régi találkozó" and whole[-1].whole_day
    pages: list[Event] = []
    with unit(engine, people("nora"), writes=False) as session:
        firm = customers.by_code(session, "C0001")
        while True:
            page = timeline.past(session, firm, len(pages), 2)
            pages += page.events
            if not page.more:
                break
    assert pages == whole


def test_what_a_level_may_not_read_is_not_in_the_history(engine: Engine, people: People, history: None) -> None:
    nora = people("nora")
    grants = {right: scope for right, scope in nora.grants.items() if right[0] in ("customer", "user", "offer")}
    blind = Actor(nora.user_id, nora.login, nora.role, nora.team_id, "hu", grants)
    assert set(kinds(events(engine, blind))) == {"customer_added"}
    with unit(engine, blind, writes=False) as session:
        assert timeline.to_dos(session, customers.by_code(session, "C0001")) == []


def test_fields_hidden_from_a_level_are_not_told_by_the_audit(engine: Engine, people: People, history: None) -> None:
    ada = people("ada")
    veiled = Actor(
        ada.user_id, ada.login, ada.role, ada.team_id, "hu", ada.grants, hidden={"customer": frozenset({"employees"})}
    )
    assert "fields_changed" not in kinds(events(engine, veiled))


def test_an_imported_activity_is_on_its_day(engine: Engine, people: People, history: None) -> None:
    old = next(e for e in events(engine, people("nora")) if e.title == "Régi találkozó")
    assert old.day == today() - timedelta(days=400)


def one(session: CrmSession) -> Customer:
    return customers.by_code(session, "C0002")


def test_a_day_of_many_events_keeps_one_order_on_every_page(engine: Engine, people: People, company: None) -> None:
    with unit(engine, SYSTEM) as session:
        for n in range(30):
            firm_id, day = one(session).id, date(2020, 5, 5)
            session.add(Activity(customer_id=firm_id, type_code="call", subject=str(n), due=day, state="done"))
    with unit(engine, people("nora"), writes=False) as session:
        pages = [timeline.past(session, one(session), offset, 7).events for offset in range(0, 35, 7)]
    titles = [e.title for page in pages for e in page if e.kind == "activity_done"]
    assert sorted(titles, key=int) == [str(n) for n in range(30)]
