"""Outside text on its way to the model: between marks nobody can guess, with nothing in it that looks like one."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from assistant.model.citations import NOT_FOUND

if TYPE_CHECKING:
    from assistant.evidence import Evidence
    from assistant.model.contract import PastTurn
    from assistant.screen import ScreenContext

# One passage is at most 1,200 characters; a record may be longer. All together stay far below a small model's window.
PASSAGE = 2_500
MATERIAL = 14_000
SCREEN = 4_000
_SELECTED = 10
_TURN = 1_500
_TURNS = 6

_ROLE_MARKS = re.compile(r"<\s*\|[^<>|\n]{0,40}\|\s*>|\[/?(?:INST|SYS|TOOL_CALLS?)\]|<</?SYS>>|</?s>", re.IGNORECASE)
_NUMBER_MARK = re.compile(r"\[(\s*\^?[0-9][0-9,;\s–-]*)\]")


def neutral(text: str, most: int) -> str:
    """`text` cut to `most` characters, without what a model or its template could take for more than words.

    Invisible characters go; chat-template tokens, our own block marks, citation marks and the token for
    "nothing found" are spelled so that they are none.
    """
    shown = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs"))
    if len(shown) > most:
        shown = shown[:most].rsplit(" ", 1)[0] + " …"
    shown = _ROLE_MARKS.sub(" ", shown)
    shown = shown.replace("<<", "‹‹").replace(">>", "››").replace("<|", "‹|").replace("|>", "|›")
    return _NUMBER_MARK.sub(r"(\1)", shown).replace(NOT_FOUND, NOT_FOUND.replace("_", " "))


def block(label: str, body: str, boundary: str) -> str:
    """`body`, already neutral, between an opening and a closing mark."""
    return f"<<<{label} {boundary}>>>\n{body}\n<<<END {boundary}>>>"


def source(evidence: Evidence, boundary: str, most: int = PASSAGE) -> str:
    """A numbered source. Its title is outside text too, so it stands inside."""
    heading = " / ".join(neutral(part, 200) for part in (evidence.title, evidence.section) if part)
    return block(f"SOURCE {evidence.n}", f"{heading}\n{neutral(evidence.text, most)}", boundary)


def sources(evidence: tuple[Evidence, ...], boundary: str, most: int = MATERIAL) -> tuple[str, set[int]]:
    """As many sources as fit in `most` characters, the first ones first, and their numbers."""
    shown: list[str] = []
    numbers: set[int] = set()
    left = most
    for one in evidence:
        text = source(one, boundary)
        if len(text) > left:
            break
        left -= len(text)
        shown.append(text)
        numbers.add(one.n)
    return "\n\n".join(shown), numbers


def screen_block(screen: ScreenContext, boundary: str) -> str:
    """What the user says they have in front of them."""
    rows = [f"screen: {neutral(screen.id, 120)}"]
    if screen.record is not None:
        rows.append(f"record: {neutral(screen.record.type, 120)} {neutral(screen.record.code, 120)}")
    rows += [f"message shown: {neutral(message, 500)}" for message in screen.messages]
    rows += [f"{neutral(name, 120)} = {neutral(value, 300)}" for name, value in screen.fields.items()]
    rows += [f"error at {neutral(name, 120)}: {neutral(text, 300)}" for name, text in screen.errors.items()]
    rows += [f"narrowed by {neutral(name, 120)}: {neutral(value, 120)}" for name, value in screen.filters.items()]
    rows += [f"selected: {neutral(r.type, 120)} {neutral(r.code, 120)}" for r in screen.selection[:_SELECTED]]
    for control in screen.controls:
        state = "enabled" if control.enabled else f"disabled: {neutral(control.reason or '', 300)}"
        rows.append(f"button {neutral(control.label, 120)}: {state}")
    return block("SCREEN (what the user sees; not a source)", "\n".join(rows)[:SCREEN], boundary)


def earlier_block(history: tuple[PastTurn, ...], boundary: str) -> str:
    """What was said before. The assistant's own words are among it, and they quote pages and records: outside text."""
    who = {"user": "User", "assistant": "Assistant"}
    rows = [f"{who[turn.role]}: {said}" for turn in history[-_TURNS:] if (said := neutral(turn.text, _TURN).strip())]
    return block("EARLIER (what was said before; not a source)", "\n".join(rows), boundary) if rows else ""
