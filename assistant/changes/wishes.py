"""What a person wants changed, as it was said: names are looked up and days are made dates elsewhere."""

from dataclasses import dataclass, field
from typing import Literal

from assistant.changes.when import When

WishKind = Literal[
    "activity_new",
    "activity_done",
    "activity_when",
    "stage",
    "field",
    "assign",
    "contact_new",
    "convert",
    "opportunity_new",
]


@dataclass(frozen=True)
class Wish:
    """One change. `text` is the part of the message that asks for it, in which names are looked for.

    `subject` is what an activity or an opportunity is to be called, where that was marked off (behind a colon);
    `resource`, `field` and `value` are of a field to be set. `customer`, `person`, `stage` and `record` are names that
    were already told apart (by a model, or as an answer); empty where they have to be found in `text`.
    """

    kind: WishKind
    text: str
    when: When = field(default_factory=When)
    type_code: str = ""
    done: bool = False
    subject: str = ""
    resource: str = ""
    field: str = ""
    value: str | None = None
    customer: str = ""
    person: str = ""
    stage: str = ""
    record: str = ""
