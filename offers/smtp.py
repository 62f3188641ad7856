"""SMTP step by step, so that it is known at every moment whether the server can have the message.

Of several recipients all are accepted or nothing is sent: what is `sent` was taken for everybody (RFC 5321, 3.3
lets a client stop before DATA).
"""

import contextlib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.settings import Settings
from offers.carriers import BeforeData, Parcel, Refused, Unknown

_GO_ON = 354
# A line that begins with a dot gets a second one (RFC 5321, 4.5.2).
_DOT = re.compile(rb"(?m)^\.")
_LONGEST_WORDS = 500


def _words(code: int, said: bytes | str, to: str = "") -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"{f'{to}: ' if to else ''}{code} {plain}"[:_LONGEST_WORDS]


def _refused(code: int, said: bytes | str, to: str = "") -> Refused:
    """Answers of the 5xx kind are for good (RFC 5321, 4.2.1); whatever else is not an acceptance is tried again."""
    return Refused(_words(code, said, to), for_good=500 <= code < 600)


@dataclass(frozen=True)
class Smtp:
    """The server of the settings."""

    settings: Settings

    def carry(self, parcel: Parcel, before_data: BeforeData) -> None:
        """Hand the message to the server for all its recipients. Raises as `Carrier.carry` says."""
        with self._signed_in() as server:
            try:
                self._envelope(server, parcel)
            except (OSError, smtplib.SMTPException) as lost:
                raise Refused(str(lost)[:_LONGEST_WORDS], for_good=False) from lost
            before_data()
            self._data(server, parcel)
            # The message is taken: how the farewell goes changes nothing.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                server.quit()

    def has(self, code: str) -> bool | None:
        """A server does not tell."""
        return None

    @contextmanager
    def _signed_in(self) -> Iterator[smtplib.SMTP]:
        config = self.settings
        assert config.smtp_host is not None
        try:
            context = ssl.create_default_context()
            if config.smtp_security == "tls":
                server: smtplib.SMTP = smtplib.SMTP_SSL(
                    config.smtp_host, config.smtp_port, timeout=config.smtp_timeout, context=context
                )
            else:
                server = smtplib.SMTP(config.smtp_host, config.smtp_port, timeout=config.smtp_timeout)
        except (OSError, smtplib.SMTPException) as lost:
            raise Refused(str(lost)[:_LONGEST_WORDS], for_good=False) from lost
        try:
            try:
                if config.smtp_security == "starttls":
                    server.starttls(context=context)
                if config.smtp_user and config.smtp_password:
                    server.login(config.smtp_user, config.smtp_password.get_secret_value())
            except (OSError, smtplib.SMTPException) as lost:
                # A wrong password is mended in the settings: the mail is not at fault.
                raise Refused(str(lost)[:_LONGEST_WORDS], for_good=False) from lost
            yield server
        finally:
            server.close()

    def _envelope(self, server: smtplib.SMTP, parcel: Parcel) -> None:
        server.ehlo_or_helo_if_needed()
        options = [f"SIZE={len(parcel.data)}"] if server.has_extn("size") else []
        code, said = server.mail(parcel.sender, options)
        if code != 250:
            raise _refused(code, said, parcel.sender)
        answers = [(address, *server.rcpt(address)) for address in parcel.recipients]
        bad = [(address, code, said) for address, code, said in answers if code not in (250, 251)]
        if bad:
            for_good = any(500 <= code < 600 for _address, code, _said in bad)
            words = "; ".join(_words(code, said, address) for address, code, said in bad)
            raise Refused(words[:_LONGEST_WORDS], for_good=for_good)

    def _data(self, server: smtplib.SMTP, parcel: Parcel) -> None:
        try:
            server.putcmd("data")
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as lost:
            # Not a byte of the content was sent.
            raise Refused(str(lost)[:_LONGEST_WORDS], for_good=False) from lost
        if code != _GO_ON:
            raise _refused(code, said)
        content = _DOT.sub(b"..", parcel.data)
        try:
            server.send(content + (b"" if content.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, said = server.getreply()
        except (OSError, smtplib.SMTPException) as lost:
            raise Unknown(str(lost)) from lost
        if 400 <= code < 600:
            raise _refused(code, said)
        if not 200 <= code < 300:
            raise Unknown(_words(code, said))
