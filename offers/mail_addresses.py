"""E-mail addresses a mail may go to, and the one it comes from: checked before anything becomes a header."""

import re
from email.headerregistry import Address

import idna

from core.errors import AppError
from core.text import nfc

# RFC 5322 "dot-atom", ASCII alone: servers that take other letters before the at sign are rare.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# RFC 5321, 4.5.3.1: octets before the at sign, and of the whole path without its brackets.
_LONGEST_LOCAL = 64
_LONGEST = 254
LONGEST_NAME = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What would have to be quoted in a name, besides control characters.
_UNNAMED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\"\\<>]")


def has_control(text: str) -> bool:
    """Whether `text` has a line break or another control character: such a text becomes no header."""
    return _CONTROL.search(text) is not None


def checked_address(text: str) -> str:
    """The address as it goes on the wire: its domain in lower case, letters beyond ASCII in their IDNA form.

    Raises `AppError("mail_address_wrong")` for anything that is not exactly one plain address.
    """
    wrong = AppError("mail_address_wrong", 422, address=_CONTROL.sub(" ", text)[:200])
    written = nfc(text).strip(" ")
    local, at, domain = written.rpartition("@")
    if not at or has_control(written) or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        raise wrong
    try:
        plain = idna.encode(domain, uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError) as bad:
        raise wrong from bad
    labels = plain.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit():
        raise wrong
    if len(local) + 1 + len(plain) > _LONGEST:
        raise wrong
    return f"{local}@{plain}"


def sender_of(setting: str | None, name: str, own: str) -> Address:
    """Whom a mail comes from: the address of `setting` (`ROBO_SMTP_FROM`, plain or `Name <address>`), else the
    person's `own`; with the name of the setting, else the person's. Raises `AppError("mail_sender_wrong")`."""
    written = setting or own
    called, _, rest = written.rpartition("<")
    try:
        address = checked_address(rest.removesuffix(">") if called else written)
    except AppError as wrong:
        raise AppError("mail_sender_wrong", 409, address=_CONTROL.sub(" ", written)[:200]) from wrong
    shown = " ".join(_UNNAMED.sub(" ", called.strip(' "') or name).split())[:LONGEST_NAME]
    return Address(display_name=shown, addr_spec=address)


def written(sender: Address) -> str:
    """A sender as people read it and as `sender_of` reads it back."""
    return f"{sender.display_name} <{sender.addr_spec}>" if sender.display_name else sender.addr_spec


def domain_of(address: str) -> str:
    """What stands after the at sign."""
    return address.rpartition("@")[2]
