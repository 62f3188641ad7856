"""The outbox: every mail a person confirmed goes out once, or a person is told that it did not, or that nobody knows.

The order of the steps is what keeps that promise whenever the process is killed. A mail is claimed and that is
committed; the message is built and its files are compared with what was confirmed; that it goes on the wire is
committed before its content does; the server's answer is committed last. So what is found `claimed` was never sent,
and what is found `transmitting` may have been: that is never sent again by itself.
"""

import hashlib
import logging
from dataclasses import dataclass
from email.headerregistry import Address

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import AppError
from core.language import Language
from core.settings import Settings
from crm import engine as crm_engine
from crm import mail_claims, mails
from crm.mail_claims import WORKER, Claim
from crm.people import as_language
from crm.session import unit
from crm.tables import User
from offers.carriers import Carrier, Folder, Overtaken, Parcel, Refused, Unknown
from offers.mail_addresses import checked_address, sender_of
from offers.mail_message import Attached, Letter, message_bytes
from offers.smtp import Smtp

_log = logging.getLogger(__name__)


class _NoAddress(Exception):
    """An address nothing can be sent to: a contact's, which is not checked as strictly as one that is typed."""


class _Superseded(Exception):
    """The offer has a newer version than the mail brings."""


class _FileChanged(Exception):
    """A file is missing or is not the one that was confirmed."""


def connect(settings: Settings) -> Engine:
    """The worker's own engine. On SQLite its commits wait for the disk, so that not even a loss of power forgets that
    a mail went on the wire."""
    engine = crm_engine.connect(settings)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _durable(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.close()

    return engine


def carrier_of(settings: Settings) -> Carrier:
    """The server of the settings, else the folder."""
    return Smtp(settings) if settings.smtp_host else Folder(settings.sent_folder)


def _usable(address: str) -> str:
    try:
        return checked_address(address)
    except AppError as wrong:
        raise _NoAddress(address) from wrong


def _reply_to(person: User | None, language: Language) -> Address | None:
    """Whom answers go to; None where nobody confirmed the mail, or has an address nothing can be sent to."""
    try:
        return sender_of(None, person.display_name(language), person.email) if person else None
    except AppError:
        return None


@dataclass(frozen=True)
class Outbox:
    """The outbox of one home, emptied by any number of workers at once."""

    engine: Engine
    settings: Settings
    carrier: Carrier

    def sweep(self) -> int:
        """Take back what dead workers had, then deliver whatever is due; how many mails were tried."""
        self.recover()
        tried = 0
        while self.deliver():
            tried += 1
        return tried

    def recover(self) -> None:
        """Queue again what was claimed and never begun; what was going on the wire waits for a person, unless the
        carrier itself knows whether it arrived."""
        lease = self.settings.mail_lease
        mail_claims.recover_claimed(self.engine, lease)
        for claim in mail_claims.abandoned(self.engine, lease):
            arrived = self.carrier.has(claim.code)
            if arrived is None:
                mail_claims.finish(self.engine, claim, "uncertain", "mail_nobody_knows")
            elif arrived:
                mail_claims.finish(self.engine, claim, "sent")
            else:
                mail_claims.put_back(self.engine, claim, "mail_worker_died")

    def deliver(self, code: str | None = None) -> str | None:
        """Deliver the mail that has been due longest, or the one with `code` if it is due; its code, or None where
        there was none."""
        claim = mail_claims.claim_next(self.engine, code)
        if claim is None:
            return None
        on_the_wire = False

        def before_data() -> None:
            nonlocal on_the_wire
            if not mail_claims.begin_transmitting(self.engine, claim):
                raise Overtaken
            on_the_wire = True

        try:
            self.carrier.carry(self._parcel(claim), before_data)
        except Overtaken:
            _log.warning("mail %s was given to another worker", claim.code)
        except _NoAddress as wrong:
            mail_claims.finish(self.engine, claim, "failed", f"mail_address_unusable: {wrong}")
        except _Superseded:
            mail_claims.finish(self.engine, claim, "failed", "mail_version_superseded")
        except _FileChanged as changed:
            mail_claims.finish(self.engine, claim, "failed", f"mail_file_changed: {changed}")
        except Refused as refused:
            if refused.for_good:
                mail_claims.finish(self.engine, claim, "failed", refused.words)
            else:
                mail_claims.put_back(self.engine, claim, refused.words)
        except Unknown:
            mail_claims.finish(self.engine, claim, "uncertain", "mail_nobody_knows")
        except Exception:
            # A fault of ours: what is on the wire may have arrived, all else is tried again later.
            _log.exception("mail %s", claim.code)
            if on_the_wire:
                mail_claims.finish(self.engine, claim, "uncertain", "mail_nobody_knows")
            else:
                mail_claims.put_back(self.engine, claim, "mail_worker_died")
        else:
            mail_claims.finish(self.engine, claim, "sent")
        return claim.code

    def _parcel(self, claim: Claim) -> Parcel:
        with unit(self.engine, WORKER, writes=False) as session:
            mail = mails.by_code(session, claim.code)
            if mails.is_superseded(mail):
                raise _Superseded
            sender = sender_of(mail.sender, "", "")
            language = as_language(mail.offer_version.language)
            reply = _reply_to(mail.confirmed_by, language)
            recipients = [_usable(str(each)) for each in mail.recipients]
            copies = [_usable(str(each)) for each in mail.copies]
            letter = Letter(
                code=mail.code,
                message_id=mail.message_id,
                sender=sender,
                reply_to=reply if reply and reply.addr_spec != sender.addr_spec else None,
                recipients=recipients,
                copies=copies,
                subject=mail.subject,
                body=mail.body,
                language=language,
                at=mail.confirmed_at,
                files=[self._attached(file) for file in mail.files if isinstance(file, dict)],
            )
        everybody = tuple(dict.fromkeys((*recipients, *copies)))
        return Parcel(claim.code, sender.addr_spec, everybody, message_bytes(letter))

    def _attached(self, file: dict[str, object]) -> Attached:
        """A file with the very bytes that are compared. Raises `_FileChanged`."""
        name = str(file.get("name"))
        try:
            data = (self.settings.home.resolve() / str(file.get("path"))).read_bytes()
        except OSError as missing:
            raise _FileChanged(name) from missing
        if hashlib.sha256(data).hexdigest() != file.get("sha256"):
            raise _FileChanged(name)
        return Attached(name, str(file.get("media_type") or "application/pdf"), data)
