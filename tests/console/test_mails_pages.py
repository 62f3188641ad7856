"""Sending from the console: written, looked at, confirmed once; and the mails nobody knows about."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import select

from assistant.context import Parts
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import OfferMail
from offers.mailing import Mailing
from tests.conftest import ConsoleClient
from tests.offers.mail_world import offer_number, outbox, sent

People = Callable[[str], Actor]
Console = Callable[[str], ConsoleClient]


@pytest.fixture
def number(parts: Parts, people: People) -> str:
    """A draft that can be sent."""
    return offer_number(parts, people("nora"))


def _form(page: str) -> dict[str, object]:
    """What the form of the preview carries."""
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    body = re.search(r'<textarea name="body" hidden>\n?(.*?)</textarea>', page, re.DOTALL)
    assert body is not None
    return {**{name: unescape(value) for name, value in fields.items()}, "body": unescape(body[1])}


def _mails(parts: Parts) -> list[OfferMail]:
    with unit(parts.engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(OfferMail)))


def test_an_offer_is_written_looked_at_and_sent(console: Console, parts: Parts, number: str) -> None:
    nora = console("nora")
    assert f'href="/offers/{number}/send"' in nora.get(f"/offers/{number}").text
    page = nora.get(f"/offers/{number}/send").text
    assert 'value="C0001@x.example" checked' in page and "{link}" in page
    looked = nora.post(
        f"/offers/{number}/send",
        {"to": "C0001@x.example", "other": "other@firm.example", "subject": "Tárgy & <b>", "body": "\nSor\n{link}"},
    )
    assert looked.status_code == 200 and "other@firm.example" in looked.text and f"{number}" in looked.text
    assert "Tárgy &amp; &lt;b&gt;" in looked.text and "{link}" not in looked.text.split("<form method=")[0]
    assert _mails(parts) == []
    gone = nora.post(f"/offers/{number}/send", {**_form(looked.text), "do": "confirm"})
    assert gone.status_code == 303, gone.text
    mail = _mails(parts)[0]
    assert mail.recipients == ["C0001@x.example", "other@firm.example"] and mail.subject == "Tárgy & <b>"
    again = nora.post(f"/offers/{number}/send", {**_form(looked.text), "do": "confirm"})
    assert again.status_code == 409 and len(_mails(parts)) == 1


def test_what_cannot_be_sent_comes_back_with_what_was_typed(console: Console, number: str) -> None:
    page = console("nora").post(
        f"/offers/{number}/send", {"other": "no address at all", "subject": "Megmarad", "body": "Ez is"}
    )
    assert page.status_code == 422 and "Megmarad" in page.text and "Ez is" in page.text


def test_nobody_opens_the_screen_of_an_offer_they_do_not_see(console: Console, number: str) -> None:
    assert console("reka").get(f"/offers/{number}/send").status_code == 404
    assert console("reka").get(f"/offers/{number}/mails").status_code == 404


@pytest.fixture
def uncertain(parts: Parts, people: People, number: str) -> str:
    """A mail nobody knows about."""
    code, _seen = sent(Mailing(parts.engine, parts.settings), people("nora"), number)
    with unit(parts.engine, SYSTEM) as session:
        mail = session.scalars(select(OfferMail)).one()
        mail.state, mail.fault = "uncertain", "mail_nobody_knows"
    return code


def test_an_uncertain_mail_is_counted_listed_and_decided_by_a_person(
    console: Console, parts: Parts, number: str, uncertain: str
) -> None:
    nora = console("nora")
    listed = nora.get("/mails").text
    assert uncertain in listed and "Bizonytalan" in listed
    assert re.search(r'href="/mails"[^>]*>.*?<span class="badge accent waiting">', listed, re.DOTALL)
    part = nora.get(f"/offers/{number}/mails").text
    assert f'action="/mails/{uncertain}/arrived"' in part and f'action="/mails/{uncertain}/again"' in part
    assert uncertain not in console("reka").get("/mails").text
    assert console("reka").post(f"/mails/{uncertain}/arrived").status_code == 404
    assert nora.post(f"/mails/{uncertain}/again").status_code == 303
    with outbox(parts.settings) as box:
        box.sweep()
    assert _mails(parts)[0].state == "sent"
    assert nora.post(f"/mails/{uncertain}/again").status_code == 409


def test_a_mails_screen_keeps_the_customers_link_to_itself(
    console: Console, parts: Parts, people: People, number: str
) -> None:
    code, _seen = sent(Mailing(parts.engine, parts.settings), people("nora"), number)
    with outbox(parts.settings) as box:
        box.sweep()
    link = re.search(r"/o/([\w-]{43})", _mails(parts)[0].body)
    assert link is not None
    assert link[1] not in console("mate").get(f"/mails/{code}").text
    assert console("mate").get(f"/mails/{code}/file").status_code == 404
    own = console("nora").get(f"/mails/{code}/file")
    assert own.status_code == 200 and own.headers["content-type"].startswith("message/rfc822")
