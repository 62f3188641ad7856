"""Handing a conversation to a person: who can be asked, what they get, and their answer."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from core.clock import now
from core.errors import AppError, NotFound
from core.language import Language
from core.text import storable
from crm.erasing import ERASED
from crm.session import CrmSession
from crm.settings_rules import may
from crm.tables import CompanySetting, Conversation, Grant, Handover, User

Role = Literal["chosen", "administrator", "pages", "manager"]
LONGEST_NOTE = 2_000
LONGEST_ANSWER = 10_000
MOST_CONTACTS = 50
_SETTING = "handover_contacts"
# What makes somebody a contact where the company chose nobody: the right, and what it shows them to be.
_BY_RIGHT: tuple[tuple[str, str, Role], ...] = (
    ("settings", "update", "administrator"),
    ("page", "update", "pages"),
    ("offer", "approve", "manager"),
)


@dataclass(frozen=True)
class Contact:
    """Somebody a conversation can be handed to, and why they: chosen by the company, an administrator, one who
    writes the help pages, or a manager of the asker's team."""

    login: str
    name: str
    role: Role


def chosen(session: CrmSession) -> tuple[str, ...]:
    """The logins the company chose as contacts; none where it left the choice to the rights."""
    row = session.get(CompanySetting, _SETTING)
    value = row.value if row is not None else None
    logins = value.get("logins") if isinstance(value, dict) else None
    return tuple(map(str, logins)) if isinstance(logins, list) else ()


def choose(session: CrmSession, logins: Sequence[str]) -> None:
    """Let the company name its contacts; nobody means those by right again. Those whose level could not open what is
    handed to them are left out. Raises `Forbidden`, and `AppError` for a login that is no active user's or too many
    of them."""
    may(session.actor, "settings", "update")
    wanted = list(dict.fromkeys(login.strip() for login in logins if login.strip()))
    if len(wanted) > MOST_CONTACTS:
        raise AppError("handover_contacts_many", 422, most=MOST_CONTACTS)
    known = {u.login: u.role_code for u in session.scalars(select(User).where(User.login.in_(wanted), User.active))}
    for login in wanted:
        if login not in known:
            raise NotFound("user", login)
    able = _levels_that_answer(session)
    wanted = [login for login in wanted if known[login] in able]
    row = session.get(CompanySetting, _SETTING)
    if row is None:
        session.add(CompanySetting(code=_SETTING, value={"logins": wanted}))
    else:
        row.value = {"logins": wanted}
    session.flush()


def contacts(session: CrmSession, language: Language) -> list[Contact]:
    """Whom the actor can hand a conversation to, never themselves: those the company chose; else administrators,
    those who may change help pages, and the managers of the actor's team. Only those whose level can open and answer
    what is handed to them."""
    able = _levels_that_answer(session)
    users = select(User).where(User.active, User.id != session.actor.user_id, User.role_code.in_(able))
    users = users.order_by(User.family_name, User.id)
    picked = chosen(session)
    if picked:
        found = session.scalars(users.where(User.login.in_(picked)))
        return [Contact(user.login, user.display_name(language), "chosen") for user in found]
    rights = _levels_with_rights(session)
    made: dict[str, Contact] = {}
    for user in session.scalars(users.where(User.role_code.in_({level for level, _ in rights}))):
        role = next((role for *_, role in _BY_RIGHT if (user.role_code, role) in rights), None)
        same_team = user.team_id is not None and user.team_id == session.actor.team_id
        if role is not None and (role != "manager" or same_team):
            made[user.login] = Contact(user.login, user.display_name(language), role)
    return list(made.values())[:MOST_CONTACTS]


def _levels_that_answer(session: CrmSession) -> set[str]:
    grants = session.scalars(select(Grant).where(Grant.resource_name == "conversation"))
    held = {(grant.role_code, grant.action) for grant in grants}
    return {level for level, action in held if action == "read" and (level, "update") in held}


