"""A report that a mail came back finds its mail; nothing else changes anything."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import OfferMail
from offers.bounces import bounces_folder, note_bounce, read_bounce, sweep_bounces
from offers.mailing import Mailing
from tests.offers.mail_world import offer_number, outbox, sent

People = Callable[[str], Actor]


def report(message_id: str, action: str = "failed", quoted: str = "message/rfc822") -> bytes:
    """A report as RFC 3464 has it."""
    return (
        "From: MAILER-DAEMON@mx.example\r\n"
        "To: nora@robo.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; C0001@x.example\r\n"
        f"Action: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox\r\n\r\n"
        f"--b\r\nContent-Type: {quoted}\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: Offer\r\n\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def mail(parts: Parts, people: People) -> OfferMail:
    """A mail that was sent."""
    nora = people("nora")
    sent(Mailing(parts.engine, parts.settings), nora, offer_number(parts, nora))
    with outbox(parts.settings) as box:
        box.sweep()
    return _read(parts.engine)


def _read(engine: Engine) -> OfferMail:
    with unit(engine, SYSTEM, writes=False) as session:
        return session.scalars(select(OfferMail)).one()


@pytest.mark.parametrize("quoted", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_marks_its_mail_with_the_reason(mail: OfferMail, engine: Engine, quoted: str) -> None:
    assert note_bounce(engine, report(mail.message_id, quoted=quoted)) == mail.code
    found = _read(engine)
    assert (found.state, found.fault) == ("bounced", "C0001@x.example: smtp; 550 5.1.1 no such mailbox")


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_of_anything_else_changes_nothing(mail: OfferMail, engine: Engine, action: str) -> None:
    assert note_bounce(engine, report(mail.message_id, action)) is None
    assert _read(engine).state == "sent"


def test_a_report_about_somebody_elses_mail_changes_nothing(mail: OfferMail, engine: Engine) -> None:
    assert note_bounce(engine, report("<other@x.example>")) is None
    assert note_bounce(engine, b"Subject: hello\r\n\r\nno report\r\n") is None
    assert note_bounce(engine, b"\xff\x00garbage") is None
    assert _read(engine).state == "sent"


def test_what_was_never_sent_cannot_bounce(parts: Parts, people: People, engine: Engine) -> None:
    nora = people("nora")
    sent(Mailing(parts.engine, parts.settings), nora, offer_number(parts, nora))
    assert note_bounce(engine, report(_read(engine).message_id)) is None
    assert _read(engine).state == "queued"


def test_the_folder_is_swept_and_each_report_read_once(mail: OfferMail, parts: Parts, engine: Engine) -> None:
    folder = bounces_folder(parts.settings)
    folder.mkdir(parents=True)
    (folder / "1.eml").write_bytes(report(mail.message_id))
    (folder / "2.eml").write_bytes(b"Subject: lunch?\r\n\r\n")
    assert sweep_bounces(engine, parts.settings) == 1
    assert sweep_bounces(engine, parts.settings) == 0
    assert (folder / "read" / "1.eml").is_file() and (folder / "unknown" / "2.eml").is_file()
    assert _read(engine).state == "bounced"


def test_a_report_with_no_status_part_is_none() -> None:
    assert read_bounce(b"Content-Type: multipart/report; boundary=b\r\n\r\n--b--\r\n") is None
