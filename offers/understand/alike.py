"""When a typed word is a form of a known one: the same, inflected, or misspelt."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from offers.understand.lexicon import lexicon

EXACT = 1.0
INFLECTED = 0.95
TYPO = 0.8

# Polish drops or adds an e between the last consonants: krzesło, krzeseł.
_FLEETING = re.compile(r"^e(.)\|\1[aoiey]?$")
_LONGEST_ENDING = 7
_TWO_LETTERS = frozenset({"cs", "gy", "ly", "ny", "sz", "ty", "zs"})


def _allowed_slips(letters: int) -> int:
    """How many wrong letters a word of this length may have; short words none, as they meet others too easily."""
    return 0 if letters < 5 else 1 if letters < 9 else 2 if letters < 14 else 3


def _is_ending(rest: str, stem: str) -> bool:
    if rest in lexicon("hu").endings:
        return True
    # The v of Hungarian -val, -vel becomes the last consonant of the word: licenccel, notebookkal.
    return len(rest) in (3, 4) and bool(stem) and rest[-2:] in ("al", "el") and stem.endswith(rest[:-2])


@lru_cache(maxsize=65536)
def alike(token: str, word: str) -> float:
    """How surely the folded `token` is a form of the folded `word`: `EXACT`, `INFLECTED`, `TYPO` or 0.

    Endings are those of all three languages, since people inflect foreign names in their own
    ("Northwindnek", "dla Kovácsa"). Slips are counted as insertions, deletions, replacements and
    swaps of neighbours; how many are allowed grows with the length of the word.
    """
    if token == word:
        return EXACT
    if len(word) < 2 or not token[0].isalpha():
        return 0
    same = next((i for i, (a, b) in enumerate(zip(token, word, strict=False)) if a != b), min(len(token), len(word)))
    rest, tail = token[same:], word[same:]
    if same >= 2 and not tail and _is_ending(rest, word):
        return INFLECTED
    # Polish swaps the ending of the name for another; the two may begin alike (priorytetowe, priorytetowego).
    for cut in (same, same - 1):
        rest, tail = token[cut:], word[cut:]
        if cut >= 3 and tail in lexicon("hu").tails and (not rest or rest in lexicon("hu").polish_endings):
            return INFLECTED
    # Műhely, műhellyel: of a sound written with two letters only the first is doubled before -val, -vel.
    sound = word[-2:]
    if sound in _TWO_LETTERS and token in (word[:-1] + sound + ending for ending in ("al", "el")):
        return INFLECTED
    rest, tail = token[same:], word[same:]
    if same >= 4 and _FLEETING.match(f"{rest}|{tail}"):
        return INFLECTED
    return TYPO if _misspelt(token, word) else 0


def _misspelt(token: str, word: str) -> bool:
    slips = _allowed_slips(len(word))
    if not slips or ((token[0] != word[0] and (len(word) < 7 or token[1:3] != word[1:3])) and token[:2] != word[1::-1]):
        return False
    for cut in range(0, min(_LONGEST_ENDING, len(token) - 4) + 1):
        stem = token[: len(token) - cut]
        if abs(len(stem) - len(word)) > slips or (cut and not _is_ending(token[len(stem) :], stem)):
            continue
        if OSA.distance(stem, word, score_cutoff=slips) <= slips:
            return True
    return False
