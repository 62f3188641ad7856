"""Free texts in a message about an offer ("note: please ring first"): found first, for nothing else is read in them."""

import re

from assistant.revising.lexicon import is_in
from core.language import Language
from core.text import fold
from offers.wishes import SetText, TextField

FIELDS: tuple[TextField, ...] = ("title", "notes", "delivery", "warranty")
_LABELLED = re.compile(r"(?P<label>[^\W\d_]+)(?:\s+[^\W\d_]+){0,3}?\s*:\s*(?P<text>\S.*)", re.DOTALL)
_QUOTED = re.compile(r"[\"“„«'](?P<text>[^\"“”„«»]{2,})[\"”“»']")
_SENTENCE = re.compile(r"(?<=[.!?\n;])\s+")


def field_of(word: str, language: Language) -> TextField | None:
    """The text field that one folded word names."""
    return next((name for name in FIELDS if is_in(name, word, language)), None)


def free_texts(text: str, language: Language) -> tuple[str, list[SetText]]:
    """`text` without the free texts in it, and those: what stands behind a field's name and a colon, up to the end of
    the message or to the next such name; or in quotation marks in a sentence that names a field."""
    left: list[str] = []
    found: list[SetText] = []
    within = False
    for sentence in _SENTENCE.split(text):
        marked = _marked(sentence, language)
        if marked is not None:
            found.append(marked)
        elif within:
            # A text of several sentences goes on.
            last = found[-1]
            found[-1] = last.model_copy(update={"text": f"{last.text} {sentence}".strip()[:2000]})
        else:
            left.append(sentence)
        within = within or marked is not None
    return " ".join(left), found


def _marked(sentence: str, language: Language) -> SetText | None:
    for label in _LABELLED.finditer(sentence):
        words = [fold(word) for word in re.findall(r"[^\W\d_]+", sentence[: label.start("text")])]
        names = [name for word in words if (name := field_of(word, language)) is not None]
        if len(set(names)) == 1 and len(words) <= 6:
            return SetText(field=names[0], text=_tidy(label["text"]))
        break
    quoted = _QUOTED.search(sentence)
    if quoted is not None:
        words = [fold(word) for word in re.findall(r"[^\W\d_]+", sentence[: quoted.start()] + sentence[quoted.end() :])]
        names = [name for word in words if (name := field_of(word, language)) is not None]
        if len(set(names)) == 1 and len(words) <= 8:
            return SetText(field=names[0], text=_tidy(quoted["text"]))
    return None


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip().strip('"“”„«»').strip()[:2000]
