"""Whatever is typed into an address or a form, the answer is a page or a refusal, never an unforeseen error."""

from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import Engine, select

from crm.actor import SYSTEM
from crm.session import unit
from crm.tables import Activity, Customer
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
DAYS = ("0001-01-01", "1900-01-01", "9999-12-31", "9999-99-99", "²")
DAY_FIELDS = (
    *("/settings/audit?since=", "/settings/audit?until=", "/offers?from=", "/offers?to=", "/calendar?view=week&on="),
    *("/opportunities?view=list&since_from=", "/opportunities?view=list&since_to=", "/opportunities?from="),
    *("/opportunities?to=", "/?period=custom&from=", "/?period=custom&to="),
)
NUMBERS = ("²", "9" * 19, "9" * 5_000, "-1", "")
FORMS: dict[str, dict[str, object]] = {
    "/activities/{id}": {"type": "call", "subject": "x"},
    "/customers/C0001/edit": {},
    "/customers/C0001/contacts/1": {"family_name": "a", "given_name": "b"},
    "/settings/company": {},
    "/settings/users/nora": {},
    "/settings/levels/normal/rights": {},
}


@pytest.fixture
def activity(engine: Engine, company: None) -> int:
    """An activity to change."""
    with unit(engine, SYSTEM) as session:
        firm = session.scalars(select(Customer).where(Customer.code == "C0001")).one()
        made = Activity(customer_id=firm.id, type_code="call", subject="x")
        session.add(made)
        session.flush()
        return made.id


def test_no_day_in_an_address_is_too_far(console: Console) -> None:
    ada = console("ada")
    answers = {(field, day): ada.get(field + day).status_code for field, day in product(DAY_FIELDS, DAYS)}
    assert {asked: status for asked, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("team", ["²", "9" * 20, "x", "-1"])
def test_a_team_that_is_none_filters_nothing(console: Console, team: str) -> None:
    assert "/settings/users/rita" in console("ada").get(f"/settings/users?team={team}").text


def test_no_version_in_a_form_is_unreadable(console: Console, activity: int) -> None:
    ada = console("ada")
    answers = {
        (path, number[:20]): ada.post(path.format(id=activity), {**typed, "version": number}).status_code
        for (path, typed), number in product(FORMS.items(), NUMBERS)
    }
    assert {asked: status for asked, status in answers.items() if not 400 <= status < 500} == {}


@pytest.mark.parametrize("days", ["000000030" + "0" * 400, "²", "1" * 400])
def test_a_number_of_days_is_read_whole(console: Console, days: str) -> None:
    answer = console("ada").post("/settings/company", {"version": "0", "offer_valid_days": days})
    assert answer.status_code == 422
