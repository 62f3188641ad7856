"""Importing: what goes in, what is refused and why, and that nothing is ever doubled."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from core.clock import today
from core.language import LANGUAGES
from crm import days, numbers
from crm.actor import SYSTEM, Actor
from crm.audit import verify
from crm.imports import ImportReport, RowFault, run_import
from crm.imports.report import ImportKind
from crm.session import unit
from crm.tables import Activity, AuditEntry, Base, Contact, Customer, CustomerWord, Opportunity, Team, User

Import = Callable[..., ImportReport]
CUSTOMERS = "code,name,tax_number,country,owner,currency,language"


@pytest.fixture
def load(engine: Engine, people: Callable[[str], Actor], tmp_path: Path) -> Import:
    """Import the given lines as a csv file of a kind, with a sentence in three languages for every fault."""

    def run(kind: ImportKind, *lines: str, strict: bool = False) -> ImportReport:
        file = tmp_path / f"{kind}.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        report = run_import(engine, kind, file, strict=strict)
        for fault in report.rejected + report.warnings:
            assert len({fault.message(language) for language in LANGUAGES}) == 3
        return report

    return run


def count(engine: Engine, entity: type[Base]) -> int:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalar(select(func.count()).select_from(entity)) or 0


def tally(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.rejected)


def test_a_bad_row_is_told_by_its_number_in_three_languages_and_the_rest_goes_in(engine: Engine, load: Import) -> None:
    report = load(
        "customers",
        CUSTOMERS,
        "C0001,Első Kft.,,HU,nora,HUF,hu",
        "",
        "C0002,Második Kft.,,HU,senki,HUF,hu",
        "C0003,Harmadik Kft.,,HU,,USD,hu",
        "C0004,,,HU,,HUF,hu",
    )
    assert tally(report) == (1, 0, 0, 3)
    assert [(f.row, f.reason_code) for f in report.rejected] == [
        (4, "row_unknown_user"),
        (5, "row_not_a_choice"),
        (6, "row_missing_value"),
    ]
    for fault in report.rejected:
        assert all(str(fault.values["column"]) in fault.message(language) for language in LANGUAGES)
    assert count(engine, Customer) == 1


def test_strict_takes_nothing_over_when_one_row_is_bad(engine: Engine, load: Import) -> None:
    lines = [CUSTOMERS, *(f"C{n},Cég {n} Kft.,,HU,,HUF,hu" for n in range(1500))]
    report = load("customers", *lines, "X,Rossz Kft.,,HU,senki,HUF,hu", strict=True)
    assert tally(report) == (0, 0, 0, 1)
    assert count(engine, Customer) == count(engine, CustomerWord) == 0
    assert tally(load("customers", *lines, strict=True)) == (1500, 0, 0, 0)
    with unit(engine, SYSTEM, writes=False) as session:
        assert verify(session).broken_at is None
        made = select(func.count()).select_from(AuditEntry).where(AuditEntry.resource_name == "customers")
        assert session.scalar(made) == 1500


@pytest.mark.parametrize("strict", [False, True])
def test_customers_are_updated_by_code_and_never_doubled(engine: Engine, load: Import, strict: bool) -> None:
    first = "C0001,Első Kft.,12345676-2-41,HU,nora,HUF,hu"
    assert tally(load("customers", CUSTOMERS, first, strict=strict)) == (1, 0, 0, 0)
    assert tally(load("customers", CUSTOMERS, first, strict=strict)) == (0, 0, 1, 0)
    changed = "c0001, Alpha Kft. ,12345676-2-41,hu,,HUF,hu"
    assert tally(load("customers", CUSTOMERS, changed, strict=strict)) == (0, 1, 0, 0)
    with unit(engine, SYSTEM, writes=False) as session:
        customer = session.scalars(select(Customer)).one()
        assert (customer.code, customer.name, customer.owner_id) == ("C0001", "Alpha Kft.", None)
        assert set(session.scalars(select(CustomerWord.word))) == {"alpha", "kft", "alphakft"}


def test_a_record_twice_in_one_file_is_one_record_and_the_later_row_counts(engine: Engine, load: Import) -> None:
    report = load("customers", CUSTOMERS, "C1,Első,,HU,,HUF,hu", "C2,Másik,,HU,,HUF,hu", "c1,Újabb,,HU,,HUF,hu")
    assert tally(report) == (2, 1, 0, 0)
    assert report.warnings == [RowFault(4, "row_repeated", {"first": 2})]
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Customer.name).order_by(Customer.code)).all() == ["Újabb", "Másik"]


@pytest.mark.parametrize(
    ("country", "number", "doubtful"),
    [
        ("HU", "12345676-2-41", False),
        ("HU", "12345676", False),
        ("HU", "12345675-2-41", True),
        ("HU", "12345676-9-41", True),
        ("HU", "12345676-2-4", True),
        ("PL", "526-000-12-46", False),
        ("PL", "5260001247", True),
        ("GB", "GB980780684", False),
        ("GB", "GB980780685", True),
        ("US", "anything", False),
        ("DE", "anything", True),
        ("DE", "136695976", False),
    ],
)
def test_a_doubtful_tax_number_is_kept_with_a_warning(
    engine: Engine, load: Import, country: str, number: str, doubtful: bool
) -> None:
    report = load("customers", CUSTOMERS, f"C1,Cég,{number},{country},,EUR,en")
    assert report.created == 1
    assert [w.reason_code for w in report.warnings] == ["row_doubtful_tax_number"] * doubtful
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Customer.tax_number)).one() == number


def test_a_column_the_file_lacks_leaves_the_field_and_an_empty_cell_empties_it(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS + ",city,segment", "C1,Cég,,HU,nora,HUF,hu,Pécs,A")
    load("customers", "code,name,country,currency,language,city", "C1,Cég,HU,HUF,hu,")
    with unit(engine, SYSTEM, writes=False) as session:
        customer = session.scalars(select(Customer)).one()
        assert (customer.city, customer.segment, customer.owner_id is None) == (None, "A", False)


def test_codes_drawn_after_an_import_never_meet_imported_ones(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS, "C0012,Cég,,HU,,HUF,hu", "C0011,Cég,,HU,,HUF,hu", "X0099,Cég,,HU,,HUF,hu")
    with unit(engine, SYSTEM) as session:
        assert numbers.draw(session, "customer") == 13


def test_contacts_are_known_by_email_in_any_case_and_without_one_by_name(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS, "C1,Cég,,HU,,HUF,hu", "C2,Más,,HU,,HUF,hu")
    header = "customer_code,family_name,given_name,position,email,phone,marketing_consent"
    rows = ["C1,Kis,Éva,,eva@ceg.example,+3612345678,yes", "C1,Nagy,Pál,,,,no", "C2,Nagy,Pál,,,,no"]
    assert tally(load("contacts", header, *rows)) == (3, 0, 0, 0)
    assert tally(load("contacts", header, *rows)) == (0, 0, 3, 0)
    assert tally(load("contacts", header, "C2,Kis,Éva,,EVA@ceg.example,,no")) == (0, 1, 0, 0)
    assert tally(load("contacts", header, "C1,Nagy,Pál,,pal@ceg.example,,no")) == (0, 1, 0, 0)
    assert tally(load("contacts", header, "C1,Nagy,Pál,igazgató,,,no")) == (0, 1, 0, 0)
    with unit(engine, SYSTEM, writes=False) as session:
        held = session.execute(select(Contact.email, Customer.code).join(Customer).order_by(Contact.id)).all()
    assert [tuple(row) for row in held] == [("eva@ceg.example", "C2"), ("pal@ceg.example", "C1"), (None, "C2")]


def test_activities_are_known_by_customer_type_subject_and_due(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS, "C1,Cég,,HU,,HUF,hu")
    header = "customer_code,type,subject,assignee,due,state,priority"
    rows = [
        "C1,call,Visszahívás,nora,2026-11-30,open,high",
        "C1,call,Visszahívás,nora,2026-12-01,open,high",
        "C1,task,Visszahívás,nora,2026-12-01,open,high",
        "C1,call,Visszahívás,nora,,open,high",
    ]
    assert tally(load("activities", header, *rows)) == (4, 0, 0, 0)
    assert tally(load("activities", header, *rows)) == (0, 0, 4, 0)
    assert tally(load("activities", header, "C1,call,Visszahívás,,2026. 11. 30.,done,low")) == (0, 1, 0, 0)
    faults = load(
        "activities", header, "C1,fax,A,,,,", "C9,call,A,,,,", "C1,call,A,xy,,,", "C1,call,A,,soon,,"
    ).rejected
    assert [f.reason_code for f in faults] == [
        "row_unknown_type",
        "row_unknown_customer",
        "row_unknown_user",
        "row_bad_date",
    ]
    assert count(engine, Activity) == 4


def test_opportunities_keep_the_stage_they_are_given(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS, "C1,Cég,,HU,,HUF,hu")
    header = "code,customer_code,title,stage,owner,amount_huf,source,created,campaign"
    report = load(
        "opportunities", header, "O0007,C1,Bővítés,won,rita,400000,web,2026-06-16,Ősz", "O0008,C1,X,sold,,,,,"
    )
    assert tally(report) == (1, 0, 0, 1)
    assert report.rejected[0].reason_code == "row_unknown_stage"
    assert tally(load("opportunities", header, "O0007,C1,Bővítés,decision,rita,400000,web,2026-06-16,")) == (0, 1, 0, 0)
    with unit(engine, SYSTEM) as session:
        deal = session.scalars(select(Opportunity)).one()
        assert (deal.stage_code, deal.currency, deal.campaign) == ("decision", "HUF", None)
        assert deal.amount == 400000
        assert deal.opened_on.isoformat() == "2026-06-16"
        assert numbers.draw(session, "opportunity") == 8


def test_a_row_without_a_stage_leaves_it_and_one_with_a_stage_says_since_when(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS, "C1,Cég,,HU,,HUF,hu")
    header = "code,customer_code,title,stage,created,stage_since"
    load("opportunities", header, "O1,C1,A,won,2026-03-01,2026-05-04", "O2,C1,B,offer,2026-03-01,", "O3,C1,C,,,")

    def kept() -> list[tuple[str, str]]:
        with unit(engine, SYSTEM) as session:
            rows = session.scalars(select(Opportunity).order_by(Opportunity.code))
            return [(o.stage_code, days.day_of(o.stage_since).isoformat()) for o in rows if o.stage_since]

    now = today().isoformat()
    assert kept() == [("won", "2026-05-04"), ("offer", "2026-03-01"), ("contact", now)]
    load("opportunities", "code,customer_code,title,stage", "O1,C1,A2,", "O2,C1,B,decision", "O3,C1,C,contact")
    assert kept() == [("won", "2026-05-04"), ("decision", now), ("contact", now)]


def test_users_are_known_by_login_and_bring_their_teams(engine: Engine, load: Import) -> None:
    header = "login,family_name,given_name,email,role,team,language"
    report = load(
        "users",
        header,
        "nora,Új,Nóra,nora@x.example,manager,Export,pl",
        "zita,Új,Zita,zita@x.example,normal,export,en",
        "olaf,Új,Olaf,olaf@x.example,owner,Nordic,en",
        "vera,Új,Vera,nem-cím,normal,,en",
    )
    assert tally(report) == (1, 1, 0, 2)
    assert [f.reason_code for f in report.rejected] == ["row_unknown_role", "row_bad_email"]
    assert count(engine, Team) == 3
    with unit(engine, SYSTEM, writes=False) as session:
        users = {u.login: u for u in session.scalars(select(User).where(User.login.in_(["nora", "zita"])))}
        assert users["nora"].role_code == "manager"
        assert users["nora"].team_id == users["zita"].team_id is not None


def test_every_change_is_audited_as_the_systems(engine: Engine, load: Import) -> None:
    load("customers", CUSTOMERS, "C1,Cég,,HU,,HUF,hu")
    load("customers", CUSTOMERS, "C1,Cég,,HU,nora,HUF,hu")
    with unit(engine, SYSTEM, writes=False) as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.record_code == "C1").order_by(AuditEntry.seq))
        assert [(e.actor, e.action) for e in entries] == [("system", "create"), ("system", "update")]
        assert verify(session).broken_at is None


def test_progress_is_told_up_to_the_number_of_rows(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("\n".join([CUSTOMERS, *(f"C{n},Cég,,HU,,HUF,hu" for n in range(2100))]), encoding="utf-8")
    told: list[tuple[int, int | None]] = []
    run_import(engine, "customers", file, progress=lambda done, total: told.append((done, total)))
    assert told == [(1000, 2100), (2000, 2100), (2100, 2100)]
