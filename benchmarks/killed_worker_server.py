"""A real SMTP server on loopback that notes what it accepts: `python -m benchmarks.killed_worker_server FOLDER`.

It prints its port. Now and then it is slow: before it takes a recipient, before it takes a message, and between taking
a message and saying so, which is when a client that is killed cannot know.
"""

import asyncio
import email
import random
import signal
import socket
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "accepted.txt"
_RNG = random.Random(7)


async def _slowly() -> None:
    if _RNG.random() < 0.6:
        await asyncio.sleep(_RNG.uniform(0, 0.06))


class Noting:
    """Accepts everything and writes down the Message-ID before it says so."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="ascii")

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient."""
        await _slowly()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the message."""
        await _slowly()
        content = envelope.original_content or b""
        self._file.write(str(email.message_from_bytes(content)["Message-ID"]) + "\n")
        self._file.flush()
        await _slowly()
        return "250 OK"


def main(folder: Path) -> None:
    """Serve until killed."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    controller = Controller(Noting(folder / ACCEPTED), hostname="127.0.0.1", port=port)
    controller.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    signal.pause()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
