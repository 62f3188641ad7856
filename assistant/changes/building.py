"""From what was said to typed changes: names looked up as the asking user, days made dates."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from assistant.changes import lexicon
from assistant.changes.newcomers import new_contact
from assistant.changes.people import person, places, receiver
from assistant.changes.scene import Choice, Question, Scene
from assistant.changes.subjects import subject_of
from assistant.changes.targets import (
    Span,
    said_customer,
    shown,
    the_activity,
    the_contact,
    the_customer,
    the_opportunity,
    the_stage,
    without,
)
from assistant.changes.text import folded
from assistant.changes.wishes import Wish
from core import clock
from core.errors import say
from crm import opportunities
from crm.activity_changes import USUAL_MINUTES
from crm.customers import STATUSES
from crm.days import day_of
from crm.proposals import (
    Assign,
    CompleteActivity,
    Convert,
    Item,
    MoveStage,
    NewActivity,
    NewOpportunity,
    Reschedule,
    SetField,
)
from crm.tables import Activity, Contact, Customer, Opportunity

_CHOICES = {"status": STATUSES, "priority": ("high", "normal", "low")}


def build(scene: Scene, wish: Wish) -> tuple[Item, Customer | None]:
    """The change `wish` asks for, and the customer it is about.

    Raises `Question` for what is missing or may mean several things, and `AppError` for what cannot be found.
    """
    match wish.kind:
        case "activity_new":
            return _activity(scene, wish)
        case "activity_done":
            activity = the_activity(scene, wish)
            return CompleteActivity(activity=activity.id), activity.customer
        case "activity_when":
            return _reschedule(scene, wish)
        case "stage":
            deal = the_opportunity(scene, wish)
            return MoveStage(opportunity=deal.code, stage=the_stage(scene, wish, deal)), deal.customer
        case "field":
            return _field(scene, wish)
        case "assign":
            return _assign(scene, wish)
        case "contact_new":
            # The name behind the colon is a person's, though there may be a firm of that name.
            named_first = re.search(r":[^,;\n]*", wish.text)
            unnamed = without(wish.text, (named_first.span(),) if named_first is not None else ())
            firm, spans = the_customer(scene, replace(wish, text=unnamed))
            item = new_contact(firm.code, wish.text, spans, scene.language)
            name = scene.answer("name")
            if name:
                item = new_contact(firm.code, f"{name}, {without(wish.text, spans)}", (), scene.language)
            if not item.family_name:
                raise Question("name", say("change_ask_contact_name", scene.language, name=firm.name))
            return item, firm
        case "convert":
            firm, _spans = the_customer(scene, wish)
            return Convert(customer=firm.code), firm
        case "opportunity_new":
            return _opportunity(scene, wish)


def _activity(scene: Scene, wish: Wish) -> tuple[Item, Customer | None]:
    deal = _named_deal(scene, wish)
    doer = _doer(scene, wish)
    if doer != scene.session.actor.login:
        wish = replace(wish, text=_without_person(scene, wish.text))
    firm, spans = _firm_met(scene, wish) if deal is None else (deal.customer, ())
    record = shown(scene)
    if firm is None and isinstance(record, Opportunity):
        deal, firm = record, record.customer
    if firm is None:
        firm, spans = the_customer(scene, wish)
    moment = wish.when.moment
    due = None if moment is not None else wish.when.day or (day_of(clock.now()) if wish.done else None)
    item = NewActivity(
        customer=firm.code,
        type_code=wish.type_code,
        subject=subject_of(wish, firm.name, spans, scene.language),
        due=due,
        starts_at=moment,
        minutes=(wish.when.minutes or USUAL_MINUTES) if moment is not None else None,
        assignee=doer,
        opportunity=deal.code if deal is not None else None,
        done=wish.done,
    )
    return item, firm


def _firm_met(scene: Scene, wish: Wish) -> tuple[Customer | None, tuple[Span, ...]]:
    """The customer said. Somebody met there may have a colleague's name, which hides the customer's: "with Anna
    Kowalska of Malinowski" is read again without it. Raises `Question`."""
    unnamed = replace(wish, text=_without_person(scene, wish.text))
    try:
        found = said_customer(scene, wish)
    except Question as question:
        if question.choices or unnamed == wish:
            raise
        found = None, ()
    return found if found[0] is not None or unnamed == wish else said_customer(scene, unnamed)


def _named_deal(scene: Scene, wish: Wish) -> Opportunity | None:
    code = next((word for word in wish.text.upper().replace(",", " ").split() if word.strip(".:;") in _codes(word)), "")
    return opportunities.by_code(scene.session, code.strip(".:;")) if code else None


def _codes(word: str) -> set[str]:
    plain = word.strip(".:;")
    return {plain} if plain[:1] == "O" and plain[1:].isdigit() and len(plain) > 3 else set()


