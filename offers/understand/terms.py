"""Terms in free words: in how many days to pay, how it is delivered, what warranty it has."""

from dataclasses import dataclass

from offers.request import Point
from offers.understand.dates import date_at, month_at
from offers.understand.lexicon import Lexicon, lexicon
from offers.understand.notes import is_wish
from offers.understand.pieces import Time, piece, times, unit_of_time
from offers.understand.products import is_product_word
from offers.understand.tokens import Prompt
from offers.understand.vocabulary import Vocabulary

_REACH = 4
_LONGEST_NET = 120
_LONGEST_ADDRESS = 40
_INCOTERMS = frozenset({"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP"})
_BEFORE_TIME = (
    "within",
    "in",
    "by",
    "until",
    "w",
    "na",
    "do",
    "ciagu",
    "of",
    "is",
    "max",
    "kb",
    ":",
    "the",
    "a",
    "od",
    "for",
    "przez",
)


@dataclass(frozen=True)
class Payment:
    """Days to pay in, or what has to be asked about them; `unread` are words of paying that say no days."""

    days: int | None = None
    doubt: Point | None = None
    unread: str = ""


def payment(prompt: Prompt) -> Payment:
    """The days of payment: a span of time beside a word for paying ("30 napos fizetés", "płatne w 14 dni", "payment in
    30 days", "net 30"), claimed. Working days and months are no number of days, and two different spans are none
    either: these are asked."""
    lex = lexicon(prompt.language)
    found: dict[int, str] = {}
    for i, token in enumerate(prompt.tokens):
        if not token.free or not lex.inflected("pay", token.folded):
            continue
        first, last = _around(prompt, i)
        near = [t for t in times(prompt, first, last) if _nearer(prompt, t, i, lex)]
        if near:
            span = min(near, key=lambda t: min(abs(t.first - i), abs(t.last - i)))
            written = prompt.written(min(span.first, i), max(span.last, i))
            prompt.claim(range(min(span.first, i), max(span.last, i) + 1), "payment")
            if span.working or span.unit not in ("days", "weeks") or span.count != int(span.count):
                return Payment(doubt=Point("payment", "payment_days_open", {"written": written}))
            found[int(span.count) * (7 if span.unit == "weeks" else 1)] = written
            continue
        bare = _bare(prompt, i, last)
        if bare is not None:
            prompt.claim(range(i, bare + 1), "payment")
            found[int(prompt.tokens[bare].value or 0)] = prompt.written(i, bare)
    net = _net(prompt) if not found else None
    if net is not None:
        found[net[0]] = net[1]
    if len(found) > 1:
        return Payment(doubt=Point("payment", "payment_days_open", {"written": " / ".join(found.values())}))
    if found:
        return Payment(next(iter(found)))
    unread = next((i for i, t in enumerate(prompt.tokens) if t.free and lex.inflected("pay", t.folded)), None)
    return Payment() if unread is None else Payment(unread=prompt.written(*_around(prompt, unread)))


def _around(prompt: Prompt, i: int) -> tuple[int, int]:
    """The tokens beside the one at `i` that may speak of the same term: its piece, as far as an "and"."""
    lex = lexicon(prompt.language)
    first, last = piece(prompt, i)
    for n in range(i - 1, first - 1, -1):
        if lex.has("conjunctions", prompt.word(n)):
            first = n + 1
            break
    last = next((n - 1 for n in range(i + 1, last + 1) if lex.has("conjunctions", prompt.word(n))), last)
    return max(first, i - 2 * _REACH), min(last, i + 2 * _REACH)


def _nearer(prompt: Prompt, span: Time, i: int, lex: Lexicon) -> bool:
    """True when no word of another term stands between the span and the word for paying."""
    low, high = min(span.last, i), max(span.first, i)
    between = [prompt.word(n) for n in range(low + 1, high)]
    others = ("valid", "warranty", "deliver")
    return high - low <= _REACH + 1 and not any(lex.inflected(kind, w) for w in between for kind in others)


def _bare(prompt: Prompt, i: int, last: int) -> int | None:
    """A number that ends the piece right behind the word for paying: "fizetési határidő: 30"."""
    token = prompt.at(last)
    if token is None or token.value is None or not token.free or not 0 < last - i <= 3:
        return None
    return last if token.value == int(token.value) and 0 <= token.value <= 365 else None


