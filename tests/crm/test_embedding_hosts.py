"""Embedding hosts: exact origins only, a key that is shown once, and an administrator's right to all of it."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from core.errors import AppError, Forbidden, NotFound
from core.settings import Settings
from crm import embedding
from crm.actor import Actor
from crm.session import unit
from crm.tables import AuditEntry, EmbeddingHost

People = Callable[[str], Actor]
ORIGIN = "https://crm.example"


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://crm.example", "https://crm.example"),
        (" HTTPS://CRM.Example ", "https://crm.example"),
        ("https://crm.example:443", "https://crm.example"),
        ("https://crm.example:8443", "https://crm.example:8443"),
        ("https://űrlap.example", "https://xn--rlap-p8a.example"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:9000", "http://[::1]:9000"),
        ("http://crm.localhost", "http://crm.localhost"),
    ],
)
def test_an_origin_is_kept_as_browsers_send_it(written: str, origin: str) -> None:
    assert embedding.as_origin(written) == origin
    assert embedding.as_origin(origin) == origin


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "null",
        "crm.example",
        "https://",
        "https://*",
        "https://*.crm.example",
        "https://crm.example/",
        "https://crm.example/app",
        "https://crm.example?",
        "https://crm.example?x=1",
        "https://crm.example#x",
        "https://anna@crm.example",
        "https://crm.example:99999",
        "https://crm.example:x",
        "https://crm example",
        "https://crm.example;script-src *",
        "https://crm.example, https://other.example",
        "https://crm..example",
        "http://crm.example",
        "http://localhost.crm.example",
        "ftp://crm.example",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://[::2]\n",
    ],
)
def test_what_is_no_single_exact_origin_is_refused(written: str) -> None:
    with pytest.raises(AppError) as refused:
        embedding.as_origin(written)
    assert refused.value.code == "origin_invalid"


@given(st.text(max_size=60))
def test_whatever_is_written_an_origin_that_is_kept_can_stand_in_a_header(written: str) -> None:
    try:
        origin = embedding.as_origin("https://" + written)
    except AppError:
        return
    assert origin.isascii() and not set(origin) & set(" ;,*'\"\\<>\r\n\t") and origin.count("/") == 2


def test_a_host_gets_a_key_that_is_kept_only_as_its_digest(engine: Engine, people: People, settings: Settings) -> None:
    with unit(engine, people("ada")) as session:
        host, key = embedding.add(session, "  CRM   one ", [ORIGIN, ORIGIN, "http://localhost:9000"])
    assert (host.name, host.origins, host.active) == ("CRM one", (ORIGIN, "http://localhost:9000"), True)
    assert embedding.by_key(engine, settings, key, "10.0.0.1") == host
    with unit(engine, people("ada"), writes=False) as session:
        row = session.scalars(select(EmbeddingHost)).one()
        trail = session.scalars(select(AuditEntry).where(AuditEntry.resource_name == "embedding_hosts")).all()
        assert row.key_sha256 != key and len(key) > 43
        assert trail and all(row.key_sha256 not in str(e.after) and key not in str(e.after) for e in trail)
        assert embedding.hosts(session) == [host]


def test_a_new_key_ends_the_old_one_and_a_host_that_is_off_has_none(
    engine: Engine, people: People, settings: Settings
) -> None:
    with unit(engine, people("ada")) as session:
        first, old = embedding.add(session, "CRM", [ORIGIN])
    with unit(engine, people("ada")) as session:
        second, new = embedding.new_key(session, "CRM")
    assert first.key_mark != second.key_mark
    with pytest.raises(AppError, match="not valid"):
        embedding.by_key(engine, settings, old, "10.0.0.1")
    assert embedding.active_origins(engine) == {ORIGIN}
    with unit(engine, people("ada")) as session:
        embedding.switch(session, "CRM", False)
    assert embedding.active_origins(engine) == frozenset() and embedding.active_host(engine, "CRM") is None
    with pytest.raises(AppError, match="switched off"):
        embedding.by_key(engine, settings, new, "10.0.0.1")
    with unit(engine, people("ada")) as session:
        embedding.switch(session, "CRM", True)
    assert embedding.by_key(engine, settings, new, "10.0.0.1").active


def test_a_stale_form_and_a_missing_or_double_host_are_refused(engine: Engine, people: People) -> None:
    with unit(engine, people("ada")) as session:
        host, _ = embedding.add(session, "CRM", [ORIGIN])
    with unit(engine, people("ada")) as session:
        changed = embedding.change_origins(session, "CRM", ["https://new.example"], host.version)
        assert changed.origins == ("https://new.example",)
    refused = {
        "conflict": lambda s: embedding.change_origins(s, "CRM", [ORIGIN], host.version),
        "not_found": lambda s: embedding.new_key(s, "absent"),
        "host_name_taken": lambda s: embedding.add(s, "CRM", [ORIGIN]),
        "host_name_invalid": lambda s: embedding.add(s, " ", [ORIGIN]),
        "origins_missing": lambda s: embedding.add(s, "other", []),
        "origins_too_many": lambda s: embedding.add(s, "other", [f"https://c{i}.example" for i in range(51)]),
    }
    for code, attempt in refused.items():
        with pytest.raises(AppError) as error, unit(engine, people("ada")) as session:
            attempt(session)
        assert error.value.code == code


@pytest.mark.parametrize("login", ["mate", "nora", "rita"])
def test_only_administrators_see_and_change_hosts(engine: Engine, people: People, login: str) -> None:
    with unit(engine, people("ada")) as session:
        embedding.add(session, "CRM", [ORIGIN])
    with unit(engine, people(login), writes=False) as session:
        assert embedding.hosts(session) == []
    with pytest.raises(Forbidden), unit(engine, people(login)) as session:
        embedding.add(session, "other", [ORIGIN])
    with pytest.raises(NotFound), unit(engine, people(login)) as session:
        embedding.switch(session, "CRM", False)


def test_guessing_keys_is_slowed_by_address_and_holds_up_no_right_key(
    engine: Engine, people: People, settings: Settings
) -> None:
    with unit(engine, people("ada")) as session:
        host, key = embedding.add(session, "CRM", [ORIGIN])
    codes = []
    for i in range(settings.sign_in_attempts + 1):
        with pytest.raises(AppError) as refused:
            embedding.by_key(engine, settings, f"robo_host_{i}", "10.0.0.9")
        codes.append(refused.value.code)
    assert codes == ["host_key_invalid"] * settings.sign_in_attempts + ["sign_in_throttled"]
    assert embedding.by_key(engine, settings, key, "10.0.0.9") == host
    with pytest.raises(AppError, match="not valid"):
        embedding.by_key(engine, settings, "robo_host_x", "10.0.0.8")
