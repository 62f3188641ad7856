"""The answer as it grows, sentence by sentence: each is checked against the passages it cites before it is shown.

A pure stream processor: text in, events out, no waiting and no input or output; the check itself is handed in. How the
stream was cut into chunks does not change the events.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.evidence import Evidence
from assistant.model import sanity
from assistant.model.citations import CitedText
from assistant.model.contract import ModelFault
from assistant.model.sentences import Sentence, Sentences
from core.language import Language

_LOOP_EVERY = 200
_MARK = re.compile(r"\s*\[([0-9]{1,3})\]")
_END = re.compile(r"[.!?…]*[”“\"»’)*_]*$")
_LEADS_ON = 8
# With less of it supported, the rest is no answer any more.
_LEAST_SUPPORTED = 0.5


@dataclass(frozen=True)
class Shown:
    """A sentence to be shown, with the white space before it and its sources by their new numbers."""

    text: str


@dataclass(frozen=True)
class LeftOut:
    """A sentence that its sources do not support, or that has none."""

    text: str


DraftEvent = Shown | LeftOut
# Whether the given sources support a sentence without marks; for a line that only leads on, whether nothing speaks
# against it.
Check = Callable[[str, tuple[Evidence, ...], bool], bool]


class Draft:
    """Collects the text of one answer, which may span several calls of the model with lookups between.

    `known` has the sources by the numbers the model was given, and may grow meanwhile. Sources are numbered anew in the
    order they are first shown. A sentence without a source waits for its neighbours': it is shown if theirs support it.
    So words before a lookup, the token for "nothing found", a tool call written as text or an answer from thin air are
    never shown.
    """

    def __init__(self, known: Mapping[int, Evidence], language: Language, check: Check) -> None:
        self.text = ""
        self.left_out = 0
        self._known = known
        self._language = language
        self._check = check
        self._numbers: dict[int, int] = {}
        self._shown = 0
        self._cited = False
        self._begin_call()

    def _begin_call(self) -> None:
        self._stream = CitedText(self._known)
        self._sentences = Sentences()
        self._raw = self._clean = ""
        self._waiting: list[Sentence] = []
        self._last: tuple[int, ...] = ()

    @property
    def released(self) -> bool:
        """Whether anything was shown."""
        return bool(self._shown)

    @property
    def used(self) -> list[int]:
        """The sources shown, by the numbers the model was given, in the order of their new ones."""
        return list(self._numbers)

    def next_call(self) -> list[DraftEvent]:
        """The model stopped to look something up. What it said is settled; words without a source were said aside."""
        events = self._settle(self._stream.flush())
        self._begin_call()
        return events

    def feed(self, raw: str) -> list[DraftEvent]:
        """Takes the next piece of model text.

        Raises `ModelFault` ("nonsense") as soon as it is plain that this will not be an answer.
        """
        events: list[DraftEvent] = []
        # One by one, so that nothing is judged in the light of what stood further on in the same chunk.
        for c in raw:
            self._raw += c
            if len(self._raw) > sanity.LONGEST_ANSWER:
                raise ModelFault("nonsense", "endless")
            if len(self._raw) % _LOOP_EVERY == 0 and sanity.repeats(self._raw):
                raise ModelFault("nonsense", "repeats itself")
            events += self._take(self._stream.feed(c))
        return events

    def finish(self) -> list[DraftEvent]:
        """The model is done. Nothing was `released` if it said that it found nothing.

        Raises `ModelFault`: "nonsense" if what came is no answer in the user's language with a source, "unsupported" if
        the sources support less than half of it.
        """
        events = self._settle(self._stream.flush())
        if not self.released and self._stream.said_not_found:
            return []
        if sanity.repeats(self._raw):
            raise ModelFault("nonsense", "repeats itself")
        self._sane(self._clean)
        if not self._cited:
            raise ModelFault("nonsense", "no source")
        for sentence in self._waiting:
            events.append(self._leave_out(sentence))
        if self._shown < _LEAST_SUPPORTED * (self._shown + self.left_out):
            raise ModelFault("unsupported", f"{self.left_out} of {self._shown + self.left_out} sentences")
        return events

    def _settle(self, rest: str) -> list[DraftEvent]:
        events = self._take(rest)
        for sentence in self._sentences.flush():
            events += self._judge(sentence)
        return events

    def _take(self, clean: str) -> list[DraftEvent]:
        self._clean += clean
        return [event for sentence in self._sentences.feed(clean) for event in self._judge(sentence)]

    def _judge(self, sentence: Sentence) -> list[DraftEvent]:
        if self._stream.said_not_found and not self.released:
            return []
        if not sanity.has_letters(sentence.bare) and not sentence.cites:
            return []
        if not sentence.cites:
            if self._last and not self._waiting and self._supported(sentence, self._last):
                return [self._show(sentence, self._last)]
            self._waiting.append(sentence)
            return []
        self._cited = True
        if not self.released:
            self._sane(self._clean)
        self._last = sentence.cites
        waiting, self._waiting = self._waiting, []
        holds = self._supported(sentence, sentence.cites)
        events: list[DraftEvent] = [self._neighbour(earlier, sentence.cites, holds) for earlier in waiting]
        return [*events, self._show(sentence, sentence.cites) if holds else self._leave_out(sentence)]

    def _neighbour(self, sentence: Sentence, cites: tuple[int, ...], holds: bool) -> DraftEvent:
        """A sentence without a source, by the next one's; a line that leads on to it shares its fate."""
        if _leads_on(sentence):
            kept = holds and self._check(sentence.bare, self._sources(cites), True)
            return self._show(sentence, ()) if kept else LeftOut(sentence.text)
        return self._show(sentence, cites) if self._supported(sentence, cites) else self._leave_out(sentence)

    def _sources(self, cites: tuple[int, ...]) -> tuple[Evidence, ...]:
        return tuple(self._known[n] for n in cites)

    def _supported(self, sentence: Sentence, cites: tuple[int, ...]) -> bool:
        return sanity.has_letters(sentence.bare) and self._check(sentence.bare, self._sources(cites), False)

    def _sane(self, text: str) -> None:
        if sanity.is_tool_call(self._raw):
            raise ModelFault("nonsense", "a tool call as text")
        if not sanity.has_letters(text):
            raise ModelFault("nonsense", "no words")
        if sanity.wrong_language(text, self._language):
            raise ModelFault("nonsense", "wrong language")

    def _leave_out(self, sentence: Sentence) -> LeftOut:
        self.left_out += 1
        return LeftOut(sentence.text)

    def _show(self, sentence: Sentence, cites: tuple[int, ...]) -> Shown:
        lead = sentence.lead if self.text else ""
        if self.text and not lead:
            lead = " "
        shown = lead + self._numbered(sentence, cites)
        # A lead-in alone is no answer yet.
        self._shown += bool(cites)
        self.text += shown
        return Shown(shown)

    def _numbered(self, sentence: Sentence, cites: tuple[int, ...]) -> str:
        """The text with its sources' new numbers; marks are added where it had none."""
        for n in cites:
            self._numbers.setdefault(n, len(self._numbers) + 1)
        if sentence.cites:
            return _MARK.sub(lambda mark: mark[0].replace(mark[1], str(self._numbers[int(mark[1])])), sentence.text)
        marks = "".join(f"[{self._numbers[n]}]" for n in cites)
        end = _END.search(sentence.text)
        at = end.start() if end else len(sentence.text)
        return f"{sentence.text[:at]} {marks}{sentence.text[at:]}" if marks else sentence.text


def _leads_on(sentence: Sentence) -> bool:
    """True for a short line that only announces the next: a heading, or words ending in a colon."""
    ends = sentence.bare.rstrip("*_ ")
    return len(sentence.bare.split()) <= _LEADS_ON and (ends.endswith(":") or ends[-1:] not in (".", "!", "?", "…"))
