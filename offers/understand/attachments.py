"""Which documents of the library a prompt wants to go with the offer, as written."""

from collections.abc import Iterator

from offers.understand.lexicon import lexicon
from offers.understand.pieces import piece
from offers.understand.tokens import Prompt

_MOST = 20


def attachments(prompt: Prompt) -> tuple[str, ...]:
    """What is to be attached ("csatold a garanciális feltételeket", "attach the warranty terms and the references"),
    in order, its words claimed. A thing that is counted is goods and no document; a firm's name ends it."""
    found: list[str] = []
    for i, token in enumerate(prompt.tokens):
        if not token.free or token.kind != "word":
            continue
        spans = list(_asked(prompt, i))
        for first, last in spans:
            found.append(prompt.written(first, last))
            prompt.claim(range(first, last + 1), "attach")
        if spans:
            prompt.claim([i], "attach")
    return tuple(dict.fromkeys(found))[:_MOST]


def _asked(prompt: Prompt, i: int) -> Iterator[tuple[int, int]]:
    lex = lexicon(prompt.language)
    verb, past = lex.has("attach", prompt.word(i)), lex.has("attach_with", prompt.word(i))
    if not verb and not past:
        return
    behind = [] if past and prompt.language != "pl" else list(_behind(prompt, i))
    direct = bool(behind) and behind[0][0] <= piece(prompt, i)[1]
    before = None if direct or (past and prompt.language == "pl") else _before(prompt, i, past)
    if before is not None:
        yield before
    yield from behind


def _behind(prompt: Prompt, i: int) -> Iterator[tuple[int, int]]:
    """The objects behind the verb: pieces joined by "and", and those behind a comma that name a document."""
    lex = lexicon(prompt.language)
    first = i + 1
    while prompt.word(first) == ":":
        first += 1
    if prompt.at(first) is None:
        return
    begun = False
    while first < len(prompt.tokens):
        end = piece(prompt, first)[1]
        for start, last in _joined(prompt, first, end):
            span = _stripped(prompt, start, last)
            if span is None and not begun and start == first:
                # "csatold hozzá, és ...": nothing but small words here.
                begun = True
                continue
            documents = span is not None and _names_document(prompt, *span)
            if span is None or (begun and not documents) or _counted(prompt, *span):
                return
            stop = _firm(prompt, *span)
            if stop is not None:
                if stop > span[0]:
                    yield span[0], stop - 1
                return
            yield span
            begun = True
        if prompt.word(end + 1) != ",":
            return
        first = end + 2
        if lex.has("attach", prompt.word(first)):
            return


def _joined(prompt: Prompt, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts between "and"s, where what follows one names a document; else the words belong together."""
    lex = lexicon(prompt.language)
    start = first
    for i in range(first, end + 1):
        if lex.has("conjunctions", prompt.word(i)) and i > start:
            yield start, i - 1
            start = i + 1
    if start <= end:
        yield start, end


def _before(prompt: Prompt, i: int, past: bool) -> tuple[int, int] | None:
    """The object in front of the verb: "a garanciális feltételeket csatold"."""
    lex = lexicon(prompt.language)
    first = piece(prompt, i)[0]
    for n in range(i - 1, first - 1, -1):
        if lex.has("conjunctions", prompt.word(n)) or prompt.word(n) == "with" or not prompt.tokens[n].free:
            first = n + 1
            break
    span = _stripped(prompt, first, i - 1) if i > first else None
    if span is None or _counted(prompt, *span) or not _names_document(prompt, *span):
        return None
    if past and prompt.language == "en" and prompt.word(first - 1) != "with":
        return None
    return span


def _stripped(prompt: Prompt, first: int, last: int) -> tuple[int, int] | None:
    lex = lexicon(prompt.language)

    def idle(i: int) -> bool:
        word = prompt.word(i)
        return lex.has("attach_fillers", word) or lex.has("articles", word) or word in ("(", ")", ":", "-")

    while first <= last and idle(first):
        first += 1
    while last >= first and idle(last):
        last -= 1
    return (first, last) if first <= last else None


def _names_document(prompt: Prompt, first: int, last: int) -> bool:
    lex = lexicon(prompt.language)
    return any(lex.inflected("doc_nouns", prompt.word(i)) for i in range(first, last + 1))


def _counted(prompt: Prompt, first: int, last: int) -> bool:
    return any(prompt.tokens[i].value is not None or not prompt.tokens[i].free for i in range(first, last + 1))


def _firm(prompt: Prompt, first: int, last: int) -> int | None:
    """Where a firm begins inside the object: behind "for", or with a dative ending."""
    lex = lexicon(prompt.language)
    for i in range(first, last + 1):
        word, after = prompt.tokens[i], prompt.at(i + 1)
        if lex.has("prepositions", word.folded) and after is not None and after.capital:
            return i
        if word.capital and i > first and (word.suffix in ("nak", "nek") or word.folded.endswith(("nak", "nek"))):
            return i
    return None
