"""How a prompt is laid out: which clause, text line and sentence each token is in."""

from dataclasses import dataclass

from offers.understand.lexicon import lexicon
from offers.understand.tokens import Prompt


@dataclass(frozen=True)
class Layout:
    """For each token the number of its clause (commas, "and", brackets), sentence and text line."""

    clause: tuple[int, ...]
    sentence: tuple[int, ...]
    line: tuple[int, ...]


def ends_sentence(prompt: Prompt, i: int) -> bool:
    """True when the token at `i` ends a sentence."""
    token = prompt.tokens[i]
    if token.text in ("!", "?", ";"):
        return True
    after = prompt.at(i + 1)
    # A point after a short word or a number ("db.", "12.") and before a small letter ends nothing.
    return token.text == "." and (after is None or (not after.glued and after.text[:1].isupper()))


def layout(prompt: Prompt) -> Layout:
    """The layout of `prompt`. A "plus" inside a claimed product name divides nothing."""
    lex = lexicon(prompt.language)
    clause = sentence = line = 0
    clauses: list[int] = []
    sentences: list[int] = []
    lines: list[int] = []
    for i, token in enumerate(prompt.tokens):
        joining = lex.has("conjunctions", token.folded) or lex.has("but", token.folded)
        joins = token.free and (joining or token.text in ("+", "&"))
        if token.kind == "line":
            line, sentence, clause = line + 1, sentence + 1, clause + 1
        elif ends_sentence(prompt, i):
            sentence, clause = sentence + 1, clause + 1
        elif token.free and (token.text == "," or joins):
            clause += 1
        clauses.append(clause)
        sentences.append(sentence)
        lines.append(line)
    return Layout(tuple(clauses), tuple(sentences), tuple(lines))
