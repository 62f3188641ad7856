"""A list's state is its address: filters, order, place and columns in the query part."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.datastructures import QueryParams


def count_of(text: str, otherwise: int = 0) -> int:
    """The whole number typed, such as a record's version; `otherwise` for anything else and beyond nine digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


@dataclass(frozen=True)
class ListUrl:
    """The address of a list: `order` is a name, with `-` before it for descending; `filters` those that are set."""

    path: str
    order: str
    offset: int = 0
    filters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: str, query: QueryParams, filters: Iterable[str], order: str, orders: Iterable[str]) -> "ListUrl":
        """The address as asked for: unknown names are left aside, an unknown order gives `order`."""
        asked = query.get("order", "")
        known = asked if asked.removeprefix("-") in set(orders) else order
        offset = count_of(query.get("offset", "0"))
        given = {name: query[name].strip()[:200] for name in filters if query.get(name, "").strip()}
        return cls(path, known, offset, given)

    def __getitem__(self, name: str) -> str:
        """The filter `name`, empty where it is not set."""
        return self.filters.get(name, "")

    @property
    def query(self) -> str:
        """The query part without the place, as a saved view keeps it."""
        return urlencode({**self.filters, "order": self.order})

    def _url(self, filters: Mapping[str, str], order: str, offset: int) -> str:
        pairs = {**filters, "order": order, **({"offset": str(offset)} if offset else {})}
        return f"{self.path}?{urlencode(pairs)}"

    def at(self, offset: int) -> str:
        """The same list from the row `offset` on."""
        return self._url(self.filters, self.order, offset)

    def sorted_by(self, name: str) -> str:
        """The same list ordered by `name`; the other way round where it is ordered so already."""
        return self._url(self.filters, f"-{name}" if self.order == name else name, 0)

    def having(self, **changes: str | None) -> str:
        """The same list with filters changed; None takes one away."""
        merged = {**self.filters, **{k: v for k, v in changes.items() if v}}
        return self._url({k: v for k, v in merged.items() if changes.get(k, v) is not None}, self.order, 0)
