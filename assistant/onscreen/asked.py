"""What a question about the screen asks, read from the words, the typed screen and the asker's grants alone."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.onscreen import controls
from assistant.onscreen.words import action_in, fields_in, is_code, left_over, resource_in, says, split
from assistant.screen import Control, ScreenContext
from core.text import words as written_words
from crm.actor import Actor
from crm.hidden import HIDEABLE
from offers.understand import Mentions

Kind = Literal["what_is_this", "can_do", "next", "error", "why", "see"]
_LONGEST = 25
_LONGEST_TEXT = 300
_MOST_NAMES = 2
# Whatever else is said, these mean the record as a whole; changing or making has a thousand particulars.
_OF_THE_RECORD = frozenset({"issue", "approve", "transition", "undo", "delete", "complete"})
# Kinds of records that some see and others do not.
_BY_OWNER = frozenset({"customer", "contact", "opportunity", "activity", "offer"})
_SINGLE = {
    "settings": "settings",
    "help_page": "page",
    "help": "page",
    "products": "product",
    "customers": "customer",
    "opportunities": "opportunity",
    "activities": "activity",
    "offers": "offer",
}
_SAID = ("why", "cannot", "grey", "see", "button")


@dataclass(frozen=True)
class Asked:
    """A question about the screen. `action`, `resource`, `code` and `field` say what cannot be done to which record,
    `control` the button that does it, as the host calls it."""

    kind: Kind
    action: str | None = None
    resource: str | None = None
    code: str | None = None
    field: str | None = None
    control: Control | None = None


def read(message: str, screen: ScreenContext | None, actor: Actor, seen: Mentions) -> Asked | None:
    """What `message` asks about `screen`; None where it is not surely about it. Looks nothing up."""
    words = split(message) if len(message) <= _LONGEST_TEXT else ()
    if not words or len(words) > _LONGEST:
        return None
    if screen is not None:
        for kind in ("error", "next", "can_do"):
            if says(words, kind):
                return Asked(kind)
        if _complained_of(words, screen):
            return Asked("error")
        if says(words, "what_is_this") or says(words, "what_is_this_record"):
            return Asked("what_is_this")
    why, cannot, grey = says(words, "why"), says(words, "cannot"), says(words, "grey")
    if not (grey or cannot) or (says(words, "how") and not why):
        return None
    found = _what_cannot(message, words, screen, actor, seen)
    if screen is not None and screen.errors and (found is None or (found.code is None and found.kind == "why")):
        # What was just tried and refused stands on the screen.
        return Asked("error")
    return found


def _complained_of(words: tuple[str, ...], screen: ScreenContext) -> bool:
    """Whether the message is about what the screen complains of, which only a screen that does can be asked."""
    if says(words, "meaning"):
        return bool(screen.errors or screen.messages)
    return says(words, "rejected") and bool(screen.errors)


def _what_cannot(
    message: str, words: tuple[str, ...], screen: ScreenContext | None, actor: Actor, seen: Mentions
) -> Asked | None:
    why, grey = says(words, "why"), says(words, "grey")
    if says(words, "see") and not grey and not says(words, "button"):
        return _seeing(message, words, screen, actor, seen)
    return _doing(words, screen, actor, plain=why)


def code_in(words: tuple[str, ...]) -> tuple[str, str] | None:
    """The first code of a record in `words` and its kind: C0001, O0001, or an offer's number."""
    for word in words:
        if not is_code(word):
            continue
        if re.fullmatch(r"[a-z]{1,6}-\d{4}-\d{3,}", word):
            return "offer", word.upper()
        if re.fullmatch(r"[co]\d{3,}", word):
            return ("customer" if word[0] == "c" else "opportunity"), word.upper()
    return None


