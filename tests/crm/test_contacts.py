"""Contacts of a customer: any number, one of an e-mail address, changed by right alone."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from core.errors import AppError, NotFound
from crm import contacts, customers
from crm.actor import SYSTEM, Actor
from crm.contacts import ContactFields
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession, unit
from crm.tables import AuditEntry, Contact, Customer

People = Callable[[str], Actor]
ANNA = ContactFields("Nagy", "Anna", "vezető", "anna@bartok.example", "+36 1 555 0100", True)


def firm(session: CrmSession, code: str = "C0001") -> Customer:
    return customers.by_code(session, code)


def test_a_customer_takes_any_number_of_contacts_and_the_first_stays_first(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("nora")) as session:
        for n in range(40):
            contacts.add(session, firm(session), replace(ANNA, given_name=f"Anna {n}", email=f"a{n}@bartok.example"))
        there = contacts.of(session, firm(session))
    assert len(there) == 41
    assert there[0].family_name == "Kiss"


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("family_name", " ", "field_missing"),
        ("given_name", "", "field_missing"),
        ("email", "anna", "contact_email"),
        ("email", "a@b@c.hu", "contact_email"),
        ("email", "C0001@X.example", "contact_email_known"),
        ("phone", "hívj fel", "contact_phone"),
        ("position", "x" * 301, "field_too_long"),
    ],
)
def test_what_cannot_be_a_contact_is_refused_at_its_field(
    engine: Engine, people: People, company: None, field: str, typed: str, code: str
) -> None:
    with pytest.raises(FieldsRefused) as refused, unit(engine, people("nora")) as session:
        contacts.add(session, firm(session), replace(ANNA, **{field: typed}))
    assert {name: fault.code for name, fault in refused.value.faults.items()} == {field: code}


def test_a_contact_is_changed_against_its_version_and_may_keep_its_address(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("nora")) as session:
        made = contacts.add(session, firm(session), ANNA)
    with unit(engine, people("nora")) as session:
        changed = contacts.change(session, firm(session), made.id, 1, replace(ANNA, phone="06 1 555 0101 mellék 12"))
        assert (changed.phone, changed.email, changed.version) == ("06 1 555 0101 mellék 12", ANNA.email, 2)
    with pytest.raises(AppError) as stale, unit(engine, people("nora")) as session:
        contacts.change(session, firm(session), made.id, 1, ANNA)
    assert stale.value.code == "conflict"


def test_a_removed_contact_is_gone_and_the_audit_keeps_who_it_was(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("nora")) as session:
        made = contacts.add(session, firm(session), ANNA)
    with unit(engine, people("nora")) as session:
        contacts.remove(session, firm(session), made.id, 1)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.get(Contact, made.id) is None
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "delete")).one()
        assert entry.before is not None and entry.before["family_name"] == "Nagy"


def test_contacts_are_reached_through_their_own_customer_and_in_scope_alone(
    engine: Engine, people: People, company: None
) -> None:
    with unit(engine, people("nora"), writes=False) as session:
        theirs = contacts.of(session, firm(session))[0]
    with pytest.raises(NotFound), unit(engine, people("nora")) as session:
        contacts.remove(session, firm(session, "C0002"), theirs.id, theirs.version)
    for attempt in (
        lambda s, foreign: contacts.add(s, foreign, ANNA),
        lambda s, foreign: contacts.change(s, foreign, theirs.id, 1, ANNA),
        lambda s, foreign: contacts.remove(s, foreign, theirs.id, 1),
    ):
        # Handed over as the system loaded it: the session, not the caller, refuses.
        with unit(engine, SYSTEM, writes=False) as session:
            foreign = firm(session)
        with pytest.raises(NotFound), unit(engine, people("rita")) as session:
            attempt(session, foreign)
