"""Questions about tasks, meetings and what was done, over all customers or for one."""

from dataclasses import replace

from sqlalchemy import or_, select

from assistant.live.found import Found
from assistant.live.question import LiveQuestion
from assistant.live.wording import (
    MOST_ROWS,
    Said,
    activity_row,
    counted,
    customer_words,
    day,
    list_url,
    owner_value,
)
from core.clock import now, today
from core.errors import say
from core.language import Language
from crm import activity_list
from crm.activity_list import ActivityFilters, Order
from crm.customer_list import contact_day, in_state
from crm.days import day_of
from crm.lists import found
from crm.session import CrmSession
from crm.tables import Activity, ActivityType, Customer

PATH = "/activities"
# What counts as having spoken: not a note or a task ticked off.
_SPOKEN = ("call", "meeting")


def _url(filters: ActivityFilters, order: str) -> str:
    names = {"text": "q", "type_code": "type"}
    given = {names.get(name, name): value for name, value in vars(filters).items()}
    return list_url(PATH, {**given, "state": filters.state or "all", "order": order})


def _type_words(session: CrmSession, code: str, language: Language) -> str:
    kind = session.get(ActivityType, code) if code else None
    return str(kind.names.get(language, code)) if kind else ""


def _answer(
    session: CrmSession,
    question: LiveQuestion,
    filters: ActivityFilters,
    language: Language,
    order: Order = "due",
    *,
    descending: bool = False,
) -> Found:
    query = activity_list.query_for(session.actor, filters, order, descending=descending)
    page = found(session, query, Activity.id, size=MOST_ROWS)
    details = (customer_words(session, question), _type_words(session, filters.type_code, language))
    said = Said(f"live_{question.kind}", page.total, "", details)
    rows = tuple(activity_row(activity, language) for activity in page.rows)
    url = _url(filters, f"-{order}" if descending else order)
    return Found(counted(session, question, said, language), rows, page.total, url)


def _base(question: LiveQuestion) -> ActivityFilters:
    return ActivityFilters(assignee=owner_value(question.whose), customer=question.customer)


def tasks_overdue(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Open activities whose day, or hour, has passed."""
    return _answer(session, question, replace(_base(question), due="overdue", state="open"), language)


def tasks_due(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Open activities due in the span; all open ones without a span."""
    span = question.span
    first, last = (span.first, span.last) if span else (None, None)
    filters = replace(_base(question), state="open", due_from=first, due_to=last)
    return _answer(session, question, filters, language)


def calendar(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Activities of the span's days, done or open; of one type where one was named. From today on without a span."""
    span = question.span
    kind = question.activity_type
    filters = replace(
        _base(question),
        type_code=kind,
        state=None if span else "open",
        due_from=span.first if span else today(),
        due_to=span.last if span else None,
    )
    return _answer(session, question, filters, language)


def activities_done(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """Finished activities, by the day they were done."""
    span = question.span
    filters = replace(
        _base(question),
        type_code=question.activity_type,
        state="done",
        done_from=span.first if span else None,
        done_to=span.last if span else None,
    )
    return _answer(session, question, filters, language, "done", descending=True)


def last_activity(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """The last finished activity with a customer; asked about speaking, the last call or meeting before it."""
    customer = customer_words(session, question)
    code = question.customer
    query = (
        select(Activity)
        .join(Customer, Customer.id == Activity.customer_id)
        .where(Customer.code == code, in_state("done"), contact_day() <= today())
        .order_by(contact_day().desc(), Activity.id.desc())
        .limit(1)
    )
    spoken = session.scalars(query.where(Activity.type_code.in_(_SPOKEN))).first()
    last = session.scalars(query).first()
    asked_speaking = bool(question.asked & {"speak", "called", "call", "meeting"})
    shown = [spoken, last] if asked_speaking else [last]
    rows = tuple(activity_row(a, language) for a in dict.fromkeys(a for a in shown if a is not None))
    listed = ActivityFilters(customer=code, state="done")
    total = found(session, activity_list.query_for(session.actor, listed), Activity.id, size=1).total
    if last is None:
        sentence = say("live_customer_last_activity_none", language, customer=customer, day=day(today(), language))
        return Found(sentence)
    first = spoken if asked_speaking and spoken is not None else last
    moment = day_of(first.done_at) if first.done_at else first.due
    key = "live_last_spoken" if first is spoken and asked_speaking else "live_customer_last_activity"
    if asked_speaking and spoken is None:
        key = "live_never_spoken"
    sentence = say(
        key,
        language,
        customer=customer,
        day=day(moment, language) if moment else "–",
        kind=_type_words(session, first.type_code, language),
        subject=first.subject,
    )
    return Found(sentence, rows, total, _url(listed, "-done"), shown_of=len(rows))


def next_activity(session: CrmSession, question: LiveQuestion, language: Language) -> Found:
    """The open activity with a customer that is due first from today on, and what is overdue before it."""
    customer = customer_words(session, question)
    filters = ActivityFilters(customer=question.customer, state="open", due_from=today())
    # One of today whose hour has passed is overdue, not ahead.
    ahead = or_(Activity.starts_at.is_(None), Activity.starts_at >= now())
    first = session.scalars(activity_list.query_for(session.actor, filters).where(ahead).limit(1)).first()
    late = ActivityFilters(customer=question.customer, state="open", due="overdue")
    overdue = found(session, activity_list.query_for(session.actor, late), Activity.id, size=1).total
    behind = say("live_and_overdue", language, count=overdue) if overdue else ""
    listed = ActivityFilters(customer=question.customer, state="open")
    total = found(session, activity_list.query_for(session.actor, listed), Activity.id, size=1).total
    url = _url(listed, "due")
    if first is None:
        sentence = say("live_customer_next_activity_none", language, customer=customer, day=day(today(), language))
        return Found(f"{sentence} {behind}".strip(), (), total, url if total else "")
    sentence = say(
        "live_customer_next_activity",
        language,
        customer=customer,
        day=day(first.due or today(), language),
        kind=_type_words(session, first.type_code, language),
        subject=first.subject,
    )
    rows = (activity_row(first, language),)
    return Found(f"{sentence} {behind}".strip(), rows, total, url, shown_of=len(rows))
