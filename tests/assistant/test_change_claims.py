"""Messages that look like orders to change a record and are of another kind, and words that look like colleagues."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from assistant import changes
from assistant.ask import Ask
from assistant.changes.reading import read
from assistant.context import Parts, Turn
from assistant.screen import RecordRef, ScreenContext
from assistant.turn import reply_to
from core import clock
from core.language import Language, detect_language
from core.settings import Settings
from crm import engine as crm_engine
from crm import proposals
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import unit
from crm.tables import User
from demo.load import load
from knowledge.pages import help_pages
from offers.names import VisibleNames
from offers.service import Offers
from offers.understand import strength
from retrieval.index import Knowledge
from tests.conftest import WordEmbedder

OFFERS = [
    "Set up an offer for Homokóra with 10 licences",
    "Put together an offer for Bodza Kertészet with 10 premium licences",
    "Please set up an offer for Bartha: 5 licences",
    "Change the offer for Kovács to 12 licences",
    "Mark the offer for Kovács as accepted",
    "Close the offer",
    "Push the offer to Kovács",
    "Push the offer to Friday",
    "Change the validity of the offer to Friday",
    "Set the status of the offer to issued",
    "Change status of the offer to won",
    "Change the offer for O0047 to 12 licences",
    "Zárd le az ajánlatot nyertként",
    "Przekaż ofertę do zatwierdzenia",
    "Assign the offer for Kovács to Vera",
]
SHOWN = [
    "Phone numbers of Bodza Kertészet",
    "Phone number of Bodza Kertészet",
    "Call history of Bodza Kertészet",
    "Open tasks of Bodza Kertészet",
    "Open tasks",
    "Open overdue tasks",
    "New tasks today",
    "New opportunities this week",
    "Log of calls with Bodza Kertészet",
    "Új lehetőségek",
    "Új feladataim",
    "Nowe szanse w tym tygodniu",
    "Nowe zadania",
]
WRITTEN = [
    "Make a list of my overdue tasks",
    "Create a report of won opportunities",
    "Please create a guide on adding contacts",
    "Create a task list for today",
    "Készíts kimutatást a megnyert lehetőségekről",
    "Listát készíts a lejárt feladatokról",
    "Utwórz raport wygranych szans",
    "Utwórz listę zadań",
]
ASKED = [
    "Szeretnék új feladatot felvenni, hogyan tegyem?",
    "Please, I need to add a task, how do I do it?",
    "Chciałbym dodać zadanie, jak to zrobić?",
]
OWN_LANGUAGE = ["Set the language to Polish", "Change the language to English", "Change my language to Hungarian"]
# What is claimed all the same, next to each of the above.
ORDERS = [
    ("Add a task for Bodza Kertészet: send the new offer", "activity_new"),
    ("Create a task for Bodza Kertészet to write a report", "activity_new"),
    ("Schedule a meeting with Bodza Kertészet about the list of products tomorrow", "activity_new"),
    ("New task for Bodza Kertészet: go through the open tasks", "activity_new"),
    ("Open a task for Bodza Kertészet", "activity_new"),
    ("Nowe zadanie dla Bodza Kertészet: raport", "activity_new"),
    ("Vegyél fel egy feladatot a Bodza Kertészetnek, hogy küldjek kimutatást", "activity_new"),
    ("Could you add a task for Bodza Kertészet: ask how they are?", "activity_new"),
    ("Move O0047 to offer", "stage"),
    ("Move the opportunity of Bodza Kertészet to offer", "stage"),
    ("Move Bodza Kertészet to the offer stage", "stage"),
    ("Set the language of Bodza Kertészet to Polish", "field"),
    ("Set the status of Bodza Kertészet to passive", "field"),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The demo company on SQLite, loaded once: no message of these changes anything."""
    settings = Settings(home=tmp_path_factory.mktemp("claims"))
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    load(engine)
    knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
    knowledge.sync(help_pages()[:1])
    yield Parts(settings, engine, knowledge, Offers(engine, settings), None)
    knowledge.close()
    engine.dispose()


def claimed(parts: Parts, message: str, screen: str = "", language: Language | None = None) -> bool:
    """Whether the message, typed by Anna at `screen` (a type and a code), is taken for a change."""
    actor = actor_for(parts.engine, "anna")
    kind, _, code = screen.partition(":")
    context = ScreenContext(id=kind, record=RecordRef(type=kind, code=code)) if code else None
    written = language or detect_language(message, actor.language)
    with unit(parts.engine, actor, writes=False) as session:
        seen = strength(message, VisibleNames(session), language=written)
    return changes.claim(Turn(parts, actor, Ask(message, None, context), written), seen) is not None


