"""What of a mail is proposed, typed and shown before it goes, as screens and the API have it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from core.errors import AppError
from offers.packing import SendFile

# Stands in the text for the link by which the customer answers; the link itself is made when the mail is confirmed.
LINK = "{link}"


class MailFile(BaseModel):
    """A file of a mail: its name, size in bytes and SHA-256."""

    name: str
    media_type: str
    size: int
    sha256: str


class Proposed(BaseModel):
    """A contact a mail can go to; `proposed` where it is ticked at first."""

    name: str
    position: str | None
    address: str
    proposed: bool


class MailDraft(BaseModel):
    """What is proposed to be sent with an offer."""

    number: str
    version: int
    customer: str
    language: str
    sender: str
    own_address: str
    contacts: list[Proposed]
    subject: str
    body: str
    files: list[MailFile]


class MailTyped(BaseModel):
    """What the person made of it. Every address of `to` and `copies` is a contact's of that customer or the person's
    own, or the person typed it: then it is in `typed` too, which says that they meant to. `{link}` in `body` stands for
    the link by which the customer answers. `as_pack` sends one merged PDF instead of separate files."""

    model_config = ConfigDict(extra="forbid")

    to: list[str] = Field(max_length=100)
    copies: list[str] = Field(default=[], max_length=100)
    typed: list[str] = Field(default=[], max_length=100)
    subject: str = Field(max_length=1_000)
    body: str = Field(max_length=100_000)
    as_pack: bool = True


class MailPreview(BaseModel):
    """Exactly what would go. `issues` where confirming also issues the offer; `folder` where no server is set up and
    the mail becomes a file; `earlier` mails went out with this offer before. `digest` is the SHA-256 of all of it."""

    number: str
    version: int
    sender: str
    reply_to: str | None
    recipients: list[str]
    copies: list[str]
    subject: str
    body: str
    files: list[MailFile]
    issues: bool
    folder: bool
    earlier: int
    digest: str


def digest_of(seen: MailPreview) -> str:
    """SHA-256 of the canonical JSON of everything that is seen: keys sorted, no spaces, UTF-8."""
    content = seen.model_dump(mode="json", exclude={"digest"})
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Enclosed:
    """A file on the disk with what is shown of it."""

    path: Path
    shown: MailFile

    @classmethod
    def of(cls, file: SendFile) -> "Enclosed":
        """`file` as a mail shows it."""
        shown = MailFile(name=file.name, media_type=file.media_type, size=file.size, sha256=file.sha256)
        return cls(file.path, shown)

    def kept(self, home: Path) -> dict[str, object]:
        """The file as the outbox keeps it, its path relative to `home`. Raises `AppError` where it lies elsewhere."""
        try:
            inside = self.path.resolve().relative_to(home.resolve())
        except ValueError as outside:
            raise AppError("mail_file_changed", 409, name=self.shown.name) from outside
        return {**self.shown.model_dump(), "path": str(inside)}
