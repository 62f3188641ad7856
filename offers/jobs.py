"""The queue that wakes workers. The outbox is the truth: what is lost here is found by the next sweep."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.registry import Message
from huey.serializer import Serializer

from core.settings import Settings

_log = logging.getLogger(__name__)
_NAME = "robo"


class _Json(Serializer):  # type: ignore[misc]
    """Messages as JSON: huey's own form, pickle, would run whatever somebody puts into the queue."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Message:
        fields = json.loads(data)
        message = Message(*fields)
        return message._replace(args=tuple(message.args or ()), kwargs=dict(message.kwargs or {}))


@dataclass(frozen=True)
class Jobs:
    """A huey with its two tasks: `deliver` one mail at once, and `sweep`, which also runs every minute."""

    huey: Huey
    deliver: Callable[[str], object]
    sweep: Callable[[], object]


def jobs(settings: Settings, deliver: Callable[[str], object], sweep: Callable[[], object]) -> Jobs:
    """The queue of `settings`, its tasks done by the functions given. Only a consumer calls them."""
    huey = _opened(settings)

    def deliver_mail(code: str) -> None:
        deliver(code)

    def sweep_outbox() -> None:
        sweep()

    return Jobs(huey, huey.task()(deliver_mail), huey.periodic_task(crontab(minute="*"))(sweep_outbox))


def _opened(settings: Settings) -> Huey:
    """SQLite's file in the home; a PostgreSQL or Redis server where `ROBO_JOBS_URL` names one."""
    url = settings.jobs_url
    shared = {"results": False, "serializer": _Json()}
    if url is None:
        settings.home.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(_NAME, filename=str(settings.home.resolve() / "jobs.db"), **shared)
    if url.startswith(("postgresql://", "postgres://")):
        return PostgresHuey(_NAME, dsn=url, **shared)
    return RedisHuey(_NAME, url=url, **shared)


@lru_cache(maxsize=8)
def _waking(home: Path, jobs_url: str | None) -> Jobs:
    def nothing(*_arguments: object) -> None:
        raise RuntimeError("only a consumer does tasks")

    return jobs(Settings(home=home, jobs_url=jobs_url), nothing, nothing)


def wake(settings: Settings, code: str) -> None:
    """Have a worker deliver the mail with `code` now. If that cannot be said, the next sweep finds it."""
    try:
        _waking(settings.home.resolve(), settings.jobs_url).deliver(code)
    except Exception:
        _log.warning("no worker could be woken for mail %s", code, exc_info=True)
