"""Fields hidden from a level: no door tells them, none changes them, and nothing is lost by their being hidden."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, Select, String, exists, func, literal_column, select, text, union
from sqlalchemy.orm import aliased, joinedload, load_only

from assistant import records
from core.errors import Forbidden
from crm import audit, customers, opportunities
from crm.actor import SYSTEM, Actor
from crm.hidden import HIDEABLE, FieldHidden
from crm.offers import by_number
from crm.session import Unenforceable, unit
from crm.tables import AuditEntry, Contact, Customer, Grant, Opportunity, table_of

People = Callable[[str], Actor]
SECRETS = ("C0001@x.example", "+36 30 111 2222", "987654")


@pytest.fixture
def nora(engine: Engine, company: None, people: People) -> Actor:
    """A normal user from whom every field that can be hidden is; the records hold a value in each of them."""
    with unit(engine, SYSTEM) as session:
        for contact in session.scalars(select(Contact)):
            contact.phone = SECRETS[1]
        for firm in session.scalars(select(Customer)):
            firm.employees, firm.sites = 250, 7
            opportunities.open_new(session, firm, "Tollak", "direct", amount=Decimal(SECRETS[2]))
        for grant in session.scalars(select(Grant).where(Grant.role_code == "normal", Grant.action == "read")):
            grant.hidden_fields = list(HIDEABLE.get(grant.resource_name, ()))
    return people("nora")


def contact_of(session: object, code: str = "C0001") -> Contact:
    query = select(Contact).join(Customer).where(Customer.code == code)
    found: Contact = session.scalars(query).one()  # type: ignore[attr-defined]
    return found


def test_what_is_hidden_comes_from_the_grant_to_read(nora: Actor, people: People) -> None:
    assert nora.hidden == {resource: frozenset(fields) for resource, fields in HIDEABLE.items()}
    assert not nora.sees("contact", "email") and nora.sees("contact", "position")
    assert people("ada").hidden == {} and people("ada").sees("contact", "email")


def test_a_record_comes_without_its_hidden_fields_however_it_is_loaded(engine: Engine, nora: Actor) -> None:
    with unit(engine, nora, writes=False) as session:
        for contact in (
            contact_of(session),
            session.scalars(select(Contact).options(load_only(Contact.email))).first(),
            session.scalars(select(Contact).options(joinedload(Contact.customer))).first(),
            session.scalars(select(aliased(Contact, select(Contact).subquery()))).first(),
            session.get(Contact, contact_of(session).id, populate_existing=True),
        ):
            assert contact is not None
            assert (contact.email, contact.phone) == (None, None)
            assert (contact.customer.employees, contact.customer.sites) == (None, None)
        session.refresh(contact)
        session.refresh(contact, ["email"])
        assert contact.email is None
        session.expire(contact)
        assert contact.phone is None and contact.family_name == "Kiss"
        assert {deal.amount for deal in session.scalars(select(Opportunity))} == {None}


_A = aliased(Contact)
_SUB = select(Contact).subquery()
QUESTIONS: list[Select[tuple[object, ...]]] = [
    select(Contact.email),
    select(Contact.id, func.lower(Contact.phone)),
    select(Contact).where(Contact.email == SECRETS[0]),
    select(Contact).order_by(Contact.email),
    select(_A.email),
    select(_SUB.c.email),
    select(Contact).join(Customer).where(Customer.employees > 10),
    select(Contact).where(Contact.customer.has(Customer.sites == 7)),
    select(Customer).where(exists().where(Contact.customer_id == Customer.id, Contact.email == SECRETS[0])),
    select(Customer).where(Customer.id.in_(union(select(Contact.customer_id).where(Contact.phone != ""), select(3)))),
    select(Contact).where(
        Contact.id.in_(select(table_of(Contact).c.id).where(table_of(Contact).c.email == SECRETS[0]))
    ),
    select(func.sum(Opportunity.amount)),
    select(Opportunity.stage_code).group_by(Opportunity.stage_code).having(func.max(Opportunity.amount) > 1),
    select(Contact).where(text("email is not null")),
    select(Contact).order_by(literal_column("email", String)),
    select(Contact).order_by("email"),
    select(AuditEntry.after),
    select(AuditEntry).where(AuditEntry.record_code == SECRETS[0]),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
def test_a_statement_that_would_tell_a_hidden_field_is_refused(
    engine: Engine, nora: Actor, question: Select[tuple[object, ...]]
) -> None:
    # A bare column of a subquery or Core table is refused for everyone.
    with pytest.raises((FieldHidden, Unenforceable)), unit(engine, nora, writes=False) as session:
        session.execute(question).all()


def test_what_does_not_touch_a_hidden_field_is_answered(engine: Engine, nora: Actor) -> None:
    with unit(engine, nora, writes=False) as session:
        assert session.scalar(select(func.count(Contact.id)).where(Contact.family_name == "Kiss")) == 5
        assert session.scalars(select(Opportunity.title).order_by(Opportunity.opened_on)).first() == "Tollak"
        assert customers.search_contacts(session, "kiss")


def test_nobody_is_found_by_a_hidden_address(engine: Engine, nora: Actor, people: People) -> None:
    with unit(engine, people("mate"), writes=False) as session:
        assert len(customers.search_contacts(session, SECRETS[0])) == 1
    with unit(engine, nora, writes=False) as session:
        assert customers.search_contacts(session, SECRETS[0]) == []


def test_setting_a_hidden_field_is_refused(engine: Engine, nora: Actor) -> None:
    with pytest.raises(Forbidden), unit(engine, nora) as session:
        contact_of(session).email = "new@x.example"
    with pytest.raises(Forbidden), unit(engine, nora) as session:
        firm = customers.by_code(session, "C0001")
        session.add(Contact(customer_id=firm.id, family_name="Új", given_name="Ember", phone="1"))
    with pytest.raises(Forbidden), unit(engine, nora) as session:
        opportunities.open_new(session, customers.by_code(session, "C0001"), "Toll", "direct", amount=Decimal(1))


def test_what_was_hidden_is_still_there_after_a_change_of_the_rest(engine: Engine, nora: Actor) -> None:
    with unit(engine, nora) as session:
        contact = contact_of(session)
        contact.position, contact.email = "igazgató", None
        session.add(Contact(customer_id=contact.customer_id, family_name="Új", given_name="Ember"))
    with unit(engine, SYSTEM, writes=False) as session:
        kept = session.get_one(Contact, contact.id)
        assert (kept.position, kept.email, kept.phone) == ("igazgató", *SECRETS[:2])


def test_the_audit_of_a_deletion_is_whole_although_its_actor_did_not_see_it(engine: Engine, nora: Actor) -> None:
    with unit(engine, nora) as session:
        session.delete(contact_of(session))
    with unit(engine, SYSTEM, writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "delete")).one()
        assert entry.before is not None
        assert (entry.before["email"], entry.before["phone"]) == SECRETS[:2]


def test_audit_of_a_contact_has_one_name_whoever_changes_it(engine: Engine, nora: Actor, people: People) -> None:
    for number, actor in enumerate((nora, people("mate"), SYSTEM)):
        with unit(engine, actor) as session:
            contact_of(session).position = f"igazgató {number}"
    with unit(engine, nora) as session:
        session.delete(contact_of(session))
    with unit(engine, SYSTEM, writes=False) as session:
        query = select(AuditEntry).where(AuditEntry.resource_name == "contacts").order_by(AuditEntry.seq.desc())
        entries = session.scalars(query.limit(4)).all()
        assert [entry.action for entry in entries] == ["delete", "update", "update", "update"]
        assert {entry.record_code for entry in entries} == {SECRETS[0]}
        assert audit.verify(session).broken_at is None


def test_the_audit_shown_to_a_level_leaves_out_what_the_level_does_not_see(engine: Engine, nora: Actor) -> None:
    reader = Actor(
        nora.user_id, nora.login, "normal", nora.team_id, "hu", {**nora.grants, ("audit", "read"): "all"}, False,
        nora.hidden,
    )  # fmt: skip
    with unit(engine, reader, writes=False) as session:
        entries = list(session.scalars(select(AuditEntry)))
        shown = " ".join(f"{e.record_code} {e.before} {e.after}" for e in entries)
    assert entries and "Bartók" in shown
    assert not [secret for secret in (*SECRETS, "'employees':", "'sites':") if secret in shown]


def test_no_page_of_the_api_tells_a_hidden_field(
    client: TestClient, nora: Actor, as_user: Callable[[str], dict[str, str]]
) -> None:
    paths = ("/contacts", "/contacts?q=C0001", "/customers", "/customers/C0001", "/opportunities", "/activities")
    for path in paths:
        answer = client.get(f"/api/v1{path}", headers=as_user("nora"))
        assert answer.status_code == 200
        assert not [secret for secret in SECRETS if secret in answer.text], path
    told = client.get("/api/v1/contacts?q=C0001", headers=as_user("mate")).text
    assert SECRETS[0] in told


def test_the_assistant_does_not_tell_a_hidden_field(
    client: TestClient, nora: Actor, engine: Engine, as_user: Callable[[str], dict[str, str]]
) -> None:
    with unit(engine, nora, writes=False) as session:
        sheet = records.customer_sheet(session, customers.by_code(session, "C0001"), "hu", 1)
    assert "Kiss" in sheet.text
    asked = {"message": "Ki a kapcsolattartó a Bartók Kft.-nél?"}
    reply = client.post("/api/v1/chat", json=asked, headers=as_user("nora")).text
    assert "Kiss" in reply
    assert not [secret for secret in SECRETS if secret in sheet.text + reply]


def test_an_enquiry_from_a_level_without_e_mail_addresses_is_refused(
    client: TestClient, nora: Actor, as_user: Callable[[str], dict[str, str]]
) -> None:
    body = {
        "company": "Bartók Kft.",
        "contact_family_name": "Kiss",
        "contact_given_name": "Éva",
        "email": SECRETS[0],
        "subject": "Toll",
    }
    answer = client.post("/api/v1/enquiries", json=body, headers=as_user("nora"))
    assert answer.status_code == 403 and answer.json()["error"]["code"] == "field_hidden"


def test_an_offer_is_made_issued_and_complete_without_the_hidden_fields(
    client: TestClient, nora: Actor, engine: Engine, as_user: Callable[[str], dict[str, str]]
) -> None:
    with unit(engine, SYSTEM) as session:
        for deal in session.scalars(select(Opportunity)):
            session.delete(deal)
    asked = {"message": "Ajánlat a Bartók Kft.-nek: 10 db töltőtoll", "intent": "offer"}
    offer = client.post("/api/v1/chat", json=asked, headers=as_user("nora")).json()["offer"]
    issued = client.post(f"/api/v1/offers/{offer['number']}/issue", headers=as_user("nora"))
    assert issued.status_code == 200
    with unit(engine, SYSTEM, writes=False) as session:
        stored = by_number(session, offer["number"])
        assert stored.opportunity is not None and stored.opportunity.amount is None
        assert stored.customer.tax_number == "12345671-2-41"


def test_what_an_offer_prints_cannot_be_hidden() -> None:
    printed = {"name", "tax_number", "address", "city", "payment_days", "family_name", "given_name"}
    assert not printed & {field for fields in HIDEABLE.values() for field in fields}
