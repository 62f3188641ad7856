"""Mails that came back: reports of the kind of RFC 3464 put into a folder, matched with what was sent."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from pathlib import Path

from sqlalchemy import Engine, select

from core.settings import Settings
from core.text import storable
from crm.mail_claims import WORKER
from crm.session import unit
from crm.tables import OfferMail

_log = logging.getLogger(__name__)
# What the report has to be about: such reports quote the message they are about, whole or its headers.
_QUOTED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers")
_ID = re.compile(r"<[^<>\s]+@[^<>\s]+>")
_LARGEST = 5_000_000
_LONGEST_REASON = 500


@dataclass(frozen=True)
class Bounce:
    """A report that a mail was not delivered: the Message-IDs of what it quotes, and why."""

    message_ids: tuple[str, ...]
    reason: str


def read_bounce(data: bytes) -> Bounce | None:
    """What a report says; None for a message that is none, or that says a delivery only was late or went well."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    parts = list(message.walk())
    failures = [fields for part in parts if part.get_content_type() == "message/delivery-status"
                for fields in _failures(part)]  # fmt: skip
    if not failures:
        return None
    return Bounce(tuple(dict.fromkeys(_quoted_ids(parts))), storable("; ".join(failures))[:_LONGEST_REASON])


def _failures(part: Message) -> Iterator[str]:
    """What the report says of each recipient that was not reached (RFC 3464, 2.3)."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, Message) or str(block.get("Action", "")).strip().lower() != "failed":
            continue
        to = str(block.get("Final-Recipient") or block.get("Original-Recipient") or "").rpartition(";")[2].strip()
        why = str(block.get("Diagnostic-Code") or block.get("Status") or "").strip()
        yield " ".join(f"{to}: {why}".split())


def _quoted_ids(parts: list[EmailMessage]) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() in _QUOTED:
            payload = part.get_payload()
            inner = payload[0] if isinstance(payload, list) and payload else None
            text = str(inner.get("Message-ID", "")) if isinstance(inner, Message) else _header_in(str(payload))
            yield from _ID.findall(text)
    if parts:
        yield from _ID.findall(f"{parts[0].get('In-Reply-To', '')} {parts[0].get('References', '')}")


def _header_in(text: str) -> str:
    found = re.search(r"(?im)^message-id:\s*(.*)$", text)
    return found.group(1) if found else ""


def note_bounce(engine: Engine, data: bytes) -> str | None:
    """Mark the mail a report is about as bounced, with the reason; its code, or None where it is about none of ours.

    A mail whose fate was unknown, or that is thought to be on its way, bounced as well: the report proves that it was
    taken. What is still to be sent does not, whatever a report says.
    """
    bounce = read_bounce(data)
    if bounce is None or not bounce.message_ids:
        return None
    with unit(engine, WORKER) as session:
        query = select(OfferMail).where(OfferMail.message_id.in_(bounce.message_ids)).with_for_update()
        mail = session.scalars(query).first()
        if mail is None or mail.state not in ("sent", "uncertain", "transmitting", "bounced"):
            return None
        mail.state, mail.fault = "bounced", bounce.reason
        return mail.code


def bounces_folder(settings: Settings) -> Path:
    """Where reports are put for the worker to read."""
    return settings.home.resolve() / "mail" / "bounces"


def sweep_bounces(engine: Engine, settings: Settings) -> int:
    """Read every report in the folder, move it to `read` beside it, or to `unknown` where it fits no mail of ours; how
    many mails bounced."""
    folder, count = bounces_folder(settings), 0
    for path in sorted(folder.glob("*")) if folder.is_dir() else []:
        if not path.is_file() or path.name.startswith("."):
            continue
        try:
            code = note_bounce(engine, path.read_bytes()) if path.stat().st_size <= _LARGEST else None
        except Exception:
            _log.exception("report %s", path.name)
            code = None
        count += code is not None
        place = folder / ("read" if code else "unknown")
        place.mkdir(exist_ok=True)
        path.replace(place / path.name)
    return count
