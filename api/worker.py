"""The worker: huey's threads emptying the outbox, in the server's own process or in one of its own.

    python -m api.worker

is the smallest process that sends mails: it opens neither the search index nor the home's lock, so that any number of
workers run beside a server.
"""

import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from huey.consumer import Consumer
from sqlalchemy import Engine

from core.settings import Settings
from crm.decisions import lacking_copies
from crm.mail_claims import WORKER
from crm.session import unit
from offers.bounces import sweep_bounces
from offers.jobs import jobs
from offers.outbox import Outbox, carrier_of, connect

_log = logging.getLogger(__name__)
_THREADS = 2
# A look into the queue at least this often, in seconds.
_LONGEST_PAUSE = 1.0
# A server's answer to a message under way is waited for this long when the worker is stopped, in seconds.
_FAREWELL = 30.0


class _Threads(Consumer):  # type: ignore[misc]
    """A consumer that leaves the process's signals to the process."""

    def _set_signal_handlers(self) -> None:
        return


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """Empty the outbox of this home while the block runs; a delivery under way is finished at its end."""
    engine = connect(settings)
    outbox = Outbox(engine, settings, carrier_of(settings))

    def sweep() -> None:
        _make_missing_copies(engine, settings)
        outbox.sweep()
        sweep_bounces(engine, settings)

    queue = jobs(settings, outbox.deliver, sweep)
    threads = _Threads(
        queue.huey, workers=_THREADS, initial_delay=0.05, max_delay=_LONGEST_PAUSE, shutdown_timeout=_FAREWELL
    )
    # huey tells of every task it starts; that is no news to whoever runs this.
    logging.getLogger("huey").setLevel(logging.WARNING)
    threads.start()
    try:
        yield
    finally:
        threads.stop(graceful=True)
        engine.dispose()


def _make_missing_copies(engine: Engine, settings: Settings) -> None:
    with unit(engine, WORKER, writes=False) as session:
        lacking = lacking_copies(session)
    if lacking:
        # What sets documents takes a second to import: a worker that only sends does without.
        from offers.accepting import Accepting

        Accepting(engine, settings).make_missing_copies()


def run(settings: Settings) -> None:
    """Work until told to stop, by Ctrl-C or SIGTERM."""
    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    with working(settings):
        while not told.wait(1.0):
            pass


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    run(Settings())
