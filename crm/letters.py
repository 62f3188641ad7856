"""The company's own wording of cover letters: a template for each language, kept among its settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from core.errors import AppError
from core.language import LANGUAGES, Language
from core.text import storable
from crm.customer_fields import FieldsRefused
from crm.session import CrmSession
from crm.settings_rules import may, same_version
from crm.tables import CompanySetting

_CODE = "letters"
LONGEST_SUBJECT, LONGEST_BODY = 200, 6_000
PLACES = (
    *("salutation", "number", "title", "items", "net", "vat", "gross", "valid_until", "payment"),
    *("delivery", "warranty", "notes", "attachments", "link", "owner", "owner_email", "company"),
)
PLACE = re.compile(r"\{([^{}]*)\}")


class LetterTemplate(BaseModel):
    """Subject and text of a letter with places in braces, such as `{gross}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    subject: str
    body: str


@dataclass(frozen=True)
class TypedTemplate:
    """What an administrator typed for one language; both empty means the shipped wording."""

    subject: str = ""
    body: str = ""


def own_templates(session: CrmSession) -> tuple[dict[Language, LetterTemplate], int]:
    """The company's own templates by language, and their version: 0 while there never were any."""
    row = session.get(CompanySetting, _CODE)
    if row is None or not isinstance(row.value, dict):
        return {}, row.version if row is not None else 0
    kept = row.value
    return {lang: LetterTemplate.model_validate(kept[lang]) for lang in LANGUAGES if lang in kept}, row.version


def save(session: CrmSession, version: int, typed: Mapping[Language, TypedTemplate]) -> None:
    """Store what was typed, seen at `version`. Raises `Forbidden`, `FieldsRefused` (`subject_hu`, `body_pl` …) with
    `letter_broken` for an unknown place, `AppError("conflict")`."""
    may(session.actor, "settings", "update")
    same_version(own_templates(session)[1], version)
    faults: dict[str, AppError] = {}
    made: dict[str, object] = {}
    for language, template in typed.items():
        subject = " ".join(storable(template.subject).split())
        body = storable(template.body).replace("\r\n", "\n").strip()
        if not subject and not body:
            continue
        checks = (("subject", subject, LONGEST_SUBJECT), ("body", body, LONGEST_BODY))
        for name, text, longest in checks:
            fault = _fault(text, longest)
            if fault is not None:
                faults[f"{name}_{language}"] = fault
        made[language] = {"subject": subject, "body": body}
    if faults:
        raise FieldsRefused(faults)
    row = session.get(CompanySetting, _CODE)
    if row is None:
        session.add(CompanySetting(code=_CODE, value=made))
    else:
        row.value = made
    session.flush()


def _fault(text: str, longest: int) -> AppError | None:
    if not text:
        return AppError("field_missing", 422)
    if len(text) > longest:
        return AppError("field_too_long", 422, longest=longest)
    unknown = [place for place in PLACE.findall(text) if place not in PLACES]
    return AppError("letter_broken", 422, place=f"{{{unknown[0][:40]}}}") if unknown else None
