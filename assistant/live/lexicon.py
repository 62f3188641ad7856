"""Which concepts the words of a message stand for: the word files of live questions, read once and folded."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz.distance import OSA

from core.language import LANGUAGES, Language
from core.text import fold, folded_words

# Entries this short mean other things in other languages ("me", "do"), so only the message's own count.
_SHORT = 3
# A slip of the finger is forgiven in words of at least so many letters.
_FORGIVING = 6
# Entries are found by their first letters; all have as many, but those of one letter, which are whole words.
_START = 2


@dataclass(frozen=True)
class Entry:
    """Words one after the other that stand for `name`; each is folded and either whole or a beginning."""

    name: str
    language: Language
    parts: tuple[tuple[str, bool], ...]

    @property
    def letters(self) -> int:
        """How much of the text it explains: longer entries are taken first, whole words before beginnings."""
        return sum(len(text) for text, _ in self.parts) * 2 + sum(whole for _, whole in self.parts)

    def fits(self, words: list[str], at: int) -> bool:
        """Whether the words from `at` on are this entry."""
        if at + len(self.parts) > len(words):
            return False
        return all(
            words[at + i] == text if whole else words[at + i].startswith(text)
            for i, (text, whole) in enumerate(self.parts)
        )


@dataclass(frozen=True)
class Heard:
    """What a message says: at which places of its words each concept stands, and the places explained by any."""

    places: Mapping[str, frozenset[int]]
    explained: frozenset[int]

    def __contains__(self, name: object) -> bool:
        return name in self.places


def _entries(table: Mapping[str, Mapping[str, str]]) -> Iterable[Entry]:
    for name, texts in table.items():
        for language in LANGUAGES:
            for written in texts[language].split(","):
                whole = written.strip().startswith("=")
                parts = folded_words(written)
                # Of several words all but the last are whole; "=" makes the last one whole too.
                yield Entry(name, language, tuple((part, whole or i + 1 < len(parts)) for i, part in enumerate(parts)))


@lru_cache
def read_toml(name: str) -> dict[str, dict[str, object]]:
    """The word file `name` of this package."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


class Words:
    """A table of entries that texts are searched for."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._by_start: dict[str, list[Entry]] = {}
        for entry in sorted(_entries(table), key=lambda e: e.letters, reverse=True):
            if entry.parts:
                self._by_start.setdefault(entry.parts[0][0][:_START], []).append(entry)
        # People type the same words again and again; comparing letters is what costs here.
        self.misspelt = lru_cache(maxsize=8192)(self._misspelt)

    def at(self, words: list[str], place: int, languages: Collection[Language]) -> list[Entry]:
        """The longest entries that fit at `place`; short ones only in `languages`."""
        best: list[Entry] = []
        known = self._by_start.get(words[place][:_START], ())
        for entry in known:
            if best and entry.letters < best[0].letters:
                break
            if entry.letters <= 2 * _SHORT + 1 and entry.language not in languages:
                continue
            if entry.fits(words, place):
                best.append(entry)
        return best

    def _misspelt(self, word: str) -> list[Entry]:
        """The entries of one long word that `word` begins with but for one slip."""
        if len(word) < _FORGIVING:
            return []
        return [
            entry
            for start, entries in self._by_start.items()
            if start[0] == word[0]
            for entry in entries
            if len(entry.parts) == 1 and _one_slip(word, *entry.parts[0])
        ]

    def languages(self, words: list[str], language: Language) -> frozenset[Language]:
        """`language`, and the one most words are in whatever it was taken for: short messages mislead."""
        counts: dict[Language, int] = dict.fromkeys(LANGUAGES, 0)
        for place in range(len(words)):
            for found in {e.language for e in self.at(words, place, ())}:
                counts[found] += 1
        most = max(counts.values())
        return frozenset({language, *(one for one, n in counts.items() if n == most > counts[language])})

    def hear(self, words: list[str], language: Language, taken: frozenset[int] = frozenset()) -> Heard:
        """The concepts in `words`, those at `taken` left aside."""
        known = self.languages(words, language)
        places: dict[str, set[int]] = {}
        at = 0
        while at < len(words):
            found = [] if at in taken else self.at(words, at, known)
            found = [e for e in found if not taken & set(range(at, at + len(e.parts)))]
            if not found and at not in taken:
                found = self.misspelt(words[at])
            length = len(found[0].parts) if found else 1
            for entry in found:
                places.setdefault(entry.name, set()).update(range(at, at + length))
            at += length
        explained = frozenset(taken).union(*places.values())
        return Heard({name: frozenset(at) for name, at in places.items()}, explained)


def _one_slip(word: str, text: str, whole: bool) -> bool:
    if len(text) < _FORGIVING:
        return False
    cuts = (len(word),) if whole else (len(text) - 1, len(text), len(text) + 1)
    return any(OSA.distance(word[:cut], text, score_cutoff=1) <= 1 for cut in cuts)


@lru_cache
def table(file: str, *path: str) -> Words:
    """The entries of a word file, or of the table at `path` in it."""
    found: object = read_toml(file)
    for step in path:
        assert isinstance(found, dict)
        found = found[step]
    assert isinstance(found, dict)
    return Words(found)


def split(text: str) -> list[str]:
    """The words of a message, folded; "'s" is a word of its own."""
    return folded_words(fold(text[:1000]).replace("e-mail", "email"))
