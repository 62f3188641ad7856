"""Only the steps in the table can be taken; activities and issuing carry the automatic ones."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden, say
from crm import activities, opportunities, pipeline
from crm.actor import SYSTEM, Actor
from crm.defaults import STAGES, TRANSITIONS
from crm.enquiries import Enquiry, receive
from crm.pipeline_rules import rules
from crm.session import CrmSession, unit
from crm.tables import Activity, ActivityType, Contact, Customer, Opportunity, Transition

People = Callable[[str], Actor]
CODES = [code for code, _, _ in STAGES]
BY_HAND = {(start, end) for start, end, trigger, _ in TRANSITIONS if trigger in ("person", "undo")}


@pytest.fixture
def deal(engine: Engine, people: People) -> Callable[[str], str]:
    """Makes an opportunity in a stage, and gives its code."""

    def make(stage: str) -> str:
        with unit(engine, SYSTEM) as session:
            firm = session.scalar(select(Customer)) or Customer(
                code="C1", name="Cég", country="HU", currency="HUF", language="hu"
            )
            session.add(firm)
            session.flush()
            opportunity = opportunities.open_new(session, firm, "Üzlet", "direct")
            opportunity.stage_code = stage
            return opportunity.code

    return make


def stage_of(session: CrmSession, code: str) -> str:
    return opportunities.by_code(session, code).stage_code


@pytest.mark.parametrize("start", CODES)
def test_a_manager_can_take_exactly_the_steps_in_the_table(
    engine: Engine, people: People, deal: Callable[[str], str], start: str
) -> None:
    manager = people("mate")
    for end in (code for code in CODES if code != start):
        code = deal(start)
        try:
            with unit(engine, manager) as session:
                pipeline.move(session, opportunities.by_code(session, code), end)
            refused = None
        except AppError as error:
            refused = error
        with unit(engine, manager, writes=False) as session:
            assert stage_of(session, code) == (end if (start, end) in BY_HAND else start)
        if (start, end) not in BY_HAND:
            assert refused is not None
            assert refused.code == "step_refused"
            names = {code: names["hu"] for code, _, names in STAGES}
            assert f"„{names[start]}” szakaszból nem lehet „{names[end]}” szakaszba" in refused.message("hu")


def test_a_refusal_names_the_legal_steps_in_the_askers_language(
    engine: Engine, people: People, deal: Callable[[str], str]
) -> None:
    code = deal("contact")
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        pipeline.move(session, opportunities.by_code(session, code), "won")
    assert "Ajánlatkérés, Ajánlattétel" in refused.value.message("hu")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("contact", "won", "„Sikeres” szakaszba csak innen lehet jutni: Döntéshozatal."),
        ("contact", "won", "Az út odáig: Kapcsolatfelvétel → Ajánlattétel → Döntéshozatal → Sikeres."),
        ("won", "contact", "Lezárt lehetőség csak a lezárás visszavonásával mozdulhat tovább."),
        ("won", "contact", "Innen lehetséges: nincs további lépés."),
        ("offer", "offer", "A lehetőség már „Ajánlattétel” szakaszban van."),
    ],
)
def test_a_refusal_tells_the_rule_in_words_and_the_way_there(
    engine: Engine, people: People, deal: Callable[[str], str], start: str, end: str, said: str
) -> None:
    code = deal(start)
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        pipeline.move(session, opportunities.by_code(session, code), end)
    assert said in refused.value.message("hu")


def test_a_menu_offers_the_legal_steps_and_says_why_not_the_others(engine: Engine, people: People) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        known = rules(session)
    offered = {choice.stage: choice.reason for choice in known.choices("request", people("nora"))}
    assert [stage for stage, reason in offered.items() if reason is None] == ["contact", "offer"]
    assert offered["lost"] == "„Sikertelen” szakaszba csak innen lehet jutni: Döntéshozatal."
    assert known.choices("won", people("nora"))[3].reason == say("rule_right_to_undo", "hu")
    assert known.choices("won", people("mate"))[3].reason is None


def test_undoing_won_needs_a_right_of_its_own(engine: Engine, people: People, deal: Callable[[str], str]) -> None:
    code = deal("won")
    with pytest.raises(Forbidden), unit(engine, people("nora")) as session:
        pipeline.move(session, opportunities.by_code(session, code), "decision")
    with unit(engine, people("mate")) as session:
        pipeline.move(session, opportunities.by_code(session, code), "decision")
        assert stage_of(session, code) == "decision"


@pytest.mark.parametrize("start", ["contact", "request", "offer", "decision"])
def test_sending_an_offer_leads_to_decision_from_every_open_stage(
    engine: Engine, people: People, deal: Callable[[str], str], start: str
) -> None:
    code = deal(start)
    with unit(engine, people("nora")) as session:
        opportunity = opportunities.by_code(session, code)
        activities.record(session, opportunity.customer, "offer_sent", "x", opportunity=opportunity, done=True)
        assert stage_of(session, code) == "decision"


def test_sending_an_offer_for_a_closed_deal_is_refused_and_records_nothing(
    engine: Engine, people: People, deal: Callable[[str], str]
) -> None:
    code = deal("won")
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        opportunity = opportunities.by_code(session, code)
        activities.record(session, opportunity.customer, "offer_sent", "x", opportunity=opportunity, done=True)
    assert refused.value.code == "step_refused"
    with unit(engine, people("nora"), writes=False) as session:
        assert session.scalars(select(Activity)).all() == []


def test_an_administrator_can_give_an_activity_type_a_move_of_its_own(
    engine: Engine, people: People, deal: Callable[[str], str]
) -> None:
    code = deal("contact")
    with unit(engine, people("ada")) as session:
        session.get_one(ActivityType, "meeting").moves_to = "request"
        session.add(Transition(from_stage="contact", to_stage="request", trigger="activity"))
    with unit(engine, people("nora")) as session:
        opportunity = opportunities.by_code(session, code)
        activities.record(session, opportunity.customer, "meeting", "x", opportunity=opportunity, done=True)
        assert stage_of(session, code) == "request"


def test_only_administrators_edit_the_rules(engine: Engine, people: People, deal: Callable[[str], str]) -> None:
    with pytest.raises(Forbidden), unit(engine, people("mate")) as session:
        session.add(Transition(from_stage="contact", to_stage="won", trigger="person"))


def test_an_outside_enquiry_finds_or_makes_the_firm_and_begins_in_request(engine: Engine, people: People) -> None:
    enquiry = Enquiry("Új Cég Kft.", "Kiss", "Éva", "eva@uj.example", "Nyomtatók", message="Kérnénk ajánlatot.")
    with unit(engine, people("nora")) as session:
        first = receive(session, enquiry)
        assert (first.stage_code, first.customer.name) == ("request", "Új Cég Kft.")
    with unit(engine, people("nora")) as session:
        second = receive(session, Enquiry("ÚJ CÉG KFT", "Kiss", "Éva", "EVA@uj.example", "Monitorok"))
        assert second.customer.code == first.customer.code
        assert second.code != first.code
        assert len(session.scalars(select(Contact)).all()) == 1
        assert len(session.scalars(select(Opportunity)).all()) == 2