def _net(prompt: Prompt) -> tuple[int, str] | None:
    """ "net 30", "30 days net"; a number with a currency is a price."""
    for i, token in enumerate(prompt.tokens):
        if token.folded != "net" or not token.free or prompt.language != "en" or prompt.word(i - 1) == "at":
            continue
        after, end = prompt.at(i + 1), piece(prompt, i)[1]
        spans = times(prompt, max(0, i - 3), min(end, i + 3))
        span = next((t for t in spans if t.unit == "days" and (t.first == i + 1 or t.last == i - 1)), None)
        if span is not None:
            prompt.claim(range(min(i, span.first), max(i, span.last) + 1), "payment")
            return int(span.count), prompt.written(span.first, span.last)
        if after is not None and after.value is not None and i + 1 == end and 0 < after.value <= _LONGEST_NET:
            prompt.claim([i, i + 1], "payment")
            return int(after.value), prompt.written(i, i + 1)
    return None


def warranty(prompt: Prompt, vocab: Vocabulary) -> str | None:
    """The terms of warranty as written ("2 év garancia", "warranty: 24 months"), claimed; a word that a product is
    called by is left to the lines."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        if not token.free or not lex.inflected("warranty", token.folded) or is_product_word(prompt, i, vocab):
            continue
        first, last = i, i
        if prompt.word(i + 1) == ":":
            start, last = i + 2, piece(prompt, i)[1]
            if last >= start:
                prompt.claim(range(i, last + 1), "warranty")
                return prompt.written(start, last)
            continue
        low, high = _around(prompt, i)
        spans = [t for t in times(prompt, low, high) if t.last >= i - 3 and t.first <= i + 4]
        if spans:
            span = min(spans, key=lambda t: min(abs(t.first - i), abs(t.last - i)))
            first, last = min(i, span.first), max(i, span.last)
        while lex.inflected("warranty_kinds", prompt.word(first - 1)):
            first -= 1
        if first == i and last == i:
            continue
        last = _with_goods(prompt, last, high, vocab)
        prompt.claim(range(first, last + 1), "warranty")
        return prompt.written(first, last)
    return None


def _with_goods(prompt: Prompt, last: int, high: int, vocab: Vocabulary) -> int:
    """The end of the term with the goods it is for ("2 év garancia a monitorokra"), if nothing else is said there."""
    lex = lexicon(prompt.language)
    rest = range(last + 1, high + 1)
    small = ("on", "for", "na", "the", "all", "minden", "wszystkie")
    goods = [i for i in rest if is_product_word(prompt, i, vocab)]
    idle = all(i in goods or prompt.word(i) in small or lex.has("articles", prompt.word(i)) for i in rest)
    counted = any(prompt.tokens[i].value is not None for i in rest)
    return high if goods and idle and not counted else last


@dataclass(frozen=True)
class Delivery:
    """The terms of delivery as written; `in_words` when no charge for delivery was asked for with them."""

    text: str | None = None
    in_words: bool = False


def delivery(prompt: Prompt, vocab: Vocabulary) -> Delivery:
    """The terms of delivery: a time or a label beside a word for delivery, delivery free of charge, or an Incoterm;
    claimed, so that no line is made of them. A delivery that is counted stays a line and only its time is a term."""
    lex = lexicon(prompt.language)
    for i, token in enumerate(prompt.tokens):
        if token.free and token.text in _INCOTERMS:
            last = i
            while (after := prompt.at(last + 1)) is not None and after.capital and last - i < 2:
                last += 1
            prompt.claim(range(i, last + 1), "delivery")
            return Delivery(prompt.written(i, last))
        if not token.free or not lex.has("deliver", token.folded):
            continue
        if _inside_name(prompt, i):
            continue
        found = (
            _addressed(prompt, i, lex, vocab)
            or _labelled(prompt, i, lex)
            or _free(prompt, i, lex)
            or _timed(prompt, i, lex)
        )
        if found is None:
            continue
        start, first, last = found
        before = prompt.at(i - 1)
        counted = before is not None and before.value is not None and before.free and not _in(found, i - 1)
        if counted:
            first = i + 1
            start = max(start, first)
        if start > last:
            continue
        text = prompt.written(start, last)
        prompt.claim(range(first, last + 1), "delivery")
        return Delivery(text, not counted and is_known(vocab, token.folded))
    return Delivery()


def _inside_name(prompt: Prompt, i: int) -> bool:
    """ "Harbour Light Shipping": a capital behind a capital is a part of a name."""
    before, token = prompt.at(i - 1), prompt.tokens[i]
    return token.capital and before is not None and before.capital and i > 1


def _in(span: tuple[int, int, int], i: int) -> bool:
    return span[1] <= i <= span[2]


def is_known(vocab: Vocabulary, word: str) -> bool:
    """Whether some product is called by the folded `word`."""
    return any(h.score >= 0.9 for h in vocab.hits(word, False))


def _labelled(prompt: Prompt, i: int, lex: Lexicon) -> tuple[int, int, int] | None:
    """ "Delivery: ex works", "szállítási határidő: 2 hét"; a bare number behind the colon is a quantity."""
    first = i - 1 if lex.has("deliver_terms", prompt.word(i - 1)) else i
    at = i + 1 + lex.inflected("deliver_terms", prompt.word(i + 1))
    if prompt.word(at) != ":":
        return None
    last = piece(prompt, i)[1]
    rest = [prompt.tokens[n] for n in range(at + 1, last + 1)]
    words = [t for t in rest if t.kind == "word" and not lex.inflected("count_units", t.folded)]
    plain = all(lex.inflected("ordinary", t.folded) for t in words)
    timed = bool(times(prompt, at + 1, last)) or any(t.kind == "date" for t in rest)
    if not rest or (plain and not timed) or any(t.text in "%€" for t in rest):
        return None
    return at + 1, first, last


def _free(prompt: Prompt, i: int, lex: Lexicon) -> tuple[int, int, int] | None:
    if lex.has("free_of_charge", prompt.word(i - 1)):
        return i - 1, i - 1, i
    if lex.has("free_of_charge", prompt.word(i + 1)):
        last = i + 3 if (prompt.word(i + 2), prompt.word(i + 3)) == ("of", "charge") else i + 1
        return i, i, last
    return None


def _timed(prompt: Prompt, i: int, lex: Lexicon) -> tuple[int, int, int] | None:
    """A span of time or a day right beside the word: "delivery within 2 weeks", "2 hetes szállítással"."""
    low, high = piece(prompt, i)
    first = i - 1 if lex.has("deliver_terms", prompt.word(i - 1)) else i
    at = i + 1 + lex.inflected("deliver_terms", prompt.word(i + 1))
    while prompt.word(at) in _BEFORE_TIME:
        at += 1
    behind = [(t.first, t.last) for t in times(prompt, at, high) if t.first == at]
    day = period_at(prompt, at) or date_at(prompt, at)
    if day is not None and day <= high:
        behind.append((at, day))
    if behind:
        last = behind[0][1]
        while last < high and lex.has("through", prompt.word(last + 1)):
            last += 1
        return first, first, last
    late = _with_goods_between(prompt, i, high, lex)
    if late is not None:
        return late
    if lex.inflected("next", prompt.word(i - 2)) and prompt.at(i - 1) is not None and prompt.tokens[i - 1].free:
        return i - 2, i - 2, i
    ahead = [t for t in times(prompt, low, i - 1) if _reaches(prompt, t.last, i, lex)]
    if ahead:
        start = ahead[-1].first
        while prompt.word(start - 1) in ("within", "in", "w", "ciagu"):
            start -= 1
        last = i + lex.inflected("deliver_terms", prompt.word(i + 1))
        return start, start, last
    return None


def _with_goods_between(prompt: Prompt, i: int, high: int, lex: Lexicon) -> tuple[int, int, int] | None:
    """The time in "deliver 5 desks within 2 weeks": all that follows the word for delivery is left to the lines."""
    for span in times(prompt, i + 1, high):
        within = prompt.word(span.first - 1) in ("within", "in", "w", "ciagu")
        if within or lex.has("through", prompt.word(span.last + 1)):
            first = span.first - within
            last = span.last + lex.has("through", prompt.word(span.last + 1))
            return first, first, last
    return None


def period_at(prompt: Prompt, at: int) -> int | None:
    """The last token of a loosely told time that begins at `at`: "next week", "jövő hétig", "mid December", "december
    közepéig", "asap"; None if none does."""
    lex = lexicon(prompt.language)
    while lex.has("articles", prompt.word(at)) or prompt.word(at) in ("w", "we", "na", "do", "in", "by", "on"):
        at += 1
    word = prompt.word(at)
    if lex.has("soon", word):
        return at
    if lex.inflected("next", word) or lex.has("this", word):
        named = unit_of_time(prompt, at + 1) or prompt.word(at + 1).startswith("het")
        return at + 1 if named or prompt.word(at + 1) in lex.weekdays else None
    if lex.inflected("mid", word) or lex.has("end", word):
        after = at + 1
        while prompt.word(after) in ("of", "the", "-"):
            after += 1
        return after if month_at(prompt, after) or unit_of_time(prompt, after) else None
    if month_at(prompt, at) and prompt.tokens[at].value is None:
        following = prompt.at(at + 1)
        if following is not None and following.value is not None:
            return None
        return at + 1 if lex.inflected("mid", prompt.word(at + 1)) or lex.has("end", prompt.word(at + 1)) else at
    return None


