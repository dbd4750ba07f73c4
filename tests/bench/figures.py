"""A figure as it goes from the measuring process to docs/benchmarks.md."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One row. `part` says which part of `make bench` gives it; `target` is DESIGN's, empty where there is none."""

    part: str
    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    def say(self) -> None:
        """One line of JSON on the output."""
        print(json.dumps(asdict(self), ensure_ascii=False), flush=True)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which that many of a hundred lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def milliseconds(seconds: float) -> str:
    """With one decimal below ten."""
    return f"{seconds * 1000:.1f} ms" if seconds < 0.01 else f"{seconds * 1000:.0f} ms"
