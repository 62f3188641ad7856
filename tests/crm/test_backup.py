"""A backup holds one moment, comes back whole or not at all, and moves between both databases."""

import io
import json
import tarfile
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text

from core.clock import now
from core.errors import AppError
from core.settings import Settings
from crm import backup, numbers
from crm import engine as crm_engine
from crm.actor import SYSTEM, Actor
from crm.audit import keep_prompt, verify
from crm.imports import IMPORT_KINDS, run_import
from crm.people import set_password, sign_in
from crm.session import CrmSession, unit
from crm.tables import AuditEntry, Base, Conversation, Customer, Message, Price, Product

PASSWORD = "titkos-jelszo-1"


@pytest.fixture
def company(engine: Engine, settings: Settings, people: Callable[[str], Actor]) -> Settings:
    """A company with something of every shape: texts, decimals, dates, moments, JSON, files, a password."""
    set_password(engine, "nora", PASSWORD)
    with unit(engine, SYSTEM) as session:
        session.info["actor"] = people("nora")
        keep_prompt(session, "Vedd fel a Kovácsékat! 🙂")
        session.info["actor"] = SYSTEM
        product = Product(
            sku="X",
            name_hu="Árvíztűrő",
            name_pl="Żółć",
            name_en="X",
            unit="db",
            vat_percent=Decimal(27),
            minimum_quantity=Decimal("0.5"),
        )
        session.add(Price(product=product, currency="EUR", unit_price=Decimal("16.2345"), valid_from=date(2026, 1, 1)))
        talk = Conversation(code="c1", user_id=people("nora").user_id, title="Próba")
        talk.messages = [Message(code="m1", role="assistant", text="x", reply={"n": [1, None, "é"]}, created_at=now())]
        session.add_all([talk, _customer(session)])
    (settings.home / "documents" / "AJ-1").mkdir(parents=True)
    (settings.home / "documents" / "AJ-1" / "ajánlat.docx").write_bytes(b"\0document")
    (settings.home / ".env").write_text("ROBO_PORT=9000\n", encoding="utf-8")
    return settings


def _customer(session: CrmSession) -> Customer:
    number = numbers.draw(session, "customer")
    return Customer(code=f"C{number:04d}", name=f"Cég {number} Kft.", country="HU", currency="HUF", language="hu")


