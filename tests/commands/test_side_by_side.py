"""`memfence audit -n`: several processes, and one report."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from memfence.base.errors import HarnessError
from memfence.base.machine import fitting
from memfence.campaigns import resolve
from memfence.campaigns.audits import chosen
from memfence.campaigns.settings import FAST, AuditSettings
from memfence.campaigns.side_by_side import processes
from memfence.performing.contract import Target, adapt

# Of an in-memory target of one's own; what its search does is filled in.
OWN = """
import os
from pathlib import Path


class Memory:
    def __init__(self, rows, user_id):
        self.rows, self.user_id = rows, user_id

    def add(self, text):
        self.rows.append({{"id": str(len(self.rows)), "memory": text, "user_id": self.user_id}})
        return {{"results": [dict(self.rows[-1])]}}

    def search(self, query):
        {search}

    def get_all(self):
        return [row for row in self.rows if repr(row["user_id"]) == repr(self.user_id)]


class Target:
    disposable = True
    separate = {separate}

    def start(self):
        {start}
        self.rows = []

    def make_memory(self, user_id):
        return Memory(self.rows, user_id)

    def close(self):
        Path("closed").mkdir(exist_ok=True)
        (Path("closed") / str(os.getpid())).touch()
"""
# So many searches, and a scenario is over.
_MANY = 150
SMALL = ("--users", "3", "--facts", "2", "--seed", "5", "--crowd", "40", "--load", "20", "--examples", "8")
# Ctrl-C, when it is known that histories have found something.
INTERRUPTED = """
from memfence.campaigns.side_by_side import SideBySide

def interrupted(self):
    raise KeyboardInterrupt
    yield

