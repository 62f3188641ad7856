"""Which records a wish is about: by name, by code, the one on screen, or the one that is left."""

import re

from sqlalchemy import or_, select

from assistant.changes import lexicon
from assistant.changes.scene import Choice, Question, Scene
from assistant.changes.text import folded
from assistant.changes.views import name
from assistant.changes.wishes import Wish
from core.errors import AppError, NotFound, say
from crm import activity_changes, customers, opportunities
from crm.pipeline_rules import rules
from crm.tables import Activity, Contact, Customer, Opportunity, Stage
from offers.names import VisibleNames
from offers.request import OfferRequest
from offers.understand import match
from offers.understand.customers import Found
from offers.understand.lexicon import lexicon as offer_words
from offers.understand.reading import customer as find_customer
from offers.understand.tokens import tokenise
from offers.understand.vocabulary import vocabulary

_MOST = 8
_DEAL = re.compile(r"\bO\d{3,}\b", re.IGNORECASE)
Span = tuple[int, int]


def without(text: str, spans: tuple[Span, ...]) -> str:
    """`text` with blanks at the places of `spans`."""
    for first, last in spans:
        text = text[:first] + " " * (last - first) + text[last:]
    return text


def said_customer(scene: Scene, wish: Wish) -> tuple[Customer | None, tuple[Span, ...]]:
    """The customer the wish names, and where; none where it names none.

    Raises `Question` where several fit or none does: which of the two makes no difference to one who may not see it.
    """
    answer = scene.answer("customer") or wish.customer
    names = VisibleNames(scene.session)
    if answer:
        found = match(OfferRequest(customer=answer), names, language=scene.language).customers
        spans = _span_of(wish.text, answer) or _places(scene, wish)
        if len(found) != 1:
            _ask_customer(scene, answer, tuple(Choice(f"{c.name} ({c.code})", c.code) for c in found))
        return customers.by_code(scene.session, found[0].code), spans
    seen, places = _found(scene, wish)
    if seen.written is None:
        return None, ()
    if len(seen.customers) != 1:
        choices = tuple(Choice(f"{c.name} ({c.code})", c.code) for c in seen.customers)
        if not choices and not re.search(r"[A-ZÀ-Ž]", seen.written):
            return None, ()
        _ask_customer(scene, seen.written, choices)
    return customers.by_code(scene.session, seen.customers[0].code), places


def _found(scene: Scene, wish: Wish) -> tuple[Found, tuple[Span, ...]]:
    addresses = tuple(found.span() for found in re.finditer(r"\S+@\S+", wish.text))
    prompt = tokenise(without(wish.text, (*wish.when.spans, *addresses)), scene.language)
    names = VisibleNames(scene.session)
    seen = find_customer(prompt, names, vocabulary(names.products(), offer_words(scene.language)))
    taken = [token for token in prompt.tokens if not token.free]
    return seen, tuple((token.start, token.end) for token in taken) if seen.written is not None else ()


def _places(scene: Scene, wish: Wish) -> tuple[Span, ...]:
    return _found(scene, wish)[1]


def _span_of(text: str, said: str) -> tuple[Span, ...]:
    at = folded(text).find(folded(said))
    return ((at, at + len(said)),) if at >= 0 else ()


def _ask_customer(scene: Scene, written: str, choices: tuple[Choice, ...]) -> None:
    code = "change_ask_which_customer" if choices else "change_ask_known_customer"
    raise Question("customer", say(code, scene.language, written=written[:80]), choices[:_MOST])


def shown_customer(scene: Scene) -> Customer | None:
    """The customer of the record on screen, if the asker may see it."""
    record = shown(scene)
    if isinstance(record, Customer):
        return record
    return record.customer if isinstance(record, Opportunity | Activity | Contact) else None


def shown(scene: Scene) -> Customer | Opportunity | Activity | Contact | None:
    """The record on screen, read anew as the asker may see it."""
    if scene.shown is None:
        return None
    kind, code = scene.shown
    try:
        if kind == "customer":
            return customers.by_code(scene.session, code)
        if kind == "opportunity":
            return opportunities.by_code(scene.session, code)
        if kind == "activity" and code.isascii() and code.isdigit() and len(code) < 10:
            return activity_changes.by_id(scene.session, int(code))
        if kind == "contact" and code.isascii() and code.isdigit() and len(code) < 10:
            return scene.session.get(Contact, int(code))
    except NotFound:
        return None
    return None


