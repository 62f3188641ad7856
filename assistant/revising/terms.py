"""Terms said in words: days to pay in, how long an offer is valid, when it is delivered."""

from datetime import date
from decimal import Decimal

from assistant.revising.clauses import Clause, Message
from assistant.revising.lexicon import is_in
from offers.understand.validity import months_later
from offers.wishes import SetValidity

_EDGE = ("text_edge", "set", "add")


def payment(clause: Clause, numbers: list[tuple[int, Decimal]]) -> int | None:
    """The days to pay in, told as days or weeks or as a bare number; None where it is not surely one number."""
    if len(clause.times) == 1 and not numbers and not clause.times[0].months:
        return clause.times[0].days
    if len(numbers) == 1 and not clause.times and numbers[0][1] == int(numbers[0][1]) and 0 <= numbers[0][1] < 10_000:
        return int(numbers[0][1])
    return None


def validity(clause: Clause, today: date) -> SetValidity | None:
    """How long the offer is to be valid. A day counts behind "until" or beside a word for validity; a stretch of time
    is from today beside such a word or worded as a last day, and from the last day there is where it is to be
    longer."""
    named = bool(clause.has.keys() & {"valid", "longer"})
    if len(clause.days) == 1 and not clause.times and (clause.until or named):
        return SetValidity(until=clause.days[0])
    if len(clause.times) != 1 or clause.days:
        return None
    time = clause.times[0]
    if "longer" in clause.has or ("more" in clause.has and not clause.until):
        return SetValidity(longer=time.days, longer_months=time.months)
    if not named and not time.ends:
        return None
    if time.months:
        return SetValidity(until=months_later(today, time.months))
    return SetValidity(days=time.days)


def text_of(said: Message, clause: Clause, field: str) -> str:
    """What a clause says of `field`, as written: without the field's own word, verbs and small words at its ends."""
    places = list(clause.places)
    while places and _edge(said, places[0], field):
        places.pop(0)
    while places and _edge(said, places[-1], field):
        places.pop()
    return said.prompt.written(places[0], places[-1])[:500] if places else ""


def _edge(said: Message, place: int, field: str) -> bool:
    token = said.prompt.tokens[place]
    if token.use in ("time", "date"):
        return False
    if token.kind in ("mark", "line"):
        return True
    return any(is_in(name, token.folded, said.language) for name in (*_EDGE, field))
