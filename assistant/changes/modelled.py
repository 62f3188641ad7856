"""Changes read by a model where code does not understand all of a message: only its words count, and only if they
stand in the message. Names are looked up and days made dates by code, as ever."""

import json
import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.changes import lexicon
from assistant.changes.text import folded, plain
from assistant.changes.when import When, read_when
from assistant.changes.wishes import Wish, WishKind
from assistant.model import AnsweringModel, ModelFault
from assistant.model.asking import ENGLISH_NAMES
from assistant.model.grounds import named
from assistant.prompts import prompt
from core.clock import BUSINESS_ZONE
from core.language import Language

_KINDS: tuple[WishKind, ...] = (
    *("activity_new", "activity_done", "activity_when", "stage", "field"),
    *("assign", "contact_new", "convert", "opportunity_new"),
)
_TYPES = ("call", "meeting", "email", "note", "task")
_RESOURCES = ("contact", "customer", "opportunity", "activity")
_MOST = 10


class _Said(BaseModel):
    """One change as the model tells it, every value a text of the message."""

    model_config = ConfigDict(extra="ignore")

    kind: WishKind
    customer: str | None = None
    type: str | None = None
    subject: str | None = None
    when: str | None = None
    person: str | None = None
    opportunity: str | None = None
    stage: str | None = None
    field: str | None = None
    value: str | None = None
    contact: str | None = None
    email: str | None = None
    phone: str | None = None
    position: str | None = None


class _Read(BaseModel):
    changes: list[_Said]


def _fields() -> dict[str, str]:
    """The record's kind by the name of each field that can be set; the first kind that has it."""
    found: dict[str, str] = {}
    for resource in _RESOURCES:
        for name, _words in lexicon.named("fields", resource):
            found.setdefault(name, resource)
    return found


def schema() -> dict[str, object]:
    """A strict JSON schema of a list of changes: every field required, and null where nothing was said."""
    text: dict[str, object] = {"type": ["string", "null"]}
    properties: dict[str, object] = dict.fromkeys(_Said.model_fields, text)
    properties["kind"] = {"type": "string", "enum": list(_KINDS)}
    properties["type"] = {"type": ["string", "null"], "enum": [*_TYPES, None]}
    properties["field"] = {"type": ["string", "null"], "enum": [*_fields(), None]}
    change = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    changes = {"type": "array", "items": change}
    whole: dict[str, object] = {"changes": changes}
    return {"type": "object", "properties": whole, "required": ["changes"], "additionalProperties": False}


async def wishes_by(model: AnsweringModel, message: str, language: Language, now: datetime) -> list[Wish]:
    """The changes a model reads in `message`. Raises `ModelFault`, also where it says what the message does not."""
    today = now.astimezone(BUSINESS_ZONE).date()
    rules = prompt("changes", language=ENGLISH_NAMES[language], today=today.isoformat(), fields=", ".join(_fields()))
    answer = await model.fill(message, rules=rules, schema=schema(), name="changes")
    start = answer.find("{")
    try:
        found, _end = json.JSONDecoder().raw_decode(answer, max(start, 0))
        said = _Read.model_validate(found).changes
    except (ValueError, ValidationError, RecursionError) as error:
        raise ModelFault("nonsense", f"no list of changes: {type(error).__name__}") from error
    if len(said) > _MOST:
        raise ModelFault("nonsense", "more changes than anyone asks for")
    text = plain(message)
    return [_wish(each, text, language, now) for each in said]


def _wish(said: _Said, text: str, language: Language, now: datetime) -> Wish:
    values = {name: value for name, value in said.model_dump().items() if isinstance(value, str) and value.strip()}
    for name in values.keys() - {"kind", "type", "field"}:
        if not stands(values[name], text, exactly=name in ("email", "phone", "value", "opportunity", "when")):
            raise ModelFault("nonsense", "words that nobody wrote")
    when = read_when(folded(plain(said.when)), language, now) if said.when else When()
    field = said.field or ""
    contact = ", ".join(part for part in (said.contact, said.email, said.phone, said.position) if part)
    activity = said.kind == "activity_new"
    return Wish(
        said.kind,
        # Of a new contact the words are its own alone; else the whole message, in which codes and titles are found.
        f": {contact}" if said.kind == "contact_new" else text,
        When(when.day, when.hour, when.minutes),
        type_code=(said.type if said.type in _TYPES else "task") if activity and said.type else "task" * activity,
        subject=(said.subject or "")[:200] if said.kind in ("activity_new", "opportunity_new") else "",
        resource=_fields().get(field, ""),
        field=field if field in _fields() else "",
        value=said.value,
        customer=said.customer or "",
        person=said.person or "",
        stage=said.stage or "",
        record=said.opportunity or "" if said.kind in ("stage", "field", "assign") else "",
    )


def stands(value: str, text: str, *, exactly: bool) -> bool:
    """Whether `value` stands in the message: sign by sign where it is a value, else by its words, endings aside."""
    if exactly:
        close = re.sub(r"\s+", "", folded(plain(value)))
        return bool(close) and close in re.sub(r"\s+", "", folded(text))
    return named(value, text)
