"""Forks a worker for every line it reads, and prints its process id: a worker that starts in milliseconds."""

import os
import signal
import sys

from sqlalchemy.orm import configure_mappers

from api import worker
from core.settings import Settings


def main() -> None:
    """Serve until the input ends. Dead workers are reaped by the system."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # What a worker does once in its life, and would else do in each of these short ones.
    configure_mappers()
    _say("ready")
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            worker.run(Settings())
            os._exit(0)
        _say(str(child))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
