"""Opening a home: one process holds it, the others go through that one."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from filelock import FileLock, Timeout
from sqlalchemy import Engine

from assistant import pages
from assistant.context import Parts
from assistant.model import AnsweringModel
from assistant.model.nearness import nearness_for
from core.errors import AppError
from core.settings import Settings
from crm import engine as crm_engine
from offers.service import Offers
from retrieval.index import Knowledge
from retrieval.store import read_state

Progress = Callable[[int, int], None]
_WAIT_SECONDS = 60.0
# HS256 wants a key as long as its hash (RFC 7518, 3.2).
_SHORTEST_KEY = 32


@dataclass(frozen=True)
class RunningServer:
    """A server that holds this home, and where it listens."""

    url: str


def open_parts(settings: Settings, progress: Progress | None = None) -> Parts:
    """Connect, migrate, and index the help pages if nothing was indexed yet.

    The caller holds the home's lock (or uses a database and Chroma that are servers).
    """
    engine = crm_engine.connect(settings)
    crm_engine.migrate(engine)
    knowledge = Knowledge(settings, engine)
    if index_generation(engine) == 0:
        pages.index(engine, knowledge, progress)
    model = AnsweringModel(settings, nearness_for(settings)) if settings.has_model else None
    return Parts(settings, engine, knowledge, Offers(engine, settings), model)


def index_generation(engine: Engine) -> int:
    """The index's generation as SQL has it; 0 where nothing was ever indexed."""
    with engine.connect() as connection:
        return read_state(connection).generation


def secret_key(settings: Settings) -> bytes:
    """The key tokens are signed with: `ROBO_SECRET`, else a random one made once in the home."""
    if settings.secret is not None:
        key = settings.secret.get_secret_value().encode()
        if len(key) < _SHORTEST_KEY:
            raise AppError("secret_too_short", 500, length=_SHORTEST_KEY)
        return key
    path = settings.home / "secret.key"
    if not path.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip().encode()


def home_mark(settings: Settings) -> str:
    """What tells one home from another without naming its place on the disk."""
    return hashlib.sha256(str(settings.home.resolve()).encode()).hexdigest()[:16]


def _announcement(settings: Settings) -> Path:
    return settings.home / "server.json"


def running_server(settings: Settings) -> RunningServer | None:
    """The server of this home, if one answers."""
    try:
        url = str(json.loads(_announcement(settings).read_text())["url"])
        answer = httpx.get(f"{url}/healthz", timeout=5)
        if answer.status_code == 200 and answer.json().get("home") == home_mark(settings):
            return RunningServer(url)
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        pass
    return None


@contextmanager
def held(settings: Settings, wait: float = _WAIT_SECONDS) -> Iterator[None]:
    """Hold the home's lock. Raises `AppError("home_in_use")` if another process keeps it."""
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / "robo.lock")
    try:
        lock.acquire(timeout=wait)
    except Timeout as busy:
        raise AppError("home_in_use", 409, home=str(settings.home)) from busy
    try:
        yield
    finally:
        lock.release()


@contextmanager
def announced(settings: Settings, host: str, port: int) -> Iterator[None]:
    """Tell the commands of this home where its server listens, while it does."""
    path = _announcement(settings)
    reachable = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    path.write_text(json.dumps({"url": f"http://{reachable}:{port}", "pid": os.getpid()}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
