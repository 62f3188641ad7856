"""The answer as it grows: nothing of it is shown before it has named a source and looks like an answer."""

from collections.abc import Container

from assistant.model import sanity
from assistant.model.citations import CitedText
from assistant.model.contract import ModelFault
from core.language import Language

_LOOP_EVERY = 200


class Draft:
    """Collects the text of one answer, which may span several calls of the model with lookups between.

    Text is held until its first valid citation. So words before a lookup ("let me see"), the token for
    "nothing found", a tool call written as text or an answer from thin air are never shown.
    """

    def __init__(self, known: Container[int], language: Language) -> None:
        self.text = ""
        self.released = False
        self._known = known
        self._language = language
        self._stream = CitedText(known)
        self._raw = ""
        self._held = ""
        self._used: list[int] = []
        self._looked_at = 0

    @property
    def used(self) -> list[int]:
        """The numbers cited, in order of first citation."""
        return list(dict.fromkeys(self._used + self._stream.used))

    def next_call(self) -> str:
        """The model stopped to look something up; returns what of its words is still to be shown."""
        rest = self._stream.flush()
        shown = self._show(rest + "\n\n") if self.released and self._raw else ""
        self._used = self.used if self.released else []
        self._stream = CitedText(self._known)
        self._raw = self._held = ""
        self._looked_at = 0
        return shown

    def add(self, raw: str) -> str:
        """Takes the next piece of model text; returns what can be shown now.

        Raises `ModelFault` ("nonsense") as soon as it is plain that this will not be an answer.
        """
        self._raw += raw
        text = self._stream.feed(raw)
        if len(self._raw) > sanity.LONGEST_ANSWER:
            raise ModelFault("nonsense", "endless")
        if len(self._raw) - self._looked_at >= _LOOP_EVERY:
            self._looked_at = len(self._raw)
            if sanity.repeats(self._raw):
                raise ModelFault("nonsense", "repeats itself")
        if self.released:
            return self._show(text)
        self._held += text
        if self._stream.used and not self._stream.said_not_found and sanity.has_letters(self._held):
            self._check(self._held)
            return self._release()
        return ""

    def finish(self) -> str:
        """The model is done; returns the rest to show. `released` stays False if it found nothing to say.

        Raises `ModelFault` ("nonsense") if what came is no answer in the user's language with a source.
        """
        rest = self._stream.flush()
        if not self.released and self._stream.said_not_found:
            return ""
        if sanity.repeats(self._raw):
            raise ModelFault("nonsense", "repeats itself")
        if self.released:
            shown = self._show(rest)
            self._check(self.text)
            return shown
        self._held += rest
        self._check(self._held)
        if not self.used:
            raise ModelFault("nonsense", "no source")
        return self._release()

    def _check(self, text: str) -> None:
        if sanity.is_tool_call(self._raw):
            raise ModelFault("nonsense", "a tool call as text")
        if not sanity.has_letters(text):
            raise ModelFault("nonsense", "no words")
        if sanity.wrong_language(text, self._language):
            raise ModelFault("nonsense", "wrong language")

    def _release(self) -> str:
        self.released = True
        held, self._held = self._held, ""
        return self._show(held.lstrip())

    def _show(self, text: str) -> str:
        self.text += text
        return text
