"""Why something cannot be done with a record: the rule in words, the legal way, and who may."""

from assistant.compose import shorten
from assistant.context import Turn
from assistant.evidence import Evidence
from assistant.onscreen import rows
from assistant.onscreen.asked import Asked
from assistant.onscreen.controls import stage_of
from assistant.onscreen.quoting import quoted
from assistant.onscreen.screen_links import list_link
from assistant.onscreen.sources import name_for, passage
from assistant.onscreen.telling import Telling
from assistant.onscreen.what import from_pages
from assistant.onscreen.words import split
from assistant.outcome import Outcome
from core.errors import say
from core.language import LANGUAGES
from core.text import fold
from crm.explain import Explanation, explain
from crm.explain_checks import MADE_AT
from crm.pipeline_rules import BY_HAND, rules
from crm.session import CrmSession, unit
from crm.settings_grants import level_name
from offers.explaining import explain_offer

_STEM = 5
_ADVICE = 260
# Refusals to issue that a new version of the offer mends.
_EDITED_AGAIN = frozenset({"offer_already_issued", "offer_expired"})


def answer(turn: Turn, asked: Asked) -> Outcome:
    """Why `asked.action` cannot be done; or that it can."""
    telling = Telling(turn)
    if asked.action is None or asked.resource is None:
        _quote(telling, asked)
        return telling.outcome()
    explained = _explained(telling, asked)
    reason = asked.control.reason if asked.control is not None else None
    if (explained.allowed and asked.code is None and asked.control is not None) or (
        explained.rule == "absent" and reason
    ):
        # The level may do it at all, or the record is none of ours to be seen: why not here, only the screen knows.
        _quote(telling, asked)
        return telling.outcome()
    with unit(turn.parts.engine, telling.reader, writes=False) as session:
        kind = MADE_AT.get(asked.resource, asked.resource) if asked.action == "create" else asked.resource
        record = rows.seen(session, kind, asked.code) if asked.code else None
        tell(telling, session, explained, asked, rows.source(session, record, turn.language) if record else None)
        if record is not None:
            telling.link(rows.link_to(session, record, turn.language))
        else:
            telling.link(*list_link(asked.resource, turn.language, turn.actor))
    return telling.outcome()


def _explained(telling: Telling, asked: Asked) -> Explanation:
    turn = telling.turn
    assert asked.action is not None and asked.resource is not None
    if asked.resource == "offer" and asked.code is not None and asked.action != "create":
        return explain_offer(turn.parts.offers, telling.reader, asked.action, asked.code)
    with unit(turn.parts.engine, telling.reader, writes=False) as session:
        end = stage_of(asked.control) or (_stage_named(session, turn) if asked.action == "transition" else None)
        return explain(session, asked.action, asked.resource, asked.code, end=end, field=asked.field)


def _stage_named(session: CrmSession, turn: Turn) -> str | None:
    """The stage that the message names, in any of the languages; the last one where it names two."""
    written = [word[:_STEM] for word in split(turn.ask.message)]
    found = None
    places: dict[str, int] = {}
    for stage in rules(session).stages:
        for language in LANGUAGES:
            name = fold(str(stage.names.get(language, ""))).split()
            stems = [word[:_STEM] for word in name]
            if stems and all(stem in written for stem in stems):
                places[stage.code] = max(places.get(stage.code, -1), written.index(stems[0]))
    if places:
        found = max(places, key=lambda code: places[code])
    return found


def tell(
    telling: Telling, session: CrmSession, explained: Explanation, asked: Asked, record: Evidence | None = None
) -> None:
    """The rule in words, with its sources (the page and the `record`); then who may, the legal steps, and what the
    screen itself says."""
    turn = telling.turn
    language = turn.language
    if explained.allowed:
        off = asked.control is not None and not asked.control.enabled
        named = telling.named("resource", explained.resource)
        code = explained.record or ""
        action = telling.named("action", "update" if explained.action == "complete" else explained.action)
        telling.say("may_but_screen" if off else "may_now", resource=named, record=code, action=action)
        telling.cite(name_for(explained))
        if record is not None:
            telling.source(record)
        _quote_reason(telling, asked, said="")
        return
    _rule(telling, session, explained)
    telling.cite(name_for(explained))
    if record is not None:
        telling.source(record)
    _holders(telling, session, explained)
    if explained.rule == "not_offered":
        _passage(telling, name_for(explained))
    code = explained.error.code if explained.error else ""
    if code in _EDITED_AGAIN and explain(session, "update", "offer", explained.record).allowed:
        telling.say("path_edit")
        telling.cite("update_offer")
    if explained.rule in ("right", "scope") and explained.action in ("transition", "undo"):
        free = [choice.name for choice in explained.steps if choice.reason is None and choice.trigger in BY_HAND]
        if free:
            telling.say("why_legal_steps", steps=", ".join(free))
    _quote_reason(telling, asked, said=explained.error.message(language) if explained.error else "")


def _passage(telling: Telling, name: str) -> None:
    """What the help advises instead."""
    found = passage(telling.turn, name)
    if found is not None:
        telling.say("error_page", passage=shorten(found.text, _ADVICE))


def _rule(telling: Telling, session: CrmSession, explained: Explanation) -> None:
    error = explained.error
    assert error is not None
    level = level_name(session, explained.level, telling.turn.language)
    resource, action = explained.lacking or (explained.resource, explained.action)
    if action == "complete":
        action = "update"
    words = {"resource": telling.named("resource", resource), "action": telling.named("action", action)}
    match explained.rule:
        case "right":
            telling.say("why_right", level=level, **words)
        case "scope":
            telling.say(f"why_scope_{explained.scope or 'own'}", level=level, **words)
        case "kept":
            telling.say("why_kept")
        case "hidden_field":
            telling.say("why_hidden_field", level=level)
        case "absent":
            telling.add(error.message(telling.turn.language))
            telling.say("see_same")
        case "closed" if error.code == "no_step_from":
            closed = say("rule_closed", telling.turn.language)
            telling.say("stage_closed", stage=error.values["stage"], rule=closed)
        case "state" if error.code == "offer_already_issued":
            telling.say("issued_already", number=error.values["number"])
        case _:
            telling.add(error.message(telling.turn.language))


def _holders(telling: Telling, session: CrmSession, explained: Explanation) -> None:
    if not explained.holders:
        return
    levels = telling.levels(session, explained.holders)
    if explained.rule in ("right", "scope", "hidden_field"):
        telling.say("who_may", levels=levels)
    elif explained.rule == "closed":
        telling.say("who_may_undo", levels=levels)
    else:
        telling.say("who_may_approve", levels=levels)


def _quote_reason(telling: Telling, asked: Asked, said: str) -> None:
    """What the host says beside the control, unless it is what the rule said already. It is quoted, never believed."""
    control = asked.control
    if control is None or control.enabled or not control.reason:
        return
    told = {*_plain(said), *(word for sentence in telling.sentences for word in _plain(sentence))}
    if not set(_plain(control.reason)) <= told:
        telling.say("screen_gives_reason", control=quoted(control.label, 80), reason=quoted(control.reason))


def _plain(text: str) -> tuple[str, ...]:
    return split(quoted(text, 2000))


def _quote(telling: Telling, asked: Asked) -> None:
    """A control that is none of ours: all there is to say is what the screen says."""
    control = asked.control
    assert control is not None
    if control.reason:
        telling.say("screen_gives_reason", control=quoted(control.label, 80), reason=quoted(control.reason))
        from_pages(telling, control.reason)
    else:
        telling.say("screen_gives_none", control=quoted(control.label, 80))