@pytest.mark.parametrize("message", OFFERS)
def test_what_is_asked_of_an_offer_changes_no_other_record(demo: Parts, message: str) -> None:
    assert not claimed(demo, message)


@pytest.mark.parametrize("message", ["Close the offer", "Mark the offer as accepted"])
def test_an_offer_is_no_opportunity_though_one_is_on_screen(demo: Parts, message: str) -> None:
    assert not claimed(demo, message, "opportunity:O0047", "en")


def test_offer_is_a_stage_where_an_opportunity_is_on_screen(demo: Parts) -> None:
    assert claimed(demo, "Move this to offer", "opportunity:O0047", "en")
    assert not claimed(demo, "Move this to offer", language="en")


@pytest.mark.parametrize("message", [*SHOWN, *WRITTEN])
def test_what_is_to_be_shown_or_written_is_no_new_record(demo: Parts, message: str) -> None:
    assert not claimed(demo, message)


@pytest.mark.parametrize("message", ASKED)
def test_a_polite_start_makes_no_order_of_a_question_how(demo: Parts, message: str) -> None:
    assert not claimed(demo, message)


@pytest.mark.parametrize("message", OWN_LANGUAGE)
def test_a_language_of_no_customer_is_the_askers_own(demo: Parts, message: str) -> None:
    assert not claimed(demo, message)


def test_a_language_is_the_customers_on_its_screen_but_never_mine(demo: Parts) -> None:
    assert claimed(demo, "Set the language to Polish", "customer:C0008", "en")
    assert not claimed(demo, "Set my language to Polish", "customer:C0008", "en")


@pytest.mark.parametrize(("message", "kind"), ORDERS)
def test_an_order_is_claimed_still(demo: Parts, message: str, kind: str) -> None:
    assert claimed(demo, message)
    language = detect_language(message, "hu")
    assert [wish.kind for wish in read(message, language, clock.now()).wishes] == [kind]


ONE = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def assignee(parts: Parts, actor: Actor, message: str) -> str:
    """Whose the activity that `message` asks for would be, where Vera, Anna, Magda and Tomasz are colleagues."""
    with unit(parts.engine, SYSTEM) as session:
        for name in ("Vera", "Anna", "Magda", "Tomasz"):
            mail = f"{name.lower()}@r.example"
            names = {"family_name": f"X{name.lower()}", "given_name": name, "email": mail}
            session.add(User(login=name.lower(), role_code="normal", language="hu", **names))
    found = asyncio.run(reply_to(parts, actor, Ask(message)))
    assert found.proposal is not None, found.text
    item = proposals.read(parts.engine, actor, found.proposal.code).items[0]
    return str(item.model_dump()["assignee"])


@ONE
@pytest.mark.parametrize(
    "message",
    [
        "Add a task for tomorrow at Malinowski to verify the contract",
        "Add a task for Malinowski tomorrow to check the annual report",
        "Schedule a meeting with Anna Kowalska of C0004 tomorrow at 10:00",
        "Schedule a meeting with Anna at Malinowski tomorrow at 10:00",
        "Vegyél fel egy találkozót holnap 10:00-ra a C0004 ügyfélnél Kiss Annával",
        "Vegyél fel egy találkozót holnap 10:00-ra a C0004 ügyfélnél Annával",
        "Zaplanuj spotkanie z Anną w Malinowski jutro o 10:00",
        "Add a task for Anna Kowalska of C0004 tomorrow",
    ],
)
def test_a_word_or_a_contact_is_no_colleague(parts: Parts, people: Callable[[str], Actor], message: str) -> None:
    assert assignee(parts, people("nora"), message) == "nora"


@ONE
@pytest.mark.parametrize(
    ("message", "login"),
    [
        ("Add a task for Vera at Malinowski tomorrow: verify the contract", "vera"),
        ("Schedule a meeting for Vera with Malinowski tomorrow at 10:00", "vera"),
        ("Vegyél fel egy feladatot Verának holnapra a Malinowskinál: szerződés", "vera"),
        ("Dodaj zadanie dla Magdy na jutro w Malinowski: umowa", "magda"),
        ("Dodaj Tomaszowi zadanie na jutro w Malinowski: umowa", "tomasz"),
        ("Dodaj Magdzie zadanie na jutro w Malinowski: umowa", "magda"),
    ],
)
def test_a_task_may_be_given_to_a_colleague(
    parts: Parts, people: Callable[[str], Actor], message: str, login: str
) -> None:
    assert assignee(parts, people("nora"), message) == login
