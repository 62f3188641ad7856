"""Why a record cannot be seen. Never tells whether there is one: what is out of reach and what does not exist
are answered in the same words, and everything said comes from what the asker does see."""

from assistant.context import Turn
from assistant.offering import by_code
from assistant.onscreen import rows
from assistant.onscreen.asked import Asked
from assistant.onscreen.screen_links import list_link
from assistant.onscreen.telling import Telling
from assistant.onscreen.what import printed
from assistant.outcome import Outcome
from crm import customers
from crm.explain import holders
from crm.session import CrmSession, unit
from crm.settings_grants import level_name
from crm.tables import Base
from offers.answers import Pending
from offers.names import VisibleNames

_MOST = 4


def answer(turn: Turn, asked: Asked) -> Outcome:
    """What the asker sees, why not more, and whom to ask."""
    telling = Telling(turn)
    resource = asked.resource or "customer"
    with unit(turn.parts.engine, telling.reader, writes=False) as session:
        scope = turn.actor.scope(resource, "read")
        level = level_name(session, turn.actor.role, turn.language)
        if scope is None:
            telling.say("see_none", level=level, resource=telling.named("resource", resource))
        else:
            _seen(telling, session, asked)
            telling.say(f"see_{scope}", level=level)
        telling.cite("absent")
        if scope != "all":
            telling.say("see_same")
            telling.say("see_ask", levels=telling.levels(session, holders(session, resource, "read", wider_than=scope)))
    screen = turn.ask.screen
    if screen is not None and screen.filters:
        telling.say("see_filters", filters=printed(screen.filters))
    telling.link(*list_link(resource, turn.language, turn.actor))
    return telling.outcome()


def _seen(telling: Telling, session: CrmSession, asked: Asked) -> None:
    """The records the message may mean that the asker does see, with links."""
    turn = telling.turn
    found: list[Base] = []
    if asked.code is not None:
        known = rows.seen(session, asked.resource or "customer", asked.code)
        found = [known] if known is not None else []
    elif asked.resource == "customer":
        message = Pending(prompt=turn.ask.message, language=turn.language, asked="")
        understood = by_code(turn, message)(VisibleNames(session))
        found = [customers.by_code(session, name.code) for name in understood.customers[:_MOST]]
    if not found:
        return
    telling.say("see_yes", names="; ".join(rows.label(session, record, turn.language) for record in found))
    telling.link(*(rows.link_to(session, record, turn.language) for record in found))
