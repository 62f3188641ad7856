"""What a prompt has for the customer to read as it stands: a note, a title."""

from offers.understand.figures import is_percent
from offers.understand.lexicon import lexicon
from offers.understand.pieces import piece, times
from offers.understand.products import is_product_word
from offers.understand.tokens import Prompt, Token
from offers.understand.vocabulary import Vocabulary

_BETWEEN = 4
_QUOTE = '"'
_YEARS = (2000, 2100)


def note(prompt: Prompt, vocab: Vocabulary) -> str | None:
    """The note to the customer behind "megjegyzés:", "uwaga:", "note:", its tokens claimed; None if there is none.

    In quotes it is what the quotes hold. Otherwise it goes to the end of its sentence, and on through further sentences
    of the text line that hold nothing an offer is made of; a wish behind a comma ("..., 10% off") is no part of it.
    """
    parts: list[str] = []
    i = 0
    while i < len(prompt.tokens):
        start = _content(prompt, i, "note_labels")
        if start is None:
            i += 1
            continue
        last = _quoted(prompt, start) or _note_end(prompt, start, vocab)
        text = prompt.written(start, last).strip(f"{_QUOTE} ") if last >= start else ""
        if text:
            parts.append(text)
            prompt.claim(range(i, last + 1), "note")
        i = max(i, last) + 1
    return "\n".join(parts) or None


def title(prompt: Prompt, vocab: Vocabulary) -> str | None:
    """What the offer is to be called, behind "tárgy:", "temat:", "title:", claimed. A subject that itself says what is
    offered ("Subject: 5 licences") is no title."""
    for i in range(len(prompt.tokens)):
        start = _content(prompt, i, "title_labels")
        if start is None or lexicon(prompt.language).has("title_stop", prompt.word(i - 1)):
            continue
        last = _quoted(prompt, start) or piece(prompt, start)[1]
        if last < start or is_wish(prompt, start, last, vocab):
            continue
        prompt.claim(range(i, last + 1), "title")
        return prompt.written(start, last).strip(f"{_QUOTE} ") or None
    return None


def _content(prompt: Prompt, i: int, labels: str) -> int | None:
    """Where the text behind a label at `i` begins: a colon or a quote follows, at most a few words between."""
    token, lex = prompt.at(i), lexicon(prompt.language)
    if token is None or not token.free or token.kind != "word" or not lex.has(labels, token.folded):
        return None
    at = i + 1
    while at - i <= _BETWEEN and (between := prompt.at(at)) is not None and between.kind == "word":
        at += 1
    mark = prompt.at(at)
    if mark is None:
        return None
    if mark.text == ":" or (mark.text == "-" and not mark.glued and at == i + 1):
        following = at + 1
        return following if prompt.at(following) is not None else None
    return at if mark.text == _QUOTE else None


def _quoted(prompt: Prompt, start: int) -> int | None:
    """The closing quote of a text that begins with one at `start`."""
    if prompt.word(start) != _QUOTE:
        return None
    return next((i for i in range(start + 1, len(prompt.tokens)) if prompt.tokens[i].text == _QUOTE), None)


def _note_end(prompt: Prompt, start: int, vocab: Vocabulary) -> int:
    last = _cut(prompt, start, vocab)
    sentence_end = piece(prompt, start, commas=False)[1]
    if last < sentence_end:
        return last
    while True:
        # The point itself, then the next sentence of the same text line.
        following = sentence_end + 2
        after = prompt.at(following)
        if after is None or after.kind == "line" or prompt.tokens[sentence_end + 1].kind == "line":
            break
        first, sentence_end = following, piece(prompt, following, commas=False)[1]
        if is_wish(prompt, first, sentence_end, vocab):
            break
        last = sentence_end
    closing = prompt.at(last + 1)
    return last + 1 if closing is not None and closing.text in (".", "!") else last


def _cut(prompt: Prompt, start: int, vocab: Vocabulary) -> int:
    """The end of the sentence, or the comma before the first wish in it."""
    end = piece(prompt, start, commas=False)[1]
    stops = [i for i in range(start + 1, end) if prompt.tokens[i].text in (",", ".") and not prompt.tokens[i + 1].glued]
    for n, stop in enumerate(stops):
        last = stops[n + 1] - 1 if n + 1 < len(stops) else end
        if is_wish(prompt, stop + 1, last, vocab):
            return stop - 1
    return end


def _counts(token: Token) -> bool:
    """True for a number that is no year."""
    return token.value is not None and not (len(token.text) == 4 and _YEARS[0] <= token.value <= _YEARS[1])


def is_wish(prompt: Prompt, first: int, last: int, vocab: Vocabulary) -> bool:
    """True when tokens `first` to `last` say something an offer is made of: a percentage, a counted product, a span of
    validity or of payment, something to attach, another label."""
    lex = lexicon(prompt.language)
    words = range(first, min(last, len(prompt.tokens) - 1) + 1)
    numbers = any(prompt.tokens[i].kind == "date" or _counts(prompt.tokens[i]) for i in words)
    spans = bool(times(prompt, first, last))
    percents = any(prompt.tokens[i].value is not None and is_percent(prompt.at(i + 1), lex) for i in words)
    named = any(is_product_word(prompt, i, vocab) for i in words)
    lists = ("valid", "pay", "warranty")
    timed = numbers and any(lex.inflected(kind, prompt.word(i)) for i in words for kind in lists)
    verbs = any(lex.has("attach", prompt.word(i)) for i in words)
    optional = named and any(lex.inflected("optional", prompt.word(i)) for i in words)
    return percents or (numbers and named and not spans) or timed or verbs or optional