def _without_person(scene: Scene, text: str) -> str:
    """`text` without the user that it names before its colon."""
    colon = text.find(":") if ":" in text else len(text)
    return without(text, tuple(span for span in places(scene, text) if span[1] <= colon))


def _doer(scene: Scene, wish: Wish) -> str:
    """The asker, unless a task is given to somebody else: a call to Anna is no task of the user Anna."""
    told = wish.text.split(":")[0]
    me = scene.session.actor.login
    if wish.person:
        return person(scene, wish.person) or me
    if wish.type_code not in ("task", "meeting") or lexicon.has("verbs", "remind", folded(told)):
        return me
    return receiver(scene, told) or me


def _reschedule(scene: Scene, wish: Wish) -> tuple[Item, Customer | None]:
    activity = the_activity(scene, wish)
    moment = wish.when.moment
    day = wish.when.day if moment is None else None
    return Reschedule(activity=activity.id, due=day, starts_at=moment), activity.customer


def _field(scene: Scene, wish: Wish) -> tuple[Item, Customer | None]:
    record, resource = _fielded(scene, wish)
    value = scene.answer("value") or wish.value
    if value is None:
        choices = tuple(Choice(say(f"change_word_{c}", scene.language), c) for c in _CHOICES.get(wish.field, ()))
        label = say(f"change_label_{wish.field}", scene.language)
        raise Question("value", say("change_ask_value", scene.language, field=label), choices)
    if wish.field == "amount":
        value = _plain_amount(value)
    code = record.code if isinstance(record, Customer | Opportunity) else str(record.id)
    firm = record if isinstance(record, Customer) else record.customer
    return SetField(resource=resource, record=code, field=wish.field, value=value), firm  # type: ignore[arg-type]


def _plain_amount(value: str) -> str:
    try:
        return format(Decimal(value.replace(" ", "").replace(",", ".")), "f")
    except InvalidOperation:
        return value


def _fielded(scene: Scene, wish: Wish) -> tuple[Customer | Contact | Opportunity | Activity, str]:
    """The record whose field is set. A field that several kinds have is of the one said, else of the one on screen."""
    record = shown(scene)
    flat = folded(wish.text)
    if wish.resource == "contact":
        return the_contact(scene, wish), "contact"
    if wish.resource == "activity":
        return the_activity(scene, wish), "activity"
    named_deal = lexicon.has("nouns", "opportunity", flat) or _named_deal(scene, wish) is not None
    titled = wish.field in ("name", "address") and isinstance(record, Opportunity)
    if wish.resource == "opportunity" or (named_deal and wish.field == "currency") or (named_deal and titled):
        return the_opportunity(scene, wish), "opportunity"
    return the_customer(scene, wish)[0], "customer"


def _assign(scene: Scene, wish: Wish) -> tuple[Item, Customer | None]:
    flat = folded(wish.text)
    record = shown(scene)
    # A user in the dative ("Lillának") looks like a customer; the words that name one name nobody else.
    said = wish.person or scene.answer("person") or ""
    login = person(scene, said or wish.text)
    wish = replace(wish, text=without(wish.text, places(scene, wish.text)))
    firm, _spans = said_customer(scene, wish)
    if login is None:
        raise Question("person", say("change_ask_person", scene.language))
    task = any(lexicon.has("nouns", name, flat) for name in ("task", "activity", "call", "meeting"))
    if task or (isinstance(record, Activity) and firm is None):
        activity = the_activity(scene, wish)
        return Assign(resource="activity", record=str(activity.id), login=login or None), activity.customer
    deal = lexicon.has("nouns", "opportunity", flat) or _named_deal(scene, wish) is not None
    if deal or (isinstance(record, Opportunity) and firm is None):
        found = the_opportunity(scene, wish)
        return Assign(resource="opportunity", record=found.code, login=login or None), found.customer
    firm = firm or the_customer(scene, wish)[0]
    return Assign(resource="customer", record=firm.code, login=login or None), firm


def _opportunity(scene: Scene, wish: Wish) -> tuple[Item, Customer | None]:
    firm, _spans = the_customer(scene, wish)
    title = scene.answer("title") or wish.subject
    if not title:
        raise Question("title", say("change_ask_title", scene.language, name=firm.name))
    amount, shorter = _amount_in(title)
    item = NewOpportunity(customer=firm.code, title=shorter[:200], amount=amount, owner=scene.session.actor.login)
    return item, firm


def _amount_in(title: str) -> tuple[Decimal | None, str]:
    """The amount a title ends with, where it has a currency behind it, and the title without it."""
    found = re.search(r",?\s*(\d[\d .,\u00a0]*)\s*(?:ft|huf|eur|euro|pln|zł|zl|forint)\w*\.?$", title, re.IGNORECASE)
    if found is None:
        return None, title
    digits = re.sub(r"[\s.\u00a0]", "", found.group(1)).replace(",", ".")
    try:
        return Decimal(digits.strip(".")), title[: found.start()].strip(" ,") or title
    except InvalidOperation:
        return None, title
