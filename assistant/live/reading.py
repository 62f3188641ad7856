"""From a message to a question about records: its kind by its words, its values by the names the asker may see."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from assistant.live import spans, values
from assistant.live.kinds import Kind, fitting, kinds
from assistant.live.lexicon import Heard, split, table
from assistant.live.question import LiveQuestion, Span, Whose
from assistant.live.spans import Timed
from assistant.live.values import Values
from core.clock import today
from core.language import Language
from core.text import folded_words
from crm.session import CrmSession
from offers.draft import OnScreen, screen_customer
from offers.names import VisibleNames
from offers.request import OfferRequest, Understood
from offers.understand import match, understand

LONGEST = 40
# Words a customer's name may leave over: what people add to it ("at the firm ... in town").
_BESIDE_A_NAME = 2
_NOUNS = (
    *("offer", "draft", "task", "meeting", "calendar", "activity", "call"),
    *("customer", "contact", "opportunity", "enquiry", "pipeline", "level"),
)
# Hungarian possessives at the end of a folded noun: "feladatom", "ajánlataimat"; "ügyfeleink".
_MY = re.compile(r"(?:[aeoi]|ai|ei|oi)m(?:at|et|mal|mel|nak|nek|rol|bol|hoz|hez|nal|nel|ban|ben|ra|re)?$")
_OUR = re.compile(r"(?:u|ai|ei|i)nk(?:at|et|kal|kel|nak|nek|rol|bol|hoz|hez|nal|nel|ban|ben|ra|re)?$")
# First person of the past: "bonyolítottam", "wygrałem".
_I_DID = re.compile(r"(?:t(?:am|em)|l(?:em|am))$")
_VERBS = ("done", "issued", "won", "lost", "speak", "called", "new", "filler")
_TYPES = ("meeting", "call", "email", "task")
_MADE_SURE = frozenset({"mine", "team", "count", "@person", "@customer", "@record", "@span", "@days", "@stage"})


@dataclass(frozen=True)
class Message:
    """A message to be read: its folded words, the record on screen, and whether names are to be looked for."""

    text: str
    language: Language
    on_screen: OnScreen | None = None
    named: bool = True

    @property
    def words(self) -> list[str]:
        """Its words, folded."""
        return split(self.text)


def may_be(message: Message) -> bool:
    """Whether the words alone allow a question about records: cheap, and asks no database."""
    words = message.words
    if not 0 < len(words) <= LONGEST:
        return False
    heard = table("concepts").hear(words, message.language)
    if _ordered(heard):
        return False
    possible = {"@person", "@record", "@stage", "@city", "@segment", "@status", "@country", "@category", "@campaign"}
    possible |= {"@span", "@days", "mine", "ours"}
    if message.named or message.on_screen or len(heard.explained) < len(words):
        possible |= {"@customer", "@product"}
    return bool(fitting({*heard.places, *possible}))


def _ordered(heard: Heard) -> bool:
    """Whether the message asks how something is done, or orders a change."""
    return bool(heard.places.keys() & {"how", "change"}) or ("make" in heard and "count" not in heard)


def lists_offers(text: str, language: Language, *, make_word: bool) -> bool:
    """Whether a message that could be taken for the wish for an offer asks about offers there are: several, counted,
    the last one. Told by its words alone; `make_word` says that one of them is a word for making."""
    heard = table("concepts").hear(split(text), language)
    told = {"count", "show", "plural"}
    if not make_word:
        told |= {"which", "when", "last", "issued", "awaiting", "expired", "expiring", "open"}
    return "offer" in heard and not _ordered(heard) and bool(told & heard.places.keys())


def _timed(message: Message, words: list[str], *, ahead: bool) -> Timed:
    return spans.read(message.text, words, message.language, today(), ahead=ahead)


def _places_of(written: str | None, words: list[str]) -> frozenset[int]:
    parts = folded_words(written or "")
    for at in range(len(words) - len(parts) + 1):
        if parts and all(words[at + i].startswith(part) for i, part in enumerate(parts)):
            return frozenset(range(at, at + len(parts)))
    return frozenset(at for at, word in enumerate(words) if word in parts)


def read(session: CrmSession, message: Message) -> LiveQuestion | None:
    """The question `message` asks, with names looked up as the session's actor; None where it asks none.

    First with the names of customers and products set apart, then without them ("Nyitott" may be a firm or a word),
    then with the words that nothing explains as the name of a customer.
    """
    words = message.words
    if not may_be(message):
        return None
    found = None
    if message.named:
        names = VisibleNames(session)
        understood = understand(message.text[:1000], names, language=message.language, today=today())
        found = _read(session, message, words, understood)
    return found or _read(session, message, words, None) or _read(session, message, words, _leftover(session, message))


def _leftover(session: CrmSession, message: Message) -> Understood | None:
    """The words that no concept, time or colleague explains, taken for the name of a customer."""
    words = message.words
    timed = _timed(message, words, ahead=False)
    heard = table("concepts").hear(words, message.language, timed.places)
    left = [at for at in range(len(words)) if at not in heard.explained]
    if not left:
        return None
    written = " ".join(words[left[0] : left[-1] + 1])
    found = match(OfferRequest(customer=written), VisibleNames(session), language=message.language)
    return found if found.customers else None


def _read(
    session: CrmSession, message: Message, words: list[str], understood: Understood | None
) -> LiveQuestion | None:
    timed = _timed(message, words, ahead=False)
    named = _places_of(understood.request.customer, words) if understood else frozenset()
    if understood is not None and not understood.customers and _is_person(session, words, named):
        # "Lillának": marked like a customer's name, and a colleague's.
        understood, named = None, frozenset()
    heard = table("concepts").hear(words, message.language, timed.places | named)
    found = _values(session, message, words, heard)
    if understood is not None:
        _names(found, understood, words)
    there = _there(heard, found, timed, words)
    # Words of time are no concepts, but "this" of "this week" would be: it was taken with its week.
    if _ordered(heard):
        return None
    general = heard.places.get("definition", frozenset()) - frozenset().union(*found.places.values())
    if general and not there & _MADE_SURE:
        return None
    _from_screen(session, message, heard, found, there)
    for kind in fitting(there):
        if _covers(kind, heard, found, timed, len(words)):
            if kind.ahead:
                timed = _timed(message, words, ahead=True)
            return _question(kind, heard, found, timed, words)
    return None


def _is_person(session: CrmSession, words: list[str], places: frozenset[int]) -> bool:
    found = Values()
    values.people(session, found, words, places)
    return "person" in found.found


def _values(session: CrmSession, message: Message, words: list[str], heard: Heard) -> Values:
    found = Values()
    left = [at for at in range(len(words)) if at not in heard.explained]
    values.records(found, message.text, words)
    values.words_of_lists(found, words, message.language)
    values.stages(session, found, words, message.language, heard)
    values.segments(session, found, words, heard)
    if left:
        values.people(session, found, words, left)
        values.categories(session, found, words)
        values.cities(session, found, words, left)
    if left or "campaign" in heard:
        values.campaigns(session, found, words)
    return found


def _names(found: Values, understood: Understood, words: list[str]) -> None:
    places = _places_of(understood.request.customer, words)
    if understood.customers:
        found.add("customer", [c.code for c in understood.customers], places)
    elif understood.request.customer:
        found.add("unknown", [understood.request.customer], places)
    skus = [p.sku for line in understood.lines for p in line.products]
    written = [at for line in understood.lines for at in _places_of(line.requested.product, words)]
    found.add("product", skus, written)


def _there(heard: Heard, found: Values, timed: Timed, words: list[str]) -> set[str]:
    there = {*heard.places, *(f"@{name}" for name in found.found)}
    if "@unknown" in there:
        there.add("@customer")
    nouns = [words[at] for name in _NOUNS for at in heard.places.get(name, ())]
    if any(_MY.search(noun) for noun in nouns):
        there.add("mine")
    if any(_I_DID.search(words[at]) for name in _VERBS for at in heard.places.get(name, ())):
        there.add("mine")
    if any(_OUR.search(noun) for noun in nouns):
        there.add("ours")
    if timed.span is not None or "lately" in heard:
        there.add("@span")
    if timed.days is not None:
        there.add("@days")
    return there


def _from_screen(session: CrmSession, message: Message, heard: Heard, found: Values, there: set[str]) -> None:
    """The record on screen as the one meant: pointed at, or where nothing else says whose or when."""
    shown = message.on_screen
    elsewhere = {"mine", "ours", "team", "@person", "@customer", "@unknown", "count", "@span", "@city", "@record"}
    if shown is None or "@customer" in there or ("this" not in heard and there & elsewhere):
        return
    customer = screen_customer(session, shown)
    if customer is not None:
        found.add("customer", [customer.code], ())
        there.add("@customer")
        if shown.kind in ("opportunity", "offer") and "customer" not in heard:
            found.add("record", [shown.kind, shown.code.upper()], ())
            there.add("@record")


def _covers(kind: Kind, heard: Heard, found: Values, timed: Timed, length: int) -> bool:
    """Whether `kind` has a use for every word, a few beside a customer's name aside."""
    used = {*heard.explained, *timed.places}
    for name, places in found.places.items():
        if name in kind.takes or (name == "person" and "whose" in kind.takes) or name == "unknown":
            used |= places
    if "days" not in kind.takes and "span" not in kind.takes and timed.places:
        used -= timed.places
    left = length - len(used & set(range(length)))
    named = {"customer", "unknown"} & found.places.keys() and "customer" in kind.takes
    if {"customer", "unknown"} & found.found.keys() and "customer" not in kind.takes and "record" not in kind.takes:
        return False
    return left <= (_BESIDE_A_NAME if named else 0)


