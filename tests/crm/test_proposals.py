"""A proposal: shown, decided by its person, done once as shown or not at all, and taken back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from core import clock
from core.errors import AppError, NotFound
from crm import customers, opportunities, proposals
from crm.actor import SYSTEM, Actor
from crm.audit import verify
from crm.proposals import Asked, Assign, MoveStage, NewActivity, NewContact, NewOpportunity, Reschedule, SetField
from crm.session import unit
from crm.tables import Activity, AuditEntry, Contact, Opportunity, Proposal

People = Callable[[str], Actor]
ASKED = Asked("Hívjam fel Bartókékat pénteken", "hu", ("customer:C0001",))
CALL = NewActivity(customer="C0001", type_code="call", subject="Visszahívás", due=date(2026, 11, 27))

pytestmark = pytest.mark.usefixtures("company")


def made(engine: Engine, actor: Actor, *items: proposals.Item) -> str:
    code, refused = proposals.propose(engine, actor, list(items), ASKED)
    assert refused == [] and code is not None
    return code


def states(engine: Engine, actor: Actor, code: str) -> tuple[str, list[str]]:
    kept = proposals.read(engine, actor, code)
    return kept.state, [item.state for item in kept.items]


def activities(engine: Engine) -> list[Activity]:
    with unit(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(Activity).order_by(Activity.id)))


@pytest.fixture
def deal(engine: Engine, people: People) -> str:
    """An opportunity of nora's customer, in the stage of a direct beginning."""
    with unit(engine, people("nora")) as session:
        return opportunities.open_new(session, customers.by_code(session, "C0001"), "Tollak", "direct").code


def test_nothing_happens_before_it_is_confirmed(engine: Engine, people: People) -> None:
    code = made(engine, people("nora"), CALL)
    assert activities(engine) == []
    (item,) = proposals.read(engine, people("nora"), code).items
    assert item.effects[0].before is None and item.effects[0].after is not None
    assert item.effects[0].after["subject"] == "Visszahívás" and item.effects[0].after["due"] == "2026-11-27"


def test_what_is_confirmed_is_done_with_its_prompt_as_the_cause(engine: Engine, people: People) -> None:
    code = made(engine, people("nora"), CALL)
    proposals.confirm(engine, people("nora"), code)
    assert [a.subject for a in activities(engine)] == ["Visszahívás"]
    assert states(engine, people("nora"), code) == ("confirmed", ["done"])
    with unit(engine, SYSTEM, writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "activities")).one()
        assert entry.actor == "nora" and entry.sources == ["customer:C0001"]
        told = session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "proposals")).all()
        assert {e.prompt_sha256 for e in (*told, entry)} == {entry.prompt_sha256} and entry.prompt_sha256
        assert told[0].action == "create" and told[-1].after is not None and told[-1].after["state"] == "confirmed"
        assert verify(session).broken_at is None


def test_it_is_confirmed_once(engine: Engine, people: People) -> None:
    code = made(engine, people("nora"), CALL)
    proposals.confirm(engine, people("nora"), code)
    with pytest.raises(AppError) as refused:
        proposals.confirm(engine, people("nora"), code)
    assert refused.value.code == "proposal_decided" and len(activities(engine)) == 1


@pytest.mark.parametrize("step", ["read", "confirm", "reject", "undo"])
def test_nobody_else_finds_it(engine: Engine, people: People, step: str) -> None:
    code = made(engine, people("nora"), CALL)
    with pytest.raises(NotFound) as refused:
        getattr(proposals, step)(engine, people("ada"), code)
    with pytest.raises(NotFound) as unknown:
        getattr(proposals, step)(engine, people("ada"), "PNOSUCH")
    assert str(refused.value).replace(code, "") == str(unknown.value).replace("PNOSUCH", "")
    assert activities(engine) == []


def test_a_rejected_one_is_never_done(engine: Engine, people: People) -> None:
    code = made(engine, people("nora"), CALL)
    proposals.reject(engine, people("nora"), code, "Mégsem kell")
    assert states(engine, people("nora"), code) == ("rejected", ["rejected"])
    assert proposals.read(engine, people("nora"), code).items[0].reason == "Mégsem kell"
    with pytest.raises(AppError, match="decided already"):
        proposals.confirm(engine, people("nora"), code)
    assert activities(engine) == []


@pytest.mark.parametrize(("minutes", "state"), [(14, "confirmed"), (15, "expired"), (600, "expired")])
def test_it_waits_a_quarter_of_an_hour(
    engine: Engine, people: People, monkeypatch: pytest.MonkeyPatch, minutes: int, state: str
) -> None:
    code = made(engine, people("nora"), CALL)
    since = proposals.read(engine, people("nora"), code).created_at
    monkeypatch.setattr(clock, "now", lambda: since + timedelta(minutes=minutes))
    try:
        proposals.confirm(engine, people("nora"), code)
    except AppError as refused:
        assert refused.code == "proposal_expired"
    assert states(engine, people("nora"), code)[0] == state
    assert len(activities(engine)) == (state == "confirmed")
    with unit(engine, SYSTEM, writes=False) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None and last.after is not None and last.after["state"] == state


