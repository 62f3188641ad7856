"""The message as it goes on the wire, built the same to the byte each time: plain text, simple HTML, the files."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from markupsafe import escape

# Nothing but ASCII is on the wire, so that every server takes it.
_POLICY = policy.SMTP.clone(cte_type="7bit")
_URL = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
# What needs no encoding. A question mark could begin an encoded word.
_PLAIN_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .,;:!()/&+-]{0,60}")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ]{0,60}")
# What stays of the name of a file: letters and digits of any language, and a few signs.
_UNNAMED = re.compile(r"[^\w .()-]")
_LONGEST_FILE_NAME = 150
_STYLE = "font:15px/1.5 system-ui,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1d2430;max-width:38em"


@dataclass(frozen=True)
class Attached:
    """A file of the message with its bytes; `media_type` such as `application/pdf`."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """All that a message is made of. Addresses are checked ones (`offers.mail_addresses`)."""

    code: str
    message_id: str
    sender: Address
    reply_to: Address | None
    recipients: Sequence[str]
    copies: Sequence[str]
    subject: str
    body: str
    language: str
    at: datetime
    files: Sequence[Attached] = ()


def html_of(text: str, language: str) -> str:
    """`text` as simple HTML: paragraphs, lines, and addresses of the web to follow."""
    parts = [part for part in re.split(r"\n{2,}", text.strip()) if part.strip()]
    paragraphs = "".join(f'<p style="margin:0 0 1em">{_lines(part)}</p>' for part in parts)
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
        f'<body style="margin:0;padding:16px"><div style="{_STYLE}">{paragraphs}</div></body></html>'
    )


def _lines(part: str) -> str:
    return "<br>\n".join(_linked(line) for line in part.split("\n"))


def _linked(line: str) -> str:
    said, end = "", 0
    for found in _URL.finditer(line):
        url = _escaped(found.group())
        said += f'{_escaped(line[end : found.start()])}<a href="{url}" style="color:#2146a8">{url}</a>'
        end = found.end()
    return said + _escaped(line[end:])


def _escaped(text: str) -> str:
    # A plain string: what is added to a marked one is escaped once more.
    return str(escape(text))


def message_bytes(letter: Letter) -> bytes:
    """The message with CRLF line ends, in ASCII. The parts' boundaries come from the mail's code and the content."""
    message = EmailMessage(policy=_POLICY)
    text = letter.body.replace("\r\n", "\n").rstrip("\n") + "\n"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html_of(text, letter.language), subtype="html", cte="quoted-printable")
    for file in letter.files:
        main, _, sub = file.media_type.partition("/")
        name = _UNNAMED.sub("_", file.name)[-_LONGEST_FILE_NAME:]
        message.add_attachment(file.data, maintype=main, subtype=sub or "octet-stream", filename=name)
    _bound(message, letter)
    return _head(letter).encode("ascii") + message.as_bytes()


def _head(letter: Letter) -> str:
    """The headers that hold what people typed, written here: the library takes a typed encoded word for one of its
    own, and a line break encoded in it would begin a header."""
    lines = [
        f"Message-ID: {letter.message_id}",
        f"Date: {format_datetime(letter.at)}",
        f"From: {_mailbox(letter.sender, 'From')}",
        *([f"Reply-To: {_mailbox(letter.reply_to, 'Reply-To')}"] if letter.reply_to else []),
        "To: " + ",\r\n ".join(letter.recipients),
        *(["Cc: " + ",\r\n ".join(letter.copies)] if letter.copies else []),
        f"Subject: {_encoded(letter.subject, 'Subject', _PLAIN_SUBJECT)}",
        f"Content-Language: {letter.language}",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _mailbox(address: Address, header: str) -> str:
    name = _encoded(address.display_name, header, _PLAIN_NAME)
    return f"{name}\r\n <{address.addr_spec}>" if name else str(address.addr_spec)


def _encoded(text: str, header: str, plain: re.Pattern[str]) -> str:
    """`text` as it is where it is `plain`, else all of it in encoded words (RFC 2047), folded."""
    if not text or plain.fullmatch(text):
        return text
    return Header(text, charset="utf-8", header_name=header).encode(linesep="\r\n")


def _bound(message: EmailMessage, letter: Letter) -> None:
    """Give every multipart a boundary of its own that is the same each time: the library's are random."""
    known = hashlib.sha256(f"{letter.code}\n{letter.message_id}\n{letter.body}".encode())
    for file in letter.files:
        known.update(file.data)
    multiparts = [part for part in message.walk() if part.is_multipart()]
    for position, part in enumerate(multiparts):
        part.set_boundary(f"=_{known.hexdigest()[:40]}_{position}")
