"""What a benchmark answers, and how it measures."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.clock import now


@dataclass(frozen=True)
class Figure:
    """One measured case. Times are milliseconds of wall clock; `floor` says what the product is compared with.

    `parts` are medians of where the product's time goes (they need not add up to its median), `notes`
    whatever a reader needs to judge the figure.
    """

    benchmark: str
    case: str
    samples: int
    median_ms: float
    p95_ms: float
    floor: str
    floor_median_ms: float
    floor_p95_ms: float
    parts: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """How many times the floor's median the product's is."""
        return self.median_ms / self.floor_median_ms

    @property
    def ratio_p95(self) -> float:
        """The same for the 95th percentiles."""
        return self.p95_ms / self.floor_p95_ms


def percentile_95(values: Sequence[float]) -> float:
    """The 95th percentile of `values`: the smallest of them that at least 95 % do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]


def figure(
    benchmark: str, case: str, floor: str, pairs: Sequence[tuple[float, float]], parts: "Parts | None" = None
) -> Figure:
    """The figure of `pairs`: milliseconds of the product and of the floor, one pair a sample."""
    product, base = [p for p, _ in pairs], [b for _, b in pairs]
    return Figure(
        benchmark=benchmark,
        case=case,
        samples=len(pairs),
        median_ms=statistics.median(product),
        p95_ms=percentile_95(product),
        floor=floor,
        floor_median_ms=statistics.median(base),
        floor_p95_ms=percentile_95(base),
        parts=parts.medians() if parts else {},
    )


def milliseconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def alternately(product: Callable[[], object], floor: Callable[[], object], turn: int) -> tuple[float, float]:
    """Both times, the product going first every other `turn`, so that neither always finds warm caches."""
    if turn % 2:
        base = milliseconds(floor)
        return milliseconds(product), base
    return milliseconds(product), milliseconds(floor)


class Parts:
    """A stopwatch put around functions of the product for a while, to see where its time goes.

    Used in a pass of its own, not in the one whose totals are reported.
    """

    def __init__(self) -> None:
        self._samples: list[dict[str, float]] = []

    def new_sample(self) -> None:
        """What is timed from now on belongs to the next sample."""
        self._samples.append({})

    def add(self, part: str, spent: float) -> None:
        """Counts `spent` milliseconds of `part` in the present sample."""
        sample = self._samples[-1]
        sample[part] = sample.get(part, 0.0) + spent

    @contextmanager
    def around(self, owner: object, function: str, part: str) -> Iterator[None]:
        """Times `owner.function` as `part` while the context is open."""
        inner = getattr(owner, function)

        def timed(*args: object, **kwargs: object) -> object:
            started = time.perf_counter()
            try:
                return inner(*args, **kwargs)
            finally:
                self.add(part, (time.perf_counter() - started) * 1000)

        setattr(owner, function, timed)
        try:
            yield
        finally:
            setattr(owner, function, inner)

    def medians(self) -> dict[str, float]:
        """The median of every part over the samples."""
        names = dict.fromkeys(name for sample in self._samples for name in sample)
        return {name: statistics.median(sample.get(name, 0.0) for sample in self._samples) for name in names}


def machine() -> dict[str, object]:
    """When and where this run is, and how busy the machine is with it (load averages of 1, 5, 15 minutes)."""
    return {
        "at": now().isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": [round(load, 2) for load in os.getloadavg()],
    }
