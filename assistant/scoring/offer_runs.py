"""Running one case of the offer chain, by the door a person would use."""

import asyncio
from dataclasses import replace

from assistant import requests
from assistant.ask import Ask
from assistant.context import Parts, Turn
from assistant.offering import reader_for
from assistant.scoring.made_files import file_of
from assistant.scoring.offer_cases import OfferCase
from assistant.scoring.offer_difference import Came
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import TurnFailed, reply_to
from core.language import Language, detect_language
from crm.actor import Actor
from crm.people import actor_for
from offers.answers import Pending
from offers.clarify import Clarification
from offers.service import Offers
from offers.view import OfferView


class Unrendered(Offers):
    """The offer chain without its files, which take long and say nothing of how a prompt was understood."""

    def ensure_documents(self, actor: Actor, number: str) -> OfferView:
        """The offer as it is, no file made."""
        return self.view(actor, number)


def run(parts: Parts, case: OfferCase) -> tuple[Language, Came]:
    """What `case` comes to, and the language it is counted in. A conversation or an upload leaves records in the
    database of `parts`; a single prompt leaves none."""
    actor = actor_for(parts.engine, case.user)
    language = case.lang or detect_language(case.prompt, actor.language)
    if case.upload is not None:
        return language, _uploaded(parts, actor, case)
    if case.talks:
        return language, _talked(parts, actor, case)
    return language, _prompted(parts, actor, case)


def _screen(case: OfferCase) -> ScreenContext | None:
    if not case.record:
        return None
    kind, _, code = case.record.partition(":")
    return ScreenContext(id=kind, record=RecordRef(type=kind, code=code))


def _prompted(parts: Parts, actor: Actor, case: OfferCase) -> Came:
    language = detect_language(case.prompt, actor.language)
    turn = Turn(parts, actor, Ask(case.prompt, screen=_screen(case)).checked(), language)
    read, _ = asyncio.run(reader_for(turn, Pending(prompt=case.prompt, language=language, asked="")))
    came = parts.offers.preview(actor, case.prompt, read, language, turn.on_screen)
    if isinstance(came, Clarification):
        return Came("clarification", field=came.field, choices=len(came.choices), text=came.question)
    return Came("offer", offer=came)


def _talked(parts: Parts, actor: Actor, case: OfferCase) -> Came:
    quick = replace(parts, offers=Unrendered(parts.engine, parts.settings))
    conversation: str | None = None
    came = Came("nothing")
    for message in (case.prompt, *case.then):
        try:
            reply = asyncio.run(reply_to(quick, actor, Ask(message, conversation, screen=_screen(case))))
        except TurnFailed as failed:
            return Came("failed", text=str(failed))
        conversation = reply.conversation_id
        asked = reply.clarification
        came = Came(
            "refusal" if reply.kind == "answer" else reply.kind,
            offer=reply.offer,
            field=asked.field if asked else None,
            choices=len(asked.choices) if asked else 0,
            text=reply.text,
        )
    return came


def _uploaded(parts: Parts, actor: Actor, case: OfferCase) -> Came:
    assert case.upload is not None
    quick = replace(parts, offers=Unrendered(parts.engine, parts.settings))
    upload = requests.places_of(*file_of(case.upload))
    view = requests.receive(quick, actor, upload, requests.Whence())
    if view.to_answer or not view.lines:
        asks = "; ".join(ask for line in view.lines for ask in line.asks)
        return Came("clarification", text=asks, unanswered=view.to_answer)
    return Came("offer", offer=requests.offer(quick, actor, view.code, view.version), unanswered=0)
