"""The pipeline, activity types and company settings, changed by an administrator without breaking what runs on them."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden, NotFound
from crm import activities, opportunities, pipeline, settings_company, settings_pipeline, settings_types
from crm.actor import SYSTEM, Actor
from crm.customer_fields import FieldsRefused
from crm.customers import by_code
from crm.defaults import ENTRIES, STAGES, TRANSITIONS
from crm.pipeline_check import TRIGGERS, faults
from crm.session import unit
from crm.settings_company import CompanyFields
from crm.tables import ActivityType, AuditEntry, Stage, Transition

People = Callable[[str], Actor]
NAMES = {"hu": "Bemutató", "pl": "Prezentacja", "en": "Demonstration"}
NOBODY: dict[str, str] = {}


def shape(session: object) -> list[tuple[str, str, str]]:
    rows = session.scalars(select(Transition))  # type: ignore[attr-defined]
    return [(t.from_stage, t.to_stage, t.trigger) for t in rows]


def refusal(code: str, change: Callable[[], object]) -> str:
    with pytest.raises(AppError) as caught:
        change()
    assert caught.value.code == code
    return str(caught.value)


def test_the_pipeline_of_a_new_database_holds_together() -> None:
    stages = {code: closed for code, closed, _ in STAGES}
    steps = [(start, end, trigger) for start, end, trigger, _ in TRANSITIONS]
    assert faults(stages, steps, ENTRIES.values(), NOBODY) == []


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abcx"), st.sampled_from(TRIGGERS[:3])), max_size=8)


@given(STEPS)
def test_a_pipeline_without_faults_can_be_walked_from_its_entry_to_its_end(steps: list[tuple[str, str, str]]) -> None:
    stages = {"a": False, "b": False, "c": False, "x": True}
    if faults(stages, steps, ["a"], NOBODY):
        return
    onward = {start: {end for begin, end, _ in steps if begin == start} for start in stages}
    # Walking blindly, one can get everywhere, and from everywhere to the end.
    for wanted in ("b", "c", "x"):
        assert any(wanted in onward[start] for start in stages if start != wanted)
    automatic = {start: end for start, end, trigger in steps if trigger == "automatic"}
    for start in stages:
        at, taken = start, 0
        while at in automatic and taken <= len(stages):
            at, taken = automatic[at], taken + 1
        assert taken <= len(stages), "automatic steps go on for ever"


@given(STEPS, st.permutations("abcx"))
def test_faults_do_not_depend_on_the_order_of_stages(steps: list[tuple[str, str, str]], order: list[str]) -> None:
    closed = {"a": False, "b": False, "c": False, "x": True}
    turned = {code: closed[code] for code in order}
    assert set(faults(closed, steps, ["a"], NOBODY)) == set(faults(turned, steps, ["a"], NOBODY))


@pytest.mark.parametrize(
    ("more", "less", "fault"),
    [
        (
            [],
            [("decision", end, how) for end in ("won", "lost") for how in ("person", "activity")],
            "stage_without_end",
        ),
        ([], [("contact", "request", "person")], "stage_unreached"),
        ([("decision", "offer", "automatic")], [], "automatic_circle"),
        ([("offer", "contact", "automatic")], [], "automatic_twice"),
        ([("won", "offer", "person")], [], "closed_left"),
        ([("offer", "contact", "undo")], [], "undo_from_open"),
    ],
)
def test_each_way_to_break_the_pipeline_is_found(
    more: list[tuple[str, str, str]], less: list[tuple[str, str, str]], fault: str
) -> None:
    stages = {code: closed for code, closed, _ in STAGES}
    steps = [(a, b, c) for a, b, c, _ in TRANSITIONS if (a, b, c) not in less] + more
    # The request has an entry of its own by default.
    assert fault in [code for code, _ in faults(stages, steps, ["contact"], NOBODY)]


def test_a_stage_is_named_in_three_languages(engine: Engine, people: People) -> None:
    with unit(engine, people("ada")) as session:
        version = session.get_one(Stage, "offer").version
        settings_pipeline.rename_stage(session, "offer", version, NAMES)
        assert pipeline.stage_name(session, "offer", "hu") == "Bemutató"
    with pytest.raises(FieldsRefused) as caught, unit(engine, people("ada")) as session:
        settings_pipeline.rename_stage(session, "won", 1, {**NAMES, "pl": "decyzja"})
    assert set(caught.value.faults) == {"hu", "pl", "en"}
    refusal("conflict", lambda: _renamed(engine, people("ada"), version))


def _renamed(engine: Engine, actor: Actor, version: int) -> None:
    with unit(engine, actor) as session:
        settings_pipeline.rename_stage(session, "offer", version, NAMES)


def test_a_new_stage_is_walked_through_by_opportunities(engine: Engine, company: None, people: People) -> None:
    with unit(engine, people("ada")) as session:
        made = settings_pipeline.add_stage(session, NAMES, False, "request", "offer")
        assert made.code == "demonstration"
        assert [r.stage.code for r in settings_pipeline.stages(session)][:4] == [
            *("contact", "request", "demonstration", "offer")
        ]
    with unit(engine, people("nora")) as session:
        deal = opportunities.open_new(session, by_code(session, "C0001"), "Toll", "external")
        pipeline.move(session, deal, "demonstration")
        pipeline.move(session, deal, "offer")


def test_a_stage_with_something_in_it_stays(engine: Engine, company: None, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada) as session:
        settings_pipeline.add_stage(session, NAMES, True, "decision", "")
        deal = opportunities.open_new(session, by_code(session, "C0001"), "Toll", "direct")
        for step in ("offer", "decision", "demonstration"):
            pipeline.move(session, deal, step)

    def remove(code: str) -> None:
        with unit(engine, ada) as session:
            settings_pipeline.remove_stage(session, code, session.get_one(Stage, code).version)

    assert "opportunities: 1" in refusal("stage_in_use", lambda: remove("demonstration"))
    assert "direct" in refusal("stage_in_use", lambda: remove("contact"))
    assert "Ajánlatküldés" in refusal("stage_in_use", lambda: remove("offer"))
    # Nothing is in the decision now, but without it nothing would be won.
    assert "Ajánlattétel" in refusal("pipeline_broken", lambda: remove("decision"))
    with pytest.raises(NotFound), unit(engine, ada) as session:
        settings_pipeline.remove_stage(session, "nowhere", 1)
    assert "Ajánlat elutasítva" in refusal("stage_in_use", lambda: remove("lost"))
    with unit(engine, ada) as session:
        declined = session.get_one(ActivityType, "offer_declined")
        names = {"hu": "Ajánlat elutasítva", "pl": "Oferta odrzucona", "en": "Offer declined"}
        settings_types.change(session, declined.code, declined.version, names, "")
    remove("lost")
    with unit(engine, ada, writes=False) as session:
        assert not [step for step in shape(session) if "lost" in step]


def test_steps_are_added_and_removed_and_a_breaking_change_is_taken_back(engine: Engine, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada) as session:
        settings_pipeline.add_transition(session, "contact", "lost", "person", "transition")
    with unit(engine, SYSTEM, writes=False) as session:
        before = shape(session)
        only = session.scalars(select(Transition).where(Transition.trigger == "automatic")).one()
        assert ("contact", "lost", "person") in before

    def add(start: str, end: str, trigger: str = "person", action: str = "transition") -> None:
        with unit(engine, ada) as session:
            settings_pipeline.add_transition(session, start, end, trigger, action)

    for wrong in (("contact", "lost"), ("contact", "contact"), ("contact", "mars"), ("contact", "won", "magic")):
        refusal("fields_refused", lambda wrong=wrong: add(*wrong))
    refusal("fields_refused", lambda: add("contact", "won", "person", "delete"))
    assert "körbe" in refusal("pipeline_broken", lambda: add("decision", "offer", "automatic"))
    with unit(engine, ada) as session:
        settings_pipeline.remove_transition(session, only.id, only.version)
    with unit(engine, SYSTEM, writes=False) as session:
        assert sorted(shape(session)) == sorted(set(before) - {("offer", "decision", "automatic")})


def test_opportunities_begin_where_the_settings_say(engine: Engine, company: None, people: People) -> None:
    with unit(engine, people("ada")) as session:
        settings_pipeline.set_entry(session, "direct", 1, "request")
    with pytest.raises(AppError, match="lezárt"), unit(engine, people("ada")) as session:
        settings_pipeline.set_entry(session, "external", 1, "won")
    with unit(engine, people("nora")) as session:
        assert opportunities.open_new(session, by_code(session, "C0001"), "Toll", "direct").stage_code == "request"


def test_an_activity_type_moves_opportunities_from_the_moment_it_is_set(
    engine: Engine, company: None, people: People
) -> None:
    with unit(engine, people("ada")) as session:
        kind = settings_types.add(session, NAMES, "offer")
        listed = {row.type.code: row for row in settings_types.listed(session)}
        assert listed[kind.code].moves_from == ("contact", "request")
    with unit(engine, people("nora")) as session:
        firm = by_code(session, "C0001")
        deal = opportunities.open_new(session, firm, "Toll", "direct")
        activities.record(session, firm, kind.code, "Bemutató", opportunity=deal, done=True)
        # On to the decision by itself, as the automatic step says.
        assert deal.stage_code == "decision"
    with unit(engine, people("ada")) as session:
        settings_types.change(session, kind.code, 1, {**NAMES, "hu": "Látogatás"}, "")
        assert session.get_one(ActivityType, kind.code).moves_to is None


def test_an_activity_type_that_is_needed_stays(engine: Engine, company: None, people: People) -> None:
    ada = people("ada")
    with unit(engine, ada) as session:
        unused = settings_types.add(session, NAMES, "").code
        activities.record(session, by_code(session, "C0001"), "call", "Hívás")

    def remove(code: str) -> None:
        with unit(engine, ada) as session:
            settings_types.remove(session, code, 1)

    refusal("type_in_use", lambda: remove("call"))
    for built_in in settings_types.BUILT_IN:
        refusal("type_built_in", lambda built_in=built_in: remove(built_in))
    remove(unused)
    with unit(engine, ada, writes=False) as session:
        assert unused not in session.scalars(select(ActivityType.code)).all()
    with pytest.raises(FieldsRefused) as caught, unit(engine, ada) as session:
        settings_types.add(session, {"hu": "feladat", "pl": "", "en": "Visit"}, "mars")
    assert set(caught.value.faults) == {"hu", "pl", "moves_to"}


SELLER = CompanyFields(
    name="Kékes Kft.",
    address="3200 Gyöngyös, Fő tér 1.",
    tax_number="12345676-2-41",
    email="ajanlat@kekes.example",
    phone="+36 37 555 000",
    bank_account="11700000-00000000-00000000",
    website="kekes.example",
    offer_series="kk",
    offer_valid_days="14",
    follow_up_days="0",
    limits={"normal": "12,5 %", "manager": "40"},
)


def test_company_settings_are_kept_as_typed(engine: Engine, people: People) -> None:
    with unit(engine, people("ada")) as session:
        assert settings_company.present(session)[1] == 0
        settings_company.save(session, 0, SELLER)
    with unit(engine, people("nora"), writes=False) as session:
        kept, version = settings_company.present(session)
        assert (kept.name, kept.offer_series, kept.offer_valid_days, version) == ("Kékes Kft.", "KK", 14, 1)
        limits = [kept.discount_limit(role) for role in ("normal", "manager", "restricted")]
        assert limits == [Decimal("12.5"), Decimal(40), Decimal(20)]
    refusal("conflict", lambda: _saved(engine, people("ada"), 0))
    with unit(engine, people("ada"), writes=False) as session:
        assert "company_settings" in session.scalars(select(AuditEntry.resource_name)).all()


def _saved(engine: Engine, actor: Actor, version: int, typed: CompanyFields = SELLER) -> None:
    with unit(engine, actor) as session:
        settings_company.save(session, version, typed)


def test_company_settings_that_make_no_sense_are_told_field_by_field(engine: Engine, people: People) -> None:
    typed = replace(
        SELLER, name=" ", email="kékes", offer_series="Á-1", offer_valid_days="0", follow_up_days="91",
        limits={"normal": "101", "manager": "1,234", "restricted": "NaN"},
    )  # fmt: skip
    with pytest.raises(FieldsRefused) as caught:
        _saved(engine, people("ada"), 0, typed)
    assert set(caught.value.faults) == {
        *("name", "email", "offer_series", "offer_valid_days", "follow_up_days"),
        *("limit_normal", "limit_manager", "limit_restricted"),
    }


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_only_those_who_may_change_settings_change_any_of_this(engine: Engine, people: People, login: str) -> None:
    actor = people(login)
    with pytest.raises(Forbidden):
        _saved(engine, actor, 0)
    with pytest.raises(Forbidden), unit(engine, actor) as session:
        settings_pipeline.add_transition(session, "contact", "lost", "person", "transition")
    with pytest.raises(Forbidden), unit(engine, actor) as session:
        settings_pipeline.set_entry(session, "direct", 1, "request")
    with pytest.raises(Forbidden), unit(engine, actor) as session:
        settings_types.add(session, NAMES, "")


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_every_percentage_is_read_as_it_is_printed_in_any_language(number: Decimal) -> None:
    assert settings_company.percent(f"{number}%") == number
    assert settings_company.percent(f" {str(number).replace('.', ',')}\u00a0%") == number