def whose_of(there: Collection[str], found: Values, otherwise: str) -> Whose:
    """Whose records are meant: the colleague named, else the team's, one's own, everybody's."""
    if "@person" in there:
        return Whose("person", found.one("person"))
    if "team" in there:
        return Whose("team")
    if "mine" in there:
        return Whose("me")
    if "ours" in there:
        return Whose("all")
    return Whose("me") if otherwise == "me" else Whose("all")


def _default_span(kind: Kind) -> Span | None:
    if kind.span == "this_week":
        return spans.unit_span("week", 0, today())
    if kind.span == "last_30_days":
        return spans.last_days(30, today())
    return None


def _question(kind: Kind, heard: Heard, found: Values, timed: Timed, words: list[str]) -> LiveQuestion:
    there = _there(heard, found, timed, words)
    span = timed.span
    if "span" in kind.takes and timed.days is not None and "days" not in kind.takes:
        span = (spans.next_days if kind.ahead else spans.last_days)(timed.days, today())
    if "span" in kind.takes and span is None and "lately" in heard:
        span = spans.last_days(30, today())
    people = found.found.get("person", ())
    record = found.found.get("record", ())
    has_customer = "customer" in kind.takes
    return LiveQuestion(
        kind=kind.name,
        whose=whose_of(there, found, kind.whose) if "whose" in kind.takes else None,
        span=(span or _default_span(kind)) if "span" in kind.takes else None,
        days=(timed.days or kind.days) if "days" in kind.takes else None,
        customers=found.found.get("customer", ()) if has_customer else (),
        unknown=found.one("unknown") if has_customer else "",
        people=people if len(people) > 1 else (),
        record=(record[0], record[1]) if len(record) == 2 and "record" in kind.takes else None,
        activity_type=next((name for name in _TYPES if name in heard), "") if "calendar" not in heard else "",
        skus=found.found.get("product", ()) if "product" in kind.takes else (),
        asked=frozenset(heard.places),
        **{
            name: found.one(name) if name in kind.takes else ""
            for name in ("stage", "city", "segment", "status", "country", "category", "campaign")
        },
    )


