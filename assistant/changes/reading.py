"""From a message to the changes it asks for, by code alone: the person's own words, nothing else, decide."""

import re
from dataclasses import dataclass
from datetime import datetime

from assistant.changes import lexicon
from assistant.changes.clauses import clauses
from assistant.changes.fields import field_of, value_of
from assistant.changes.lexicon import has
from assistant.changes.text import folded, plain
from assistant.changes.when import When, read_when
from assistant.changes.wishes import Wish, WishKind
from core.language import Language

_LONGEST = 2_000
MOST = 20
_DEAL = re.compile(r"\bo\d{3,}\b")
_ACTIVITY_NOUNS = ("task", "activity", "call", "meeting", "email", "note")
_ASSIGNING = re.compile(
    r"(?<!\w)(?:assign|reassign|hand over|transfer|delegate|add at|adja at|adjuk at|oszd|rendeld|bizd|delegald"
    r"|przypisz|przekaz|przydziel|oddeleguj)(?!\w)"
)


@dataclass(frozen=True)
class Read:
    """The changes a message asks for, in order; `whole` says that nothing else of it mattered."""

    wishes: tuple[Wish, ...]
    whole: bool


def read(message: str, language: Language, now: datetime) -> Read:
    """What `message` asks to be changed; nothing where it asks something, tells something, or is of another kind.

    Only the first 2,000 characters are read.
    """
    text = plain(message)[:_LONGEST]
    flat = folded(text)
    if asks(flat):
        return Read((), whole=False)
    found: list[Wish] = []
    whole = True
    for first, last in clauses(text, flat, language):
        wish = _wish(text[first:last], flat[first:last], language, now)
        if wish is not None:
            found.append(wish)
        elif _matters(flat[first:last]):
            whole = False
    return Read(tuple(found[: MOST + 1]), whole)


def wishes(message: str, language: Language, now: datetime) -> list[Wish]:
    """The changes of a message that asks for nothing else: a part that is no wish makes it one of another kind."""
    found = read(message, language, now)
    return list(found.wishes) if found.whole else []


def asks(flat: str) -> bool:
    """Whether a folded message asks how, why or whether: then the pages answer it, and nothing is to be changed."""
    polite = flat.lstrip(" ,.!") != lexicon.head(flat)
    # A polite start makes an order of a question, but not of one that asks how.
    if "?" in flat and (not polite or has("talk", "how", _before_colon(flat))):
        return True
    begun = lexicon.head(flat)
    if lexicon.pattern("talk", "asking").match(begun) is not None:
        return True
    first = lexicon.any_verb().search(begun)
    before = begun[: first.start()] if first is not None else begun
    return has("talk", "how", before)


def _matters(flat: str) -> bool:
    words = re.findall(r"\w+", lexicon.head(flat))
    return len(words) > 2 and not all(lexicon.is_only("polite", word) for word in words)


def _wish(text: str, flat: str, language: Language, now: datetime) -> Wish | None:
    kind_and_more = _kind(flat, language, now)
    if kind_and_more is None:
        return None
    kind, when = kind_and_more
    if kind == "activity_new":
        return _activity(text, flat, when, now)
    if kind == "field":
        resource, name, place = field_of(flat) or ("", "", (0, 0))
        return Wish(kind, text, when, resource=resource, field=name, value=value_of(text, flat, name, place, language))
    subject = after_colon(text) if kind == "opportunity_new" else ""
    return Wish(kind, text, when, subject=subject)


def after_colon(text: str) -> str:
    """What stands behind the first colon that is not part of an hour."""
    found = re.search(r":(?!\d)\s*", text)
    return text[found.end() :].strip() if found is not None else ""


def _activity(text: str, flat: str, when: When, now: datetime) -> Wish:
    code = next((name for name, words in lexicon.named("types") if words.search(_before_colon(flat))), "task")
    if code == "note" and all(first > len(_before_colon(flat)) for first, _last in when.spans):
        # What is noted down may speak of any day.
        when = When()
    remind = has("verbs", "remind", flat)
    past = has("nouns", "past", flat)
    later = when.day is not None and when.day > now.date()
    logged = has("verbs", "log", _before_colon(flat)) and code in ("call", "meeting", "email")
    done = not later and not remind and (past or logged or code == "note")
    return Wish("activity_new", text, when, type_code=code, done=done, subject=after_colon(text))


