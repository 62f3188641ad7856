"""An offer of the sample company that can be sent, and servers that behave in every way a server can."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from assistant.context import Parts
from core.clock import today
from core.settings import Settings
from crm.actor import Actor
from offers.mail_views import MailPreview, MailTyped
from offers.mailing import Mailing
from offers.outbox import Outbox, carrier_of, connect
from offers.understand import understand
from offers.view import OfferView


def offer_number(parts: Parts, actor: Actor, prompt: str = "Ajánlat a Bartók Kft.-nek: 10 töltőtoll") -> str:
    """A draft with its documents."""
    made = parts.offers.draft(actor, prompt, lambda n: understand(prompt, n, language="hu", today=today()), "hu")
    assert isinstance(made, OfferView)
    return made.number


def typed_for(mailing: Mailing, actor: Actor, number: str, **changed: object) -> MailTyped:
    """What is proposed, as the person would leave it."""
    draft = mailing.compose(actor, number)
    proposed: dict[str, object] = {
        "to": [contact.address for contact in draft.contacts if contact.proposed],
        "subject": draft.subject,
        "body": draft.body,
    }
    return MailTyped.model_validate({**proposed, **changed})


def sent(mailing: Mailing, actor: Actor, number: str, **changed: object) -> tuple[str, MailPreview]:
    """Preview and confirm a mail; its code, and what was seen."""
    typed = typed_for(mailing, actor, number, **changed)
    seen = mailing.preview(actor, number, typed)
    return mailing.confirm(actor, number, typed, seen.digest), seen


@contextmanager
def outbox(settings: Settings) -> Iterator[Outbox]:
    """The outbox with an engine of its own, as a worker has it."""
    engine = connect(settings)
    yield Outbox(engine, settings, carrier_of(settings))
    engine.dispose()


class Postbox:
    """A server that answers as it is told: `answers` by step (`RCPT`, `DATA`); keeps what it accepted."""

    def __init__(self, answers: dict[str, str] | None = None) -> None:
        self.answers = answers or {}
        self.accepted: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.get(address) or self.answers.get("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.get("DATA")
        if answer is None:
            self.accepted.append(envelope)
        return answer or "250 OK"


@contextmanager
def server(settings: Settings, postbox: Postbox) -> Iterator[Settings]:
    """Settings that send to a real server on loopback."""
    controller = Controller(postbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield with_smtp(settings, controller.port)
    finally:
        controller.stop()


def with_smtp(settings: Settings, port: int) -> Settings:
    """The same home with a server on loopback."""
    return settings.model_copy(
        update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "smtp_timeout": 5.0}
    )


@contextmanager
def scripted(settings: Settings, talk: Callable[[socket.socket], None]) -> Iterator[Settings]:
    """A server of which only the raw bytes matter: `talk` is handed each connection."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            with connection:
                talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield with_smtp(settings, listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