def test_of_a_batch_only_the_chosen_items_are_done(engine: Engine, people: People) -> None:
    other = CALL.model_copy(update={"subject": "Másik"})
    third = CALL.model_copy(update={"subject": "Harmadik"})
    code = made(engine, people("nora"), CALL, other, third)
    proposals.confirm(engine, people("nora"), code, [1, 3])
    assert [a.subject for a in activities(engine)] == ["Visszahívás", "Harmadik"]
    assert states(engine, people("nora"), code) == ("confirmed", ["done", "rejected", "done"])


def test_an_item_that_is_refused_leaves_the_others_done(engine: Engine, people: People, deal: str) -> None:
    actor = people("nora")
    code = made(
        engine,
        actor,
        CALL,
        MoveStage(opportunity=deal, stage="offer"),
        NewContact(customer="C0001", family_name="Nagy", given_name="Pál"),
    )
    with unit(engine, people("mate")) as session:
        opportunities.by_code(session, deal).title = "Tollak és tinta"
    proposals.confirm(engine, actor, code)
    assert states(engine, actor, code) == ("confirmed", ["done", "failed", "done"])


def test_a_record_changed_meanwhile_is_left_as_it_is_and_its_newer_value_shown(
    engine: Engine, people: People, deal: str
) -> None:
    actor = people("nora")
    code = made(engine, actor, MoveStage(opportunity=deal, stage="offer"))
    with unit(engine, people("mate")) as session:
        from crm import pipeline

        pipeline.move(session, opportunities.by_code(session, deal), "request")
    proposals.confirm(engine, actor, code)
    (item,) = proposals.read(engine, actor, code).items
    assert item.state == "failed" and item.problem is not None and item.problem.code == "proposal_record_changed"
    assert item.instead[0].before is not None and item.instead[0].before["stage_code"] == "request"
    with unit(engine, SYSTEM, writes=False) as session:
        assert opportunities.by_code(session, deal).stage_code == "request"
    again, refused = proposals.propose_again(engine, actor, code)
    assert again is not None and refused == []
    proposals.confirm(engine, actor, again)
    with unit(engine, SYSTEM, writes=False) as session:
        assert opportunities.by_code(session, deal).stage_code == "offer"


def test_two_changes_of_one_record_are_both_done(engine: Engine, people: People) -> None:
    actor = people("nora")
    city = SetField(resource="customer", record="C0001", field="city", value="Győr")
    segment = SetField(resource="customer", record="C0001", field="segment", value="KKV")
    code = made(engine, actor, city, segment)
    proposals.confirm(engine, actor, code)
    assert states(engine, actor, code) == ("confirmed", ["done", "done"])
    assert proposals.undoable(engine, actor, code)
    proposals.undo(engine, actor, code)
    with unit(engine, SYSTEM, writes=False) as session:
        firm = customers.by_code(session, "C0001")
        assert (firm.city, firm.segment) == (None, None)


def test_what_the_person_corrects_is_what_is_done(engine: Engine, people: People) -> None:
    actor = people("nora")
    code = made(engine, actor, CALL)
    proposals.confirm(engine, actor, code, edits={1: {"subject": "Visszahívás ajánlat miatt", "due": "2026-12-01"}})
    (call,) = activities(engine)
    assert (call.subject, call.due) == ("Visszahívás ajánlat miatt", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ({"subject": ""}, "activity_without_subject"),
        ({"due": "kedd"}, "proposal_input"),
        ({"customer": "C0002"}, "proposal_input"),
        ({"assignee": "nosuch"}, "activity_assignee_unknown"),
    ],
)
def test_a_correction_that_does_not_do_is_refused_whole(
    engine: Engine, people: People, edit: dict[str, str], code: str
) -> None:
    kept = made(engine, people("nora"), CALL)
    with pytest.raises(AppError) as refused:
        proposals.confirm(engine, people("nora"), kept, edits={1: edit})
    assert refused.value.code == code
    assert states(engine, people("nora"), kept) == ("open", ["open"]) and activities(engine) == []


@pytest.mark.parametrize("chosen", [[0], [2], [1, 2], []])
def test_an_item_that_is_not_there_cannot_be_chosen(engine: Engine, people: People, chosen: list[int]) -> None:
    code = made(engine, people("nora"), CALL)
    with pytest.raises(AppError) as refused:
        proposals.confirm(engine, people("nora"), code, chosen)
    assert refused.value.code == "proposal_item_unknown" and activities(engine) == []


