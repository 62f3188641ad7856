"""Changing activities: what one must hold, what completing one carries, and who may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from sqlalchemy import Engine, select

from core.clock import BUSINESS_ZONE
from core.errors import AppError, NotFound
from crm import activity_changes, customers, opportunities
from crm.activity_changes import ActivityFields, Completion
from crm.actor import SYSTEM, Actor
from crm.days import moment_at
from crm.session import unit
from crm.tables import Activity, AuditEntry, Opportunity

People = Callable[[str], Actor]
CALL = ActivityFields("call", "Visszahívás", due=date(2026, 11, 20))


def _create(engine: Engine, actor: Actor, fields: ActivityFields = CALL, code: str = "C0001") -> Activity:
    with unit(engine, actor) as session:
        return activity_changes.create(session, code, fields).activity


def _stored(engine: Engine, activity: Activity) -> Activity | None:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.get(Activity, activity.id)


def _opportunity(engine: Engine, actor: Actor, code: str = "C0001") -> Opportunity:
    with unit(engine, actor) as session:
        return opportunities.open_new(session, customers.by_code(session, code), "Üzlet", "direct")


def test_a_new_activity_holds_what_was_said(engine: Engine, people: People, company: None) -> None:
    deal = _opportunity(engine, people("nora"))
    starts = moment_at(date(2026, 12, 1), time(23, 30))
    fields = ActivityFields(
        "meeting", "  Bemutató \n nálunk ", deal.code, "rita", None, starts, 90, "high", " projektor kell "
    )
    made = _create(engine, people("nora"), fields)
    assert (made.subject, made.note, made.state) == ("Bemutató nálunk", "projektor kell", "open")
    assert (made.due, made.starts_at, made.minutes) == (date(2026, 12, 1), starts, 90)
    assert (made.opportunity_id, made.assignee_id) == (deal.id, people("rita").user_id)


def test_one_without_an_hour_lasts_no_minutes_and_one_with_an_hour_half_of_one(
    engine: Engine, people: People, company: None
) -> None:
    assert _create(engine, people("nora"), replace(CALL, minutes=45)).minutes is None
    timed = replace(CALL, starts_at=moment_at(date(2026, 11, 21), time(9)))
    made = _create(engine, people("nora"), timed)
    assert (made.minutes, made.due) == (30, date(2026, 11, 21))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"subject": " \n "}, "activity_without_subject"),
        ({"subject": "x" * 201}, "activity_too_long"),
        ({"note": "x" * 10_001}, "activity_too_long"),
        ({"priority": "urgent"}, "activity_priority_unknown"),
        ({"type_code": "dance"}, "activity_type_unknown"),
        ({"starts_at": moment_at(date(2026, 11, 20), time(9)), "minutes": 0}, "activity_minutes"),
        ({"starts_at": moment_at(date(2026, 11, 20), time(9)), "minutes": 1441}, "activity_minutes"),
        ({"assignee": "senki"}, "activity_assignee_unknown"),
        ({"opportunity": "O9999"}, "not_found"),
    ],
)
def test_fields_that_do_not_do_are_refused_and_nothing_is_kept(
    engine: Engine, people: People, company: None, change: dict[str, object], code: str
) -> None:
    made = _create(engine, people("nora"))
    wrong = replace(CALL, **change)  # type: ignore[arg-type]
    with pytest.raises(AppError) as refused:
        _create(engine, people("nora"), wrong)
    assert refused.value.code == code
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        activity_changes.update(session, activity_changes.by_id(session, made.id), 1, wrong)
    assert refused.value.code == code
    with unit(engine, SYSTEM, writes=False) as session:
        assert [(a.subject, a.version) for a in session.scalars(select(Activity))] == [(CALL.subject, 1)]


def test_another_customers_opportunity_is_refused(engine: Engine, people: People, company: None) -> None:
    deal = _opportunity(engine, people("nora"), "C0004")
    with pytest.raises(AppError) as refused:
        _create(engine, people("nora"), replace(CALL, opportunity=deal.code))
    assert refused.value.code == "activity_opportunity_elsewhere"


def test_an_activity_with_a_customer_out_of_reach_is_neither_made_nor_found(
    engine: Engine, people: People, company: None
) -> None:
    made = _create(engine, people("nora"))
    with pytest.raises(NotFound):
        _create(engine, people("rita"))
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        activity_changes.by_id(session, made.id)


def test_someone_who_left_keeps_their_activities_and_gets_no_new_ones(
    engine: Engine, people: People, company: None
) -> None:
    made = _create(engine, people("nora"), replace(CALL, assignee="rita"))
    with unit(engine, SYSTEM) as session:
        user = session.get_one(type(made).assignee.property.mapper.class_, people("rita").user_id)
        user.active = False
    with unit(engine, people("nora")) as session:
        changed = replace(CALL, assignee="rita", note="marad")
        activity_changes.update(session, activity_changes.by_id(session, made.id), 1, changed)
    with pytest.raises(AppError) as refused:
        _create(engine, people("nora"), replace(CALL, assignee="rita"))
    assert refused.value.code == "activity_assignee_unknown"


@pytest.mark.parametrize("change", ["update", "complete", "postpone", "delete"])
def test_a_change_from_an_outdated_screen_is_refused(
    engine: Engine, people: People, company: None, change: str
) -> None:
    made = _create(engine, people("nora"))
    with unit(engine, people("mate")) as session:
        activity_changes.update(session, activity_changes.by_id(session, made.id), 1, replace(CALL, note="más"))
    extra = {"update": (CALL,), "postpone": (date(2026, 12, 1),)}.get(change, ())
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        getattr(activity_changes, change)(session, activity_changes.by_id(session, made.id), 1, *extra)
    assert refused.value.code == "conflict"
    kept = _stored(engine, made)
    assert kept is not None
    assert (kept.note, kept.state, kept.due) == ("más", "open", CALL.due)


def _complete(engine: Engine, actor: Actor, activity: Activity) -> Completion:
    with unit(engine, actor) as session:
        return activity_changes.complete(session, activity_changes.by_id(session, activity.id), activity.version)


def test_completing_notes_when_and_reopening_forgets_it(engine: Engine, people: People, company: None) -> None:
    made = _create(engine, people("nora"))
    done = _complete(engine, people("nora"), made).activity
    assert done.state == "done" and done.done_at is not None
    with unit(engine, people("nora")) as session:
        activity_changes.reopen(session, activity_changes.by_id(session, made.id), done.version)
    again = _stored(engine, made)
    assert again is not None and (again.state, again.done_at) == ("open", None)


def test_completing_one_that_is_done_already_changes_nothing(engine: Engine, people: People, company: None) -> None:
    made = _create(engine, people("nora"))
    first = _complete(engine, people("nora"), made).activity
    second = _complete(engine, people("nora"), made).activity
    assert (second.version, second.done_at) == (first.version, first.done_at)


def test_completing_carries_the_opportunity_along(engine: Engine, people: People, company: None) -> None:
    deal = _opportunity(engine, people("nora"))
    made = _create(engine, people("nora"), replace(CALL, type_code="offer_sent", opportunity=deal.code))
    done = _complete(engine, people("nora"), made)
    assert done.moved is not None and (done.left, done.moved.stage_code) == ("contact", "decision")


def test_where_the_pipeline_refuses_the_activity_stays_open(engine: Engine, people: People, company: None) -> None:
    deal = _opportunity(engine, people("nora"))
    fields = replace(CALL, type_code="offer_sent", opportunity=deal.code)
    made = _create(engine, people("nora"), fields)
    with unit(engine, SYSTEM) as session:
        session.info["action"] = "transition"
        session.get_one(Opportunity, deal.id).stage_code = "won"
    with pytest.raises(AppError) as refused:
        _complete(engine, people("nora"), made)
    assert refused.value.code == "step_refused"
    kept = _stored(engine, made)
    assert kept is not None and (kept.state, kept.done_at) == ("open", None)
    with pytest.raises(AppError), unit(engine, people("nora")) as session:
        activity_changes.create(session, "C0001", fields, done=True)
    with unit(engine, SYSTEM, writes=False) as session:
        assert len(session.scalars(select(Activity)).all()) == 1


@pytest.mark.parametrize("day", [date(2026, 3, 30), date(2026, 10, 26), date(2026, 12, 24)])
def test_postponed_across_summer_time_the_clocks_hour_stays(
    engine: Engine, people: People, company: None, day: date
) -> None:
    starts = datetime(2026, 3, 27, 9, 15, tzinfo=BUSINESS_ZONE)
    made = _create(engine, people("nora"), replace(CALL, starts_at=starts, minutes=60))
    with unit(engine, people("nora")) as session:
        activity_changes.postpone(session, activity_changes.by_id(session, made.id), 1, day)
    kept = _stored(engine, made)
    assert kept is not None and kept.starts_at is not None
    assert kept.starts_at.astimezone(BUSINESS_ZONE).replace(tzinfo=None) == datetime.combine(day, time(9, 15))
    assert (kept.due, kept.minutes) == (day, 60)


def test_what_is_done_cannot_be_postponed(engine: Engine, people: People, company: None) -> None:
    done = _complete(engine, people("nora"), _create(engine, people("nora"))).activity
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        found = activity_changes.by_id(session, done.id)
        activity_changes.postpone(session, found, found.version, date(2026, 12, 1))
    assert refused.value.code == "activity_already_done"


def test_a_deleted_activity_is_gone_and_the_audit_says_what_it_was(
    engine: Engine, people: People, company: None
) -> None:
    made = _create(engine, people("nora"))
    with unit(engine, people("nora")) as session:
        activity_changes.delete(session, activity_changes.by_id(session, made.id), 1)
    assert _stored(engine, made) is None
    with unit(engine, SYSTEM, writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "delete")).one()
        assert entry.before is not None and (entry.actor, entry.before["subject"]) == ("nora", CALL.subject)
