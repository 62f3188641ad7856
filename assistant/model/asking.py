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
_TURNS = 6
_TURN = 1_500
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
    """The conversation, ending with the question and, in the user's own language, how to answer it."""
    from langchain_core.messages import AIMessage, HumanMessage

    material = [blocks.screen_block(screen, boundary)] if screen is not None else []
    material.append(sources or "(no sources yet)")
    asked = prompt(
        "question",
        material="\n\n".join(material),
        question=blocks.neutral(question, _QUESTION),
        reminder=prompt(f"reminder_{language}"),
    )
    past: list[AnyMessage] = [
        HumanMessage(turn.text) if turn.role == "user" else AIMessage(turn.text) for turn in alternating(history)
    ]
    return [*past, HumanMessage(asked)]


def alternating(history: tuple[PastTurn, ...]) -> list[PastTurn]:
    """The last turns, user and assistant by turns, ending with the assistant: some chat templates refuse others.

    Old citation marks are spelled so that they do not point at the new sources.
    """
    turns: list[PastTurn] = []
    for turn in history[-_TURNS:]:
        text = blocks.neutral(turn.text, _TURN).strip()
        if not text or (turn.role == "assistant" and not turns):
            continue
        if turns and turns[-1].role == turn.role:
            turns[-1] = PastTurn(turn.role, f"{turns[-1].text}\n{text}")
        else:
            turns.append(PastTurn(turn.role, text))
    return turns[:-1] if turns and turns[-1].role == "user" else turns
