"""Users, teams, levels (roles) and what each level is granted."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from core.language import Language
from crm.tables.base import Base, Stamped, Versioned


class Team(Versioned, Base):
    """A team of users; scope `team` reaches the records its members own."""

    __tablename__ = "teams"
    resource: ClassVar[str] = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)


class Role(Versioned, Base):
    """A level, such as `administrator` or `restricted`."""

    __tablename__ = "roles"

    code: Mapped[str] = mapped_column(primary_key=True)
    names: Mapped[dict[str, object]]


class Grant(Versioned, Base):
    """One right of a level: `action` on `resource` within `scope` (`own`, `team` or `all`).

    `hidden_fields`, on a right to read, are fields of the record this level never sees; one it cannot see it
    cannot change either.
    """

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("role_code", "resource_name", "action"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    role_code: Mapped[str] = mapped_column(ForeignKey("roles.code"))
    resource_name: Mapped[str]
    action: Mapped[str]
    scope: Mapped[str]
    hidden_fields: Mapped[list[object]] = mapped_column(default=list)


class User(Versioned, Stamped, Base):
    """Someone who signs in. `language` is the one the product speaks to them."""

    __tablename__ = "users"
    resource: ClassVar[str] = "user"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    family_name: Mapped[str]
    given_name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    role_code: Mapped[str] = mapped_column(ForeignKey("roles.code"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"), index=True)
    language: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)

    team: Mapped[Team | None] = relationship()

    @property
    def record(self) -> str:
        """The login."""
        return self.login

    def display_name(self, language: Language) -> str:
        """The name in the order of `language`: family name first in Hungarian."""
        parts = (self.family_name, self.given_name)
        return " ".join(parts if language == "hu" else reversed(parts))


class Credential(Base):
    """The argon2 hash of a user's password. Read by sign-in alone.

    `totp_secret` is set where the user switched on a second factor; `totp_counter` is the time step of the last
    code accepted, so that no code counts twice (RFC 6238, 5.2).
    """

    __tablename__ = "credentials"
    resource: ClassVar[str] = "credential"
    unaudited_fields: ClassVar[frozenset[str]] = frozenset({"password_hash", "totp_secret", "totp_counter"})

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    totp_secret: Mapped[str | None]
    totp_counter: Mapped[int | None]

    @property
    def record(self) -> str:
        """The id of the user whose it is."""
        return str(self.user_id)


class SignInAttempt(Base):
    """A failed sign-in, counted to slow down guessing; kept in SQL so that every process counts alike."""

    __tablename__ = "sign_in_attempts"
    resource: ClassVar[str] = "credential"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)


class BrowserSession(Base):
    """A browser that is signed in to the console. Only the SHA-256 of its cookie is kept.

    The cookie is changed from time to time; `previous_sha256` stays good until the new one has been seen
    (`new_seen_at`) and a moment after, for answers that were lost and requests that were under way.
    """

    __tablename__ = "browser_sessions"
    resource: ClassVar[str] = "credential"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    previous_sha256: Mapped[str | None] = mapped_column(index=True)
    browser: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    rotated_at: Mapped[datetime] = mapped_column(default=now)
    new_seen_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
