"""How often an address, and a link, may be asked: counted in memory, since looking writes nothing."""

import time
from collections import OrderedDict, deque
from threading import Lock

from core.errors import AppError

_SECONDS = 60.0
_MOST_KEYS = 20_000


class Rates:
    """At most so many requests a minute for each key; the keys asked longest ago are forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def count(self, *keys: str) -> None:
        """Count a request for each of `keys`. Raises `AppError("link_too_often")` (429) where one has had its share."""
        moment = time.monotonic()
        with self._lock:
            # A refused request leaves nothing behind: it may name a key nobody asks again.
            if not all(self._room(key, moment) for key in keys):
                raise AppError("link_too_often", 429)
            for key in keys:
                self._asked.setdefault(key, deque()).append(moment)
                self._asked.move_to_end(key)
            while len(self._asked) > _MOST_KEYS:
                self._asked.popitem(last=False)

    def _room(self, key: str, moment: float) -> bool:
        times = self._asked.get(key)
        if times is None:
            return True
        while times and times[0] <= moment - _SECONDS:
            times.popleft()
        return len(times) < self._most
