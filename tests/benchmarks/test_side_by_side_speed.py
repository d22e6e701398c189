"""What two processes take of one's time, side by side. Reported, never asserted, as `test_speed.py`.

Wanted: at most 0.65.
"""

import subprocess
import sys
import time
from collections.abc import Callable

from pytest_benchmark.fixture import BenchmarkFixture
from test_speed import report

__all__ = ["report"]


def seconds(processes: int) -> float:
    """Return how long a whole audit of the reference takes."""
    command = [sys.executable, "-m", "memfence", "audit", "reference", "--seed", "7", "-n", str(processes), "-q"]
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return time.perf_counter() - began


def test_an_audit_in_two_processes_beside_one(benchmark: BenchmarkFixture, report: Callable[..., None]) -> None:
    """Wanted: at most 0.65 of the time."""
    taken: dict[int, float] = {}

    def both() -> None:
        taken.update({count: seconds(count) for count in (1, 2)})

    benchmark.pedantic(both, rounds=1, warmup_rounds=0)

    report(one=taken[1], two=taken[2], ratio=taken[2] / taken[1])
