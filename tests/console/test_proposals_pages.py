"""Proposals in the console: one's own, decided there as in the chat."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, select

from crm import proposals
from crm.actor import SYSTEM, Actor
from crm.proposals import Asked, NewActivity
from crm.session import unit
from crm.tables import Activity
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
People = Callable[[str], Actor]
ASKED = Asked("hívjam fel Bartókékat <b>", "hu")


def proposed(engine: Engine, people: People, **more: object) -> str:
    fields = {"customer": "C0001", "type_code": "call", "subject": "Visszahívás", "due": date(2026, 12, 1), **more}
    code, _refused = proposals.propose(engine, people("nora"), [NewActivity.model_validate(fields)], ASKED)
    assert code is not None
    return code


def calls(engine: Engine) -> list[Activity]:
    with unit(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(Activity)))


def test_the_list_and_the_sheet_show_what_was_asked_and_what_would_change(
    console: Console, engine: Engine, people: People
) -> None:
    code = proposed(engine, people)
    listed, sheet = (console("nora").get(path).text for path in ("/proposals", f"/proposals/{code}"))
    assert "hívjam fel Bartókékat &lt;b&gt;" in listed and f"/proposals/{code}" in listed
    assert "Visszahívás" in sheet and "2026. dec. 1., kedd" in sheet and "Megerősítés" in sheet
    assert code not in console("ada").get("/proposals").text
    assert console("ada").get(f"/proposals/{code}").status_code == 404


def test_it_is_corrected_confirmed_and_undone_there(console: Console, engine: Engine, people: People) -> None:
    code = proposed(engine, people)
    browser = console("nora")
    form = {"do-1": "1", "1.subject": "Javított", "1.due": "2026-12-02", "1.type_code": "call", "1.assignee": ""}
    assert browser.post(f"/proposals/{code}/confirm", form).status_code == 303
    (call,) = calls(engine)
    assert (call.subject, call.due) == ("Javított", date(2026, 12, 2))
    assert "Visszavonás" in browser.get(f"/proposals/{code}").text
    assert browser.post(f"/proposals/{code}/undo").status_code == 303 and calls(engine) == []


def test_an_hour_is_corrected_as_the_clocks_of_the_business_show_it(
    console: Console, engine: Engine, people: People
) -> None:
    code = proposed(engine, people, starts_at=datetime(2026, 7, 1, 8, 0, tzinfo=UTC), due=None)
    browser = console("nora")
    assert 'value="2026-07-01T10:00"' in browser.get(f"/proposals/{code}").text
    browser.post(f"/proposals/{code}/confirm", {"do-1": "1", "1.starts_at": "2026-07-01T11:30"})
    assert calls(engine)[0].starts_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "form"), [("confirm", {}), ("confirm", {"do-1": "1", "1.due": "x"}), ("undo", {}), ("again", {})]
)
def test_a_refusal_comes_back_with_its_reason(
    console: Console, engine: Engine, people: People, step: str, form: dict[str, object]
) -> None:
    code = proposed(engine, people)
    answer = console("nora").post(f"/proposals/{code}/{step}", form)
    assert answer.status_code in (409, 422) and 'role="alert"' in answer.text
    assert calls(engine) == []


def test_a_rejected_one_changes_nothing(console: Console, engine: Engine, people: People) -> None:
    code = proposed(engine, people)
    assert console("nora").post(f"/proposals/{code}/reject", {"reason": "tévedés"}).status_code == 303
    assert proposals.read(engine, people("nora"), code).state == "rejected" and calls(engine) == []
