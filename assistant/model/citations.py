"""Model text made safe to show, character by character: citations kept, all other markup reduced to its text.

It reads one character at a time and keeps all it needs in its own state, so how a stream was cut into
chunks cannot change what comes out. Whatever goes in, no `](`, no `]:`, no `:/` and no `<` before a letter come out:
so nothing that a browser or a Markdown renderer would make into a link, an image or an element.
"""

import string
import unicodedata
from collections.abc import Container
from typing import Literal

from assistant.model.markup import HIDDEN_TAGS, cited, is_tag, is_target, tag_name

NOT_FOUND = "NOT_FOUND"
_LONGEST_TAG = 300
_LONGEST_LABEL = 200
_LONGEST_TARGET = 1000
_TAG_BEGINS = frozenset(string.ascii_letters + "/!?")
_WIDE = {"【": "[", "】": "]"}

_State = Literal["text", "bang", "bracket", "after", "target", "open", "tag", "hidden", "token"]


class CitedText:
    """A stream of model text. `known` has the numbers of the sources, and may grow while the text streams.

    `used` has the numbers cited so far, in order; `said_not_found` tells that the token `NOT_FOUND` went by.
    """

    def __init__(self, known: Container[int]) -> None:
        self.used: list[int] = []
        self.said_not_found = False
        self._known = known
        self._state: _State = "text"
        self._held = ""
        self._target = ""
        self._image = False
        self._out: list[str] = []
        self._last = ""
        self._spaces = ""
        self._mark_dropped = False

    def feed(self, chunk: str) -> str:
        """The text that `chunk` completes; the rest is held until it is known what it is."""
        self._read(chunk)
        return self._drain()

    def flush(self) -> str:
        """The end of the stream: what was held comes out as plain text."""
        while self._state != "text":
            self._read("", ending=True)
        return self._drain()

    def _drain(self) -> str:
        done, self._out = "".join(self._out), []
        return done

    def _read(self, text: str, ending: bool = False) -> None:
        todo = list(reversed(text))
        if ending:
            todo.extend(reversed(self._give_up()))
        while todo:
            todo.extend(reversed(self._step(todo.pop())))

    def _step(self, c: str) -> str:
        """Takes one character; returns what has to be read again as plain text."""
        c = _WIDE.get(c, c)
        if unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs") and c not in "\n\t":
            return ""
        match self._state:
            case "text":
                self._text(c)
            case "bang" if c == "[":
                self._state, self._image, self._held = "bracket", True, ""
            case "bracket" if c == "]":
                self._state = "after"
            case "bracket" if c not in "[\n" and len(self._held) < _LONGEST_LABEL:
                self._held += c
            case "after" if c == "(":
                self._state, self._target = "target", ""
            case "after" if c == ":" and cited(self._held) is None:
                self._state = "text"
                return self._held + c
            case "target" if c == ")":
                return self._end_target()
            case "target" if len(self._target) < _LONGEST_TARGET:
                self._target += c
            case "open" if c in _TAG_BEGINS:
                self._state, self._held = "tag", c
            case "tag" if c == ">":
                return self._end_tag()
            case "tag" if len(self._held) < _LONGEST_TAG:
                self._held += c
            case "hidden":
                self._held = (self._held + c)[-16:]
                if self._held.endswith(tuple(f"</{name}>" for name in HIDDEN_TAGS)):
                    self._state = "text"
            case "token" if NOT_FOUND.startswith(self._held + c):
                self._held += c
                if self._held == NOT_FOUND:
                    self._state, self.said_not_found = "text", True
            case _:
                return self._give_up() + c
        return ""

    def _text(self, c: str) -> None:
        match c:
            case "[":
                self._state, self._image, self._held = "bracket", False, ""
            case "!":
                self._state = "bang"
            case "<":
                self._state = "open"
            case "N":
                self._state, self._held = "token", c
            case _:
                self._emit(c)

    def _give_up(self) -> str:
        """What is held was not the beginning of anything: shows its first sign, returns the rest."""
        state, self._state = self._state, "text"
        match state:
            case "bang":
                self._emit("!")
            case "bracket":
                self._emit("![" if self._image else "[")
                return self._held
            case "after":
                return self._end_bracket()
            case "target":
                return self._end_bracket() + "(" + self._target
            case "open":
                self._emit("<")
            case "tag":
                self._emit("‹")
                return self._held
            case "token":
                self._emit(self._held[0])
                return self._held[1:]
        return ""

    def _end_bracket(self) -> str:
        """`[held]` that leads nowhere: our citation, or words in brackets."""
        numbers = cited(self._held)
        if self._image:
            self._emit("!")
        if numbers is None:
            self._emit("[")
            return self._held + "]"
        self._cite(numbers)
        return ""

    def _end_target(self) -> str:
        self._state = "text"
        if not is_target(self._target):
            return self._end_bracket() + "(" + self._target + ")"
        if self._image or (numbers := cited(self._held)) is None:
            return self._held
        self._cite(numbers)
        return ""

    def _end_tag(self) -> str:
        self._state = "text"
        if is_tag(self._held):
            if tag_name(self._held) in HIDDEN_TAGS and not self._held.startswith("/"):
                self._state, self._held = "hidden", ""
            return ""
        self._emit("‹")
        return self._held + "›"

    def _cite(self, numbers: list[int]) -> None:
        known = [n for n in dict.fromkeys(numbers) if n in self._known]
        for n in known:
            self._emit(f"[{n}]")
            if n not in self.used:
                self.used.append(n)
        self._mark_dropped = not known and bool(self._spaces)

    def _emit(self, text: str) -> None:
        """Shows `text`. Spaces wait for what follows, so that a dropped citation leaves no gap behind."""
        for c in text:
            if c == " ":
                self._spaces = " " if self._mark_dropped else self._spaces + " "
                continue
            if self._mark_dropped and c in ".,;:!?)\n":
                self._spaces = ""
            self._mark_dropped = False
            joins = (self._last == "<" and c in _TAG_BEGINS) or (self._last == "]" and c in "(:")
            joins = joins or (self._last == ":" and c == "/")
            self._out.append((self._spaces or (" " if joins else "")) + c)
            self._spaces, self._last = "", c
