"""What a second worker saves of a crowd's time, phase by phase. Reported, never asserted.

Of a real store, a server's, much of the work is the server's own, on the same cores: `-m slow` asks for that one, too.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

USERS = 20_000


@pytest.mark.parametrize("store", ["reference", pytest.param("pgvector", marks=pytest.mark.slow)])
def test_two_workers_over_one(
    benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str], tmp_path: Path, store: str
) -> None:
    """Time of `memfence scale` with two processes over that with one, one after the other; wanted: at most 0.65."""

    def both() -> list[dict[str, Any]]:
        return [times_of(store, workers, tmp_path / f"{workers}.json") for workers in (1, 2)]

    one, two = benchmark.pedantic(both, rounds=1)

    figures = {"all of it": two["seconds"] / one["seconds"], "a bare loop": ratio_of_bare_loops()}
    figures |= {phase: two["lasted"][phase] / max(lasted, 0.1) for phase, lasted in one["lasted"].items()}
    benchmark.extra_info.update(figures)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {store}, {USERS:,} users: {one['seconds']:.1f} s with one, {two['seconds']:.1f} with two\n"
        )
        for name, ratio in figures.items():
            seconds = one["lasted"].get(name, one["seconds"])
            beside = "" if name == "a bare loop" else f"{seconds:.1f} s"
            sys.stdout.write(f"  {name:<12} {beside:>8}  {ratio:.2f} of it with two workers\n")


def ratio_of_bare_loops() -> float:
    """Return the time of two loops at once over that of one after the other: on a machine with work to do, near 1."""
    loop = [sys.executable, "-c", "for _ in range(20_000_000): pass"]

    def timed(at_once: int) -> float:
        began = time.perf_counter()
        for _ in range(2 // at_once):
            running = [subprocess.Popen(loop) for _ in range(at_once)]
            for one in running:
                one.wait()
        return time.perf_counter() - began

    return timed(2) / timed(1)


def times_of(store: str, workers: int, report: Path) -> dict[str, Any]:
    """Return the times that the report of one command tells."""
    said = ["--users", str(USERS), "--store", store, "--seed", "7", "--workers", str(workers), "--quiet"]
    command = [sys.executable, "-m", "memfence", "scale", *said, "--report", str(report)]
    subprocess.run(command, check=True, capture_output=True)
    times: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["times"]
    return times
