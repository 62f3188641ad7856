"""Customers made and changed by people: what is kept, what is refused with a reason, and who may."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from core.clock import today
from core.errors import AppError, Forbidden, NotFound
from crm import customer_changes, customer_fields, customers, opportunities
from crm.actor import SYSTEM, Actor
from crm.customer_changes import Duplicates
from crm.customer_fields import FieldsRefused
from crm.imports import tax
from crm.session import unit
from crm.tables import Activity, AuditEntry, Customer, Opportunity

People = Callable[[str], Actor]
NEW = {
    "name": "  Körte \u200b Kft. ",
    "country": "hu",
    "currency": "HUF",
    "language": "hu",
    "tax_number": "14503128-2-13",
}


def test_a_new_customer_gets_the_next_code_and_what_was_typed(engine: Engine, people: People, company: None) -> None:
    with unit(engine, people("nora")) as session:
        made = customer_changes.create(session, {**NEW, "owner": "rita", "employees": "1 200", "city": " "})
        assert (made.code, made.name, made.country, made.tax_key) == ("C0006", "Körte Kft.", "HU", "14503128213")
        assert (made.employees, made.city, made.status, made.payment_days) == (1200, None, "potential", 8)
        assert made.owner is not None and made.owner.login == "rita"
    with unit(engine, people("nora"), writes=False) as session:
        assert [c.code for c in customers.search(session, "korte")] == ["C0006"]


def test_every_fault_is_named_at_once_and_nothing_is_kept(engine: Engine, people: People) -> None:
    typed = {
        "name": " ",
        "country": "Hungary",
        "employees": "-3",
        "status": "dead",
        "payment_days": "",
        "city": "x" * 301,
    }
    with pytest.raises(FieldsRefused) as refused, unit(engine, people("nora")) as session:
        customer_changes.create(session, {**NEW, **typed})
    assert {name: fault.code for name, fault in refused.value.faults.items()} == {
        "name": "field_missing",
        "country": "field_country",
        "employees": "field_not_whole",
        "status": "field_not_a_choice",
        "payment_days": "field_missing",
        "city": "field_too_long",
    }
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Customer)).all() == []


@pytest.mark.parametrize(
    ("country", "number", "right"),
    [
        ("HU", "14503128-2-13", True),
        ("HU", "14503128", True),
        ("HU", "14503127-2-13", False),
        ("HU", "14503128-9-13", False),
        ("PL", "526-104-08-28", True),
        ("PL", "526-104-08-29", False),
        ("AT", "U13585627", True),
        ("AT", "ATU13585627", True),
        ("AT", "ATU13585626", False),
        ("DE", "136695976", True),
        ("DE", "136695978", False),
        ("GR", "EL094259216", True),
        ("GR", "094259216", True),
        ("US", "anything", True),
    ],
)
def test_a_tax_number_has_the_check_digits_of_its_country(country: str, number: str, right: bool) -> None:
    assert tax.plausible(country, number) is right


def test_a_firm_known_by_tax_number_or_by_sound_is_made_only_when_insisted_on(
    engine: Engine, people: People, company: None
) -> None:
    for typed in ({**NEW, "tax_number": "", "name": "BARTOK, kft"}, {**NEW, "tax_number": "12345671", "country": "US"}):
        with pytest.raises(Duplicates) as warned, unit(engine, people("nora")) as session:
            customer_changes.create(session, typed)
        assert warned.value.alike[0].code == "C0001"
        assert "Bartók Kft. (C0001)" in warned.value.message("hu")
    with unit(engine, people("nora")) as session:
        made = customer_changes.create(session, {**NEW, "tax_number": "", "name": "BARTOK, kft"}, anyway=True)
        assert made.code == "C0006"


def test_the_warning_tells_nothing_of_firms_out_of_reach(engine: Engine, people: People, company: None) -> None:
    with unit(engine, people("rita")) as session:
        customer_changes.create(session, {**NEW, "tax_number": "", "name": "Bartók Kft.", "owner": "rita"})


def test_only_what_is_named_changes_and_a_stale_version_changes_nothing(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("nora")) as session:
        changed = customer_changes.update(session, "C0001", 1, {"city": "Vác", "unheard": "x"})
        assert (changed.city, changed.name, changed.version) == ("Vác", "Bartók Kft.", 2)
    with pytest.raises(AppError) as stale, unit(engine, people("mate")) as session:
        customer_changes.update(session, "C0001", 1, {"city": "Eger"})
    assert stale.value.code == "conflict"
    with unit(engine, people("mate")) as session:
        same = customer_changes.update(session, "C0001", 2, {"city": "Vác"})
    assert same.version == 2, "a value that is there already is no change"


def test_a_doubtful_number_that_was_imported_does_not_hinder_other_changes(
    engine: Engine, people: People, company: None
) -> None:
    kept = {"tax_number": "12345671-2-41", "city": "Vác"}
    with unit(engine, people("nora")) as session:
        assert customer_changes.update(session, "C0001", 1, kept).city == "Vác"
    with pytest.raises(FieldsRefused), unit(engine, people("nora")) as session:
        customer_changes.update(session, "C0001", 2, {"tax_number": "12345672-2-41"})


def test_a_restricted_user_neither_reaches_others_customers_nor_gives_one_away(
    engine: Engine, people: People, company: None
) -> None:
    with pytest.raises(NotFound), unit(engine, people("rita")) as session:
        customer_changes.update(session, "C0001", 1, {"city": "Vác"})
    with pytest.raises(FieldsRefused) as away, unit(engine, people("rita")) as session:
        customer_changes.update(session, "C0002", 1, {"owner": "reka"})
    assert away.value.faults["owner"].code == "owner_out_of_reach"
    with unit(engine, people("rita")) as session:
        assert [u.login for u in customer_fields.possible_owners(session)] == ["rita"]
        assert customer_changes.update(session, "C0003", 1, {"owner": "rita"}).version == 2
        assert customer_changes.update(session, "C0003", 2, {"owner": ""}).owner_id is None


def test_nobody_makes_a_customer_without_the_right_to(engine: Engine, people: People) -> None:
    nora = people("nora")
    grants = {right: scope for right, scope in nora.grants.items() if right != ("customer", "create")}
    reader = Actor(nora.user_id, nora.login, nora.role, nora.team_id, "hu", grants)
    with pytest.raises(Forbidden), unit(engine, reader) as session:
        customer_changes.create(session, NEW)


def test_open_work_goes_to_the_new_owner_with_the_customer_and_finished_work_stays(
    engine: Engine, people: People, company: None
) -> None:
    nora, mate = people("nora"), people("mate")
    with unit(engine, SYSTEM) as session:
        firm = customers.by_code(session, "C0001")
        opportunities.open_new(session, firm, "nyitott", "direct")
        opportunities.open_new(session, firm, "lezárt", "direct").stage_code = "won"
        for state, user in (("open", nora), ("done", nora), ("open", mate)):
            session.add(
                Activity(
                    customer_id=firm.id, type_code="task", subject=f"{state} {user.login}", state=state,
                    assignee_id=user.user_id, due=today(),
                )
            )  # fmt: skip
    with unit(engine, mate) as session:
        done = customer_changes.hand_over(session, "C0001", 1, "rita", with_open_work=True)
        assert (done.opportunities, done.activities) == (1, 1)
    with unit(engine, SYSTEM, writes=False) as session:
        rita = people("rita").user_id
        mine = select(Opportunity.title).where(Opportunity.owner_id == rita)
        assert session.scalars(mine).all() == ["nyitott"]
        assert session.scalars(select(Activity.subject).where(Activity.assignee_id == rita)).all() == ["open nora"]
        entries = session.scalars(select(AuditEntry.resource_name).where(AuditEntry.actor == "mate"))
        assert sorted(entries) == ["activities", "customers", "opportunities"]
