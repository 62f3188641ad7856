"""Never sent twice, never lost in silence: what becomes of a mail for everything a server can do."""

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from assistant.context import Parts
from core.clock import now
from core.errors import AppError, NotFound
from core.settings import Settings
from crm import mail_claims, mails
from crm.actor import SYSTEM, Actor
from crm.session import unit
from crm.tables import OfferMail
from offers.carriers import Folder
from offers.mailing import Mailing
from tests.offers.mail_world import Postbox, offer_number, outbox, scripted, sent, server

People = Callable[[str], Actor]


@pytest.fixture
def queued(parts: Parts, people: People) -> str:
    """The code of a mail in the outbox."""
    nora = people("nora")
    code, _seen = sent(Mailing(parts.engine, parts.settings), nora, offer_number(parts, nora))
    return code


@pytest.fixture
def mail(engine: Engine) -> Callable[[], OfferMail]:
    """The mail as the database has it."""

    def read() -> OfferMail:
        with unit(engine, SYSTEM, writes=False) as session:
            return session.scalars(select(OfferMail)).one()

    return read


Mail = Callable[[], OfferMail]


def _sweep(settings: Settings) -> int:
    with outbox(settings) as box:
        return box.sweep()


def _due(engine: Engine, **changed: object) -> None:
    with unit(engine, SYSTEM) as session:
        mail = session.scalars(select(OfferMail)).one()
        for name, value in {"due_at": now() - timedelta(seconds=1), **changed}.items():
            setattr(mail, name, value)


def test_a_server_gets_it_once_for_all_recipients(queued: str, parts: Parts, mail: Mail) -> None:
    postbox = Postbox()
    with server(parts.settings, postbox) as settings:
        assert (_sweep(settings), _sweep(settings)) == (1, 0)
    assert [e.rcpt_tos for e in postbox.accepted] == [["C0001@x.example"]]
    assert mail().state == "sent" and mail().message_id.encode() in (postbox.accepted[0].original_content or b"")


def test_the_message_is_the_same_to_the_byte_each_time(queued: str, parts: Parts) -> None:
    with outbox(parts.settings) as box:
        claim = mail_claims.claim_next(box.engine)
        assert claim is not None
        assert box._parcel(claim).data == box._parcel(claim).data


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "state"), [("450 4.2.1 Later, please", "queued"), ("550 5.1.1 No such user", "failed")]
)
def test_what_the_server_refuses_is_tried_again_or_has_failed_in_its_words(
    queued: str, parts: Parts, mail: Mail, engine: Engine, step: str, answer: str, state: str
) -> None:
    postbox = Postbox({step: answer})
    with server(parts.settings, postbox) as settings:
        _sweep(settings)
        found = mail()
        assert found.state == state and answer in (found.fault or "")
        if state == "queued":
            assert _sweep(settings) == 0, "not before it is due"
            postbox.answers.clear()
            _due(engine)
            _sweep(settings)
            assert mail().state == "sent" and len(postbox.accepted) == 1


def test_it_is_not_tried_for_ever(queued: str, parts: Parts, mail: Mail, engine: Engine) -> None:
    postbox = Postbox({"RCPT": "450 Later"})
    with server(parts.settings, postbox) as settings:
        for _ in range(mail_claims.MOST_ATTEMPTS):
            _due(engine)
            _sweep(settings)
    assert mail().state == "failed" and "450 Later" in (mail().fault or "")


def test_no_server_at_all_is_no_loss(queued: str, parts: Parts, mail: Mail) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    _sweep(parts.settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}))
    assert mail().state == "queued" and mail().fault


def test_if_one_of_several_is_refused_nobody_gets_it_and_it_says_who(parts: Parts, people: People, mail: Mail) -> None:
    nora = people("nora")
    sent(
        Mailing(parts.engine, parts.settings),
        nora,
        offer_number(parts, nora),
        copies=["gone@firm.example"],
        typed=["gone@firm.example"],
    )
    postbox = Postbox({"gone@firm.example": "550 No mailbox here"})
    with server(parts.settings, postbox) as settings:
        _sweep(settings)
    assert (mail().state, mail().fault) == ("failed", "gone@firm.example: 550 No mailbox here")
    assert postbox.accepted == []


def _talk(until: str, heard: list[bytes]) -> Callable[[socket.socket], None]:
    """A server that hangs up at `until`: `start`, `rcpt`, `data` (unanswered), `content` (after it)."""

    def talk(connection: socket.socket) -> None:
        if until == "start":
            return
        lines = connection.makefile("rb")
        connection.sendall(b"220 here\r\n")
        for line in lines:
            word = line[:4].upper()
            if word == b"RCPT" and until == "rcpt":
                return
            if word == b"DATA":
                if until == "data":
                    return
                connection.sendall(b"354 go on\r\n")
                for content in lines:
                    heard.append(content)
                    if content == b".\r\n" or (until == "half" and len(heard) > 5):
                        return
            connection.sendall(b"250 OK\r\n")

    return talk


