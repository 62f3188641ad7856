"""A draft of a help page for questions without a good answer: what was asked, what the help says, a place to write."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.charging import UserMeter
from assistant.compose import as_evidence, shorten
from assistant.context import Parts
from assistant.evidence import Evidence
from assistant.model import Answered, ModelFault
from assistant.tools import BoundTools
from core.errors import say
from core.language import Language
from core.text import folded_words
from crm.actor import Actor
from crm.help_pages import EVERYONE, LONGEST_TITLE, PageFields
from crm.open_questions import QuestionGroup
from crm.people import as_language

_PASSAGES = 4
_QUOTED = 400
_MOST_QUESTIONS = 8
_LONGEST_ID = 60
_MARKS = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True)
class Draft:
    """A page to be written: its proposed id and fields, and whether a model wrote the first words of it. `warning`
    says that one was asked in vain."""

    page_id: str
    language: Language
    fields: PageFields
    by_model: bool = False
    warning: str | None = None


async def draft(parts: Parts, actor: Actor, group: QuestionGroup, *, by_model: bool) -> Draft:
    """A draft for `group` in the language it was last asked in.

    Only pages that are for everyone are quoted, so that nothing of a page for few gets into one for all. A model,
    asked only with `by_model` and where there is one, is given those pages and no record.
    """
    language = as_language(group.languages[0])
    audience = frozenset({EVERYONE})
    result = parts.knowledge.search(group.latest, language=language, audiences=audience, k=_PASSAGES)
    evidence = as_evidence(parts.knowledge.still_readable(result.hits, audience))
    said, warning = "", None
    if by_model and parts.model is not None:
        try:
            said = await _by_model(parts, actor, group, language, evidence)
        except ModelFault:
            warning = say("draft_model_silent", actor.language)
    title = group.latest.strip().rstrip("?!. ")[:LONGEST_TITLE].strip() or group.code
    body = _body(title, group, evidence, said, language)
    screens = tuple(screen for screen in group.screens if screen != "assistant")
    return Draft(_id_from(title), language, PageFields(title, body, (EVERYONE,), screens), bool(said), warning)


async def _by_model(
    parts: Parts, actor: Actor, group: QuestionGroup, language: Language, evidence: tuple[Evidence, ...]
) -> str:
    assert parts.model is not None
    # Without grants there are no tools but the help: no customer's data gets into a page.
    reader = replace(actor, grants={}, role="")
    tools = BoundTools(parts.engine, parts.knowledge, reader, language, next_n=len(evidence) + 1)
    model = parts.model.charged_to(UserMeter(parts.engine, actor.user_id))
    stream = model.answer(group.latest, language=language, evidence=evidence, screen=None, history=(), tools=tools)
    answered = ""
    async for piece in stream:
        if isinstance(piece, Answered) and piece.found:
            answered = piece.text
    return _MARKS.sub("", answered).strip()


def _body(title: str, group: QuestionGroup, evidence: Sequence[Evidence], said: str, language: Language) -> str:
    note = say("draft_by_model" if said else "draft_answer", language)
    parts = [f"## {title}?", f"*{note}*"]
    if said:
        parts.append(said)
    parts.append(f"## {say('draft_asked', language)}")
    parts.append("\n".join(f"- {' '.join(text.split())}" for text in group.texts[:_MOST_QUESTIONS]))
    if evidence:
        parts.append(f"## {say('draft_known', language)}")
        parts += [_quoted(source) for source in evidence]
    return "\n\n".join(parts)


def _quoted(source: Evidence) -> str:
    named = f"{source.title} › {source.section}" if source.section else source.title
    quote = "\n".join(f"> {line}" for line in shorten(source.text, _QUOTED).splitlines())
    return f"[{named}]({source.url}):\n\n{quote}"


def _id_from(title: str) -> str:
    return "-".join(folded_words(title))[:_LONGEST_ID].strip("-").encode("ascii", "ignore").decode() or "page"
