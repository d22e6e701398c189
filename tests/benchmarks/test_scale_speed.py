"""What a second worker saves of a crowd's time, phase by phase. Reported, never asserted.

Of a real store, a server's, much of the work is the server's own, on the same cores: `-m slow` asks for that one, too.
"""

import json
import subprocess
import sys
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

    figures = {"all of it": two["seconds"] / one["seconds"]}
    figures |= {phase: two["lasted"][phase] / max(lasted, 0.1) for phase, lasted in one["lasted"].items()}
    benchmark.extra_info.update(figures)
    with capsys.disabled():
        sys.stdout.write(
            f"\n  {store}, {USERS:,} users: {one['seconds']:.1f} s with one, {two['seconds']:.1f} with two\n"
        )
        for name, ratio in figures.items():
            seconds = one["seconds"] if name == "all of it" else one["lasted"][name]
            sys.stdout.write(f"  {name:<12} {seconds:6.1f} s, {ratio:.2f} of it with two workers\n")


def times_of(store: str, workers: int, report: Path) -> dict[str, Any]:
    """Return the times that the report of one command tells."""
    said = ["--users", str(USERS), "--store", store, "--seed", "7", "--workers", str(workers), "--quiet"]
    command = [sys.executable, "-m", "memfence", "scale", *said, "--report", str(report)]
    subprocess.run(command, check=True, capture_output=True)
    times: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))["times"]
    return times