def merge(session: CrmSession, previous: LiveQuestion, message: Message) -> LiveQuestion | None:
    """`previous` with what a short follow-up names put in its place: "and last month?", "és Lilláé?", "a w Poznaniu?".

    None where the message names nothing that the kind of question takes, or says something else besides.
    """
    words, kind = message.words, kinds()[previous.kind]
    timed = _timed(message, words, ahead=kind.ahead)
    names = VisibleNames(session)
    understood = understand(message.text[:1000], names, language=message.language, today=today())
    named = _places_of(understood.request.customer, words)
    heard = table("concepts").hear(words, message.language, timed.places | named)
    found = _values(session, message, words, heard)
    _names(found, understood, words)
    there = _there(heard, found, timed, words)
    if _ordered(heard) or not _covers(kind, heard, found, timed, len(words)):
        return None
    new = _question(kind, heard, found, timed, words)
    changed: dict[str, object] = {}
    if there & {"@person", "team", "mine", "ours"} and new.whose is not None:
        changed |= {"whose": new.whose, "people": new.people}
    if timed.span is not None and new.span is not None:
        changed["span"] = new.span
    if timed.days is not None and new.days is not None:
        changed["days"] = new.days
    if new.customers or new.unknown:
        changed |= {"customers": new.customers, "unknown": new.unknown}
    for name in ("stage", "city", "segment", "status", "country", "category", "campaign", "skus", "record"):
        if value := getattr(new, name):
            changed[name] = value
    return replace(previous, **changed) if changed else None  # type: ignore[arg-type]
