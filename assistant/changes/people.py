"""Which user a wish names: by login, given or family name, in any inflection."""

import re

from sqlalchemy import select

from assistant.changes import lexicon
from assistant.changes.scene import Choice, Question, Scene
from assistant.changes.text import folded, plain
from core.errors import AppError, say
from crm.tables import User
from offers.understand.alike import INFLECTED, alike

_WORD = re.compile(r"[\w.-]+")
_DATIVE = re.compile(r"n[ae]k$")
# Hungarian puts the ending behind the last name only: a word that has one ends the name before it.
_ENDED = re.compile(r"(?:n[ae]k|n[ae]l|h[oe]z|v[ae]l|r[ao]l|rol|t[oe]l|[aeo]t)$")


def person(scene: Scene, text: str) -> str | None:
    """The login of the user `text` names; the asker for "me", "" for nobody, None where it names no one.

    Raises `Question` where several fit.
    """
    answer = scene.answer("person")
    if answer is not None:
        return _answered(scene, answer)
    flat = folded(plain(text))
    found = named(scene, text)
    if len(found) > 1:
        choices = tuple(Choice(user.display_name(scene.language), user.login) for user in found)
        raise Question("person", say("change_ask_person", scene.language), choices)
    if found:
        return found[0].login
    if lexicon.has("nouns", "nobody", flat):
        return ""
    if lexicon.has("nouns", "me", flat):
        return scene.session.actor.login
    return None


def _answered(scene: Scene, answer: str) -> str:
    flat = folded(plain(answer))
    if lexicon.has("nouns", "nobody", flat):
        return ""
    found = named(scene, answer)
    if len(found) == 1:
        return found[0].login
    if lexicon.has("nouns", "me", flat):
        return scene.session.actor.login
    raise AppError("change_no_person", 404, written=answer[:60])


def named(scene: Scene, text: str) -> list[User]:
    """The active users whose name or login is among the words of a text: those with both names said first.

    Words with a capital go before others: a name may be typed without, but "grace" may be a word as well.
    """
    text = plain(text)
    words = _WORD.findall(text)
    capitals = [folded(word) for word in words if word[0].isupper()]
    return _most(scene, capitals) or _most(scene, [folded(word) for word in words])


def _most(scene: Scene, words: list[str]) -> list[User]:
    users = _users(scene)
    met = {user.login: sum(_said(name, words) for name in _names(user)) for user in users}
    most = max(met.values(), default=0)
    return [user for user in users if met[user.login] == most] if most else []


def _users(scene: Scene) -> list[User]:
    query = select(User).where(User.active).order_by(User.family_name, User.given_name)
    return list(scene.session.scalars(query))


def places(scene: Scene, text: str) -> tuple[tuple[int, int], ...]:
    """Where in `text` users are named."""
    names = [name for user in named(scene, text) for name in _names(user)]
    words = _WORD.finditer(folded(text))
    return tuple(word.span() for word in words if any(_said(name, [word.group()]) for name in names))


def receiver(scene: Scene, text: str) -> str | None:
    """The login of the one user to whom `text` gives something: "for Vera", "Verának", "dla Magdy", "Tomaszowi".

    Somebody who is met or called is no receiver, nor is a person of the same given name and another family name.
    """
    text = plain(text)
    words = list(_WORD.finditer(text))
    logins = {user.login for at in range(len(words)) for user in _users(scene) if _receives(user, text, words, at)}
    return logins.pop() if len(logins) == 1 else None


def _receives(user: User, text: str, words: list[re.Match[str]], at: int) -> bool:
    """Whether the word at `at` is the given name or login of `user`, or ends their name, in the giving place."""
    names = _names(user)
    first = last = at
    if not _of(names, words[at]):
        return False
    if first and _of(names, words[first - 1]):
        return False
    if last + 1 < len(words) and _adjoins(text, words, last) and _of(names, words[last + 1]):
        last += 1
    called = {folded(user.given_name), folded(user.login)}
    if not any(_of(called, words[n]) for n in range(first, last + 1)):
        return False
    before = folded(words[first - 1].group()) if first else ""
    given = lexicon.is_only("giving", before)
    followed = last + 1 < len(words) and _adjoins(text, words, last) and _stranger(words[last + 1])
    # "for Anna Kowalska of Malinowski"; a Hungarian or Polish dative ends the name.
    if followed and (given or not _dative(names, words[last])):
        return False
    if first and _adjoins(text, words, first - 1) and _stranger(words[first - 1]):
        return given
    return given or _dative(names, words[last])


def _adjoins(text: str, words: list[re.Match[str]], at: int) -> bool:
    return not text[words[at].end() : words[at + 1].start()].strip()


def _stranger(word: re.Match[str]) -> bool:
    """Whether a word beside a name may belong to it: one with a capital that is no verb, politeness or ended name."""
    flat = folded(word.group())
    if not word.group()[0].isupper() or _ENDED.search(flat):
        return False
    return not any(p.fullmatch(flat) for p in (lexicon.any_verb(), lexicon.pattern("talk", "polite")))


def _dative(names: set[str], word: re.Match[str]) -> bool:
    flat = folded(word.group())
    if _DATIVE.search(flat):
        return not any(name == flat for name in names)
    return any(flat == name + "owi" or flat in _softened(name) for name in names)


def _softened(name: str) -> tuple[str, ...]:
    """The Polish dative of a name in -a, whose last consonant changes: Magda, Magdzie; Weronika, Weronice."""
    if not name.endswith("a"):
        return ()
    ending = lexicon.raw()["softened"].get(name[-2])
    return (name[:-2] + str(ending),) if ending else (name[:-1] + "ie",)


def _of(names: set[str], word: re.Match[str]) -> bool:
    return word.group()[0].isupper() and any(_said(name, [folded(word.group())]) for name in names)


def _names(user: User) -> set[str]:
    return {folded(user.given_name), folded(user.family_name), folded(user.login)}


def _said(name: str, words: list[str]) -> bool:
    return len(name) >= 3 and any(alike(word, name) >= INFLECTED or word in _softened(name) for word in words)
