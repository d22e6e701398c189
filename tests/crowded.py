"""Crowds for tests: a folder, two processes, and what came of it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from memfence.campaigns.scale.kept import Kept
from memfence.campaigns.scale.overseer import Budget
from memfence.campaigns.scale.processes import Processes
from memfence.campaigns.scale.scaling import Scaling
from memfence.campaigns.scale.settings import ScaleSettings
from memfence.campaigns.scale.work import Task
from memfence.model.scaled import ScaleResult
from memfence.plans.shards import Phase, Shard
from memfence.reporting.scale_json import scale_as_json

QUICK = Budget(pause=0.01, look=0.01, nobody=1.0)


def small(**said: Any) -> ScaleSettings:
    """Two hundred users of the reference, in shards of fifty."""
    chosen = {"users": 200, "store": "reference", "seed": 7, "shard": 50, "pairs": 20, "curves": False, **said}
    return ScaleSettings(**chosen)


def scaled(
    settings: ScaleSettings, folder: Path, told: Callable[[Phase, float], None] = lambda *_: None
) -> ScaleResult:
    """Go through it with two processes."""
    try:
        return Scaling(settings, folder, Processes(2), QUICK, told, "2 processes")()
    finally:
        settings.opens.stop(str(folder), settings.store_url)


def counts(result: ScaleResult) -> list[tuple[int, ...]]:
    """What a result counted."""
    return counted(scale_as_json(result))


def counted(report: dict[str, Any]) -> list[tuple[int, ...]]:
    """What every sweep counted, and what was planted, probed and erased: the same however it was disturbed."""
    rows = ("rows", "right", "mislabelled", "missing", "doubled", "foreign", "unlabelled", "left", "expected")
    swept = [tuple(one[name] for name in rows) for one in report["sweeps"]]
    probed = [
        tuple(one[name] for name in ("probes", "refused", "crashed", "pairs", "leaked"))
        for channels in report["doors"].values()
        for one in channels.values()
    ]
    controls = [(one["caught"], one["of"]) for one in report["controls"].values()]
    return [*swept, *probed, *controls, tuple(report["planted"].values()), (report["erased"], report["left_behind"])]


def command(*arguments: str) -> list[str]:
    """The command line of memfence scale."""
    return [sys.executable, "-m", "memfence", "scale", *arguments]


def reported(folder: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Run the command to its end; return its exit code and its report."""
    report = folder.with_suffix(".report.json")
    done = subprocess.run(command(*arguments, "--report", str(report)), capture_output=True, text=True, check=False)
    assert report.exists(), done.stderr
    return done.returncode, json.loads(report.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Deadly:
    """A task that kills its worker where its shard begins at this number, and else leaves a result."""

    shard: Shard
    folder: str
    deadly: int

    def __call__(self) -> str:
        if self.shard.first == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        Kept(Path(self.folder)).keep(self.shard, {"seconds": 0.0, "peak_bytes": 0})
        return self.shard.digest


@dataclass(frozen=True)
class Endless:
    """A task that takes for ever."""

    shard: Shard

    def __call__(self) -> str:
        while True:
            signal.pause()


class Here:
    """A seam that does each task at once, in this process."""

    def slots(self) -> int:
        return 1

    def submit(self, task: Task) -> object:
        return task()

    def done(self, handle: object) -> bool:
        return handle is not None

    def error(self, handle: object) -> None:
        del handle

    def drop(self, handle: object) -> None:
        """It is over."""

    def close(self) -> None:
        """Nothing was opened."""
