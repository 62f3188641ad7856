"""Files that offers are made from and go out with: templates and attachments."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.clock import now
from crm.tables.base import Base, Stamped, Versioned
from crm.tables.offers import OfferVersion


class Attachment(Versioned, Stamped, Base):
    """A file of the library of what goes with offers. Its bytes lie beside the database at `path`, relative to
    `ROBO_HOME`. `folder` is a path such as `Terms/2026`; with `automatic` it goes with every offer that meets all of
    its conditions: lists of languages, segments, categories and SKUs, an empty one meeting everything."""

    __tablename__ = "attachments"
    resource: ClassVar[str] = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    folder: Mapped[str] = mapped_column(default="", index=True)
    language: Mapped[str | None]
    filename: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str]
    path: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    automatic: Mapped[bool] = mapped_column(default=False)
    languages: Mapped[list[object]] = mapped_column(default=list)
    segments: Mapped[list[object]] = mapped_column(default=list)
    categories: Mapped[list[object]] = mapped_column(default=list)
    skus: Mapped[list[object]] = mapped_column(default=list)


class OfferAttachment(Base):
    """A file that goes with a version of an offer, as it was when it was attached: `why` is `rule`, `prompt` or
    `person`."""

    __tablename__ = "offer_attachments"
    __table_args__ = (UniqueConstraint("offer_version_id", "attachment_id"),)
    resource: ClassVar[str] = "offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_version_id: Mapped[int] = mapped_column(ForeignKey("offer_versions.id"))
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachments.id"))
    position: Mapped[int]
    title: Mapped[str]
    filename: Mapped[str]
    media_type: Mapped[str]
    sha256: Mapped[str]
    path: Mapped[str]
    why: Mapped[str]

    offer_version: Mapped[OfferVersion] = relationship(back_populates="attachments")
    attachment: Mapped[Attachment] = relationship()


class OfferTemplate(Versioned, Stamped, Base):
    """A company's own Word file that offers in `language` are made from; `standard` is the one taken by itself."""

    __tablename__ = "offer_templates"
    resource: ClassVar[str] = "template"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    standard: Mapped[bool] = mapped_column(default=False)

    versions: Mapped[list["OfferTemplateVersion"]] = relationship(
        back_populates="template", order_by="OfferTemplateVersion.ordinal"
    )


class OfferTemplateVersion(Base):
    """One uploaded file of a template, found to be sound; never changed. `path` is relative to `ROBO_HOME`."""

    __tablename__ = "offer_template_versions"
    __table_args__ = (UniqueConstraint("template_id", "ordinal"),)
    resource: ClassVar[str] = "template"

    id: Mapped[int] = mapped_column(primary_key=True)
    template_id: Mapped[int] = mapped_column(ForeignKey("offer_templates.id"))
    ordinal: Mapped[int]
    filename: Mapped[str]
    path: Mapped[str]
    sha256: Mapped[str]
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)

    template: Mapped[OfferTemplate] = relationship(back_populates="versions")