def the_customer(scene: Scene, wish: Wish) -> tuple[Customer, tuple[Span, ...]]:
    """The customer named, else the one on screen, else the one spoken of before. Raises `Question`."""
    found, spans = said_customer(scene, wish)
    # "This" is on screen; what was spoken of before counts only where nothing is.
    found = found or shown_customer(scene) or scene.customer
    if found is None:
        raise Question("customer", say("change_ask_customer", scene.language))
    return found, spans


def the_opportunity(scene: Scene, wish: Wish) -> Opportunity:
    """The opportunity with the code said, the one on screen, or the open one of the customer. Raises `Question`,
    `NotFound`, and `AppError("change_no_opportunity")`."""
    code = scene.answer("opportunity") or wish.record or _code(wish.text)
    if code:
        return opportunities.by_code(scene.session, code)
    firm, _spans = said_customer(scene, wish)
    record = shown(scene)
    if firm is None and isinstance(record, Opportunity):
        return record
    if firm is None and isinstance(record, Activity) and record.opportunity is not None:
        return record.opportunity
    firm = firm or shown_customer(scene) or scene.customer
    if firm is None:
        raise Question("opportunity", say("change_ask_opportunity", scene.language))
    query = select(Opportunity).join(Stage, Stage.code == Opportunity.stage_code)
    query = query.where(Opportunity.customer_id == firm.id, Stage.closed.is_(False))
    found = list(scene.session.scalars(query.order_by(Opportunity.opened_on.desc(), Opportunity.id.desc())))
    if not found:
        # One that is closed can be moved only back, and that is asked for by its code or on its screen.
        raise AppError("change_no_opportunity", 404, name=firm.name)
    if len(found) > 1:
        found = _titled(wish.text, found) or found
    if len(found) > 1:
        choices = tuple(Choice(f"{o.title} ({o.code})", o.code) for o in found[:_MOST])
        raise Question("opportunity", say("change_ask_which_opportunity", scene.language, name=firm.name), choices)
    return found[0]


def _code(text: str) -> str:
    found = _DEAL.search(text)
    return found.group() if found is not None else ""


def _titled(text: str, found: list[Opportunity]) -> list[Opportunity]:
    """Those with a title of which some long word is said."""
    words = {w[:6] for w in re.findall(r"\w{5,}", folded(text))}
    return [o for o in found if words & {w[:6] for w in re.findall(r"\w{5,}", folded(o.title.split("–")[0]))}]


def the_activity(scene: Scene, wish: Wish) -> Activity:
    """The activity on screen, or the asker's open one that the words fit. Raises `Question`, `NotFound` and
    `AppError("change_no_activity")`."""
    answer = scene.answer("activity") or wish.record
    if answer:
        if not (answer.isascii() and answer.isdigit() and len(answer) < 10):
            raise NotFound("activity", answer[:60])
        return activity_changes.by_id(scene.session, int(answer))
    record = shown(scene)
    if isinstance(record, Activity) and (lexicon.has("nouns", "this", folded(wish.text)) or not _subject_words(wish)):
        return record
    firm, _spans = said_customer(scene, wish)
    firm = firm or shown_customer(scene)
    query = select(Activity).where(Activity.state == "open").order_by(Activity.due.asc().nulls_last(), Activity.id)
    if firm is not None:
        query = query.where(Activity.customer_id == firm.id)
    else:
        query = query.where(Activity.assignee_id == scene.session.actor.user_id)
    found = list(scene.session.scalars(query.limit(200)))
    typed = [a for a in found if wish.type_code and a.type_code == wish.type_code]
    found = typed or found
    words = _subject_words(wish)
    scored = [(len(words & _stems(a.subject)), a) for a in found]
    best = max((score for score, _a in scored), default=0)
    found = [a for score, a in scored if score == best]
    if not found:
        raise AppError("change_no_activity", 404)
    if len(found) > 1:
        choices = tuple(Choice(f"{a.subject} – {a.customer.name}", str(a.id)) for a in found[:_MOST])
        raise Question("activity", say("change_ask_which_activity", scene.language), choices)
    return found[0]


def _stems(text: str) -> set[str]:
    return {w[:6] for w in re.findall(r"\w{4,}", folded(text))}