SideBySide._again = interrupted
from memfence.__main__ import main
main()
"""
FEW = (
    *SMALL,
    *(f"--scenario={one}" for one in ("cross_search", "list_all", "aliased_ids", "wildcard_ids", "histories")),
)


def write(folder: Path, *, search: str = "return self.get_all()", separate: bool = True, start: str = "pass") -> None:
    (folder / "own.py").write_text(OWN.format(search=search, separate=separate, start=start), encoding="utf-8")


def memfence(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "memfence", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def report_of(folder: Path, count: int, *words: str) -> dict[str, Any]:
    """Return the report of an audit in so many processes, but for its times and its own command."""
    path = folder / f"{count}.json"
    done = memfence("audit", *words, "-n", str(count), "-q", "--report", str(path), folder=folder)
    assert done.returncode in (0, 1), done.stderr
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert report.pop("times")
    return report


@pytest.mark.parametrize(
    ("target", "breakage"),
    [
        ("cache", None),
        pytest.param("reference", None, marks=pytest.mark.long),
        pytest.param("reference", "drop_user_id", marks=pytest.mark.long),
        pytest.param("reference", "scores_normalised_over_all", marks=pytest.mark.long),
    ],
    ids=str,
)
def test_two_processes_give_the_report_of_one(tmp_path: Path, target: str, breakage: str | None) -> None:
    words = [target, "--fast", "--seed", "7", *(["--breakage", breakage] if breakage else [])]

    assert report_of(tmp_path, 1, *words) == report_of(tmp_path, 2, *words)


@pytest.mark.long
@pytest.mark.parametrize("wrapper", ["scoped", "plain"])
def test_two_processes_give_the_report_of_one_on_mem0(tmp_path: Path, wrapper: str) -> None:
    words = ["mem0", "--fast", "--seed", "7", "--wrapper", wrapper, "--scenario", "cross_search"]
    words += ["--scenario", "path_ids", "--scenario", "histories", "--scenario", "wildcard_ids"]

    one, two = report_of(tmp_path, 1, *words), report_of(tmp_path, 2, *words)

    assert one["verdict"] == two["verdict"]
    assert [_told(scenario) for scenario in one["scenarios"]] == [_told(scenario) for scenario in two["scenarios"]]


def _told(scenario: dict[str, Any]) -> tuple[Any, ...]:
    """Return what does not hang on the ids that mem0 draws."""
    return scenario["name"], scenario["verdict"], [found["plainly"] for found in scenario["findings"]]


@pytest.mark.long
def test_each_process_has_a_target_and_closes_it(tmp_path: Path) -> None:
    write(tmp_path)

    done = memfence("audit", "own:Target", *FEW, "-n", "2", folder=tmp_path)

    assert done.returncode == 0
    # This one, too, has one: it says what can be tried.
    assert len(list((tmp_path / "closed").iterdir())) == 3


@pytest.mark.long
def test_a_process_that_dies_is_told_and_its_scenario_left_open_by_name(tmp_path: Path) -> None:
    write(tmp_path, search="os._exit(9) if 'mf' not in str(self.user_id) else None\n        return self.get_all()")

    done = memfence("audit", "own:Target", *FEW, "-n", "2", "--report", "r.json", folder=tmp_path)

    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    left = {
        one["name"] for one in report["scenarios"] if any("ended before" in why for why in one["inconclusive_because"])
    }
    assert done.returncode == 3
    assert left
    assert "cross_search" not in left
    for name in left:
        assert f"memfence: the process that ran {name} ended (exit code 9): it is tried once more" in done.stderr
        assert f"memfence: the process that ran {name} ended (exit code 9) again: it is left open" in done.stderr
    assert {one["verdict"] for one in report["scenarios"] if one["name"] == "cross_search"} == {"held"}


@pytest.mark.long
def test_what_dies_once_is_judged(tmp_path: Path) -> None:
    dies = "Path('died').touch() or os._exit(9) if not Path('died').exists() else None"
    write(tmp_path, search=f"{dies}\n        return self.get_all()")

    done = memfence("audit", "own:Target", *FEW, "-n", "2", folder=tmp_path)

    assert done.returncode == 0
    assert done.stderr.count("it is tried once more") == 1
    assert "left open" not in done.stderr


@pytest.mark.long
def test_a_target_that_can_never_be_started_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, start="raise OSError('no disk')")

    done = memfence("audit", "own:Target", *FEW, "-n", "2", folder=tmp_path)

    assert done.returncode == 2
    assert "no disk" in done.stderr


@pytest.mark.long
def test_a_start_that_fails_now_and_then_costs_that_scenario_alone(tmp_path: Path) -> None:
    once = "if self.starts == 1 and not Path('failed').exists(): Path('failed').touch(); raise OSError('no disk')"
    write(tmp_path, start=f"self.starts = getattr(self, 'starts', 0) + 1\n        {once}")

    scenarios = [word for word in FEW if "histories" not in word]
    done = memfence("audit", "own:Target", *scenarios, "-n", "2", "--report", "r.json", folder=tmp_path)

    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert done.returncode == 3
    assert sum("no disk" in str(one["inconclusive_because"]) for one in report["scenarios"]) == 1
    assert sum(one["verdict"] == "held" for one in report["scenarios"]) > 2


@pytest.mark.long
def test_an_end_from_outside_leaves_what_was_found_and_no_process(tmp_path: Path) -> None:
    write(tmp_path, search="Path('asked').open('a').write('.'); return list(self.rows)")
    command = [sys.executable, "-m", "memfence", "audit", "own:Target", *SMALL, "-n", "2", "--report", "r.json"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        deadline = time.monotonic() + 100
        while not _asked(tmp_path) > _MANY and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(running.pid, signal.SIGTERM)
        running.communicate(timeout=120)

    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["interrupted"]
    assert report["scenarios"]
    # What the standard library runs beside them takes a moment longer.
    while _is_there(running.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not _is_there(running.pid)


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _asked(folder: Path) -> int:
    asked = folder / "asked"
    return asked.stat().st_size if asked.exists() else 0


@pytest.mark.long
def test_ctrl_c_keeps_what_histories_have_found(tmp_path: Path) -> None:
    # Nobody has time to make it small.
    write(tmp_path, search="Path('asked').open('a').write('.'); return list(self.rows)")
    words = [
        "own:Target",
        *SMALL,
        "-n",
        "2",
        "--report",
        "r.json",
        "--scenario",
        "histories",
        "--scenario",
        "cold_keys",
    ]
    command = [sys.executable, "-c", INTERRUPTED, "audit", *words]

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)

    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert done.returncode == 1, done.stderr
    assert report["interrupted"]
    assert [one["verdict"] for one in report["scenarios"] if one["name"] == "histories"] == ["violated"]


@pytest.mark.long
def test_an_end_from_outside_before_anything_was_asked_is_no_verdict(tmp_path: Path) -> None:
    write(tmp_path, start="Path('begun').touch(); __import__('time').sleep(60)")
    command = [sys.executable, "-m", "memfence", "audit", "own:Target", *SMALL, "-n", "2"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        deadline = time.monotonic() + 100
        while not (tmp_path / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        os.kill(running.pid, signal.SIGTERM)
        _, said = running.communicate(timeout=120)

    assert (running.returncode, "Traceback" in said) == (3, False)
    # Who was interrupted has closed its target all the same.
    assert (tmp_path / "closed").is_dir()


@pytest.mark.long
def test_a_target_may_start_processes(tmp_path: Path) -> None:
    fork = "__import__('multiprocessing').get_context('fork')"
    write(tmp_path, start=f"one = {fork}.Process(target=print); one.start(); one.join()")

    assert memfence("audit", "own:Target", *FEW, "-n", "2", folder=tmp_path).returncode == 0


def own(**said: object) -> Target:
    return adapt(type("Own", (), {"make_memory": lambda _, user_id: user_id, **said})(), "own:Target")


def settings(**said: Any) -> AuditSettings:
    return AuditSettings(seed=1, **said)


def test_a_target_that_others_would_wipe_is_opened_once() -> None:
    shared = own(start=lambda _: None, disposable=True)

    assert processes(shared, settings(), None, 30) == 1
    with pytest.raises(HarnessError, match=r"separate = True"):
        processes(shared, settings(), 2, 30)


@pytest.mark.parametrize("said", [{"disposable": True}, {"allow_destructive": True}])
def test_what_the_user_lets_be_wiped_is_opened_once(said: dict[str, bool]) -> None:
    unsaid = own(reset=lambda _: None)

    assert processes(unsaid, settings(**said), None, 30) == 1
    with pytest.raises(HarnessError, match="would change what the others have stored"):
        processes(unsaid, settings(**said), 2, 30)


def test_who_wipes_nothing_may_be_asked_by_several_if_somebody_says_so() -> None:
    kept = own(disposable=False)

    assert processes(kept, settings(), None, 30) == 1
    assert processes(kept, settings(), 2, 30) == 2


def test_a_long_audit_of_a_separate_target_takes_each_core_and_a_short_one_does_not() -> None:
    separate = own(start=lambda _: None, disposable=True, separate=True)

    assert processes(separate, settings(), None, 1) == 1
    assert processes(separate, settings(**FAST), None, 30) == 1
    assert processes(separate, settings(users=200), None, 30) == min(fitting(), 30)
    assert processes(separate, settings(), 4, 3) == 3


def test_what_other_processes_would_disturb_is_done_by_one() -> None:
    separate = own(start=lambda _: None, disposable=True, separate=True)

    assert processes(separate, settings(timing=True, users=200), None, 30) == 1
    with pytest.raises(HarnessError, match="time of an answer"):
        processes(separate, settings(timing=True), 2, 30)
    with pytest.raises(HarnessError, match="counted in one process"):
        processes(separate, settings(max_requests=100), 2, 30)


@pytest.mark.parametrize(
    ("name", "separate"), [("reference", True), ("mem0", True), ("files", True), ("sessions", True), ("lossy", False)]
)
def test_which_built_in_targets_have_a_store_for_each_process(name: str, *, separate: bool) -> None:
    assert resolve.target(name).separate is separate


def test_nought_processes_are_none(tmp_path: Path) -> None:
    done = memfence("audit", "reference", "-n", "0", folder=tmp_path)

    assert (done.returncode, done.stderr) == (2, "memfence: workers must be at least 1, got workers=0\n")


def test_there_are_scenarios_enough_for_all_of_this() -> None:
    assert len(chosen(settings())) > 20
