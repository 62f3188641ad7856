"""Writing and verifying the audit chain. Entries go in with the change they describe, or neither does."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.orm import Session

from core.clock import now
from core.money import exact
from crm import hidden
from crm.tables import AuditEntry, AuditHead, Base, Conversation, Prompt, table_of

GENESIS = "0" * 64
_HEAD = table_of(AuditHead)
_ENTRIES = table_of(AuditEntry)


@dataclass(frozen=True)
class Cause:
    """The prompt and sources behind a change, where a chat caused it."""

    prompt_id: int
    prompt_sha256: str
    sources: tuple[str, ...] = ()


@dataclass
class _Change:
    record: Base
    action: str
    before: dict[str, object] | None
    after: dict[str, object] | None
    # Where the actor does not see what the record is called; taken before the flush, which may delete it.
    name: str | None


def prompt_hash(text: str) -> str:
    """SHA-256 of a prompt's text, as the audit keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()


def value_hash(value: object) -> str:
    """SHA-256 of the canonical JSON of `value`, for what the audit proves without repeating it."""
    body = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def hash_name(field: str) -> str:
    """What an entry calls the SHA-256 that it has in place of the value of `field`."""
    return f"{field}_sha256"


def keep_prompt(session: Session, text: str, sources: tuple[str, ...] = (), conversation: str | None = None) -> Cause:
    """Store a prompt so that it can be erased later, and make it the cause of this unit of work.

    `conversation` is the code of the one it was written in: erasing that erases the prompt. Where it was erased
    already, only the hash is kept.
    """
    known: Conversation | None = None
    if conversation:
        # Locked, so that an erasure at the same time either finds this prompt or is found here.
        query = select(Conversation).where(Conversation.code == conversation).with_for_update()
        known = session.scalar(query.execution_options(populate_existing=True))
    prompt = Prompt(
        user_id=session.info["actor"].user_id,
        conversation_id=known.id if known is not None else None,
        text=None if known is not None and known.erased_at is not None else text,
        sha256=prompt_hash(text),
    )
    session.add(prompt)
    session.flush()
    cause = Cause(prompt.id, prompt.sha256, sources)
    session.info["cause"] = cause
    return cause


def because(session: Session, prompt_id: int, sources: tuple[str, ...] = ()) -> None:
    """Make a prompt that was kept before the cause of this unit of work."""
    prompt = session.get(Prompt, prompt_id)
    if prompt is not None:
        session.info["cause"] = Cause(prompt.id, prompt.sha256, sources)


@dataclass(frozen=True)
class Recorded:
    """A change flushed in this unit of work, as its entry will have it."""

    record: Base
    action: str
    before: dict[str, object] | None
    after: dict[str, object] | None


def recorded(session: Session) -> tuple[Recorded, ...]:
    """What was changed in this unit of work so far, in order; entries are written at its end."""
    session.flush()
    changes: list[_Change] = session.info.get("changes", [])
    return tuple(Recorded(c.record, c.action, c.before, c.after) for c in changes)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _columns(record: Base, names: Mapping[str, object] | None = None) -> dict[str, object]:
    mapper = inspect(type(record))
    found: dict[str, object] = {}
    for column in mapper.column_attrs:
        if names is not None and column.key not in names:
            continue
        value = names[column.key] if names is not None else getattr(record, column.key)
        if column.key in record.hashed_fields:
            found[hash_name(column.key)] = None if value is None else value_hash(value)
        elif column.key not in record.unaudited_fields:
            found[column.key] = _plain(value)
    return found


def collect(session: Session, record: Base, action: str) -> None:
    """Remember a change of `record` within this flush; `write` turns what was remembered into entries."""
    if not record.audited:
        return
    before: dict[str, object] | None = None
    if action == "update":
        changed: dict[str, object] = {}
        for attribute in inspect(type(record)).column_attrs:
            history = inspect(record).attrs[attribute.key].history
            if history.has_changes():
                changed[attribute.key] = history.deleted[0] if history.deleted else None
        before = _columns(record, changed)
    elif action == "delete":
        before = {**_columns(record), **{k: _plain(v) for k, v in hidden.true_values(session, record).items()}}
    name = None if action == "create" else hidden.true_name(session, record)
    session.info.setdefault("changes", []).append(_Change(record, action, before, None, name))


def settle(session: Session) -> None:
    """After the flush, when generated ids are known: note the values each changed record now has."""
    for change in session.info.get("changes", []):
        if change.after is None and change.action != "delete":
            change.after = _now(change.record, change.before)


def _now(record: Base, before: dict[str, object] | None) -> dict[str, object]:
    if before is None:
        return _columns(record)
    hashed = {field for field in record.hashed_fields if hash_name(field) in before}
    changed = (before.keys() - {hash_name(field) for field in hashed}) | hashed
    return _columns(record, {key: getattr(record, key) for key in changed})


def link_hash(fields: Mapping[str, object], previous: str) -> str:
    """The hash of one entry: SHA-256 over its canonical JSON and the previous hash."""
    body = json.dumps({**fields, "previous_hash": previous}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def write(session: Session) -> None:
    """Append every remembered change to the chain. The head's row is locked only from here to the commit."""
    changes: list[_Change] = session.info.pop("changes", [])
    changes = [c for c in changes if c.action != "update" or c.before != c.after]
    if not changes:
        return
    connection = session.connection()
    head = connection.execute(select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1).with_for_update()).one()
    seq, previous = head.seq, head.hash
    cause: Cause | None = session.info.get("cause")
    rows = []
    for change in changes:
        seq += 1
        moment = now()
        fields: dict[str, object] = {
            "seq": seq,
            "at": moment.isoformat(),
            "actor": session.info["actor"].login,
            "action": session.info.get("action") or change.action,
            "resource_name": change.record.__tablename__,
            "record_code": change.name or change.record.record,
            "before": change.before,
            "after": change.after,
            "prompt_id": cause.prompt_id if cause else None,
            "prompt_sha256": cause.prompt_sha256 if cause else None,
            "sources": list(cause.sources) if cause else None,
        }
        digest = link_hash(fields, previous)
        rows.append({**fields, "at": moment, "previous_hash": previous, "hash": digest})
        previous = digest
    connection.execute(insert(_ENTRIES), rows)
    connection.execute(update(_HEAD).where(_HEAD.c.id == 1).values(seq=seq, hash=previous))


@dataclass(frozen=True)
class Verdict:
    """What verifying found: how many entries, and the first broken one, if any."""

    entries: int
    broken_at: int | None


def verify(session: Session) -> Verdict:
    """Recompute the whole chain, first to last, in bounded memory.

    Finds a changed, missing, inserted or reordered entry, and a cut-off end (by the head).
    """
    previous, count = GENESIS, 0
    rows = session.connection().execution_options(yield_per=1000).execute(select(_ENTRIES).order_by(_ENTRIES.c.seq))
    for row in rows:
        count += 1
        fields = {key: value for key, value in row._mapping.items() if key not in ("hash", "previous_hash")}
        fields["at"] = row.at.isoformat()
        if row.seq != count or row.previous_hash != previous or link_hash(fields, previous) != row.hash:
            return Verdict(count, row.seq)
        previous = row.hash
    head = session.connection().execute(select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1)).one()
    return Verdict(count, None if (head.seq, head.hash) == (count, previous) else count + 1)


def install(session_type: type[Session]) -> None:
    """Have every commit of `session_type` write its audit entries first."""

    @event.listens_for(session_type, "before_commit")
    def _write(session: Session) -> None:
        session.flush()
        write(session)