def _seeing(
    message: str, words: tuple[str, ...], screen: ScreenContext | None, actor: Actor, seen: Mentions
) -> Asked | None:
    hidden = _hidden_field(words, actor)
    if hidden is not None:
        return _of_field("read", *hidden, screen)
    coded = code_in(words)
    if coded is not None:
        return Asked("see", "read", *coded)
    noun = resource_in(words)
    if noun is not None and actor.scope(noun, "read") is None:
        return Asked("see", "read", noun)
    named = seen.customer or seen.named
    if (noun not in _BY_OWNER and not named) or says(words, "data"):
        return None
    rest = left_over(words, _SAID)
    if not rest or named or _capitalised(message) or (noun == "customer" and len(rest) <= _MOST_NAMES):
        return Asked("see", "read", noun or "customer")
    return None


def _capitalised(message: str) -> bool:
    """Whether a word after the first begins with a capital letter, as names do."""
    return any(word[:1].isupper() and len(word) > 1 for word in written_words(message)[1:])


def _hidden_field(words: tuple[str, ...], actor: Actor) -> tuple[str, str] | None:
    """The field in `words` that is hidden from the actor, after its kind of record."""
    for field in fields_in(words):
        for resource, hideable in HIDEABLE.items():
            if field in hideable and not actor.sees(resource, field):
                return resource, field
    return None


def _of_field(action: str, resource: str, field: str, screen: ScreenContext | None) -> Asked:
    shown = screen.record if screen else None
    code = shown.code if shown and shown.type == resource else None
    return Asked("why", action, resource, code, field)


def _doing(words: tuple[str, ...], screen: ScreenContext | None, actor: Actor, *, plain: bool) -> Asked | None:
    """What cannot be done; `plain` questions begin with a why, others are complaints and need a record on screen."""
    grey = says(words, "grey")
    pointing = grey or says(words, "button") or not (action_in(words) or left_over(words, _SAID))
    control = controls.meant(words, screen, pointing=pointing)
    action, resource = action_in(words), resource_in(words)
    if control is not None and (action is None or grey):
        meaning = controls.meaning(control)
        if meaning is None:
            return Asked("why", control=control)
        action, of_control = meaning
        resource = of_control or (resource if screen is None or screen.record is None else None)
    elif action is not None and control is None:
        control = controls.disabled_for(action, screen)
    if action is None:
        return None
    hidden = _hidden_field(words, actor)
    if hidden is not None and action == "update":
        return _of_field("update", *hidden, screen)
    if resource == "price" and action == "update":
        # A price is changed by giving a new one.
        action = "create"
    target = _target(words, action, resource, screen)
    if target is None:
        return Asked("why", control=control) if control is not None and not control.enabled else None
    asked = Asked("why", action, *target, control=control)
    return asked if _is_sure(asked, words, screen, actor, plain) else None


def _target(
    words: tuple[str, ...], action: str, resource: str | None, screen: ScreenContext | None
) -> tuple[str, str | None] | None:
    """The kind of record and, where one is meant, its code: the one written, else the one on screen."""
    coded = code_in(words)
    if coded is not None and (resource in (None, coded[0]) or action == "create"):
        return (resource or coded[0]) if action == "create" else coded[0], coded[1]
    shown = screen.record if screen else None
    if shown is None:
        kind = resource or (_SINGLE.get(screen.id) if screen else None)
        return (kind, None) if kind else None
    if resource in (None, shown.type):
        return (shown.type, shown.code) if action != "create" else (resource or shown.type, None)
    belongs = (resource == "price" and shown.type == "product") or (
        resource in _BY_OWNER - {"customer"} and shown.type == "customer"
    )
    if belongs:
        return (resource, shown.code) if action == "create" else (resource, None)
    return resource, None


def _is_sure(asked: Asked, words: tuple[str, ...], screen: ScreenContext | None, actor: Actor, plain: bool) -> bool:
    assert asked.action is not None and asked.resource is not None
    if asked.control is not None and not asked.control.enabled:
        return True
    on_record = asked.code is not None
    if not plain and not on_record:
        return False
    right = "update" if asked.action == "complete" else asked.action
    if actor.scope(asked.resource, right) is None and (on_record or plain):
        return True
    if asked.action in _OF_THE_RECORD:
        return on_record
    return asked.action == "update" and on_record and not left_over(words, _SAID)
