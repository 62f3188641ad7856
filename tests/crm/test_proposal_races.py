"""Two tabs, one proposal: on either database exactly one of them does it."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError
from crm import customers, proposals
from crm.actor import SYSTEM, Actor
from crm.audit import verify
from crm.proposals import Asked, NewActivity, SetField
from crm.session import unit
from crm.tables import Activity, Customer

People = Callable[[str], Actor]
ASKED = Asked("hívjam fel Bartókékat", "hu")
CALLS = [
    NewActivity(customer="C0001", type_code="call", subject=f"{n}. hívás", due=date(2026, 12, n)) for n in (1, 2, 3)
]

pytestmark = pytest.mark.usefixtures("company")


def at_once(*steps: Callable[[], None]) -> list[AppError | None]:
    """Every step in a thread of its own, begun together; what refused each."""
    start, found = threading.Barrier(len(steps)), dict[int, AppError | None]()

    def run(place: int, step: Callable[[], None]) -> None:
        start.wait()
        try:
            step()
            found[place] = None
        except AppError as refused:
            found[place] = refused

    threads = [threading.Thread(target=run, args=each) for each in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[place] for place in range(len(steps))]


def subjects(engine: Engine) -> list[str]:
    with unit(engine, SYSTEM, writes=False) as session:
        assert verify(session).broken_at is None
        return sorted(activity.subject for activity in session.scalars(select(Activity)))


def proposed(engine: Engine, actor: Actor, *items: proposals.Item) -> str:
    code, refused = proposals.propose(engine, actor, list(items), ASKED)
    assert code is not None and refused == []
    return code


def test_of_four_confirmations_at_once_each_item_is_done_once(engine: Engine, people: People) -> None:
    nora = people("nora")
    code = proposed(engine, nora, *CALLS)
    refused = at_once(*[lambda: proposals.confirm(engine, nora, code)] * 4)
    assert subjects(engine) == ["1. hívás", "2. hívás", "3. hívás"]
    assert {error.code for error in refused if error is not None} <= {"proposal_decided", "conflict"}
    assert proposals.read(engine, nora, code).state == "confirmed"


def test_of_a_confirmation_and_a_rejection_at_once_one_stands_for_each_item(engine: Engine, people: People) -> None:
    nora = people("nora")
    code = proposed(engine, nora, *CALLS)
    at_once(lambda: proposals.confirm(engine, nora, code), lambda: proposals.reject(engine, nora, code))
    kept = proposals.read(engine, nora, code)
    assert len(subjects(engine)) == sum(item.state == "done" for item in kept.items)
    assert {item.state for item in kept.items} <= {"done", "rejected"}


def test_of_two_undoings_at_once_one_takes_back(engine: Engine, people: People) -> None:
    nora = people("nora")
    code = proposed(engine, nora, *CALLS)
    proposals.confirm(engine, nora, code)
    refused = at_once(*[lambda: proposals.undo(engine, nora, code)] * 2)
    assert subjects(engine) == [] and sum(error is None for error in refused) == 1


def test_a_proposal_and_a_form_at_once_leave_what_one_of_them_said(engine: Engine, people: People) -> None:
    nora, mate = people("nora"), people("mate")
    code = proposed(engine, nora, SetField(resource="customer", record="C0001", field="city", value="Győr"))
    with unit(engine, mate, writes=False) as session:
        version = customers.by_code(session, "C0001").version

    def form() -> None:
        from crm import customer_changes

        with unit(engine, mate) as session:
            customer_changes.update(session, "C0001", version, {"city": "Pécs"})

    refused = at_once(lambda: proposals.confirm(engine, nora, code), form)
    (item,) = proposals.read(engine, nora, code).items
    with unit(engine, SYSTEM, writes=False) as session:
        city = session.scalars(select(Customer).where(Customer.code == "C0001")).one().city
    assert (item.state, refused[1] is None, city) in [("done", False, "Győr"), ("failed", True, "Pécs")]
