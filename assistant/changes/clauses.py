"""A message cut into the changes it asks for, one clause each."""

import re
from itertools import pairwise

from assistant.changes import lexicon
from core.language import Language

_END = re.compile(r"[;\n]+|!+(?=\s|$)|\.(?=\s+[^\W\d_]|\s*$)")
_JOINT = r",(?! ?(?:hogy|zeby|ze|that)\b)|{joining}"
# So many words before a verb may belong to its clause: "és a Kovácsék lehetőségét tedd ...".
_REACH = 60


def clauses(text: str, folded: str, language: Language) -> list[tuple[int, int]]:
    """The places of the clauses of a message. One with several verbs is cut at the last joint before each further
    verb; what stands behind a colon is what is to be written down, and is not cut."""
    found: list[tuple[int, int]] = []
    start = 0
    for mark in [*(m for m in _END.finditer(folded) if _ends(text, folded, m)), None]:
        end = mark.start() if mark is not None else len(folded)
        found += _cut(folded, start, end, language)
        start = mark.end() if mark is not None else end
    return [(first, last) for first, last in found if folded[first:last].strip()]


def _ends(text: str, folded: str, mark: re.Match[str]) -> bool:
    """Whether a mark ends a sentence: a full stop does before a capital, but not behind a shortened word."""
    if mark.group() != ".":
        return True
    word = re.search(r"(\w*)$", folded[: mark.start()])
    following = text[mark.end() :].lstrip()[:1]
    shortened = word is not None and (lexicon.is_only("shortened", word.group(1)) or word.group(1).isdigit())
    return not following or (following.isupper() and not shortened)


def _cut(folded: str, start: int, end: int, language: Language) -> list[tuple[int, int]]:
    colon = re.compile(r":(?!\d)").search(folded, start, end)
    limit = colon.start() if colon is not None else end
    verbs = [m.start() for m in lexicon.any_verb().finditer(folded, start, limit)]
    joints = re.compile(_JOINT.replace("{joining}", lexicon.pattern("talk", "joining").pattern))
    places = [start]
    for before, verb in pairwise(verbs):
        between = [m for m in joints.finditer(folded, before, verb) if verb - m.end() <= _REACH]
        # "és majd tedd": the first of several joints in a row.
        if between and _own_clause(folded, between[-1].end(), verb):
            cut = between[-1]
            for joint in reversed(between[:-1]):
                if folded[joint.end() : cut.start()].strip(" ,"):
                    break
                cut = joint
            if cut.start() > places[-1]:
                places.append(cut.start())
    parts = [(first, last) for first, last in zip(places, [*places[1:], end], strict=True)]
    return [_trimmed(folded, first, last, language) for first, last in parts]


def _own_clause(folded: str, joint: int, verb: int) -> bool:
    """Whether a verb behind a joint begins a change of its own: the first behind it, or with a noun before it."""
    return lexicon.any_verb().search(folded, joint, verb) is None


def _trimmed(folded: str, first: int, last: int, language: Language) -> tuple[int, int]:
    while first < last and not folded[first].isalnum() and folded[first] not in "+":
        first += 1
    joint = lexicon.pattern("talk", "joining").match(folded, first)
    # A Polish "and" is an English "I".
    if joint is not None and joint.group() == "i" and language == "en":
        joint = None
    return (joint.end() if joint is not None and joint.end() < last else first), last
