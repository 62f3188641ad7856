"""The page behind a link: it needs no login, changes nothing when looked at, and tells nobody which links there are."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, select
from starlette.requests import Request

from api.app import create_app
from api.proxies import address_of
from api.public.rates import Rates
from assistant.context import Parts
from core.clock import today
from core.errors import AppError
from crm import offers as offer_records
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import AcceptanceLink, AuditEntry, OfferDecision
from offers.accepting import make_link
from offers.figures import Edit, EditedLine

People = Callable[[str], Actor]
LINES = (
    EditedLine("TOLL", Decimal(10)),
    EditedLine("TINTA-K", Decimal(2), option_group="tinta"),
    EditedLine("TINTA-P", Decimal(3), optional=True, option_group="tinta"),
    EditedLine("VIGY", Decimal(1), optional=True, text="<b>kézzel</b>"),
)
KEY = b"a key of at least thirty-two bytes for the tests"


@pytest.fixture
def path(parts: Parts, people: People) -> str:
    """The path of a link to an issued offer with options, made by nora."""
    nora = people("nora")
    made = parts.offers.create(nora, "C0001", Edit(LINES, today() + timedelta(days=30), 8))
    parts.offers.issue(nora, made.number)
    with unit(parts.engine, nora) as session:
        return make_link(session, offer_records.by_number(session, made.number))


def audited(engine: Engine) -> int:
    with unit(engine, SYSTEM, writes=False) as session:
        return len(session.scalars(select(AuditEntry.seq)).all())


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found.group(1)


def form(client: TestClient, path: str, **more: str) -> dict[str, str]:
    """What the page's form sends with what is ticked at first."""
    text = client.get(path).text
    radio = re.search(r'name="(pick-[\d-]+)" value="(\d+)" checked', text)
    assert radio is not None
    return {
        "file": hidden(text, "file"),
        radio.group(1): radio.group(2),
        "name": "Kiss Éva",
        "act": "accept",
        "confirm": "yes",
        **more,
    }


def test_the_page_shows_the_offer_without_login_and_without_cookies(client: TestClient, path: str) -> None:
    seen = client.get(path)
    assert seen.status_code == 200
    assert "Töltőtoll" in seen.text and "Bartók Kft." in seen.text and "Nora" in seen.text
    assert "<b>kézzel</b>" not in seen.text and "&lt;b&gt;kézzel" in seen.text
    assert "set-cookie" not in seen.headers
    policy = seen.headers["content-security-policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert seen.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in seen.headers["x-robots-tag"] and seen.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?! src)|<style|\son\w+=|style=", seen.text)


@pytest.mark.parametrize(
    ("language", "word"), [("hu", "Ajánlat elfogadása"), ("pl", "Przyjmij ofertę"), ("en", "Accept the offer")]
)
def test_the_page_speaks_the_language_picked(client: TestClient, path: str, language: str, word: str) -> None:
    seen = client.get(path, params={"language": language})
    assert word in seen.text and f'<html lang="{language}"' in seen.text
    assert word in client.get(path).text or language != "hu"


def test_looking_and_fetching_files_write_nothing(client: TestClient, path: str, engine: Engine) -> None:
    before = audited(engine)
    for address in (path, f"{path}?language=pl", f"{path}/pdf", f"{path}/copy", f"{path}/pack", f"{path}/opened"):
        client.get(address)
        client.head(address)
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(AcceptanceLink)).one().opened_at is None
    assert audited(engine) == before
    assert client.post(f"{path}/opened").status_code == 204
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(AcceptanceLink)).one().opened_at is not None


def test_the_server_counts_what_is_chosen(client: TestClient, path: str, engine: Engine) -> None:
    before = audited(engine)
    sums = client.post(f"{path}/figures", data={"pick-x": "3", "take": "4"}).json()
    assert sums["taken"] == [1, 3, 4]
    assert sums["net"].replace("\u00a0", " ") == "131 525 Ft"
    assert client.post(f"{path}/figures", data={"pick-x": "2", "take": "3"}).status_code == 422
    assert audited(engine) == before


def test_without_a_script_the_button_counts_anew(client: TestClient, path: str) -> None:
    picked = {**form(client, path), "act": "count"}
    radio = next(name for name in picked if name.startswith("pick-"))
    counted = client.post(path, data={**picked, radio: "3", "comment": "Szia"})
    assert counted.status_code == 200
    assert "125 970" in counted.text.replace("\u00a0", " ") and ">Szia</textarea>" in counted.text