@pytest.mark.parametrize(
    ("until", "state"),
    [("start", "queued"), ("rcpt", "queued"), ("data", "queued"), ("half", "uncertain"), ("content", "uncertain")],
)
def test_a_lost_connection_is_uncertain_only_where_the_server_may_have_the_mail(
    queued: str, parts: Parts, mail: Mail, until: str, state: str
) -> None:
    heard: list[bytes] = []
    with scripted(parts.settings, _talk(until, heard)) as settings:
        _sweep(settings)
        assert mail().state == state
        assert bool(heard) == (state == "uncertain")
        _due_none = _sweep(settings)
        assert _due_none == 0, "an uncertain mail is never sent again by itself"


@pytest.fixture
def uncertain(queued: str, engine: Engine) -> Iterator[str]:
    """A mail whose fate nobody knows."""
    _due(engine, state="uncertain", claimed_at=now(), claim="t")
    yield queued


def test_a_person_decides_about_an_uncertain_one(
    uncertain: str, parts: Parts, people: People, mail: Mail, engine: Engine
) -> None:
    with pytest.raises(NotFound), unit(engine, people("reka")) as session:
        mails.decide(session, uncertain, "arrived")
    with unit(engine, people("nora")) as session:
        mails.decide(session, uncertain, "again")
    assert mail().state == "queued"
    _sweep(parts.settings)
    assert mail().state == "sent"
    with pytest.raises(AppError) as refused, unit(engine, people("nora")) as session:
        mails.decide(session, uncertain, "again")
    assert refused.value.code == "mail_not_undecided"


def test_one_that_arrived_is_not_sent_again(uncertain: str, parts: Parts, people: People, mail: Mail) -> None:
    with unit(parts.engine, people("nora")) as session:
        mails.decide(session, uncertain, "arrived")
    assert mail().state == "sent" and _sweep(parts.settings) == 0


def test_a_dead_workers_claim_is_taken_back_after_the_lease_and_not_before(
    queued: str, parts: Parts, mail: Mail, engine: Engine
) -> None:
    postbox = Postbox()
    with server(parts.settings, postbox) as settings:
        with outbox(settings) as dead:
            claim = mail_claims.claim_next(dead.engine)
            assert claim is not None and _sweep(settings) == 0 and mail().state == "claimed"
            assert _sweep(settings.model_copy(update={"mail_lease": -1})) == 1 and mail().state == "sent"
            assert not mail_claims.begin_transmitting(dead.engine, claim), "the dead one must not send it too"
        assert len(postbox.accepted) == 1


def test_what_was_on_the_wire_when_the_worker_died_waits_for_a_person(
    queued: str, parts: Parts, mail: Mail, engine: Engine
) -> None:
    postbox = Postbox()
    with server(parts.settings, postbox) as settings:
        late = settings.model_copy(update={"mail_lease": -1})
        with outbox(settings) as dead:
            claim = mail_claims.claim_next(dead.engine)
            assert claim is not None and mail_claims.begin_transmitting(dead.engine, claim)
            assert (_sweep(settings), mail().state) == (0, "transmitting")
            assert (_sweep(late), mail().state) == (0, "uncertain")
            mail_claims.finish(dead.engine, claim, "sent")
            assert mail().state == "sent", "an answer that came late still counts"
    assert postbox.accepted == []


@pytest.mark.parametrize(("written", "state"), [(True, "sent"), (False, "queued")])
def test_a_folder_knows_whether_the_mail_arrived(
    queued: str, parts: Parts, mail: Mail, engine: Engine, written: bool, state: str
) -> None:
    with outbox(parts.settings.model_copy(update={"mail_lease": -1})) as box:
        assert isinstance(box.carrier, Folder)
        claim = mail_claims.claim_next(box.engine)
        assert claim is not None
        if written:
            box.carrier.carry(box._parcel(claim), lambda: None)
        assert mail_claims.begin_transmitting(box.engine, claim)
        box.recover()
    assert mail().state == state


def test_an_address_that_cannot_be_used_is_told_and_not_tried_again(
    queued: str, parts: Parts, mail: Mail, engine: Engine
) -> None:
    _due(engine, recipients=["árvíz@firm.example"])
    assert (_sweep(parts.settings), _sweep(parts.settings)) == (1, 0)
    assert (mail().state, mail().fault) == ("failed", "mail_address_unusable: árvíz@firm.example")
    with unit(engine, SYSTEM, writes=False) as session:
        assert "árvíz@firm.example" in mails.told(session, mail())


def test_of_two_workers_one_gets_the_mail(queued: str, parts: Parts) -> None:
    with outbox(parts.settings) as one, outbox(parts.settings) as other:
        got = [mail_claims.claim_next(box.engine) for box in (one, other, one)]
    assert [claim is not None for claim in got] == [True, False, False]
