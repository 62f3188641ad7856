"""What the model is sent for a question: rules, earlier turns, screen, sources, and the question last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.model import blocks
from assistant.model.contract import PastTurn
from assistant.prompts import prompt
from core.clock import now
from core.language import Language

if TYPE_CHECKING:
    from langchain_core.messages import AnyMessage

    from assistant.screen import ScreenContext

ENGLISH_NAMES: dict[Language, str] = {"hu": "Hungarian", "pl": "Polish", "en": "English"}
_QUESTION = 4_000


def system(language: Language, boundary: str, with_tools: bool) -> str:
    """The rules. Nothing in them comes from outside."""
    return prompt(
        "answer",
        today=now().date().isoformat(),
        language=ENGLISH_NAMES[language],
        boundary=boundary,
        tools=prompt("answer_tools") if with_tools else "",
    )


def messages(
    question: str,
    language: Language,
    sources: str,
    screen: ScreenContext | None,
    history: tuple[PastTurn, ...],
    boundary: str,
) -> list[AnyMessage]:
    """One message: what was said before, the screen and the sources, each between marks, then the question and, in the
    user's own language, how to answer it."""
    from langchain_core.messages import HumanMessage

    material = [earlier] if (earlier := blocks.earlier_block(history, boundary)) else []
    if screen is not None:
        material.append(blocks.screen_block(screen, boundary))
    material.append(sources or "(no sources yet)")
    asked = prompt(
        "question",
        material="\n\n".join(material),
        question=blocks.neutral(question, _QUESTION),
        reminder=prompt(f"reminder_{language}"),
    )
    return [HumanMessage(asked)]
