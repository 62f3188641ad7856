"""Values in a question that are names of records or fields: colleagues, stages, cities, campaigns, statuses."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from assistant.live.lexicon import Heard, split, table
from core.language import Language
from core.text import fold, folded_words
from crm import customer_list, opportunity_list, product_list
from crm.pipeline_rules import rules
from crm.session import CrmSession
from crm.tables import Customer, User
from offers.understand.alike import INFLECTED, TYPO, alike

_SHORTEST_STEM = 4
_RECORD = re.compile(r"\b(?:(O\d{4,9})|([A-Z]{1,6}-\d{4}-\d{3,9}))\b", re.IGNORECASE)


@dataclass
class Values:
    """What was found, by name of the value, and the places of its words."""

    found: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, frozenset[int]] = field(default_factory=dict)

    def add(self, name: str, texts: Iterable[str], places: Iterable[int]) -> None:
        """Keep the value `name`, once."""
        texts = tuple(dict.fromkeys(texts))
        if texts and name not in self.found:
            self.found[name], self.places[name] = texts, frozenset(places)

    def one(self, name: str) -> str:
        """The only text of the value `name`; empty where there is none or several."""
        texts = self.found.get(name, ())
        return texts[0] if len(texts) == 1 else ""


def _inflected(word: str, name: str) -> bool:
    """Whether `word` is `name` in some case: Polish changes its last vowel, Hungarian adds to it."""
    stem = name[:-1] if len(name) > _SHORTEST_STEM and name[-1] in "aeiouy" else name
    return alike(word, name) >= INFLECTED or (len(stem) >= _SHORTEST_STEM and word.startswith(stem))


def people(session: CrmSession, values: Values, words: Sequence[str], unexplained: Iterable[int]) -> None:
    """The active colleagues whose given name, family name, login or both names are among the words."""
    users = session.scalars(select(User).where(User.active).order_by(User.login)).all()
    met: dict[str, set[int]] = {}
    for user in users:
        names = {*folded_words(user.given_name), *folded_words(user.family_name), fold(user.login)}
        hits = {at for at in unexplained if any(_inflected_person(words[at], n) for n in names)}
        if hits:
            met[user.login] = hits
    if not met:
        return
    most = max(len(hits) for hits in met.values())
    chosen = {login: hits for login, hits in met.items() if len(hits) == most}
    values.add("person", chosen, {at for hits in chosen.values() for at in hits})


def _inflected_person(word: str, name: str) -> bool:
    if len(name) < 3 or word[:2] != name[:2]:
        return False
    if alike(word, name) >= (TYPO if len(name) > 4 else INFLECTED):
        return True
    # Magda, Magdy, Magdzie; Oliver, Olivera, Oliverowi.
    stem = name[:-1] if name[-1] in "aeiouy" else name
    return len(stem) > 2 and word.startswith(stem) and len(word) - len(stem) <= 4


def stages(session: CrmSession, values: Values, words: list[str], language: Language, heard: Heard) -> None:
    """The stage named. Names that are ordinary words ("offer", "contact") count only beside the word for stage."""
    known = rules(session)
    codes = {stage.code for stage in known.stages}
    by_word = table("values", "stages").hear(words, language)
    for code, places in by_word.places.items():
        sure = code == "decision" or "stage" in heard
        if code in codes and sure:
            values.add("stage", [code], places)
    if "stage" not in heard and "stuck" not in heard:
        return
    for stage in known.stages:
        for name in (str(text) for text in stage.names.values()):
            first = folded_words(name)[:1]
            for at, word in enumerate(words):
                if first and len(first[0]) > 3 and alike(word, first[0]) >= INFLECTED:
                    values.add("stage", [stage.code], [at])


def words_of_lists(values: Values, words: list[str], language: Language) -> None:
    """The status and country named by the words of `values.toml`."""
    for name, path in (("status", "statuses"), ("country", "countries")):
        for code, places in table("values", path).hear(words, language).places.items():
            values.add(name, [code], places)


def cities(session: CrmSession, values: Values, words: list[str], unexplained: Iterable[int]) -> None:
    """The city named, of those where the asker sees customers."""
    known = session.scalars(select(Customer.city).where(Customer.city.is_not(None)).distinct()).all()
    for at in unexplained:
        for city in known:
            parts = folded_words(city or "")
            if parts and len(parts[0]) > 2 and _inflected(words[at], parts[0]):
                places = range(at, min(at + len(parts), len(words)))
                values.add("city", [str(city)], places)


def segments(session: CrmSession, values: Values, words: list[str], heard: Heard) -> None:
    """The segment named beside the word for it."""
    beside = heard.places.get("segment", frozenset())
    if not beside:
        return
    known = {fold(name): name for name in customer_list.choices(session).segments}
    for at in sorted(beside):
        for near in (at + 1, at - 1, at + 2, at - 2):
            if 0 <= near < len(words) and words[near] in known:
                values.add("segment", [known[words[near]]], [near])


def categories(session: CrmSession, values: Values, words: list[str]) -> None:
    """The product category named."""
    for category in product_list.categories(session):
        parts = folded_words(category)
        for at, word in enumerate(words):
            if parts and (_inflected(word, parts[0]) or (len(word) > 5 and word[:5] == parts[0][:5])):
                values.add("category", [category], [at])


def campaigns(session: CrmSession, values: Values, words: list[str]) -> None:
    """The campaign of which all the longer words were said, in any case."""
    for campaign in opportunity_list.campaigns(session):
        wanted = [w for w in folded_words(campaign) if len(w) > 2]
        places = [next((at for at, word in enumerate(words) if _inflected(word, w)), None) for w in wanted]
        if wanted and None not in places:
            values.add("campaign", [campaign], [at for at in places if at is not None])


def records(values: Values, text: str, words: list[str]) -> None:
    """The code of an opportunity or the number of an offer, as "opportunity O0001" or "offer AJ-2026-00001"."""
    found = _RECORD.search(text)
    if found is not None:
        kind = "opportunity" if found.group(1) else "offer"
        parts = set(split(found.group()))
        values.add("record", [kind, found.group().upper()], [at for at, word in enumerate(words) if word in parts])
