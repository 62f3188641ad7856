"""What goes with an offer, by chat: "attach the warranty terms to it", "take the references off", "what is attached?".

The offer is the one named by number, on screen, or shown in the conversation; only the user's own words are read.
"""

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.context import Turn
from assistant.outcome import Outcome
from assistant.reply import ChoiceView, ClarificationView, LinkView
from core.errors import NotFound, say
from core.text import folded_words
from crm import library
from crm import offers as offer_records
from crm.audit import keep_prompt
from crm.people import as_language
from crm.session import CrmSession, unit
from crm.tables import Attachment, OfferAttachment
from offers import attaching
from offers.understand import Mentions
from offers.understand.attachments import attachments
from offers.understand.tokens import tokenise

Answerer = Callable[[], Outcome]
_FILE = Path(__file__).with_name("attaching.toml")
_NUMBER = re.compile(r"\b[A-Z0-9]{1,10}-\d{4}-\d{5,}\b", re.IGNORECASE)
_CODE = re.compile(r"\bL\d{4,9}\b")
_LONGEST = 300
# "Which terms are attached to it?" is short; a longer sentence with the word tells of something else.
_MOST_WORDS = 12
_OPENING = 3
_WHOLE = 3


@lru_cache
def _words() -> dict[str, tuple[str, ...]]:
    return {name: tuple(words) for name, words in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}


def _begins(words: Sequence[str], kind: str) -> bool:
    return any(
        word == begin.removeprefix("=") or (len(begin) > _WHOLE and begin[0] != "=" and word.startswith(begin))
        for word in words
        for begin in _words()[kind]
    )


def claim(turn: Turn, seen: Mentions) -> Answerer | None:
    """The answerer of a message about what goes with an offer there is; None for any other."""
    message = turn.ask.message
    words = folded_words(message)
    if not words or len(message) > _LONGEST or turn.ask.wants_offer or _begins(words[:1], "how"):
        return None
    if seen.products and (seen.quantity or seen.customer or seen.make_word):
        # "An offer for ten pens, and attach the terms" is a prompt for a new offer.
        return None
    wanted = _wanted(turn)
    number = _offer_of(turn)
    if wanted:
        return (lambda: _attach(turn, number, wanted)) if number else (lambda: _which_offer(turn))
    if len(words) > _MOST_WORDS or number is None:
        return None
    if _begins(words[:_OPENING], "take_off"):
        return _taking_off(turn, number)
    if _begins(words, "attached") and _begins(words[:_OPENING], "asking"):
        return lambda: _listed(turn, number)
    return None


def takes_off(turn: Turn) -> bool:
    """Whether the message surely names something attached that is to be taken off: an offer's lines are taken off with
    the same words."""
    number = _offer_of(turn) if _begins(folded_words(turn.ask.message)[:_OPENING], "take_off") else None
    return number is not None and _taking_off(turn, number) is not None


def _wanted(turn: Turn) -> tuple[str, ...]:
    """What is to be attached, as written: titles, or a code that a question of ours offered."""
    if _begins(folded_words(turn.ask.message)[:_OPENING], "asking"):
        return ()
    codes = tuple(_CODE.findall(turn.ask.message))
    if codes and _begins(folded_words(turn.ask.message), "attached"):
        return codes
    return attachments(tokenise(_NUMBER.sub(" ", turn.ask.message), turn.read_in))


def _offer_of(turn: Turn) -> str | None:
    """The number of the offer the message is about, if the user may see it."""
    named = _NUMBER.search(turn.ask.message)
    shown = turn.on_screen
    tries = (
        named[0].upper() if named else None,
        shown.code if shown is not None and shown.kind == "offer" else None,
        turn.offer_shown,
        turn.offer_before,
    )
    number = next((each for each in tries if each), None)
    if number is None:
        return None
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        try:
            return offer_records.by_number(session, number).number
        except NotFound:
            return None


def _which_offer(turn: Turn) -> Outcome:
    question = say("attach_which_offer", turn.language)
    return Outcome(
        "clarification", question, clarification=ClarificationView(question=question, field="offer", choices=[])
    )


def _attach(turn: Turn, number: str, wanted: Sequence[str]) -> Outcome:
    said: list[str] = []
    with unit(turn.parts.engine, turn.actor) as session:
        keep_prompt(session, turn.ask.message, (f"offer:{number}",), turn.conversation or None)
        version = offer_records.by_number(session, number, locked=True).latest
        for written in wanted:
            found = _meant(session, written, version.language)
            if len(found) > 1:
                return _several(turn, written, found)
            if not found:
                said.append(say("attach_nothing", turn.language, written=written))
                continue
            made = attaching.attach(session, version, [(found[0], attaching.PROMPT)])
            code = "attach_done" if made else "attachment_attached"
            said.append(say(code, turn.language, title=found[0].title, number=number))
        titles = [each.title for each in attaching.attached(version)]
    if titles:
        said.append(say("attached_now", turn.language, titles=", ".join(titles)))
    return Outcome("answer", "\n\n".join(said), links=_links(turn, number))


def _meant(session: CrmSession, written: str, language: str) -> list[Attachment]:
    if _CODE.fullmatch(written):
        return [library.by_code(session, written)]
    return attaching.resolve(session, written, as_language(language))


def _several(turn: Turn, written: str, found: Sequence[Attachment]) -> Outcome:
    question = say("attach_which", turn.language, written=written)
    choices = [
        ChoiceView(label=each.title, value=say("attach_choice", turn.language, code=each.code)) for each in found[:8]
    ]
    view = ClarificationView(question=question, field="attachment", choices=choices)
    return Outcome("clarification", question, clarification=view)


def _taking_off(turn: Turn, number: str) -> Answerer | None:
    """What takes the file named off the offer; None where nothing attached is called so, which is for others to
    read: an offer's lines are taken off with the same words."""
    written = folded_words(_NUMBER.sub(" ", turn.ask.message))
    asked = " ".join(word for word in written if not _begins([word], "take_off") and not _begins([word], "around"))
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        version = offer_records.by_number(session, number).latest
        mine = {each.attachment.code: each for each in attaching.attached(version)}
        found = [each for each in attaching.resolve(session, asked, as_language(version.language)) if each.code in mine]
    return (lambda: _take_off(turn, number, mine[found[0].code])) if len(found) == 1 else None


def _take_off(turn: Turn, number: str, attached: OfferAttachment) -> Outcome:
    with unit(turn.parts.engine, turn.actor) as session:
        keep_prompt(session, turn.ask.message, (f"offer:{number}",), turn.conversation or None)
        version = offer_records.by_number(session, number, locked=True).latest
        attaching.detach(session, version, attached.attachment.code)
    said = say("attach_taken_off", turn.language, title=attached.title, number=number)
    return Outcome("answer", said, links=_links(turn, number))


def _listed(turn: Turn, number: str) -> Outcome:
    with unit(turn.parts.engine, turn.actor, writes=False) as session:
        titles = [each.title for each in attaching.attached(offer_records.by_number(session, number).latest)]
    if not titles:
        return Outcome("answer", say("attached_nothing", turn.language, number=number), links=_links(turn, number))
    listed = "\n".join(f"- {title}" for title in titles)
    text = f"{say('attached_list', turn.language, number=number)}\n\n{listed}"
    return Outcome("answer", text, links=_links(turn, number))


def _links(turn: Turn, number: str) -> tuple[LinkView, ...]:
    return (
        LinkView(label=number, url=f"/offers/{number}"),
        LinkView(label=say("library_link", turn.language), url="/library"),
    )