def contents(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and every kept file, in a form that can be compared."""
    engine = crm_engine.connect(settings)
    with engine.connect() as connection:
        held: dict[str, list[tuple[object, ...]]] = {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }
    engine.dispose()
    found = (f for f in settings.home.rglob("*") if f.is_file() and not f.name.startswith("crm.db"))
    held["files"] = sorted((str(f.relative_to(settings.home)), f.read_bytes()) for f in found)
    return held


def chain_is_whole(settings: Settings) -> bool:
    engine = crm_engine.connect(settings)
    with unit(engine, SYSTEM, writes=False) as session:
        verdict = verify(session)
    engine.dispose()
    return verdict.broken_at is None and verdict.entries > 0


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_everything_comes_back_on_either_database(
    company: Settings, database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    made = backup.backup(company, tmp_path)
    other = Settings(home=tmp_path / "other")
    if database == "postgresql":
        address = str(request.getfixturevalue("postgresql"))
        admin = create_engine(Settings(database_url=address).sqlalchemy_url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text("DROP DATABASE IF EXISTS restored"))
            connection.execute(text("CREATE DATABASE restored"))
        admin.dispose()
        other = Settings(home=tmp_path / "other", database_url=address.replace("/postgres?", "/restored?"))
    back = backup.restore(other, made.path)
    assert (back.rows, back.files) == (made.rows, made.files)
    assert contents(other) == contents(company)
    assert chain_is_whole(other)
    engine = crm_engine.connect(other)
    assert sign_in(engine, other, "nora", PASSWORD).login == "nora"
    with unit(engine, SYSTEM) as session:
        fresh = _customer(session)
        session.add(fresh)
        session.flush()
        assert fresh.code == "C0002"
    engine.dispose()


def test_a_backup_made_while_others_write_is_of_one_moment(company: Settings, engine: Engine, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with unit(engine, SYSTEM) as session:
                session.add_all([_customer(session), _customer(session)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [backup.backup(company, tmp_path / f"{n}.tar.gz").path for n in range(3)]
    finally:
        stop.set()
        writer.join()
    for n, path in enumerate(made):
        other = Settings(home=tmp_path / f"other{n}")
        backup.restore(other, path)
        assert chain_is_whole(other)
        restored = crm_engine.connect(other)
        with unit(restored, SYSTEM, writes=False) as session:
            customers = session.scalar(select(func.count()).select_from(Customer))
            audited = session.scalar(
                select(func.count()).select_from(AuditEntry).where(AuditEntry.resource_name == "customers")
            )
        restored.dispose()
        # One at the start, then two in every transaction.
        assert customers == audited
        assert customers is not None
        assert customers % 2 == 1


def test_what_is_there_is_replaced_only_when_asked(company: Settings, engine: Engine, tmp_path: Path) -> None:
    made = backup.backup(company, tmp_path / "b.tar.gz")
    before = contents(company)
    with unit(engine, SYSTEM) as session:
        session.add(_customer(session))
    (company.home / "documents" / "later.pdf").write_bytes(b"later")
    changed = contents(company)
    with pytest.raises(AppError) as refusal:
        backup.restore(company, made.path)
    assert refusal.value.code == "restore_not_empty"
    assert contents(company) == changed
    backup.restore(company, made.path, replace=True)
    assert contents(company) == before
    assert sorted(f.name for f in company.home.iterdir() if not f.name.startswith("crm.db")) == [".env", "documents"]


def test_a_migrated_home_with_nothing_in_it_counts_as_empty(company: Settings, tmp_path: Path) -> None:
    made = backup.backup(company, tmp_path / "b.tar.gz")
    other = Settings(home=tmp_path / "other")
    empty = crm_engine.connect(other)
    crm_engine.migrate(empty)
    empty.dispose()
    backup.restore(other, made.path)
    assert contents(other) == contents(company)


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = old.extractfile(member)
            content = change(member.name, data.read() if data else b"")
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def _escaping(name: str, content: bytes) -> bytes:
    if name != "manifest.json":
        return content
    manifest = json.loads(content)
    manifest["members"]["files/../../evil"] = "0" * 64
    return json.dumps(manifest).encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda name, content: content.replace("Cég".encode(), b"Hack"), "backup_damaged"),
        (lambda name, content: None if name == "tables/users.jsonl" else content, "backup_damaged"),
        (lambda name, content: None if name == "manifest.json" else content, "backup_damaged"),
        (_escaping, "backup_damaged"),
        (lambda name, content: content.replace(b'"format": 1', b'"format": 2'), "backup_too_new"),
        (lambda name, content: content.replace(b'"revision": "0', b'"revision": "9'), "backup_too_new"),
    ],
    ids=["changed", "member-missing", "no-manifest", "escaping-path", "new-format", "new-revision"],
)
def test_a_backup_that_was_changed_is_refused_and_nothing_happens(
    company: Settings, tmp_path: Path, change: Callable[[str, bytes], bytes | None], code: str
) -> None:
    source = rewritten(backup.backup(company, tmp_path / "b.tar.gz").path, tmp_path / "bad.tar.gz", change)
    before = contents(company)
    with pytest.raises(AppError) as refusal:
        backup.restore(company, source, replace=True)
    assert refusal.value.code == code
    assert contents(company) == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.99])
def test_half_a_backup_is_refused(company: Settings, tmp_path: Path, share: float) -> None:
    whole = backup.backup(company, tmp_path / "b.tar.gz").path.read_bytes()
    half = tmp_path / "half.tar.gz"
    half.write_bytes(whole[: int(len(whole) * share)])
    other = Settings(home=tmp_path / "other")
    with pytest.raises(AppError) as refusal:
        backup.restore(other, half)
    assert refusal.value.code == "backup_damaged"
    assert not [f for f in other.home.iterdir() if not f.name.startswith("crm.db")]


def test_a_restore_that_fails_at_the_last_step_puts_everything_back(
    company: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.backup(company, tmp_path / "b.tar.gz")
    with unit(engine, SYSTEM) as session:
        session.add(_customer(session))
    (company.home / "documents" / "later.pdf").write_bytes(b"later")
    before = contents(company)

    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if (self.parent.name, self.name) == ("files", ".env"):
            raise OSError("no space left")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(OSError, match="no space left"):
        backup.restore(company, made.path, replace=True)
    monkeypatch.undo()
    assert contents(company) == before


def test_a_database_someone_writes_to_is_left_alone(
    company: Settings, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = backup.backup(company, tmp_path / "b.tar.gz")
    monkeypatch.setattr(crm_engine, "BUSY_MS", 100)
    before = contents(company)
    with unit(engine, SYSTEM) as session:
        session.add(_customer(session))
        session.flush()
        with pytest.raises(AppError) as refusal:
            backup.restore(company, made.path, replace=True)
        assert refusal.value.code == "restore_in_use"
        session.rollback()
    assert contents(company) == before


def test_a_backup_is_private_and_never_overwrites(company: Settings, tmp_path: Path) -> None:
    made = backup.backup(company, tmp_path / "b.tar.gz")
    assert made.path.stat().st_mode & 0o077 == 0
    with pytest.raises(AppError) as refusal:
        backup.backup(company, made.path)
    assert refusal.value.code == "backup_exists"
    assert [f.name for f in tmp_path.iterdir() if f.name != "home"] == ["b.tar.gz"]


def test_nothing_to_back_up_is_said(tmp_path: Path) -> None:
    with pytest.raises(AppError) as refusal:
        backup.backup(Settings(home=tmp_path / "none"), tmp_path / "b.tar.gz")
    assert refusal.value.code == "backup_nothing"
    assert not (tmp_path / "none").exists()


def test_an_export_has_no_secrets_and_can_be_imported_again(company: Settings, engine: Engine, tmp_path: Path) -> None:
    with unit(engine, SYSTEM) as session:
        session.scalars(select(Customer)).one().address = "=cmd|'/c calc'!A1"
    files = backup.export(engine, tmp_path / "out")
    together = "".join(f.read_text(encoding="utf-8") for f in files)
    assert "argon2" not in together
    assert "'=cmd" in together
    for kind in IMPORT_KINDS:
        report = run_import(engine, kind, tmp_path / "out" / f"{kind}.csv")
        assert (report.created, report.updated, report.rejected) == (0, 0, [])
    with pytest.raises(AppError) as refusal:
        backup.export(engine, tmp_path / "out")
    assert refusal.value.code == "export_exists"


def test_the_search_index_is_not_in_a_backup_and_does_not_hinder_it(settings: Settings, tmp_path: Path) -> None:
    engine = crm_engine.connect(settings)
    kind = "BLOB" if engine.dialect.name == "sqlite" else "BYTEA"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE retrieval_anything (vector {kind})"))
        connection.execute(text("INSERT INTO retrieval_anything VALUES (:v)"), {"v": b"\x00\xff"})
    engine.dispose()
    report = backup.backup(settings, tmp_path / "x.tar.gz")
    with tarfile.open(report.path) as archive:
        names = archive.getnames()
    assert any("customers" in name for name in names)
    assert not [name for name in names if "retrieval_" in name]
