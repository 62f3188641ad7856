"""Applications that embed the widget: the origins their pages come from, and the key their server mints tokens with."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine, select

from core.errors import AppError, NotFound
from core.settings import Settings
from core.text import nfc
from crm import attempts
from crm.actor import SYSTEM, Actor
from crm.people import actor_for
from crm.session import CrmSession, unit
from crm.tables import EmbeddingHost

LONGEST_NAME = 80
MOST_ORIGINS = 50
_PREFIX = "robo_host_"
_LABELS = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class HostView:
    """An embedding host. `key_mark` tells its present key from earlier ones without saying anything of it."""

    id: int
    name: str
    origins: tuple[str, ...]
    active: bool
    key_mark: str
    version: int


def as_origin(written: str) -> str:
    """`written` as browsers send it: lower case, international names in ASCII, no default port.

    Raises `AppError("origin_invalid")` (422) for anything but a scheme and a host, with a port if need be: an
    origin has no path and no wildcard, and is https unless it is this very machine's.
    """
    wrong = AppError("origin_invalid", 422, origin=written[:200])
    try:
        parts = urlsplit(written.strip())
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode() if ":" not in (parts.hostname or "") else parts.hostname
    except (ValueError, UnicodeError) as fault:
        raise wrong from fault
    plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password or "?" in written)
    here = host in ("localhost", "127.0.0.1", "::1") or (host or "").endswith(".localhost")
    if not plain or not host or parts.scheme not in _PORTS or (parts.scheme == "http" and not here):
        raise wrong
    if host != "::1" and not _LABELS.fullmatch(host):
        raise wrong
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port not in (None, _PORTS[parts.scheme]) else "")


def _origins(written: Iterable[str]) -> list[object]:
    found: list[object] = list(dict.fromkeys(as_origin(each) for each in written))
    if not found:
        raise AppError("origins_missing", 422)
    if len(found) > MOST_ORIGINS:
        raise AppError("origins_too_many", 422, most=MOST_ORIGINS)
    return found


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _view(host: EmbeddingHost) -> HostView:
    origins = tuple(str(origin) for origin in host.origins)
    return HostView(host.id, host.name, origins, host.active, host.key_sha256[:16], host.version)


def _found(session: CrmSession, name: str, version: int | None) -> EmbeddingHost:
    host = session.scalar(select(EmbeddingHost).where(EmbeddingHost.name == nfc(name.strip())))
    if host is None:
        raise NotFound("embedding", name)
    if version is not None and host.version != version:
        raise AppError("conflict", 409)
    return host


def add(session: CrmSession, name: str, origins: Iterable[str]) -> tuple[HostView, str]:
    """Let an application embed the widget on pages from `origins`: the host, and its key, which is never shown again.

    Raises `AppError` for a name that is taken or no name, and for origins that are none.
    """
    name = nfc(" ".join(name.split()))
    if not 0 < len(name) <= LONGEST_NAME:
        raise AppError("host_name_invalid", 422, most=LONGEST_NAME)
    if session.scalar(select(EmbeddingHost.id).where(EmbeddingHost.name == name)) is not None:
        raise AppError("host_name_taken", 409, name=name)
    key = _PREFIX + secrets.token_urlsafe(32)
    host = EmbeddingHost(name=name, origins=_origins(origins), key_sha256=_digest(key))
    session.add(host)
    session.flush()
    return _view(host), key


def hosts(session: CrmSession) -> list[HostView]:
    """Every host the actor may see, by name."""
    return [_view(host) for host in session.scalars(select(EmbeddingHost).order_by(EmbeddingHost.name))]


def change_origins(session: CrmSession, name: str, origins: Iterable[str], version: int | None = None) -> HostView:
    """Replace the origins of a host. `version` is that of the form it was changed in.

    Raises `NotFound`, or `AppError` for a changed host (`conflict`) and for origins that are none.
    """
    host = _found(session, name, version)
    host.origins = _origins(origins)
    session.flush()
    return _view(host)


def new_key(session: CrmSession, name: str, version: int | None = None) -> tuple[HostView, str]:
    """Give a host a new key, shown this once; the old key and the tokens minted with it end at once."""
    host = _found(session, name, version)
    key = _PREFIX + secrets.token_urlsafe(32)
    host.key_sha256 = _digest(key)
    session.flush()
    return _view(host), key


def switch(session: CrmSession, name: str, active: bool, version: int | None = None) -> HostView:
    """Switch a host on or off. Off, it gets no tokens, and those it has are refused at once."""
    host = _found(session, name, version)
    host.active = active
    session.flush()
    return _view(host)


def active_host(engine: Engine, name: str) -> HostView | None:
    """The host `name` if it is switched on; for doors that ask before anyone is signed in."""
    with unit(engine, SYSTEM, writes=False) as session:
        host = session.scalar(select(EmbeddingHost).where(EmbeddingHost.name == name, EmbeddingHost.active))
        return _view(host) if host is not None else None


def active_origins(engine: Engine) -> frozenset[str]:
    """The origins of every host that is switched on."""
    with unit(engine, SYSTEM, writes=False) as session:
        rows = session.scalars(select(EmbeddingHost).where(EmbeddingHost.active))
        return frozenset(str(origin) for host in rows for origin in host.origins)


def by_key(engine: Engine, settings: Settings, key: str, caller: str) -> HostView:
    """The host this key belongs to. `caller` is the address it came from.

    Raises `AppError("host_key_invalid")` (401) for a wrong key and for that of a host that is switched off, and
    `AppError("sign_in_throttled")` (429) once as many wrong ones came from `caller` as failed sign-ins are let pass.
    A right key is never held up by others' wrong ones.
    """
    with unit(engine, SYSTEM, writes=False) as session:
        query = select(EmbeddingHost).where(EmbeddingHost.key_sha256 == _digest(key), EmbeddingHost.active)
        host = session.scalar(query)
        if host is not None:
            return _view(host)
    attempts.count(engine, settings, f"embedding host at {caller[:60]}")
    raise AppError("host_key_invalid", 401)


def embedded_actor(engine: Engine, settings: Settings, login: str) -> Actor:
    """The user whom a host asks a token for.

    Raises `AppError("embed_login_unknown")` (404), the same for an unknown and an inactive login, and
    `AppError("embed_administrator")` (403) for a user who may change users, settings or hosts unless the installation
    allows it (`ROBO_EMBED_ADMINISTRATORS`): a host key that was stolen then does not open the installation itself.
    """
    try:
        actor = actor_for(engine, login)
    except NotFound as unknown:
        raise AppError("embed_login_unknown", 404, login=login[:100]) from unknown
    powerful = any(actor.scope(resource, "update") for resource in ("user", "settings", "embedding"))
    if powerful and not settings.embed_administrators:
        raise AppError("embed_administrator", 403, login=login[:100])
    return actor
