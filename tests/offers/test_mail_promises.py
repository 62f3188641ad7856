"""What a mail may never do: tell an old version, go to the wrong people, or tell an address to those who see none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.errors import AppError
from core.settings import Settings
from crm import links, mails
from crm.actor import SYSTEM, Actor
from crm.company import company
from crm.session import unit
from crm.tables import CompanySetting, OfferDecision, OfferMail, User
from offers import accepting, stamped
from offers.accepting import Accepting, Said
from offers.carriers import Folder, Parcel, Refused
from offers.mailing import Mailing
from tests.offers.mail_world import Postbox, offer_number, outbox, sent, server
from tests.offers.pack_world import edit

People = Callable[[str], Actor]


@pytest.fixture
def mailing(parts: Parts) -> Mailing:
    return Mailing(parts.engine, parts.settings)


def mail_of(engine: Engine, code: str) -> OfferMail:
    with unit(engine, SYSTEM, writes=False) as session:
        return mails.by_code(session, code)


def token_of(mail: OfferMail) -> str:
    return mail.body.split("/o/")[1][: links.TOKEN_LENGTH]


def sweep(settings: Settings) -> None:
    with outbox(settings) as box:
        box.sweep()


def accept(parts: Parts, token: str) -> None:
    house = Accepting(parts.engine, parts.settings)
    shown = house.look(token)
    house.answer(token, Said("accepted", "Kiss Éva", shown.pdf_sha256, "203.0.113.7"))


def copies_to(engine: Engine) -> list[list[object]]:
    with unit(engine, SYSTEM, writes=False) as session:
        query = select(OfferMail).where(OfferMail.purpose == "accepted_copy").order_by(OfferMail.id)
        return [mail.recipients for mail in session.scalars(query)]


def test_a_waiting_mail_does_not_go_once_the_offer_says_something_else(
    engine: Engine, parts: Parts, people: People, mailing: Mailing
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    code, _seen = sent(mailing, nora, number)
    parts.offers.revise(nora, number, parts.offers.detail(nora, number).lock, edit(("TOLL", 12)))
    sweep(parts.settings)
    late = mail_of(engine, code)
    assert late.state == "failed"
    assert late.fault == "mail_version_superseded"
    assert not (parts.settings.sent_folder / f"{code}.eml").exists()
    with unit(engine, nora) as session, pytest.raises(AppError) as refused:
        mails.decide(session, code, "again")
    assert refused.value.code == "mail_version_superseded"


def test_the_copy_goes_to_those_who_got_the_link_that_was_answered(
    engine: Engine, parts: Parts, people: People, mailing: Mailing
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    code, seen = sent(mailing, nora, number)
    sent(mailing, nora, number, to=["colleague@robo.example"], typed=["colleague@robo.example"], body="For you.")
    sweep(parts.settings)
    accept(parts, token_of(mail_of(engine, code)))
    assert copies_to(engine) == [seen.recipients, ["nora@robo.example"]]


@pytest.mark.parametrize("email", ["", "office"])
def test_a_company_without_an_address_still_gets_its_stamped_copy(
    email: str, engine: Engine, parts: Parts, people: People, mailing: Mailing
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    code, _seen = sent(mailing, nora, number)
    sweep(parts.settings)
    with unit(engine, SYSTEM) as session:
        kept = company(session).model_copy(update={"email": email})
        row = session.scalar(select(CompanySetting))
        if row is None:
            session.add(CompanySetting(code="company", value=kept.model_dump(mode="json")))
        else:
            row.value = kept.model_dump(mode="json")
    accept(parts, token_of(mail_of(engine, code)))
    with unit(engine, SYSTEM, writes=False) as session:
        assert session.scalars(select(OfferDecision)).one().stamped_path is not None
    assert len(copies_to(engine)) == 2


def test_a_person_without_a_usable_address_still_sends_where_the_house_has_one(
    engine: Engine, parts: Parts, people: People
) -> None:
    nora = people("nora")
    with unit(engine, SYSTEM) as session:
        session.get_one(User, nora.user_id).email = "nora@office"
    settings = parts.settings.model_copy(update={"smtp_from": "Offers <offers@house.example>"})
    code, seen = sent(Mailing(engine, settings), nora, offer_number(parts, nora))
    assert seen.reply_to is None
    sweep(settings)
    assert mail_of(engine, code).state == "sent"


def test_a_fault_tells_no_address_to_a_level_that_sees_none(
    engine: Engine, parts: Parts, people: People, mailing: Mailing
) -> None:
    nora = people("nora")
    code, seen = sent(mailing, nora, offer_number(parts, nora))
    with server(parts.settings, Postbox({"RCPT": "550 no such user"})) as settings:
        sweep(settings)
    with unit(engine, nora, writes=False) as session:
        assert seen.recipients[0] in mails.told(session, mails.by_code(session, code))
    blind = Actor(
        nora.user_id,
        "nora",
        "normal",
        nora.team_id,
        "en",
        {("offer", "read"): "all"},
        hidden={"contact": frozenset({"email"})},
    )
    with unit(engine, blind, writes=False) as session:
        told = mails.told(session, mails.by_code(session, code))
    assert "@" not in told
    assert "550 no such user" in told


def test_one_mailbox_gets_one_copy_however_it_is_written(parts: Parts, people: People, mailing: Mailing) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    _code, seen = sent(
        mailing,
        nora,
        number,
        to=["C0001@x.example", "c0001@X.example"],
        copies=["c0001@x.example"],
        typed=["c0001@X.example"],
    )
    assert (seen.recipients, seen.copies) == (["C0001@x.example"], [])


def test_a_message_that_cannot_be_put_leaves_no_half_file(tmp_path: Path) -> None:
    (tmp_path / "M1.eml").mkdir()
    with pytest.raises(Refused):
        Folder(tmp_path).carry(Parcel("M1", "a@b.example", ["c@d.example"], b"Subject: x\r\n\r\n"), lambda: None)
    assert [each.name for each in tmp_path.iterdir()] == ["M1.eml"]


def test_an_answer_taken_back_is_not_mailed_to_anybody(
    engine: Engine, parts: Parts, people: People, mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = people("nora")
    number = offer_number(parts, nora)
    code, _seen = sent(mailing, nora, number)
    sweep(parts.settings)
    put_after = stamped.put_after

    def meanwhile(*given: object) -> object:
        with unit(engine, people("mate")) as session:
            accepting.undo(session, number)
        return put_after(*given)

    monkeypatch.setattr(stamped, "put_after", meanwhile)
    accept(parts, token_of(mail_of(engine, code)))
    assert copies_to(engine) == []
