"""Ten "why can't I" dialogues with the demo company, as three of its people with different rights.

bence is on the restricted level, anna on the normal one, vera manages. Each is asked through a whole turn, without a
model; the answer names the rule that holds for that record now, says who may or what else can be done, and leads there.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from assistant.ask import Ask
from assistant.context import Parts
from assistant.reply import Reply
from assistant.screen import Control, RecordRef, ScreenContext
from assistant.turn import reply_to
from core.settings import Settings
from crm import engine as crm_engine
from crm.actor import SYSTEM
from crm.people import actor_for
from crm.session import unit
from crm.tables import Activity, Customer, Opportunity
from demo.load import load
from knowledge.pages import help_pages
from offers.documents import pdf
from offers.service import Offers
from retrieval.index import Knowledge
from tests.conftest import WordEmbedder


@dataclass(frozen=True)
class Demo:
    """The demo company, with offers by what became of them."""

    parts: Parts
    offers: dict[str, str]


def _made(parts: Parts, login: str, prompt: str) -> str:
    reply = asyncio.run(reply_to(parts, actor_for(parts.engine, login), Ask(prompt, wants_offer=True)))
    assert reply.offer is not None, reply.text
    return reply.offer.number


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "soffice", lambda: None)
        settings = Settings(home=tmp_path_factory.mktemp("why"))
        engine = crm_engine.connect(settings)
        crm_engine.migrate(engine)
        load(engine)
        knowledge = Knowledge(settings, engine, WordEmbedder(), vectors="exact")
        knowledge.sync([page for page in help_pages() if page.id in ("permissions", "troubleshooting")])
        parts = Parts(settings, engine, knowledge, Offers(engine, settings), None)
        offers = {
            "waiting": _made(parts, "anna", "Kovács Kft.-nek 2 prémium licenc 30% kedvezménnyel"),
            "veras": _made(parts, "vera", "Kovácsműhely Zrt.-nek 2 prémium licenc 40% kedvezménnyel"),
            "issued": _made(parts, "anna", "Hegyaljai Borászatnak 3 prémium licenc"),
            "draft": _made(parts, "anna", "Bodza Kertészetnek 2 prémium licenc"),
        }
        parts.offers.issue(actor_for(engine, "anna"), offers["issued"])
        yield Demo(parts, offers)
        knowledge.close()
        engine.dispose()


def ask(demo: Demo, login: str, question: str, screen: ScreenContext | None) -> Reply:
    return asyncio.run(reply_to(demo.parts, actor_for(demo.parts.engine, login), Ask(question, screen=screen)))


def on(kind: str, code: str, *controls: Control) -> ScreenContext:
    return ScreenContext(id=kind, record=RecordRef(type=kind, code=code), controls=controls)


def in_stage(demo: Demo, stage: str) -> str:
    with unit(demo.parts.engine, SYSTEM, writes=False) as session:
        query = select(Opportunity.code).where(Opportunity.stage_code == stage).order_by(Opportunity.id)
        return session.scalars(query).first() or ""


def pages(reply: Reply) -> list[str]:
    return [citation.page_id for citation in reply.citations]


def test_a_grey_button_is_told_by_the_state_of_the_offer(demo: Demo) -> None:
    number = demo.offers["waiting"]
    issue = Control(name="issue", label="Kiadás", enabled=False, reason="Most nem megy.")
    reply = ask(demo, "anna", "Miért szürke a Kiadás gomb?", on("offer", number, issue))
    assert reply.text == (
        f"A(z) {number} ajánlat jóváhagyásra vár, mert a kedvezmény meghaladja a készítője keretét, ezért még nem "
        "adható ki. Kérd meg azt, aki jóváhagyhat, vagy csökkentsd a kedvezményt. [1] [2]\n"
        "Jóváhagyhatja: „Vezető” vagy „Adminisztrátor” szintű munkatárs, de nem az, aki az ajánlatot készítette.\n"
        "A képernyő ezt írja a(z) „Kiadás” mellé: „Most nem megy.”"
    )
    assert pages(reply) == ["offer-discounts-and-approval", f"offer:{number}"]
    assert [link.url for link in reply.links] == [f"/offers/{number}"]


def test_a_right_the_level_lacks_is_named_with_those_who_hold_it(demo: Demo) -> None:
    reply = ask(demo, "anna", "Dlaczego nie mogę zatwierdzić tej oferty?", on("offer", demo.offers["waiting"]))
    assert reply.language == "pl"
    assert "Poziom „Zwykły” nie ma do tego prawa (oferta: zatwierdzenie)." in reply.text
    assert "„Menedżer” lub „Administrator”" in reply.text
    assert pages(reply)[0] == "permissions"


def test_nobody_approves_what_they_made_themselves(demo: Demo) -> None:
    reply = ask(demo, "vera", "Miért nem hagyhatom jóvá?", on("offer", demo.offers["veras"]))
    assert "a tied, vagy te készítetted ezt a változatát" in reply.text
    assert pages(reply)[0] == "offer-discounts-and-approval"


def test_what_was_issued_can_be_edited_into_a_new_version(demo: Demo) -> None:
    number = demo.offers["issued"]
    reply = ask(demo, "anna", "Why can't I send this offer again?", on("offer", number))
    assert f"Offer {number} has been issued already, so it cannot be issued a second time." in reply.text
    assert "You can edit it: that makes a new version at today's prices" in reply.text
    assert pages(reply)[0] == "editing-an-offer" and reply.links[0].url == f"/offers/{number}"


def test_a_step_that_does_not_exist_comes_with_the_way_round(demo: Demo) -> None:
    code = in_stage(demo, "request")
    reply = ask(demo, "anna", "Why can't I move it to Won?", on("opportunity", code))
    assert "there is no way from stage “Request” to “Won”" in reply.text
    assert "Possible from here: Contact, Offer. The way there: Request → Offer → Decision → Won." in reply.text
    assert pages(reply) == ["moving-an-opportunity", f"opportunity:{code}"]


def test_a_closed_deal_is_reopened_by_those_who_may(demo: Demo) -> None:
    code = in_stage(demo, "lost")
    normal = ask(demo, "anna", "miert nem leptethetem tovabb", on("opportunity", code))
    assert "„Sikertelen” szakaszban van, vagyis lezárult" in normal.text
    assert "A lezárást visszavonhatja: „Vezető” vagy „Adminisztrátor” szintű munkatárs." in normal.text
    manager = ask(demo, "vera", "Miért nem tudom visszavonni a lezárást?", on("opportunity", code))
    assert "megteheted" in manager.text


def test_a_customer_out_of_reach_and_one_that_is_not_there_get_the_same_words(demo: Demo) -> None:
    with unit(demo.parts.engine, SYSTEM, writes=False) as session:
        annas = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
        assert annas.owner is not None and annas.owner.login == "anna"
    screen = ScreenContext(id="customers")
    hidden = ask(demo, "bence", "Why can't I see the Kovács customer?", screen)
    absent = ask(demo, "bence", "Why can't I see the Dunai customer?", screen)
    assert hidden.text == absent.text and hidden.links == absent.links and hidden.citations == absent.citations
    assert "The level “Restricted” sees own and unassigned customers" in hidden.text
    assert "a colleague of the level “Normal”, “Manager” or “Administrator”" in hidden.text
    by_code = [ask(demo, "bence", f"Dlaczego nie widzę klienta {code}?", None).text for code in ("C0001", "C9999")]
    assert by_code[0] == by_code[1]


def test_a_record_on_screen_that_is_not_the_askers_is_no_record(demo: Demo) -> None:
    numbers = (demo.offers["draft"], "X-2026-99999")
    hidden, absent = (ask(demo, "bence", "Miért nem tudom kiadni?", on("offer", number)) for number in numbers)
    assert hidden.text.replace(demo.offers["draft"], "X-2026-99999") == absent.text
    assert "Nincs ilyen rekord: ajánlat" in hidden.text and hidden.links == absent.links
    assert "Bodza" not in hidden.text


def test_prices_are_changed_by_those_who_may(demo: Demo) -> None:
    reply = ask(demo, "bence", "Miért nem módosíthatom az árat?", on("product", "LIC-PREM"))
    assert "A „Korlátozott” szinten ehhez nincs jog (ár: létrehozás)." in reply.text
    assert "„Vezető” vagy „Adminisztrátor”" in reply.text
    assert [link.url for link in reply.links] == ["/products/LIC-PREM"]


def test_what_the_product_cannot_do_is_said_with_what_to_do_instead(demo: Demo) -> None:
    reply = ask(demo, "vera", "Dlaczego nie mogę usunąć tego klienta?", on("customer", "C0001"))
    assert "Program nie ma takiej operacji, dla nikogo: klient, usuwanie." in reply.text
    assert "customers" in pages(reply) and reply.links[0].url == "/customers/C0001"


def test_a_task_of_somebody_elses_customer_is_not_told(demo: Demo) -> None:
    with unit(demo.parts.engine, SYSTEM, writes=False) as session:
        query = select(Activity).join(Customer, Customer.id == Activity.customer_id).where(Customer.code == "C0001")
        task = session.scalars(query.order_by(Activity.id)).first()
        assert task is not None
        subject = task.subject
    reply = ask(demo, "bence", "Why can't I delete this task?", on("activity", str(task.id)))
    assert "There is no such record" in reply.text and subject not in reply.text
