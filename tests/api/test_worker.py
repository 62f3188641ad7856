"""The worker empties the outbox by itself, and survives being killed at any moment."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import worker
from api.cli import app
from assistant.context import Parts
from benchmarks import killed_worker
from core.settings import Settings
from crm import mails
from crm.actor import SYSTEM, Actor
from crm.session import unit
from offers.mailing import Mailing
from tests.offers.mail_world import offer_number, sent
from tests.offers.test_mailing_bounces import report

People = Callable[[str], Actor]
_KILLS = 15
_PATIENCE = 60.0


def _state(parts: Parts, code: str) -> str:
    with unit(parts.engine, SYSTEM, writes=False) as session:
        return mails.by_code(session, code).state


def test_it_sends_what_waits_and_what_comes(parts: Parts, people: People) -> None:
    nora = people("nora")
    mailing = Mailing(parts.engine, parts.settings)
    waiting, _seen = sent(mailing, nora, offer_number(parts, nora))
    with worker.working(parts.settings):
        fresh, _seen = sent(mailing, nora, offer_number(parts, nora))
        until = time.monotonic() + _PATIENCE
        while {_state(parts, waiting), _state(parts, fresh)} != {"sent"} and time.monotonic() < until:
            time.sleep(0.05)
    assert (_state(parts, waiting), _state(parts, fresh)) == ("sent", "sent")


def test_killed_at_random_moments_nothing_is_lost_or_sent_twice(settings: Settings) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    outcome = killed_worker.run(settings, _KILLS)
    assert outcome.kept, outcome
    assert outcome.kills == _KILLS and outcome.mails == outcome.sent + outcome.uncertain + outcome.failed
    assert outcome.sent > 0


def test_a_report_is_noted_on_the_command_line(
    parts: Parts, people: People, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nora = people("nora")
    code, _seen = sent(Mailing(parts.engine, parts.settings), nora, offer_number(parts, nora))
    with unit(parts.engine, SYSTEM) as session:
        mail = mails.by_code(session, code)
        mail.state, message_id = "sent", mail.message_id
    file = tmp_path / "report.eml"
    file.write_bytes(report(message_id))
    monkeypatch.setattr("api.commands.worker.settings", lambda: parts.settings)
    answer = CliRunner().invoke(app, ["bounce", str(file)])
    assert answer.stdout.strip() == code and _state(parts, code) == "bounced"