def _subject_words(wish: Wish) -> set[str]:
    """Long words of a wish that are neither its verb nor a noun for activities nor its day."""
    flat = without(folded(wish.text), wish.when.spans)
    for noun in ("task", "activity", "call", "meeting", "email", "note", "done", "this"):
        flat = lexicon.pattern("nouns", noun).sub(" ", flat)
    return _stems(lexicon.any_verb().sub(" ", flat))


def the_contact(scene: Scene, wish: Wish) -> Contact:
    """The contact named, else the only one of the customer. Raises `Question` and `AppError("change_no_contact")`."""
    answer = scene.answer("contact") or wish.record
    record = shown(scene)
    if not answer and isinstance(record, Contact):
        return record
    met = [] if answer else _met(scene, wish)
    if len(met) == 1:
        return met[0]
    if len(met) > 1:
        choices = tuple(Choice(f"{name(c, scene.language)} – {c.customer.name}", str(c.id)) for c in met[:_MOST])
        raise Question("contact", say("change_ask_contact", scene.language), choices)
    if answer and answer.isascii() and answer.isdigit() and len(answer) < 10:
        chosen = scene.session.scalar(select(Contact).where(Contact.id == int(answer)))
        if chosen is not None:
            return chosen
    firm, spans = the_customer(scene, wish)
    people = list(scene.session.scalars(select(Contact).where(Contact.customer_id == firm.id).order_by(Contact.id)))
    if answer:
        people = [c for c in people if str(c.id) == answer] or [c for c in people if _is_named(c, folded(answer))]
    else:
        flat = folded(without(wish.text, spans))
        people = [c for c in people if _is_named(c, flat)] or people
    if not people:
        raise AppError("change_no_contact", 404, name=firm.name)
    if len(people) > 1:
        choices = tuple(Choice(name(c, scene.language), str(c.id)) for c in people[:_MOST])
        raise Question("contact", say("change_ask_which_contact", scene.language, name=firm.name), choices)
    return people[0]


def _met(scene: Scene, wish: Wish) -> list[Contact]:
    """The contacts, of any customer, of whom both names are said."""
    stems = {w[:-1] if len(w) > 4 else w for w in re.findall(r"\b[A-ZÀ-Ž][\w'-]{2,}", wish.text)}
    if len(stems) < 2:
        return []
    begun = or_(*(Contact.family_name.startswith(stem[:6], autoescape=True) for stem in sorted(stems)))
    flat = folded(wish.text)
    found = scene.session.scalars(select(Contact).where(begun).order_by(Contact.id).limit(200))
    return [c for c in found if _is_named(c, flat) and _begins(folded(c.given_name), flat)]


def _begins(name: str, flat: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name[: max(3, len(name) - 1)])}\w*", flat) is not None


def _is_named(contact: Contact, flat: str) -> bool:
    family = folded(contact.family_name)
    return re.search(rf"(?<!\w){re.escape(family[: max(3, len(family) - 1)])}\w*", flat) is not None


def the_stage(scene: Scene, wish: Wish, deal: Opportunity) -> str:
    """The code of the stage said last: by its name in any language, its code, or another usual word.

    Raises `Question`, to pick from the steps there are.
    """
    answer = scene.answer("stage") or wish.stage
    flat = folded(answer or wish.text)
    stages = scene.session.scalars(select(Stage).order_by(Stage.position)).all()
    usual = dict(lexicon.named("stages"))
    met: list[tuple[int, int, str]] = []
    for stage in stages:
        forms = [re.escape(stem(folded(str(name)))) + r"\w*" for name in stage.names.values()]
        if answer:
            forms.append(re.escape(stage.code))
        for words in (lexicon.either(forms), *([usual[stage.code]] if stage.code in usual else [])):
            met += [(m.start(), m.end() - m.start(), stage.code) for m in words.finditer(flat)]
    if met:
        return max(met)[2]
    known = rules(scene.session)
    steps = known.legal(deal.stage_code, scene.session.actor)
    choices = tuple(Choice(known.name(s.to_stage, scene.language), s.to_stage) for s in steps)
    raise Question("stage", say("change_ask_stage", scene.language, name=deal.title), choices)


def stem(name: str) -> str:
    """A folded name as far as its endings leave it alone."""
    return name[:-1] if len(name) > 4 and name[-1] in "aeiouy" else name
