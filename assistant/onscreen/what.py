"""What the screen is, what can be done on it, and what its messages mean."""

from collections.abc import Mapping

from assistant.compose import as_evidence, shorten
from assistant.confidence import holds_answer
from assistant.context import Turn
from assistant.onscreen import rows
from assistant.onscreen.quoting import quoted
from assistant.onscreen.screen_links import screen_places
from assistant.onscreen.sources import passage
from assistant.onscreen.telling import Telling
from assistant.outcome import Outcome
from assistant.screen import Control, ScreenContext
from crm.session import unit

_MOST_FIELDS = 8
_MOST_CONTROLS = 10
_MOST_ERRORS = 4
_ABOUT = 260
# The screens of single records stand under their lists in the navigation.
_PARENTS = {"customer": "customers", "opportunity": "opportunities", "activity": "activities", "offer": "offers"}
_PARENTS |= {"product": "products", "help_page": "help"}
_KINDS = {screen: "page" if screen == "help_page" else screen for screen in _PARENTS}


def printed(values: Mapping[str, str]) -> str:
    """Fields or filters as the screen gives them, quoted in a line."""
    shown = [f"{quoted(name, 60)}: {quoted(value, 80)}" for name, value in list(values.items())[:_MOST_FIELDS]]
    return "; ".join(shown)


def this(turn: Turn, screen: ScreenContext) -> Outcome:
    """What is in front of the user: the screen by its help page, its record as it is now, what is filtered and
    selected as the screen says."""
    telling = Telling(turn)
    place = screen_places().get(_PARENTS.get(screen.id, screen.id))
    if place is None:
        telling.say("this_host")
    elif screen.id in _KINDS:
        kind = telling.named("resource", _KINDS[screen.id])
        telling.say("this_screen_of", screen=place.label(turn.language), resource=kind)
    else:
        telling.say("this_screen", screen=place.label(turn.language))
    about = passage(turn, f"screen_{screen.id}")
    if about is not None:
        telling.add(shorten(about.text, _ABOUT))
        telling.source(about)
    known = _record(telling, screen)
    if screen.filters:
        telling.say("this_filters", filters=printed(screen.filters))
    if screen.selection:
        telling.say("this_selection", records=", ".join(quoted(chosen.code, 40) for chosen in screen.selection[:20]))
    if not known and screen.fields and not screen.filters:
        telling.say("this_fields", fields=printed(screen.fields))
    return telling.outcome()


def _record(telling: Telling, screen: ScreenContext) -> bool:
    """The record on screen, read anew; whether the asker sees it."""
    turn = telling.turn
    if screen.record is None:
        return False
    with unit(turn.parts.engine, telling.reader, writes=False) as session:
        record = rows.seen(session, screen.record.type, screen.record.code)
        if record is None:
            return False
        telling.say("this_record", record=rows.row(session, record, turn.language))
        source = rows.source(session, record, turn.language)
        if source is not None:
            telling.source(source)
        telling.link(rows.link_to(session, record, turn.language))
    return True


def can_do(turn: Turn, screen: ScreenContext) -> Outcome:
    """The controls that work, and those that do not with the reason the screen gives."""
    telling = Telling(turn)
    on = [control for control in screen.controls if control.enabled]
    off = [control for control in screen.controls if not control.enabled]
    if on:
        telling.say("can_do", controls=", ".join(_label(telling, control) for control in on[:_MOST_CONTROLS]))
    else:
        telling.say("can_do_nothing")
    telling.cite(f"screen_{screen.id}")
    if off:
        telling.say("can_do_off", controls="; ".join(_off(telling, control) for control in off[:_MOST_CONTROLS]))
    return telling.outcome()


def _label(telling: Telling, control: Control) -> str:
    return telling.marked(quoted(control.label, 60))


def _off(telling: Telling, control: Control) -> str:
    label = _label(telling, control)
    return f"{label} ({quoted(control.reason, 160)})" if control.reason else label


def errors(turn: Turn, screen: ScreenContext) -> Outcome:
    """What the screen complains of, and the passage of the help about it, where there is one."""
    telling = Telling(turn)
    shown = [f"{quoted(name, 60)}: {quoted(text)}" if name else quoted(text) for name, text in screen.errors.items()]
    shown += [quoted(message) for message in screen.messages]
    if not shown:
        telling.say("error_none")
        telling.cite("screen_" + screen.id)
        return telling.outcome()
    telling.say("error_shown", errors=" ".join(telling.marked(text) for text in shown[:_MOST_ERRORS]))
    from_pages(telling, next(iter((*screen.errors.values(), *screen.messages))))
    _record(telling, screen)
    return telling.outcome()


def from_pages(telling: Telling, message: str) -> None:
    """What the pages say about a message of the screen; where they do not speak of it, the page about the screen."""
    turn, knowledge = telling.turn, telling.turn.parts.knowledge
    question, audiences = message[:300], turn.actor.audiences
    screen_id = turn.ask.screen.id if turn.ask.screen else ""
    result = knowledge.search(question, language=turn.language, audiences=audiences, screen=screen_id, k=2)
    hits = knowledge.still_readable(result.hits, audiences)
    if hits and holds_answer(question, result, hits, knowledge.embedder_name):
        source = as_evidence(hits[:1])[0]
        telling.say("error_page", passage=shorten(source.text, _ABOUT))
        telling.source(source)
        return
    about = passage(turn, f"screen_{screen_id}")
    if about is not None:
        telling.say("more_in", title=about.title, section=about.section)
        telling.source(about)
