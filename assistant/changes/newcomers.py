"""A new contact as people name one: a name, an e-mail address, a telephone number, a position, in any order."""

import re

from assistant.changes import lexicon
from assistant.changes.targets import Span, without
from assistant.changes.text import folded
from core.language import Language
from crm.proposals import NewContact

_EMAIL = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;\"]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?\d[\d\s()/-]{5,24}\d")
_NAME = re.compile(r"[^\W\d_][\w'-]*\.?(?:\s+[^\W\d_][\w'-]*)*")
_ACCUSATIVE = (("át", "a"), ("ét", "e"), ("ót", "ó"), ("őt", "ő"))


def new_contact(customer: str, text: str, spans: tuple[Span, ...], language: Language) -> NewContact:
    """The contact that `text` describes; the words at `spans` are the customer's. What it does not say is empty."""
    left = without(text, spans)
    email, phone = _EMAIL.search(left), None
    if email is not None:
        left = without(left, (email.span(),))
    phone = _PHONE.search(left)
    if phone is not None:
        left = without(left, (phone.span(),))
    ordered = re.match(r"[^:,]*", folded(left))
    bent = ordered is not None and ":" not in left and lexicon.has("verbs", "add", ordered.group())
    left = _bare(left)
    name, position = "", ""
    for part in re.split(r"[,;:()\n]+", left):
        capitals, others = _told_apart(part)
        if not name and capitals:
            name = capitals
        elif not position:
            position = capitals or others
        if name and not position and others and capitals:
            position = others
    names = _straight(name, language) if bent else name.split()
    family, given = _parted(names, language)
    return NewContact(
        customer=customer,
        family_name=family,
        given_name=given,
        position=position.strip(" .-–"),
        email=email.group().strip(".") if email else "",
        phone=phone.group().strip() if phone else "",
    )


def _bare(text: str) -> str:
    """`text` without the words that ask for a contact and name its fields."""
    flat = folded(text)
    for words in (
        lexicon.pattern("nouns", "contact"),
        lexicon.any_verb(),
        lexicon.pattern("verbs", "new"),
        *(words for name, words in lexicon.named("fields", "contact")),
        lexicon.pattern("nouns", "customer"),
        lexicon.pattern("nouns", "this"),
        lexicon.pattern("talk", "polite"),
    ):
        spans = lexicon.spans(words.finditer(flat))
        text, flat = without(text, spans), without(flat, spans)
    return text


def _told_apart(part: str) -> tuple[str, str]:
    """The first run of capitalised words of a part, and its other words without prepositions."""
    run: list[str] = []
    others: list[str] = []
    closed = False
    for word in re.findall(r"[\w'.-]+", part):
        if word[0].isupper() and not closed:
            run.append(word.strip("."))
            continue
        closed = closed or bool(run)
        if not lexicon.is_only("filler", folded(word)) and word.strip(".-–'"):
            others.append(word)
    return " ".join(run), " ".join(others)


def _straight(name: str, language: Language) -> list[str]:
    """The words of a name that stood as an object, as they are on their own: "Kiss Annát", "Annę Kowalską"."""
    words = name.split()
    if not words:
        return []
    if language == "hu":
        last = words[-1]
        for ending, plain in _ACCUSATIVE:
            if last.endswith(ending):
                return [*words[:-1], last[: -len(ending)] + plain]
        shorter = re.sub(r"(?<=[bcdfghjklmnpqrsvxyz])[eoöa]t$|(?<=[nrlsjyzí])t$", "", last)
        return [*words[:-1], shorter if len(shorter) > 2 else last]
    if language == "pl":
        straight = [re.sub("ę$", "a", re.sub("ą$", "a", word)) for word in words]
        if len(straight) > 1 and straight[-1].endswith("iego"):
            straight[-1] = straight[-1][: -len("ego")]
            straight[0] = straight[0].removesuffix("a")
        return straight
    return words


def _parted(words: list[str], language: Language) -> tuple[str, str]:
    """Family and given name: the family name comes first in Hungarian."""
    if len(words) < 2:
        return (words[0] if words else ""), ""
    return (words[0], " ".join(words[1:])) if language == "hu" else (words[-1], " ".join(words[:-1]))
