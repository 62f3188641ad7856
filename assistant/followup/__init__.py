"""Messages that lean on the conversation ("and for two?", "why?", "in English too"), made to stand by themselves.

Only the user's own earlier messages and the typed parts of our replies say what is meant, never text that a reply
quotes. What is not surely a follow-up is left as it is.
"""

from dataclasses import replace

from assistant.context import Turn
from assistant.followup.earlier import Earlier, as_asked, earlier
from assistant.followup.parallel import heading_in
from assistant.followup.resolving import LONGEST, resolve
from crm.session import unit
from offers.names import VisibleNames

__all__ = ["LONGEST", "Earlier", "as_asked", "earlier", "follow"]


def follow(turn: Turn, before: Earlier | None) -> Turn:
    """`turn` with its message standing by itself; `turn` as it is where the message does so already, the user chose
    to make an offer, or nothing came before."""
    if before is None or turn.ask.wants_offer:
        return turn
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        shown = turn.on_screen.code if turn.on_screen is not None else None
        found = resolve(turn.ask.message, before, VisibleNames(session), turn.language, shown)
    if found is None:
        return turn
    about = ""
    if found.same_pages:
        about = heading_in(turn.parts, turn.actor, before.pages[0], found.language)
    ask = replace(
        turn.ask,
        message=found.message,
        read_in=found.read_in,
        wants_offer=found.offer,
        about=about,
    )
    return replace(turn, ask=ask, language=found.language, asked_as=found.shown)