def _before_colon(flat: str) -> str:
    return re.split(r":(?!\d)", flat, maxsplit=1)[0]


def _kind(flat: str, language: Language, now: datetime) -> tuple[WishKind, When] | None:
    """The kind of change a clause asks for, with the day it says; none where it is no order to change something."""
    told = _before_colon(flat)
    begun = lexicon.head(told)
    verb = lexicon.any_verb().search(begun)
    new = lexicon.pattern("verbs", "new").match(begun)
    if (verb is None and new is None) or _lists(begun, verb):
        return None
    if language == "en" and new is None and (verb is None or verb.start() > 0):
        return None
    before = begun[: verb.start()] if verb is not None else ""
    if re.search(rf"{lexicon.pattern('talk', 'negative').pattern}\s*$", before):
        return None
    when = read_when(flat, language, now)
    kind = _by_words(begun, when, new is not None)
    return (kind, when) if kind is not None else None


def _lists(begun: str, verb: re.Match[str] | None) -> bool:
    """Whether a clause asks for several records to be shown, or for a list, a report or a guide to be made."""
    if lexicon.pattern("talk", "listing").match(begun) is not None:
        return True
    made = lexicon.pattern("talk", "document").search(begun)
    if made is None or verb is None or lexicon.pattern("verbs", "add").match(begun, verb.start()) is None:
        return False
    single = lexicon.pattern("talk", "single").search(begun)
    return single is None or made.start() <= single.start()


def _by_words(told: str, when: When, new: bool) -> WishKind | None:
    def verb(name: str) -> bool:
        return has("verbs", name, told)

    def noun(*names: str) -> bool:
        return any(has("nouns", name, told) for name in names)

    activity = noun(*_ACTIVITY_NOUNS)
    staged = any(words.search(told) for _code, words in lexicon.named("stages"))
    adding = new or verb("add")
    if noun("contact") and adding and not noun("task", "owner"):
        return "contact_new"
    if (verb("set") or adding) and not noun("task", "activity", "meeting") and _strong_field(told, adding):
        return "field"
    if verb("remind") or (noun("past") and (verb("log") or verb("add"))):
        return "activity_new"
    fresh = (
        new
        or has("verbs", "new", told)
        or re.search(r"(?<!\w)(?:an?|egy|add|create|dodaj|utworz|hozz|vegyel|vedd)(?!\w)", told)
    )
    if noun("opportunity") and adding and fresh and not noun("task", "call", "meeting", "note", "stage", "owner"):
        return "opportunity_new"
    if noun("done") and verb("mark") and not noun("opportunity", "stage"):
        return "activity_done"
    if verb("finish") and noun("task", "activity", "call", "meeting") and not noun("stage"):
        return "activity_done"
    if activity and (adding or verb("log")) and not noun("owner") and not _postponed(told, when):
        return "activity_new"
    if (verb("call") or ((verb("meet") or verb("mail")) and when.day is not None)) and not noun("stage"):
        return "activity_new"
    return _by_target(told, when, activity, staged)


def _strong_field(told: str, adding: bool) -> bool:
    """Whether a clause names a field that is no kind of activity: an address or a number, not "an e-mail"."""
    found = field_of(told)
    if found is None or found[1] in ("note", "subject"):
        return False
    if found[1] in ("email", "phone"):
        return re.search(r"@|\d(?:[ ()/-]?\d){6}", told) is not None
    return not adding


def _postponed(told: str, when: When) -> bool:
    return when.day is not None and has("verbs", "put_off", told) and not has("verbs", "add", told)


def _by_target(told: str, when: When, activity: bool, staged: bool) -> WishKind | None:
    def verb(name: str) -> bool:
        return has("verbs", name, told)

    def noun(name: str) -> bool:
        return has("nouns", name, told)

    deal = noun("opportunity") or _DEAL.search(told) is not None
    if noun("stage") and verb("move"):
        return "stage"
    if (noun("owner") and verb("assign")) or _ASSIGNING.search(told):
        return "assign"
    if when.day is not None and verb("put_off") and (activity or noun("this") or not (deal or staged)):
        return "activity_when"
    field = field_of(told)
    if noun("active") and verb("convert") and (noun("customer") or noun("this")) and field is None:
        return "convert"
    if verb("set") and field is not None:
        return "field"
    if verb("move") and when.day is None and (staged or deal):
        return "stage"
    return None
