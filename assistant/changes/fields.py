"""Which field a clause speaks of, and the value it gives it."""

import re

from assistant.changes import lexicon
from core.language import Language
from offers.understand.tokens import tokenise

_RESOURCES = ("contact", "customer", "opportunity", "activity")
_NUMBERS = frozenset({"payment_days", "employees", "sites", "amount"})
_CHOICES = frozenset({"status", "priority", "currency", "language"})
_EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[A-Za-z]{2,}")
_PHONE = re.compile(r"\+?\d[\d\s()/-]{5,24}\d")
_TAX = re.compile(r"\b[A-Z]{0,2}\d[\d-]{6,14}\d\b")
_QUOTED = re.compile(r"\"([^\"]+)\"|'([^']{2,})'")
# What a Hungarian value may end in, the vowel before it long: "Győrre", "Gyulára", "Kissnek".
_ENDING = re.compile(r"-?(?:ra|re|nak|nek|va|ve)$")
Found = tuple[str, str, tuple[int, int]]


def field_of(flat: str) -> Found | None:
    """The record's kind, the field, and its place in a folded clause. "E-mail" at a contact comes before "mail"."""
    best: Found | None = None
    preferred = [r for r in _RESOURCES if r != "contact" and lexicon.has("nouns", _noun(r), flat)]
    for resource in (*preferred, *_RESOURCES):
        if resource not in ("contact", *preferred) and preferred:
            continue
        for name, words in lexicon.named("fields", resource):
            found = words.search(flat)
            # An offer has a status of its own, which is not set like this.
            if found is not None and not (name == "status" and lexicon.has("nouns", "offer", flat)):
                return resource, name, found.span()
    return best


def _noun(resource: str) -> str:
    return "task" if resource == "activity" else resource


def value_of(text: str, flat: str, field: str, place: tuple[int, int], language: Language) -> str | None:
    """The value a clause gives `field`, whose word is at `place`, as its form takes it; None where it says none."""
    quoted = _QUOTED.search(text)
    if quoted is not None:
        return (quoted.group(1) or quoted.group(2)).strip()
    for name, form in (("email", _EMAIL), ("phone", _PHONE), ("tax_number", _TAX)):
        if field == name:
            found = form.search(text)
            return found.group().strip(" ,.-") if found is not None else None
    if field in _CHOICES:
        target = flat[place[1] :] + " " + flat[: place[0]]
        return next((code for code, words in lexicon.named("values", field) if words.search(target)), None)
    if field in _NUMBERS:
        return _number(text, place, language)
    return _words_after(text, flat, place, language)


def _number(text: str, place: tuple[int, int], language: Language) -> str | None:
    tokens = [t for t in tokenise(text, language).tokens if t.value is not None]
    behind = [t for t in tokens if t.start >= place[1]] or tokens
    # "the employees of C0007 to 30": figures inside a code are no value.
    free = [t for t in behind if not re.search(r"[A-Za-z]$", text[: t.start])]
    if not free:
        return None
    value = free[-1].value
    return None if value is None else format(value.normalize(), "f")


def _words_after(text: str, flat: str, place: tuple[int, int], language: Language) -> str | None:
    colon = re.search(r"[:=](?!\d)\s*", text)
    if colon is not None:
        return text[colon.end() :].strip(" .") or None
    if language == "hu":
        return _hungarian(text, flat, place)
    marks = list(re.finditer(r"(?<!\w)(?:to|as|na|jako|is|bedzie)(?!\w)", flat))
    behind = [m for m in marks if m.start() >= place[1]] or marks
    return (text[behind[-1].end() :].strip(" .,") or None) if behind else None


def _hungarian(text: str, flat: str, place: tuple[int, int]) -> str | None:
    """The word with -ra or -re, with the capitals before it; else what stands behind the field's word."""
    for found in re.finditer(r"\S+", text):
        word = found.group().strip(".,;")
        ended = _ENDING.search(flat[found.start() : found.start() + len(word)])
        if ended is None or found.start() == place[0] or len(word) <= len(ended.group()) + 1:
            continue
        first = found.start()
        while (before := re.search(r"(\S+) $", text[:first])) and before.group(1)[0].isupper():
            if before.start() <= place[1]:
                break
            first = before.start()
        return _stem(text[first : found.start()] + word[: len(word) - len(ended.group())])
    rest = text[place[1] :].strip(" .,")
    verb = lexicon.pattern("verbs", "set")
    left = verb.sub("", rest).strip(" .,")
    return left or None


def _stem(word: str) -> str:
    """Without the lengthening an ending brings: Gyulá- is Gyula, Zebegén- stays."""
    return word[:-1] + {"á": "a", "é": "e"}[word[-1]] if word[-1:] in ("á", "é") else word
