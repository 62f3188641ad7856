"""Signs that what a model wrote is no answer: plain text rules, no model involved."""

import json
import re

from core.language import Language, detect_language
from core.text import fold

# An answer is asked to be six sentences; this is some forty.
LONGEST_ANSWER = 8_000
_LETTERS_TO_TELL = 45
_CERTAIN = 0.95
_CALL_TAGS = re.compile(
    r"<\s*\|?\s*/?(?:tool_?calls?|function(?:_?calls?)?|invoke|python_tag)\b|\[TOOL_CALLS?\]|<function=|functools\[",
    re.IGNORECASE,
)
_FENCE = re.compile(r"^\s*```[a-z_]*\s*|\s*```\s*$")
_CALL = re.compile(r"\s*(?:search_help|find_customer|customer_sheet|find_product)\s*\(.*\)\s*", re.DOTALL)
_JSON_CALL = re.compile(r'[{,]\s*"(?:name|function|tool|tool_name|tool_call|tool_calls|action)"\s*:')
_MARK = re.compile(r"\[[0-9]+\]")


def has_letters(text: str) -> bool:
    """True if there is at least one letter: an answer of signs alone says nothing."""
    return any(c.isalpha() for c in text)


def is_tool_call(raw: str) -> bool:
    """True if the model wrote a call of a tool as text, or answered in JSON instead of words."""
    bare = _FENCE.sub("", raw).strip()
    if _CALL_TAGS.search(raw) or _CALL.fullmatch(bare) or _JSON_CALL.search(raw):
        return True
    if bare[:1] not in ("{", "["):
        return False
    try:
        return isinstance(json.loads(bare), dict | list) and not _MARK.fullmatch(bare)
    except ValueError:
        return bare.startswith("{")


def repeats(text: str) -> bool:
    """True if `text` ends in a loop: one stretch over and over, or one sentence for the fifth time."""
    tail = text[-600:]
    for period in range(1, 121):
        same = 0
        while same < len(tail) - period and tail[-1 - same] == tail[-1 - same - period]:
            same += 1
        unit = tail[-period:]
        if same >= max(4 * period, 80) and (has_letters(unit) or same >= 200):
            return True
    sentences = [re.sub(r"[\W\d_]+", " ", fold(s)).strip() for s in re.split(r"[.!?\n]+", text)]
    last = next((s for s in reversed(sentences) if len(s) >= 15), None)
    return last is not None and sentences.count(last) >= 5


def wrong_language(text: str, language: Language) -> bool:
    """True if `text` is long enough to tell and is surely not in `language`.

    Words in quotation marks do not count: button and page names are quoted as the screen has them.
    """
    own = _MARK.sub("", re.sub(r"[„“\"»][^„”“\"«»]{1,80}[”“\"«]", "", text))
    if sum(c.isalpha() for c in own) < _LETTERS_TO_TELL:
        return False
    return detect_language(own, language, _CERTAIN) != language