def _levels_with_rights(session: CrmSession) -> set[tuple[str, Role]]:
    wanted = {(resource, action): role for resource, action, role in _BY_RIGHT}
    grants = session.scalars(select(Grant).where(Grant.resource_name.in_({r for r, *_ in _BY_RIGHT})))
    return {
        (grant.role_code, wanted[grant.resource_name, grant.action])
        for grant in grants
        if grant.scope == "all" and (grant.resource_name, grant.action) in wanted
    }


def _text(typed: str, longest: int, *, needed: bool) -> str:
    kept = storable(typed).strip()
    if needed and not kept:
        raise AppError("field_missing", 422)
    if len(kept) > longest:
        raise AppError("field_too_long", 422, longest=longest)
    return kept


def hand_over(
    session: CrmSession, conversation: Conversation, to: str, note: str, transcript: Sequence[object]
) -> Handover:
    """Give `transcript`, a copy of the actor's locked `conversation` as it is now, to the contact `to` (a login).

    Raises `NotFound` for one who is no contact, `AppError` for a note that is too long, and
    `AppError("handover_open")` (409) where the same person has not answered it yet.
    """
    if to not in {contact.login for contact in contacts(session, session.actor.language)}:
        raise NotFound("user", to)
    user = session.scalars(select(User).where(User.login == to)).one()
    # One left open with somebody inactive stands in nobody's way: they are no contact any more.
    if any(h.to_user_id == user.id and h.state == "open" for h in of_conversation(session, conversation)):
        raise AppError("handover_open", 409)
    handover = Handover(
        code=uuid.uuid4().hex,
        from_user_id=session.actor.user_id,
        to_user_id=user.id,
        conversation_id=conversation.id,
        note=_text(note, LONGEST_NOTE, needed=False),
        transcript=list(transcript),
        created_at=now(),
    )
    session.add(handover)
    session.flush()
    return handover


def of_conversation(session: CrmSession, conversation: Conversation) -> list[Handover]:
    """The hand-overs of the actor's own conversation, oldest first."""
    query = select(Handover).where(
        Handover.conversation_id == conversation.id, Handover.from_user_id == session.actor.user_id
    )
    return list(session.scalars(query.order_by(Handover.id)))


def states(session: CrmSession, conversations: Sequence[int]) -> dict[int, str]:
    """Of those of the actor's conversations (ids) that were handed over, the state of the newest hand-over."""
    query = select(Handover).where(
        Handover.conversation_id.in_(conversations), Handover.from_user_id == session.actor.user_id
    )
    return {h.conversation_id: h.state for h in session.scalars(query.order_by(Handover.id))}


def received(session: CrmSession) -> list[Handover]:
    """What was handed to the actor and not erased since: what waits for an answer first, then the newest."""
    query = select(Handover).where(Handover.to_user_id == session.actor.user_id, Handover.state != ERASED)
    rows = session.scalars(query.order_by(Handover.id.desc()).limit(200)).all()
    return sorted(rows, key=lambda h: h.state != "open")


def waiting(session: CrmSession) -> int:
    """How many hand-overs wait for the actor's answer."""
    query = select(func.count(Handover.id)).where(Handover.to_user_id == session.actor.user_id)
    return session.scalar(query.where(Handover.state == "open")) or 0


def received_one(session: CrmSession, code: str) -> Handover:
    """What was handed to the actor. Raises `NotFound`, also for one that was erased since."""
    found = session.scalar(select(Handover).where(Handover.code == code, Handover.to_user_id == session.actor.user_id))
    if found is None or found.state == ERASED:
        raise NotFound("handover", code)
    return found


def answer(session: CrmSession, code: str, text: str) -> Handover:
    """Answer what was handed to the actor; a later answer replaces it. Raises `NotFound`, `AppError`."""
    handover = received_one(session, code)
    handover.answer = _text(text, LONGEST_ANSWER, needed=True)
    handover.state, handover.answered_at = "answered", now()
    session.flush()
    return handover