def test_a_stop_in_the_middle_of_an_item_leaves_it_open_and_undone(
    engine: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm.proposals import confirming

    code = made(engine, people("nora"), CALL, CALL.model_copy(update={"subject": "Másik"}))
    performed = confirming.perform_with_evidence

    def killed(session: object, item: proposals.Item) -> object:
        done = performed(session, item)  # type: ignore[arg-type]
        if item.subject == "Másik":  # type: ignore[union-attr]
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(confirming, "perform_with_evidence", killed)
    with pytest.raises(KeyboardInterrupt):
        proposals.confirm(engine, people("nora"), code)
    assert states(engine, people("nora"), code) == ("open", ["done", "open"])
    monkeypatch.undo()
    proposals.confirm(engine, people("nora"), code)
    assert [a.subject for a in activities(engine)] == ["Visszahívás", "Másik"]


def test_new_records_are_removed_by_undo_and_not_twice(engine: Engine, people: People) -> None:
    actor = people("nora")
    contact = NewContact(customer="C0001", family_name="Nagy", given_name="Pál", email="pal@x.example")
    code = made(engine, actor, CALL, contact, NewOpportunity(customer="C0001", title="Irodaszer"))
    proposals.confirm(engine, actor, code)
    assert proposals.undoable(engine, actor, code)
    proposals.undo(engine, actor, code)
    assert states(engine, actor, code) == ("undone", ["undone"] * 3)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Activity)).all() == [] and session.scalars(select(Opportunity)).all() == []
        assert session.scalar(select(Contact).where(Contact.email == "pal@x.example")) is None
        assert session.scalars(select(Proposal)).one().undone_at is not None
        assert verify(session).broken_at is None
    with pytest.raises(AppError) as refused:
        proposals.undo(engine, actor, code)
    assert refused.value.code == "proposal_not_done"


def test_what_something_was_built_on_stays(engine: Engine, people: People) -> None:
    actor = people("nora")
    code = made(engine, actor, NewOpportunity(customer="C0001", title="Irodaszer"))
    proposals.confirm(engine, actor, code)
    with unit(engine, actor) as session:
        deal = session.scalars(select(Opportunity)).one()
        session.add(Activity(customer_id=deal.customer_id, opportunity_id=deal.id, type_code="task", subject="x"))
    assert not proposals.undoable(engine, actor, code)
    with pytest.raises(AppError) as refused:
        proposals.undo(engine, actor, code)
    assert refused.value.code == "proposal_built_on"


def test_a_stage_goes_back_only_by_a_step_the_actor_may_take(engine: Engine, people: People, deal: str) -> None:
    actor = people("nora")
    there = made(engine, actor, MoveStage(opportunity=deal, stage="request"))
    proposals.confirm(engine, actor, there)
    assert proposals.undoable(engine, actor, there)
    proposals.undo(engine, actor, there)
    onward = made(engine, actor, MoveStage(opportunity=deal, stage="offer"))
    proposals.confirm(engine, actor, onward)
    assert not proposals.undoable(engine, actor, onward)
    with pytest.raises(AppError) as refused:
        proposals.undo(engine, actor, onward)
    assert refused.value.code == "step_refused"
    with unit(engine, SYSTEM, writes=False) as session:
        assert opportunities.by_code(session, deal).stage_code == "offer"


def test_a_right_lost_meanwhile_is_missed_when_it_is_done(engine: Engine, people: People) -> None:
    from crm.tables import Customer

    code = made(engine, people("rita"), CALL.model_copy(update={"customer": "C0002"}))
    with unit(engine, SYSTEM) as session:
        session.scalars(select(Customer).where(Customer.code == "C0002")).one().owner_id = people("nora").user_id
    proposals.confirm(engine, people("rita"), code)
    (item,) = proposals.read(engine, people("rita"), code).items
    assert item.state == "failed" and item.problem is not None and item.problem.code == "not_found"
    assert activities(engine) == []


@pytest.mark.parametrize(
    "item",
    [
        CALL,
        SetField(resource="customer", record="C0001", field="city", value="Győr"),
        Assign(resource="customer", record="C0001", login="rita"),
        NewContact(customer="C0001", family_name="Nagy", given_name="Pál"),
        NewOpportunity(customer="C0001", title="x"),
    ],
)
def test_a_restricted_user_can_have_nothing_proposed_at_a_customer_of_others(
    engine: Engine, people: People, item: proposals.Item
) -> None:
    code, refused = proposals.propose(engine, people("rita"), [item], ASKED)
    missing = item.model_copy(update={"customer" if hasattr(item, "customer") else "record": "C9999"})
    nothing, unknown = proposals.propose(engine, people("rita"), [missing], ASKED)
    assert (code, nothing) == (None, None)
    assert str(refused[0].error).replace("C0001", "") == str(unknown[0].error).replace("C9999", "")
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Proposal)).all() == []


def test_a_day_put_off_keeps_its_hour_and_comes_back(engine: Engine, people: People) -> None:
    actor = people("nora")
    at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    first = made(engine, actor, CALL.model_copy(update={"starts_at": at, "due": None}))
    proposals.confirm(engine, actor, first)
    (call,) = activities(engine)
    later = made(engine, actor, Reschedule(activity=call.id, due=date(2026, 12, 4)))
    proposals.confirm(engine, actor, later)
    assert activities(engine)[0].starts_at == at + timedelta(days=7)
    proposals.undo(engine, actor, later)
    assert activities(engine)[0].starts_at == at and activities(engine)[0].due == date(2026, 11, 27)
