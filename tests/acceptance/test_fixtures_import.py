"""The client's own six files load, from either format, as often as one likes."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from crm.actor import SYSTEM
from crm.audit import verify
from crm.imports import IMPORT_KINDS, run_import
from crm.session import unit
from crm.tables import Activity, Base, Contact, Customer, Opportunity, Price, Product, Team, User

FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures"
TABLES: tuple[type[Base], ...] = (User, Product, Customer, Contact, Activity, Opportunity, Price, Team)
EXPECTED = [8, 20, 103, 195, 400, 120, 60, 3]

pytestmark = pytest.mark.acceptance


def counts(engine: Engine) -> list[int]:
    with unit(engine, SYSTEM, writes=False) as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


@pytest.mark.parametrize("formats", [("xlsx", "csv", "xlsx"), ("csv", "xlsx", "csv")])
@pytest.mark.parametrize("strict", [False, True])
def test_the_six_files_load_and_never_double(engine: Engine, formats: tuple[str, ...], strict: bool) -> None:
    for attempt, suffix in enumerate(formats):
        for kind, expected in zip(IMPORT_KINDS, EXPECTED, strict=False):
            report = run_import(engine, kind, FIXTURES / f"{kind}.{suffix}", strict=strict)
            assert (report.rejected, report.warnings) == ([], [])
            assert report.created == (expected if attempt == 0 else 0)
            assert (report.updated, report.unchanged) == (0, 0 if attempt == 0 else expected)
        assert counts(engine) == EXPECTED
    with unit(engine, SYSTEM, writes=False) as session:
        assert verify(session).broken_at is None
