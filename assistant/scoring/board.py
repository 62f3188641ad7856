"""What every measurement comes to: shares by group, and what went wrong, in one shape for table and JSON."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypedDict

ALL = "all"


class ShareDict(TypedDict):
    """A share as it is printed in JSON; `share` to four decimals, none where there was nothing to count."""

    right: int
    of: int
    share: float | None


class BoardDict(TypedDict):
    """A whole measurement in JSON. `groups` are languages (or channels), `all` the last of them; `curve` has the
    points of a trade-off where one was measured."""

    name: str
    measured: str
    groups: dict[str, dict[str, ShareDict]]
    figures: dict[str, float]
    curve: list[dict[str, float]]
    wrong: list[dict[str, object]]


@dataclass
class Share:
    """How many of how many."""

    right: int = 0
    of: int = 0

    def as_dict(self) -> ShareDict:
        """The share as it is printed in JSON."""
        return {"right": self.right, "of": self.of, "share": round(self.right / self.of, 4) if self.of else None}

    def __str__(self) -> str:
        return f"{100 * self.right / self.of:.1f}% ({self.right}/{self.of})" if self.of else "–"


@dataclass
class Board:
    """One measurement. `metrics` are in the order they are shown; `figures` single numbers that belong to no group."""

    name: str
    metrics: tuple[str, ...]
    groups: dict[str, dict[str, Share]] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    curve: list[dict[str, float]] = field(default_factory=list)
    wrong: list[dict[str, object]] = field(default_factory=list)

    def count(self, group: str, metric: str, right: int | bool, of: int = 1) -> None:
        """Add `right` of `of` to `metric` of `group`, and of all."""
        for name in (group, ALL):
            share = self.groups.setdefault(name, {}).setdefault(metric, Share())
            share.right += int(right)
            share.of += of

    def share(self, group: str, metric: str) -> Share:
        """One share; empty where nothing was counted."""
        return self.groups.get(group, {}).get(metric, Share())

    @property
    def names(self) -> list[str]:
        """The groups, all of them together last."""
        return [*(name for name in sorted(self.groups) if name != ALL), *([ALL] if ALL in self.groups else [])]

    def rows(self) -> Iterable[tuple[str, list[str]]]:
        """A line a metric: its name, and its share in every group."""
        for metric in self.metrics:
            yield metric, [str(self.share(name, metric)) for name in self.names]

    def as_dict(self, measured: date) -> BoardDict:
        """The whole in JSON; `measured` is the day."""
        return {
            "name": self.name,
            "measured": measured.isoformat(),
            "groups": {name: {m: self.share(name, m).as_dict() for m in self.metrics} for name in self.names},
            "figures": {name: round(value, 4) for name, value in self.figures.items()},
            "curve": self.curve,
            "wrong": self.wrong,
        }
