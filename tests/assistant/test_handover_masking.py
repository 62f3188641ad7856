"""A hand-over tells its reader nothing that they may not read, and goes to nobody who can never open it."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.handing_over import readable, transcript_of
from assistant.screen import ScreenContext
from assistant.turn import reply_to
from core.clock import today
from core.errors import say
from crm import chat, customers, handovers, opportunities
from crm.activities import record
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import unit
from crm.tables import Grant

pytestmark = pytest.mark.both_databases

People = Callable[[str], Actor]
Asked = tuple[str, dict[str, object] | None]
FIRM = {"type": "customer", "code": "C0001"}
DEAL = {"type": "opportunity", "code": "O0001"}
WHY_NOT = {"name": "issue", "label": "Kiállítás", "enabled": False, "reason": "Titkos ok: 9 999 000 Ft"}
SCREENS: dict[str, Asked] = {
    "form": ("Mi ez?", {"id": "opportunity_form", "fields": {"Cím": "Titkos tollak", "Összeg": "9 999 000 Ft"}}),
    "list": ("Mi ez?", {"id": "opportunities", "fields": {"Nyitott összeg": "9 999 000 Ft"}}),
    "filters": ("Mi ez?", {"id": "customers", "filters": {"Keresés": "Titkos"}}),
    "errors": ("Mi a hiba?", {"id": "customer", "record": FIRM, "errors": {"Név": "Titkos Kft. már van"}}),
    "why": ("Miért nem tudom kiállítani?", {"id": "offer", "controls": [WHY_NOT]}),
    "message": ("Mit tegyek?", {"id": "offer", "messages": ["Titkos: 9 999 000 Ft"]}),
}
QUESTIONS: tuple[Asked, ...] = (
    ("Mondd el, mit tudunk a Bartók Kft.-ről!", None),
    ("Adj hozzá egy feladatot a Bartók Kft.-hez: hívás holnap", None),
    ("A Titkos tollak lehetőséget tedd a következő szakaszba!", None),
    ("Jegyezd fel a Bartók Kft.-hez, hogy titkos.", None),
    ("Készíts ajánlatot a Bartók Kft.-nek töltőtollra", None),
    ("Mi legyen? Tedd a lehetőséget a következő szakaszba.", {"id": "opportunity", "record": DEAL}),
    ("Léptesd a lehetőséget!", {"id": "opportunity", "record": DEAL}),
    ("Tedd át a lehetőséget ajánlattétel szakaszba!", {"id": "customer", "record": FIRM}),
    ("Nyiss új lehetőséget ennek az ügyfélnek!", {"id": "customer", "record": FIRM}),
    ("Zárd le a lehetőséget sikeresként!", {"id": "opportunity", "record": DEAL}),
    ("Vegyél fel új kapcsolattartót ehhez az ügyfélhez!", {"id": "customer", "record": FIRM}),
)


@pytest.fixture
def deal(parts: Parts, people: People) -> str:
    with unit(parts.engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0001")
        made = opportunities.open_new(session, firm, "Titkos tollak", "direct")
        record(session, firm, "task", "Titkos visszahívás", opportunity=made, due=today())
        return made.code


def handed(parts: Parts, asker: str, to: str, *asked: Asked) -> str:
    """What `to` may read of the answers, after `asker` asked and handed over."""
    with unit(parts.engine, SYSTEM) as session:
        handovers.choose(session, [to])
    code = None
    for message, screen in asked:
        shown = ScreenContext.model_validate(screen) if screen else None
        reply = asyncio.run(reply_to(parts, actor_for(parts.engine, asker), Ask(message, code, screen=shown)))
        code = reply.conversation_id
    with unit(parts.engine, actor_for(parts.engine, asker)) as session:
        conversation = chat.open_conversation(session, code, "")
        handovers.hand_over(session, conversation, to, "", transcript_of(chat.recent(session, conversation, 100)))
    reader = actor_for(parts.engine, to)
    with unit(parts.engine, reader, writes=False) as session:
        got = handovers.received(session)[0]
    return "\n".join(entry.text for entry in readable(parts, reader, got) if entry.role == "assistant")


def without(parts: Parts, level: str, *resources: str) -> None:
    with unit(parts.engine, SYSTEM) as session:
        query = select(Grant).where(Grant.role_code == level, Grant.resource_name.in_(resources))
        for grant in session.scalars(query):
            session.delete(grant)


@pytest.mark.parametrize("name", list(SCREENS))
def test_what_stood_on_the_askers_screen_is_not_repeated(parts: Parts, deal: str, name: str) -> None:
    text = handed(parts, "nora", "reka", SCREENS[name])
    assert text and "9 999 000" not in text and "Titkos" not in text


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked[0])
def test_answers_and_questions_back_name_no_record_out_of_reach(parts: Parts, deal: str, asked: Asked) -> None:
    text = handed(parts, "nora", "reka", asked)
    assert text and "Titkos" not in text and "Bartók" not in text


def test_a_customers_sheet_is_not_read_by_a_level_without_what_belongs_to_it(parts: Parts, deal: str) -> None:
    without(parts, "manager", "opportunity", "activity", "contact", "offer")
    text = handed(
        parts,
        "nora",
        "mate",
        ("Mit tudunk a Bartók Kft.-ről? Mik a nyitott lehetőségei és feladatai?", None),
        ("Mi a következő lépés?", {"id": "customer", "record": FIRM}),
        ("Mi a Bartók Kft. kapcsolattartójának e-mail címe?", None),
    )
    assert text and "Titkos" not in text and "x.example" not in text


def test_who_sees_everything_reads_everything(parts: Parts, deal: str) -> None:
    text = handed(parts, "nora", "ada", ("Ki a kapcsolattartó a Bartók Kft.-nél?", None), SCREENS["form"])
    assert "Bartók Kft." in text and "Titkos tollak" in text and say("handover_masked", "hu") not in text


def test_a_sentence_that_names_nothing_stays_readable(parts: Parts, people: People) -> None:
    assert handed(parts, "nora", "reka", ("Milyen színű a kávéfőző a konyhában?", None)) == say("not_in_pages", "hu")


def test_nobody_is_a_contact_who_could_never_open_it(parts: Parts, people: People) -> None:
    people("reka")
    with unit(parts.engine, people("ada")) as session:
        handovers.choose(session, ["reka"])
    with unit(parts.engine, people("nora"), writes=False) as session:
        assert "reka" in {contact.login for contact in handovers.contacts(session, "hu")}
    without(parts, "restricted", "conversation")
    with unit(parts.engine, people("nora"), writes=False) as session:
        assert "reka" not in {contact.login for contact in handovers.contacts(session, "hu")}
    with unit(parts.engine, people("ada")) as session:
        handovers.choose(session, ["reka", "mate"])
        assert handovers.chosen(session) == ("mate",)
