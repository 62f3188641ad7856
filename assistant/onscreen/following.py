"""What comes next with the record on screen: told from its state, by those who may take the step."""

from assistant.context import Turn
from assistant.onscreen import rows, what, why
from assistant.onscreen.asked import Asked
from assistant.onscreen.screen_links import list_link
from assistant.onscreen.telling import Telling
from assistant.outcome import Outcome
from assistant.screen import ScreenContext
from core.errors import say
from crm import pipeline, timeline
from crm.explain import explain
from crm.opportunity_history import open_activities
from crm.pipeline_rules import rules
from crm.session import CrmSession, unit
from crm.tables import Activity, Customer, Offer, Opportunity
from offers.explaining import explain_offer

_MOST_TASKS = 3


def answer(turn: Turn, screen: ScreenContext) -> Outcome:
    """The next step of the record on `screen`; where there is none, what can be done there."""
    if screen.errors:
        return what.errors(turn, screen)
    telling = Telling(turn)
    shown = screen.record
    if shown is None:
        return what.can_do(turn, screen)
    if shown.type == "offer":
        _offer(telling, shown.code)
    with unit(turn.parts.engine, telling.reader, writes=False) as session:
        record = rows.seen(session, shown.type, shown.code)
        match record:
            case None:
                telling.say("next_no_record")
                telling.cite("absent")
                telling.link(*list_link(shown.type, turn.language, turn.actor))
                return telling.outcome()
            case Opportunity():
                _opportunity(telling, session, record)
            case Customer():
                _customer(telling, session, record)
            case Activity():
                _activity(telling, session, record)
            case Offer():
                if record.opportunity is not None:
                    _tasks(telling, open_activities(session, record.opportunity), always=False)
                    telling.link(rows.link_to(session, record.opportunity, turn.language))
            case _:
                return what.can_do(turn, screen)
        source = rows.source(session, record, turn.language)
        if source is not None:
            telling.source(source)
        telling.link(rows.link_to(session, record, turn.language))
    return telling.outcome()


def _offer(telling: Telling, number: str) -> None:
    turn = telling.turn
    issuing = explain_offer(turn.parts.offers, telling.reader, "issue", number)
    if issuing.rule == "absent":
        return
    if issuing.allowed:
        telling.say("next_issue", record=number)
        telling.cite("issue_offer")
        return
    code = issuing.error.code if issuing.error else ""
    with unit(turn.parts.engine, telling.reader, writes=False) as session:
        state = explain(session, "read", "offer", number)
        offer = rows.seen(session, "offer", number)
        assert state.allowed and isinstance(offer, Offer)
        if offer.state == "issued":
            telling.say("next_issued", record=number)
            telling.cite("issued_offer")
            return
        approving = explain(session, "approve", "offer", number)
        if approving.allowed:
            telling.say("next_approve", record=number)
            telling.cite("approve_offer")
            return
        telling.say("next_waits" if offer.state == "awaiting_approval" else "next_blocked", record=number)
        told = approving if code == "offer_awaits_approval" and approving.rule == "own_work" else issuing
        why.tell(telling, session, told, Asked("next", "issue", "offer", number))


def _opportunity(telling: Telling, session: CrmSession, deal: Opportunity) -> None:
    language = telling.turn.language
    stage = pipeline.stage_name(session, deal.stage_code, language)
    telling.say("next_stage", record=rows.label(session, deal, language), stage=stage)
    telling.cite("transition_opportunity")
    moving = explain(session, "transition", "opportunity", deal.code)
    free = [choice.name for choice in moving.steps if choice.reason is None]
    if free:
        telling.say("why_legal_steps", steps=", ".join(free))
    elif any(each.code == deal.stage_code and each.closed for each in rules(session).stages):
        why.tell(telling, session, moving, Asked("next", "transition", "opportunity", deal.code))
    else:
        telling.say("next_no_stage")
    _tasks(telling, open_activities(session, deal), always=bool(free))


def _customer(telling: Telling, session: CrmSession, customer: Customer) -> None:
    telling.say("next_customer", record=rows.row(session, customer, telling.turn.language))
    _tasks(telling, timeline.to_dos(session, customer), always=True)


def _activity(telling: Telling, session: CrmSession, task: Activity) -> None:
    language = telling.turn.language
    label = rows.label(session, task, language)
    if task.state == "done":
        telling.say("next_activity_done", record=label)
    else:
        due = say("next_due", language, day=task.due.isoformat()) if task.due else ""
        telling.say("next_activity", record=label, due=due)
    telling.cite("complete_activity")


def _tasks(telling: Telling, tasks: list[Activity], *, always: bool) -> None:
    """The open tasks, nearest first; that there is none only where something should be there (`always`)."""
    if tasks:
        due = [f"{t.subject} ({t.due.isoformat() if t.due else '–'})" for t in tasks[:_MOST_TASKS]]
        telling.say("next_tasks", tasks="; ".join(due))
        telling.cite("tasks")
    elif always:
        telling.say("next_no_tasks")
        telling.cite("create_activity")
