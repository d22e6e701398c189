import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from crowded import QUICK, Deadly, command, counted, counts, reported, scaled, small

from memfence.campaigns.scale.cluster import Cluster
from memfence.campaigns.scale.kept import Kept
from memfence.campaigns.scale.overseer import Budget, Overseer
from memfence.campaigns.scale.scaling import Scaling
from memfence.model.findings import Verdict
from memfence.model.scaled import ScaleResult
from memfence.plans.shards import Phase, shards

pytestmark = pytest.mark.long
pytest.importorskip("distributed")

SAID = ["--users", "200", "--store", "reference", "--seed", "7", "--shard", "50", "--pairs", "20", "--no-curves"]
PATIENT = Budget(tries=3, pause=0.1, look=0.02, nobody=20.0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler and two workers as processes of their own; a worker that dies comes back."""
    port, here = free_port(), tmp_path_factory.mktemp("dask")
    tests = str(Path(__file__).parents[1])
    path = os.pathsep.join(filter(None, (tests, os.environ.get("PYTHONPATH", ""))))
    environment = {**os.environ, "PYTHONPATH": path, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    run = [sys.executable, "-m"]
    commands = [
        [*run, "distributed.cli.dask_scheduler", *local, "--port", str(port)],
        [*run, "distributed.cli.dask_worker", f"tcp://127.0.0.1:{port}", *local, "--nworkers", "2", "--nthreads", "1"],
    ]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen(one, cwd=here, env=environment, **quiet) for one in commands]  # type: ignore[call-overload]
    try:
        yield f"dask://127.0.0.1:{port}"
    finally:
        for one in reversed(started):
            one.terminate()
            one.wait(30)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, ...]]:
    return counts(scaled(small(), tmp_path_factory.mktemp("undisturbed")))


def workers() -> list[psutil.Process]:
    """The processes that do shards: the youngest of each worker's family."""
    found = []
    for one in psutil.Process().children(recursive=True):
        # Some end while they are looked at.
        with suppress(psutil.Error):
            found += [one] if "spawn_main" in " ".join(one.cmdline()) else []
    return found


def at_work(address: str, count: int = 2) -> Cluster:
    seam = Cluster(address)
    deadline = time.monotonic() + 60
    while seam.slots() < count and time.monotonic() < deadline:
        time.sleep(0.1)
    return seam


def on_dask(address: str, folder: Path, told: object = None) -> ScaleResult:
    return Scaling(small(), folder, at_work(address), PATIENT, told or (lambda *_: None), "Dask")()  # type: ignore[arg-type]


def test_on_a_cluster_the_verdict_and_the_counts_are_the_serial_ones(
    cluster: str, tmp_path: Path, undisturbed: list[tuple[int, ...]]
) -> None:
    result = on_dask(cluster, tmp_path)
    assert result.verdict is Verdict.HELD, result.reasons
    assert counts(result) == undisturbed


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    cluster: str, tmp_path: Path, undisturbed: list[tuple[int, ...]]
) -> None:
    killed: set[Phase] = set()

    def told(phase: Phase, part: float) -> None:
        del part
        if phase in (Phase.PLANT, Phase.PROBE) and phase not in killed:
            killed.add(phase)
            workers()[-1].send_signal(signal.SIGKILL)

    result = on_dask(cluster, tmp_path, told)
    assert killed == {Phase.PLANT, Phase.PROBE}
    assert result.verdict is Verdict.HELD, result.reasons
    assert counts(result) == undisturbed


def test_a_shard_that_always_kills_its_worker_ends_by_name_and_its_neighbours_do_not(
    cluster: str, tmp_path: Path
) -> None:
    seam = at_work(cluster)
    planned = list(shards(Phase.PLANT, end=6, each=1, settings="s"))
    overseer = Overseer(seam, Kept(tmp_path), lambda one: Deadly(one, str(tmp_path), deadly=2), PATIENT)  # type: ignore[arg-type, return-value]
    overseer(planned)
    seam.close()
    assert list(overseer.failed) == ["plant 2-2"]
    assert [one.first for one in planned if not Kept(tmp_path).has(one)] == [2]


def test_a_driver_that_is_killed_is_gone_on_with(
    cluster: str, tmp_path: Path, undisturbed: list[tuple[int, ...]]
) -> None:
    at_work(cluster).close()
    folder = tmp_path / "crowd"
    first = subprocess.Popen(command(*SAID, "--folder", str(folder), "--executor", cluster, "--quiet"))
    while len(list(folder.glob("*.json"))) <= 5 and first.poll() is None:
        time.sleep(0.01)
    first.kill()
    first.wait()
    code, report = reported(tmp_path / "again", "--resume", str(folder), "--executor", cluster)
    assert (code, report["verdict"]) == (0, "held"), report["open"]
    assert counted(report) == undisturbed


def test_where_no_scheduler_answers_it_says_so() -> None:
    assert QUICK.tries
    with pytest.raises(Exception, match="no Dask scheduler answers"):
        Cluster(f"dask://127.0.0.1:{free_port()}")
