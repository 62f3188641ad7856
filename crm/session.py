"""The session that enforces permissions and the audit by itself, so that no caller can forget to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import ClauseElement, Column, Engine, event, inspect
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import ORMExecuteState, RelationshipDirection, Session, UOWTransaction
from sqlalchemy.orm.exc import StaleDataError

from core.errors import AppError
from core.text import fold, folded_words, nfc
from crm import audit, guard, hidden
from crm.actor import Actor
from crm.scopes import reading_options
from crm.tables import Base, Customer, CustomerWord, table_of


class Unenforceable(Exception):
    """A statement whose permissions cannot be enforced: a fault of the program, not of its user."""


class CrmSession(Session):
    """A session bound to one actor for one unit of work. Make it with `unit`."""

    @property
    def actor(self) -> Actor:
        """On whose behalf everything in this session happens."""
        actor: Actor = self.info["actor"]
        return actor

    def begin_nested(self) -> NoReturn:
        """Refused: a savepoint rolled back would take the audit of what stays with it."""
        raise Unenforceable("a unit of work has no savepoints")

    def bulk_save_objects(self, *_arguments: object, **_options: object) -> NoReturn:
        """Refused: it passes by permissions and audit."""
        raise Unenforceable("records are written one unit of work at a time")

    bulk_insert_mappings = bulk_save_objects
    bulk_update_mappings = bulk_save_objects


@event.listens_for(CrmSession, "do_orm_execute")
def _filter_reads(state: ORMExecuteState) -> None:
    session = state.session
    assert isinstance(session, CrmSession)
    if session.actor.is_system or state.is_column_load:
        return
    statement = state.statement
    if not isinstance(statement, ClauseElement) or not state.is_select or not state.is_orm_statement:
        raise Unenforceable("only ORM selects and unit-of-work writes carry permissions")
    described = getattr(state.statement, "column_descriptions", ())
    # The loads of relationships name their parent's key as a bare column; what they load is filtered below.
    if not state.is_relationship_load and any(d["entity"] is None and isinstance(d["expr"], Column) for d in described):
        raise Unenforceable("a column of a Core table carries no permissions")
    hidden.check_statement(session.actor, statement)
    options = session.info.get("reading_options")
    if options is None:
        options = session.info["reading_options"] = reading_options(session.actor)
    state.statement = state.statement.options(*options)


@event.listens_for(CrmSession, "before_flush")
def _check_writes(session: Session, _context: UOWTransaction, _instances: object) -> None:
    assert isinstance(session, CrmSession)
    for record in list(session.new):
        _normalise(record)
        _settle_links(record)
        guard.check(session, session.actor, record, "create")
        _index_name(session, record)
        audit.collect(session, record, "create")
    for record in list(session.dirty):
        if session.is_modified(record):
            _normalise(record)
            _settle_links(record)
            guard.check(session, session.actor, record, session.info.get("action") or "update")
            _index_name(session, record)
            audit.collect(session, record, "update")
    for record in list(session.deleted):
        guard.check(session, session.actor, record, "delete")
        audit.collect(session, record, "delete")


@event.listens_for(CrmSession, "after_flush_postexec")
def _settle(session: Session, _context: UOWTransaction) -> None:
    audit.settle(session)


@event.listens_for(CrmSession, "after_rollback")
def _forget(session: Session) -> None:
    # What was taken back did not happen: a later commit of the same session must not record it.
    session.info.pop("changes", None)
    session.info.pop("unindexed", None)


audit.install(CrmSession)


def _normalise(record: Base) -> None:
    """Every stored text is NFC."""
    for column in inspect(type(record)).column_attrs:
        value = inspect(record).dict.get(column.key)
        if isinstance(value, str) and nfc(value) != value:
            setattr(record, column.key, nfc(value))


def _settle_links(record: Base) -> None:
    """Set foreign keys to those of related records assigned: the flush would do so only after check and audit."""
    state = inspect(record)
    for link in state.mapper.relationships:
        added = state.attrs[link.key].history.added
        if link.direction is not RelationshipDirection.MANYTOONE or not added:
            continue
        for local, remote in link.local_remote_pairs or ():
            value = None if added[0] is None else inspect(added[0]).dict.get(remote.key)
            key = state.mapper.get_property_by_column(local).key
            if (added[0] is None or value is not None) and getattr(record, key) != value:
                setattr(record, key, value)


def _index_name(session: CrmSession, record: Base) -> None:
    if not isinstance(record, Customer):
        return
    history = inspect(record).attrs.name.history
    if not history.has_changes():
        return
    record.name_key = fold(record.name)
    if record.id is None:
        # The words need the id; the customer is flushed in this same flush, so draw it first.
        session.info.setdefault("unindexed", []).append(record)
        return
    reindex(session, record)


@event.listens_for(CrmSession, "after_flush")
def _index_new(session: Session, _context: UOWTransaction) -> None:
    rows = [
        {"customer_id": record.id, "word": word}
        for record in session.info.pop("unindexed", [])
        for word in name_words(record.name)
    ]
    if rows:
        session.connection().execute(table_of(CustomerWord).insert(), rows)


def name_words(name: str) -> list[str]:
    """The folded words a customer is found by, the last being the whole name without spaces."""
    single = folded_words(name)
    return sorted({*single, "".join(single)})


def reindex(session: Session, customer: Customer) -> None:
    """Replace the words of a customer whose name changed."""
    table = table_of(CustomerWord)
    session.connection().execute(table.delete().where(table.c.customer_id == customer.id))
    words = name_words(customer.name)
    session.connection().execute(table.insert(), [{"customer_id": customer.id, "word": word} for word in words])


@contextmanager
def acting(session: CrmSession, action: str) -> Iterator[None]:
    """Changes flushed inside count as `action` (such as `transition`), not as plain updates."""
    session.flush()
    session.info["action"] = action
    earlier = len(session.info.get("changes", []))
    try:
        yield
        session.flush()
        for change in session.info.get("changes", [])[earlier:]:
            if change.action == "update":
                change.action = action
    finally:
        session.info.pop("action", None)


@contextmanager
def unit(engine: Engine, actor: Actor, *, writes: bool = True) -> Iterator[CrmSession]:
    """One unit of work: a transaction on behalf of `actor`, committed at the end, rolled back on any error.

    A unit that `writes` takes SQLite's write lock at its start, so that it never fails half way for
    having read before another wrote. Raises `AppError("conflict")` when a record was changed meanwhile, or another
    wrote first what there can be only one of, or two waited for each other; the database's own error is its cause.
    """
    session = CrmSession(engine, expire_on_commit=False, info={"actor": actor})
    try:
        session.connection(execution_options={"robo_writes": writes})
        yield session
        session.commit()
    except (StaleDataError, IntegrityError) as overtaken:
        session.rollback()
        raise AppError("conflict", 409) from overtaken
    except OperationalError as fault:
        session.rollback()
        if isinstance(fault.orig, DeadlockDetected | SerializationFailure):
            raise AppError("conflict", 409) from fault
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
