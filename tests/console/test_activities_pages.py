"""The activities' screens: what they show, whom they serve, and that nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from core.clock import today
from crm import opportunities
from crm.activity_changes import ActivityFields, create
from crm.actor import SYSTEM, Actor
from crm.customers import by_code
from crm.people import actor_for
from crm.session import unit
from crm.tables import Activity, Grant, Opportunity, User
from tests.conftest import ConsoleClient

Console = Callable[[str], ConsoleClient]
People = Callable[[str], Actor]
IN_PLACE = {"HX-Request": "true"}


def _make(engine: Engine, login: str, subject: str, code: str = "C0001", **fields: object) -> Activity:
    given = {"type_code": "call", "assignee": login, "due": today(), **fields}
    with unit(engine, actor_for(engine, login)) as session:
        return create(session, code, ActivityFields(subject=subject, **given)).activity  # type: ignore[arg-type]


def _stored(engine: Engine, subject: str) -> Activity | None:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalar(select(Activity).where(Activity.subject == subject))


def _row(text: str, subject: str) -> str:
    return next(row for row in re.findall(r"<tr class=.*?</tr>", text, re.S) if subject in row)


def test_the_list_says_in_words_what_its_colours_say(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "régi", due=today() - timedelta(2), priority="high")
    _make(engine, "nora", "mostani", priority="low")
    _make(engine, "nora", "ráér", due=today() + timedelta(40))
    text = console("nora").get("/activities").text
    old, present, later = (_row(text, subject) for subject in ("régi", "mostani", "ráér"))
    assert "when-overdue" in old and "Lejárt" in old and "magas fontosságú" in old and "priority-high" in old
    assert "when-today" in present and ">Ma<" in present and "alacsony fontosságú" in present
    assert "when-later" in later and "badge" not in later


def test_a_list_shows_only_what_its_user_may_read(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "nem Ritáé")
    _make(engine, "nora", "közös", "C0003")
    text = console("rita").get("/activities").text
    assert "közös" in text and "nem Ritáé" not in text


def test_filters_and_order_are_in_the_address(engine: Engine, console: Console) -> None:
    _make(engine, "nora", "alma hívás")
    _make(engine, "nora", "béka feladat", type_code="task", due=None)
    text = console("nora").get("/activities?type=task&order=-subject&due=none").text
    assert "béka feladat" in text and "alma hívás" not in text
    assert 'aria-sort="descending"' in text
    assert '<option value="task" selected>' in text
    for odd in ("order=nonsense", "due=nonsense", "assignee=senki", "offset=99999999999", "priority=x&state=y"):
        assert console("nora").get(f"/activities?{odd}").status_code == 200


def test_a_tick_in_place_completes_and_can_be_taken_back(engine: Engine, console: Console) -> None:
    made = _make(engine, "nora", "kipipálni")
    browser = console("nora")
    ticked = browser.post(f"/activities/{made.id}/done", data={"version": "1"}, **IN_PLACE)
    assert ticked.status_code == 200 and "<html" not in ticked.text
    assert 'aria-pressed="true"' in ticked.text and "Visszavonás" in ticked.text and "/reopen" in ticked.text
    version = re.search(r'name="version" value="(\d+)"', ticked.text)
    assert version is not None
    back = browser.post(f"/activities/{made.id}/reopen", data={"version": version[1]}, **IN_PLACE)
    assert 'aria-pressed="false"' in back.text
    kept = _stored(engine, "kipipálni")
    assert kept is not None and kept.state == "open"


def test_a_tick_says_what_it_moved_and_why_it_was_refused(engine: Engine, console: Console, people: People) -> None:
    with unit(engine, people("nora")) as session:
        deal = opportunities.open_new(session, by_code(session, "C0001"), "Üzlet", "direct")
    sent = _make(engine, "nora", "elküldve", type_code="offer_sent", opportunity=deal.code)
    ticked = console("nora").post(f"/activities/{sent.id}/done", data={"version": "1"}, **IN_PLACE)
    assert f"{deal.code} lehetőség" in ticked.text and "Döntéshozatal" in ticked.text
    with unit(engine, SYSTEM) as session:
        session.info["action"] = "transition"
        session.get_one(Opportunity, deal.id).stage_code = "won"
    again = _make(engine, "nora", "mégis", type_code="offer_sent", opportunity=deal.code)
    refused = console("nora").post(f"/activities/{again.id}/done", data={"version": "1"}, **IN_PLACE)
    assert refused.status_code == 409 and "nem engedélyezett" in refused.text
    kept = _stored(engine, "mégis")
    assert kept is not None and kept.state == "open"


def test_a_new_activity_goes_back_to_where_it_was_begun(engine: Engine, console: Console, people: People) -> None:
    with unit(engine, people("nora")) as session:
        deal = opportunities.open_new(session, by_code(session, "C0001"), "Üzlet", "direct")
    browser = console("nora")
    asked = f"/activities/new?customer=C0001&opportunity={deal.code}&type=call&back=/customers/C0001"
    page = browser.get(asked).text
    assert "Bartók Kft." in page and f'<option value="{deal.code}" selected>' in page
    assert '<option value="call" selected>' in page and "<html" in page
    part = browser.get(asked, **IN_PLACE).text
    assert "<html" not in part and 'action="/activities/new"' in part
    form = {
        "customer": "C0001", "opportunity": deal.code, "type": "meeting", "subject": "Bemutató", "due": "2026-12-01",
        "at": "14:30", "minutes": "45", "priority": "high", "assignee": "rita", "back": "/customers/C0001",
    }  # fmt: skip
    saved = browser.post("/activities/new", data=form)
    assert (saved.status_code, saved.headers["location"]) == (303, "/customers/C0001")
    made = _stored(engine, "Bemutató")
    assert made is not None and made.starts_at is not None
    assert (made.starts_at.isoformat(), made.minutes) == ("2026-12-01T13:30:00+00:00", 45)
    assert browser.post("/activities/new", data={**form, "back": "//evil.example"}).headers["location"] == "/"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"subject": " "}, "nincs tárgya"),
        ({"due": "holnap"}, "nem értelmezhető"),
        ({"due": "", "at": "10:00"}, "nap nincs"),
        ({"at": "25:99"}, "nem értelmezhető"),
        ({"due": "0001-01-01", "at": "00:00"}, "nem értelmezhető"),
        ({"minutes": "9999", "at": "10:00"}, "1 és 1440 perc"),
        ({"customer": ""}, "Add meg, melyik ügyfélé"),
        ({"customer": "Bartók"}, "Több ügyfélnek is ez a neve"),
        ({"customer": "Nincsilyen"}, "Nincs ilyen nevű ügyfél"),
    ],
)
def test_a_form_that_does_not_do_comes_back_with_what_was_typed(
    engine: Engine, console: Console, wrong: dict[str, str], said: str
) -> None:
    form = {"customer": "C0001", "type": "call", "subject": "Fontos", "due": "2026-12-01", "note": "hosszú <b>jegyzet"}
    answer = console("nora").post("/activities/new", data={**form, **wrong})
    assert answer.status_code == 422
    assert said in answer.text and "hosszú &lt;b&gt;jegyzet" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert _stored(engine, "Fontos") is None


def test_an_edit_on_an_outdated_form_is_refused_and_kept_on_screen(engine: Engine, console: Console) -> None:
    made = _make(engine, "nora", "eredeti")
    form = {"type": "call", "subject": "új szöveg", "due": "2026-12-01", "priority": "normal"}
    assert console("mate").post(f"/activities/{made.id}", data={**form, "version": "1"}).status_code == 303
    late = console("nora").post(f"/activities/{made.id}", data={**form, "subject": "későbbi", "version": "1"})
    assert late.status_code == 409
    assert "Közben valaki más" in late.text and 'value="későbbi"' in late.text
    assert _stored(engine, "új szöveg") is not None


def test_an_activity_out_of_reach_looks_like_one_that_is_not_there(engine: Engine, console: Console) -> None:
    made = _make(engine, "nora", "rejtett")
    for path in (f"/activities/{made.id}", "/activities/999999"):
        answer = console("rita").get(path)
        assert answer.status_code == 404 and "rejtett" not in answer.text
    assert console("rita").post(f"/activities/{made.id}/delete", data={"version": "1"}).status_code == 404
    assert _stored(engine, "rejtett") is not None


def test_put_off_and_deleted_from_the_sheet(engine: Engine, console: Console) -> None:
    made = _make(engine, "nora", "halasztani")
    browser = console("nora")
    browser.post(f"/activities/{made.id}/postpone", data={"version": "1", "to": "week"})
    kept = _stored(engine, "halasztani")
    assert kept is not None and kept.due == today() + timedelta(7)
    assert browser.post(f"/activities/{made.id}/postpone", data={"version": "2", "to": "x"}).status_code == 422
    browser.post(f"/activities/{made.id}/delete", data={"version": str(kept.version)})
    assert _stored(engine, "halasztani") is None


def test_what_the_level_may_not_do_is_shown_disabled_with_the_reason(engine: Engine, console: Console) -> None:
    made = _make(engine, "nora", "csak nézni")
    with unit(engine, SYSTEM) as session:
        for grant in session.scalars(select(Grant).where(Grant.role_code == "normal", Grant.action != "read")):
            if grant.resource_name == "activity":
                session.delete(grant)
    browser = console("nora")
    for path in ("/activities", f"/activities/{made.id}"):
        text = browser.get(path).text
        assert 'aria-disabled="true"' in text and "nincs joga" in text
    assert browser.post(f"/activities/{made.id}/done", data={"version": "1"}).status_code == 403
    form: dict[str, object] = {"customer": "C0001", "type": "call", "subject": "x"}
    assert browser.post("/activities/new", data=form).status_code == 403
    assert _stored(engine, "x") is None


def test_an_overlap_is_said_when_saving(engine: Engine, console: Console) -> None:
    form = {
        "customer": "C0001",
        "type": "call",
        "assignee": "nora",
        "due": "2026-12-01",
        "at": "10:00",
        "minutes": "60",
    }
    browser = console("nora")
    browser.post("/activities/new", data={**form, "subject": "egyik"})
    saved = browser.post("/activities/new", data={**form, "subject": "másik", "at": "10:30"})
    assert "Ütközik ezzel: egyik." in browser.get(saved.headers["location"]).text


@pytest.mark.parametrize(("language", "heading"), [("hu", "Aktivitások"), ("pl", "Aktywności"), ("en", "Activities")])
def test_the_screens_speak_the_users_language(engine: Engine, console: Console, language: str, heading: str) -> None:
    with unit(engine, SYSTEM) as session:
        session.scalars(select(User).where(User.login == "nora")).one().language = language
    made = _make(engine, "nora", "tárgy")
    assert f"<h1>{heading}</h1>" in console("nora").get("/activities").text
    for path in (f"/activities/{made.id}", "/activities/new", "/activities/new?customer=C0001"):
        assert f'<html lang="{language}">' in console("nora").get(path).text


def test_customers_are_suggested_while_one_is_typed(console: Console) -> None:
    text = console("rita").get("/activities/customers?customer=bart").text
    assert "C0002 · Bartók és Fia Kft." in text and "C0001" not in text
