"""The demo company shows every level, language and country, and may be loaded any number of times."""

from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select

from core.clock import today
from core.errors import AppError
from core.settings import Settings
from crm import catalogue, customers, people
from crm.actor import SYSTEM
from crm.audit import verify
from crm.imports import tax
from crm.session import unit
from crm.tables import Activity, Contact, Customer, Opportunity, Product, User
from demo.load import DATA, load

KINDS = {
    "users": User,
    "products": Product,
    "customers": Customer,
    "contacts": Contact,
    "activities": Activity,
    "opportunities": Opportunity,
}
# Every row of every file, below its header.
ALL = {kind: len((DATA / f"{kind}.csv").read_text(encoding="utf-8").splitlines()) - 1 for kind in KINDS}


def counts(engine: Engine) -> dict[str, int]:
    with unit(engine, SYSTEM, writes=False) as session:
        return {kind: session.scalar(select(func.count()).select_from(table)) or 0 for kind, table in KINDS.items()}


def test_it_is_all_there_and_a_second_load_keeps_what_was_changed(engine: Engine, settings: Settings) -> None:
    told: list[str] = []
    logins = load(engine, lambda kind, done, total: told.append(kind))
    assert counts(engine) == ALL
    assert told == ["users", "products", "customers", "contacts", "opportunities", "activities"]
    with unit(engine, SYSTEM) as session:
        session.scalars(select(Opportunity).where(Opportunity.code == "O0001")).one().stage_code = "won"
    people.set_password(engine, "anna", "something else")
    assert load(engine) == logins
    assert counts(engine) == ALL
    for demo in logins:
        assert people.sign_in(engine, settings, demo.login, demo.password).role == demo.role
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(Opportunity.stage_code).where(Opportunity.code == "O0001")).one() == "won"
        assert verify(session).broken_at is None


def test_every_level_language_country_and_rate_is_shown(engine: Engine) -> None:
    logins = load(engine)
    assert {demo.role for demo in logins} == {"administrator", "manager", "normal", "restricted"}
    assert {demo.language for demo in logins} == {"hu", "pl", "en"}
    with unit(engine, SYSTEM, writes=False) as session:
        firms = list(session.scalars(select(Customer)))
        assert Counter((c.country, c.currency, c.language) for c in firms) == {
            ("HU", "HUF", "hu"): 26,
            ("PL", "PLN", "pl"): 11,
            ("GB", "EUR", "en"): 8,
        }
        assert all(c.tax_number and tax.plausible(c.country, c.tax_number) for c in firms)
        assert any(c.owner_id is None for c in firms)
        assert len(customers.search(session, "kovács")) == 3
        assert len(customers.search(session, "nowak")) == 2
        assert set(session.scalars(select(Product.vat_percent))) == {Decimal(27), Decimal(18), Decimal(5)}
        premium = catalogue.by_sku(session, "LIC-PREM")
        assert premium is not None
        assert premium.name_hu == "Prémium licenc"
        assert catalogue.price_on(session, premium, "HUF", today()).unit_price == 64900


def test_open_tasks_are_overdue_due_today_and_still_to_come(engine: Engine) -> None:
    load(engine)
    with unit(engine, SYSTEM, writes=False) as session:
        due = list(session.scalars(select(Activity.due).where(Activity.state == "open")))
    days = [day for day in due if day is not None]
    assert sum(d < today() for d in days) >= 5
    assert sum(d == today() for d in days) >= 3
    assert sum(d > today() for d in days) >= 5


def test_it_does_not_mix_with_another_companys_records(engine: Engine) -> None:
    with unit(engine, SYSTEM) as session:
        session.add(Customer(code="C0001", name="Valódi Kft.", country="HU", currency="HUF", language="hu"))
    with pytest.raises(AppError) as refusal:
        load(engine)
    assert refusal.value.code == "demo_not_empty"