def _addressed(prompt: Prompt, i: int, lex: Lexicon, vocab: Vocabulary) -> tuple[int, int, int] | None:
    """Where it is to be delivered: "szállítási cím: 1117 Budapest, Fehérvári út 82.", "deliver to the 3rd floor". It
    goes on to the end of the row, or to the first wish behind a comma or a point."""
    stop = min(len(prompt.tokens), i + _LONGEST_ADDRESS)
    end = next((n for n in range(i, stop) if prompt.tokens[n].kind == "line"), stop) - 1
    # "ul.", "u.": the point of a short word ends nothing.
    stops = [
        n
        for n in range(i, end)
        if prompt.word(n) in (",", ".", ";")
        and not prompt.tokens[n + 1].glued
        and not (
            prompt.word(n) == "."
            and prompt.tokens[n - 1].kind == "word"
            and not prompt.tokens[n - 1].glued
            and len(prompt.word(n - 1)) < 4
        )
    ]
    for k, stop in enumerate(stops):
        last = stops[k + 1] - 1 if k + 1 < len(stops) else end
        if is_wish(prompt, stop + 1, last, vocab) or _names_term(prompt, stop + 1, last, lex):
            end = stop - 1
            break
    while prompt.word(end) in (".", ",", ";"):
        end -= 1
    # "adres dostawy", "delivery address", "szállítási cím"
    near = next((n for n in (i + 1, i - 1) if lex.inflected("address", prompt.word(n))), None)
    if near is not None:
        at = max(near, i) + 1
        at += prompt.word(at) in (":", "-", "is")
        return (at, min(near, i), end) if at <= end else None
    first, last = piece(prompt, i)
    place = next((n for n in range(first, last + 1) if lex.inflected("places", prompt.word(n))), None)
    if place is not None and place < i and i - place <= 2:
        start = max(first, place - 1 - (prompt.word(place - 1) == "."))
        return start, start, i
    if place is not None and place > i and i == first + (prompt.word(first) in ("and", "es", "i", "z", "with", "plus")):
        return i, i, last
    street = any(prompt.tokens[n].value is not None and not prompt.tokens[n].spelled for n in range(i + 2, end + 1))
    if prompt.word(i + 1) in ("to", "pod") and street and not is_wish(prompt, i + 1, piece(prompt, i)[1], vocab):
        return i, i, end
    return None


def _names_term(prompt: Prompt, i: int, last: int, lex: Lexicon) -> bool:
    """True where another label or term begins: "megjegyzés: ...", "rabat", "valid for ..."."""
    words = [prompt.word(n) for n in range(i, min(last + 1, i + 3))]
    kinds = ("note_labels", "title_labels", "valid", "pay", "warranty", "discount", "attach")
    return any(lex.inflected(kind, w) for w in words if w for kind in kinds)


def _reaches(prompt: Prompt, last: int, i: int, lex: Lexicon) -> bool:
    """True when nothing but "belüli" or "term of" stands between a span of time and the word for delivery."""
    between = [prompt.word(n) for n in range(last + 1, i)]
    return all(
        w in ("beluli", "belul", "alatti", "-", "os", "es") or lex.inflected("deliver_terms", w) for w in between
    )