def test_accepting_by_form(client: TestClient, path: str, engine: Engine) -> None:
    answered = client.post(path, data=form(client, path, take="4"), follow_redirects=False)
    assert (answered.status_code, answered.headers["location"]) == (303, path)
    seen = client.get(path).text
    assert "Az ajánlatot elfogadták" in seen and "Kiss Éva" in seen and "<form" not in seen
    with unit(engine, SYSTEM, writes=False) as session:
        decision = session.scalars(select(OfferDecision)).one()
        assert (decision.taken, decision.address) == ([1, 2, 4], "testclient")
    assert client.get(f"{path}/copy").headers["content-type"] == "application/pdf"
    again = client.post(path, data={"act": "decline", "name": "Másik", "reason": "price", "file": decision.pdf_sha256})
    assert again.status_code == 409 and "Az ajánlatot elfogadták" in again.text


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"confirm": ""}, "jelölje be"),
        ({"name": " "}, "adja meg a nevét"),
        ({"file": "0" * 64}, "nem az, amelyet Ön látott"),
        ({"signature": "M0 0L1 1 url(x)"}, "aláírás rajza"),
        ({"act": "decline", "reason": ""}, "válasszon egy okot"),
        ({"act": "decline", "reason": "<x>"}, "válasszon egy okot"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(
    client: TestClient, path: str, engine: Engine, more: dict[str, str], told: str
) -> None:
    seen = client.post(path, data=form(client, path, comment="Ezt ne veszítsd el", **more))
    assert seen.status_code in (409, 422)
    assert told in seen.text and "Ezt ne veszítsd el" in seen.text and 'role="alert"' in seen.text
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(OfferDecision)).all() == []


def test_links_that_open_nothing_look_alike(client: TestClient, path: str, parts: Parts, people: People) -> None:
    with unit(parts.engine, people("nora")) as session:
        number = session.scalars(select(AcceptanceLink)).one().offer.number
        make_link(session, offer_records.by_number(session, number))
    answers = set()
    for address in (path, "/o/" + "A" * 43, "/o/x", f"{path}/nonsense", f"{path}/pdf"):
        seen = client.get(address, headers={"Accept-Language": "pl"})
        body = seen.text.replace("/".join(address.split("/")[:3]), "PATH")
        answers.add((seen.status_code, body, seen.headers["content-security-policy"]))
    assert len(answers) == 1
    assert "poprosić o nowy link" in next(iter(answers))[1]


def test_too_many_requests_are_told_to_wait(client: TestClient) -> None:
    codes = [client.get("/o/" + "B" * 43).status_code for _ in range(125)]
    assert codes[:120] == [404] * 120 and codes[-1] == 429


def test_a_key_gets_its_share_and_no_more() -> None:
    rates = Rates(2)
    rates.count("a", "b")
    rates.count("a")
    with pytest.raises(AppError):
        rates.count("a", "c")
    rates.count("b", "c")


def test_no_token_reaches_the_logs(
    client: TestClient, path: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = path.removeprefix("/o/")
    with caplog.at_level(logging.INFO, "api"):
        monkeypatch.setattr("offers.accepting.Accepting.look", lambda *_: 1 / 0)
        assert client.get(path).status_code == 500
    assert caplog.records and token not in caplog.text


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("127.0.0.1", "198.51.100.1", (), "127.0.0.1"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.1",), "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", ("10.0.0.1", "10.0.0.2"), "198.51.100.1"),
        ("10.0.0.1", "", ("10.0.0.1",), "10.0.0.1"),
    ],
)
def test_forwarded_addresses_are_believed_from_named_proxies_only(
    peer: str, forwarded: str, trusted: tuple[str, ...], address: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "client": (peer, 1), "headers": headers})
    assert address_of(request, trusted) == address


def test_the_public_page_knows_no_session(parts: Parts, path: str) -> None:
    with TestClient(create_app(parts, KEY), cookies={"robo_session": "anything"}) as browser:
        assert "set-cookie" not in browser.get(path).headers


def test_requests_that_are_refused_take_no_memory() -> None:
    rates = Rates(1)
    rates.count("address 203.0.113.7")
    for nth in range(100):
        with pytest.raises(AppError):
            rates.count("address 203.0.113.7", f"link {nth}")
    assert len(rates._asked) == 1


@pytest.mark.parametrize(
    "content", [b"garbage", b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n']
)
def test_a_form_that_cannot_be_read_is_answered_with_a_kind_page(client: TestClient, path: str, content: bytes) -> None:
    kinds = {b"garbage": "multipart/form-data"}
    headers = {"accept-language": "pl", "content-type": kinds.get(content, "multipart/form-data; boundary=x")}
    answered = client.post(path, content=content, headers=headers)
    assert answered.status_code == 400
    assert "Nie da się odczytać" in answered.text
