"""The kinds of live questions as `kinds.toml` defines them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.live.lexicon import read_toml

Way = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Kind:
    """A kind of question; what its fields mean is told at the top of `kinds.toml`."""

    name: str
    ways: tuple[Way, ...]
    anchors: frozenset[str]
    without: frozenset[str]
    takes: frozenset[str]
    about: str
    whose: str
    span: str
    days: int | None
    ahead: bool

    def way(self, there: Collection[str]) -> Way | None:
        """The way that asks for most, of those of which everything is `there`; None where none is whole."""
        whole = [way for way in self.ways if all(group & set(there) for group in way)]
        anchored = not self.anchors or bool(self.anchors & set(there))
        if not anchored or self.without & set(there):
            return None
        return max(whole, key=len, default=None)


def _texts(raw: Mapping[str, object], name: str) -> list[str]:
    found = raw.get(name, [])
    assert isinstance(found, list)
    return [str(text) for text in found]


def _kind(name: str, raw: Mapping[str, object]) -> Kind:
    needs, days = raw["needs"], raw.get("days")
    assert isinstance(needs, list)
    return Kind(
        name=name,
        ways=tuple(tuple(frozenset(str(group).split("|")) for group in way) for way in needs),
        anchors=frozenset(_texts(raw, "anchors")),
        without=frozenset(_texts(raw, "without")),
        takes=frozenset(_texts(raw, "takes")),
        about=str(raw["about"]),
        whose=str(raw.get("whose", "all")),
        span=str(raw.get("span", "")),
        days=days if isinstance(days, int) else None,
        ahead=bool(raw.get("ahead", False)),
    )


@lru_cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by name, in the order of the file."""
    return {name: _kind(name, raw) for name, raw in read_toml("kinds").items()}


def fitting(there: Collection[str]) -> list[Kind]:
    """The kinds for which enough is `there`, the one that asks for most first."""
    found = [(len(way), kind) for kind in kinds().values() if (way := kind.way(there)) is not None]
    return [kind for _, kind in sorted(found, key=lambda pair: -pair[0])]
