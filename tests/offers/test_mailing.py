"""One confirmation by the person, bound to exactly what they saw."""

from collections.abc import Callable
from email import policy
from email.parser import BytesParser

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.errors import AppError, Forbidden, NotFound
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import AuditEntry, Contact, Offer, OfferMail
from offers.mailing import Mailing
from tests.offers.mail_world import offer_number, outbox, sent, typed_for

People = Callable[[str], Actor]


@pytest.fixture
def mailing(parts: Parts) -> Mailing:
    return Mailing(parts.engine, parts.settings)


def _rows(engine: Engine) -> list[OfferMail]:
    with unit(engine, SYSTEM, writes=False) as session:
        return list(session.scalars(select(OfferMail)))


def test_confirming_issues_the_draft_and_queues_the_mail_in_one(
    mailing: Mailing, parts: Parts, people: People, engine: Engine
) -> None:
    number = offer_number(parts, people("nora"))
    code, seen = sent(mailing, people("nora"), number)
    assert (seen.issues, seen.recipients, [f.name for f in seen.files]) == (
        True,
        ["C0001@x.example"],
        [f"{number}.pdf"],
    )
    mail = _rows(engine)[0]
    assert (mail.code, mail.state, mail.digest, mail.recipients) == (code, "queued", seen.digest, seen.recipients)
    assert parts.offers.view(people("nora"), number).state == "issued"


def test_the_mail_goes_whole_into_the_folder_where_there_is_no_server(
    mailing: Mailing, parts: Parts, people: People, engine: Engine
) -> None:
    number = offer_number(parts, people("nora"))
    code, seen = sent(mailing, people("nora"), number)
    with outbox(parts.settings) as box:
        assert box.sweep() == 1
        assert box.sweep() == 0
    assert [path.name for path in parts.settings.sent_folder.iterdir()] == [f"{code}.eml"]
    raw = (parts.settings.sent_folder / f"{code}.eml").read_bytes()
    message = BytesParser(policy=policy.default).parsebytes(raw)
    mail = _rows(engine)[0]
    assert (mail.state, message["Message-ID"], message["Subject"]) == ("sent", mail.message_id, seen.subject)
    assert message["To"].addresses[0].addr_spec == "C0001@x.example"
    plain = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert plain is not None and html is not None
    assert number in plain.get_content() and "/o/" in plain.get_content() and "{link}" not in html.get_content()
    pdf = next(message.iter_attachments())
    assert pdf.get_filename() == f"{number}.pdf" and pdf.get_content().startswith(b"%PDF")


@pytest.mark.parametrize("changed", [{"subject": "Más"}, {"body": "Más {link}"}, {"copies": ["nora@robo.example"]}])
def test_what_was_not_seen_is_not_sent(
    mailing: Mailing, parts: Parts, people: People, engine: Engine, changed: dict[str, object]
) -> None:
    number = offer_number(parts, people("nora"))
    typed = typed_for(mailing, people("nora"), number)
    digest = mailing.preview(people("nora"), number, typed).digest
    with pytest.raises(AppError) as refused:
        mailing.confirm(people("nora"), number, typed.model_copy(update=changed), digest)
    assert (refused.value.code, refused.value.status) == ("mail_changed", 409)
    assert _rows(engine) == [] and parts.offers.view(people("nora"), number).state == "draft"


def test_a_second_press_of_the_button_sends_nothing(
    mailing: Mailing, parts: Parts, people: People, engine: Engine
) -> None:
    number = offer_number(parts, people("nora"))
    typed = typed_for(mailing, people("nora"), number)
    digest = mailing.preview(people("nora"), number, typed).digest
    mailing.confirm(people("nora"), number, typed, digest)
    with pytest.raises(AppError) as refused:
        mailing.confirm(people("nora"), number, typed, digest)
    assert refused.value.code == "mail_changed" and len(_rows(engine)) == 1


def test_only_contacts_of_that_customer_or_what_the_person_typed(
    mailing: Mailing, parts: Parts, people: People
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    for stranger in ("C0004@x.example", "someone@else.example"):
        with pytest.raises(AppError) as refused:
            mailing.preview(nora, number, typed_for(mailing, nora, number, to=[stranger]))
        assert refused.value.code == "mail_address_unknown"
        seen = mailing.preview(nora, number, typed_for(mailing, nora, number, to=[stranger], typed=[stranger]))
        assert seen.recipients == [stranger]
    many = [f"a{n}@firm.example" for n in range(21)]
    with pytest.raises(AppError) as refused:
        mailing.preview(nora, number, typed_for(mailing, nora, number, to=many, typed=many))
    assert refused.value.code == "mail_too_many"
    with pytest.raises(AppError) as refused:
        mailing.preview(nora, number, typed_for(mailing, nora, number, to=[]))
    assert refused.value.code == "mail_no_recipient"


def test_a_contact_that_was_removed_meanwhile_gets_nothing(
    mailing: Mailing, parts: Parts, people: People, engine: Engine
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    typed = typed_for(mailing, nora, number)
    digest = mailing.preview(nora, number, typed).digest
    with unit(engine, SYSTEM) as session:
        session.delete(session.scalars(select(Contact).where(Contact.email == "C0001@x.example")).one())
    with pytest.raises(AppError) as refused:
        mailing.confirm(nora, number, typed, digest)
    assert refused.value.code == "mail_address_unknown" and _rows(engine) == []


def test_only_who_may_issue_that_offer_sends_it(mailing: Mailing, parts: Parts, people: People, engine: Engine) -> None:
    number = offer_number(parts, people("nora"))
    with pytest.raises(NotFound):
        mailing.compose(people("reka"), number)
    with unit(engine, SYSTEM) as session:
        from crm.tables import Grant

        for grant in session.scalars(select(Grant).where(Grant.role_code == "normal", Grant.action == "issue")):
            session.delete(grant)
    with pytest.raises(Forbidden):
        mailing.compose(people("nora"), number)


def test_a_file_that_changed_after_the_confirmation_is_not_sent(
    mailing: Mailing, parts: Parts, people: People, engine: Engine
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    sent(mailing, nora, number)
    parts.offers.document(nora, number, "pdf").write_bytes(b"%PDF-forged")
    with outbox(parts.settings) as box:
        box.sweep()
    mail = _rows(engine)[0]
    assert (mail.state, mail.fault) == ("failed", f"mail_file_changed: {number}.pdf")
    assert not parts.settings.sent_folder.exists()


def test_an_offer_that_awaits_approval_is_not_sent(mailing: Mailing, parts: Parts, people: People) -> None:
    number = offer_number(parts, people("nora"), "Ajánlat a Bartók Kft.-nek: 10 töltőtoll 90% kedvezménnyel")
    with pytest.raises(AppError) as refused:
        mailing.compose(people("nora"), number)
    assert refused.value.code == "offer_awaits_approval"


def test_the_audit_tells_who_sent_what_but_not_the_link(
    mailing: Mailing, parts: Parts, people: People, engine: Engine
) -> None:
    number = offer_number(parts, people("nora"))
    code, seen = sent(mailing, people("nora"), number)
    with unit(engine, SYSTEM, writes=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.record_code == code)).one()
        assert entry.actor == "nora" and entry.after is not None
        assert entry.after["digest"] == seen.digest and "body" not in entry.after
        assert session.scalars(select(Offer)).one().state == "issued"
        body = session.scalars(select(OfferMail)).one().body
        assert "/o/" in body and body.split("/o/")[1].split()[0] not in str(entry.after)
