"""The plugin as a user meets it: pytest, run in a project that owns folders called harness and scenarios too."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Other people's plugins have no part in this, and pytest would compile them, and Faker's pages of names, for asserts.
OTHERS = ("hypothesispytest", "faker", "benchmark", "anyio", "timeout", "pytest_cov")
WITHOUT = " ".join(["--assert=plain", *(f"-p no:{name}" for name in OTHERS)])
HEAVY = ["mem0", "hypothesis", "faker", "rich", "typer", "wordllama", "numpy"]

MEMORY = '''
import asyncio
import os


class Memory:
    """One user's part of a list."""

    def __init__(self, rows, user_id):
        self.rows, self.user_id = rows, user_id

    def add(self, text):
        self.rows.append({"id": str(len(self.rows)), "memory": text, "user_id": self.user_id})
        return {"results": [dict(self.rows[-1])]}

    def search(self, query):
        return self.mine()

    def get_all(self):
        return self.mine()

    def mine(self):
        return [row for row in self.rows if repr(row["user_id"]) == repr(self.user_id)]


class Leaking(Memory):
    def search(self, query):
        return list(self.rows)


class Crashing(Memory):
    def search(self, query):
        raise ZeroDivisionError("no answer")


class Own:
    disposable = True
    memory = Memory

    def start(self):
        self.rows = []

    def make_memory(self, user_id):
        return self.memory(self.rows, user_id)


class Leaky(Own):
    memory = Leaking


class Unsteady(Own):
    memory = Crashing


class Unstarted(Own):
    def start(self):
        raise RuntimeError("no database")


class Mortal(Own):
    def make_memory(self, user_id):
        if user_id.endswith("-102"):
            os._exit(3)
        return super().make_memory(user_id)


class Interrupted(Own):
    def make_memory(self, user_id):
        if user_id.endswith("-102"):
            raise KeyboardInterrupt
        return super().make_memory(user_id)


class Closing(Own):
    closed = 0

    def start(self):
        if self.closed:
            raise RuntimeError("it is closed")
        super().start()

    def close(self):
        self.closed += 1
        raise OSError(f"closed {self.closed} times")


once = Closing()


class Bound(Memory):
    loops = set()

    async def search(self, query):
        self.loops.add(asyncio.get_running_loop())
        assert len(self.loops) == 1, "what is bound to one loop is used in another"
        return self.mine()


class Asynchronous(Own):
    memory = Bound


asynchronous = Asynchronous()


def never(user_id):
    raise AssertionError("collecting runs nothing")
'''

# Each starts a pytest of its own; of several that differ little one runs always.
long = pytest.mark.long

ACCEPTING = [sys.executable, "-m", "memfence", "baseline", "update", "report.json"]
OWN_TEST = """
import harness
import scenarios


def test_folders_are_the_projects_own():
    assert (harness.OWNER, scenarios.OWNER) == ("the project", "the project")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with a memory of its own, and folders called harness and scenarios."""
    for name in ("harness", "scenarios", "myapp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("OWNER = 'the project'\n", encoding="utf-8")
    (tmp_path / "myapp" / "memory.py").write_text(MEMORY, encoding="utf-8")
    (tmp_path / "test_own.py").write_text(OWN_TEST, encoding="utf-8")
    configure(tmp_path, "")
    return tmp_path


def configure(project: Path, table: str, ini: str = "") -> None:
    text = f"[tool.pytest.ini_options]\naddopts = '-p no:cacheprovider'\n{ini}\n[tool.memfence]\n{table}\n"
    (project / "pyproject.toml").write_text(text, encoding="utf-8")


def run(project: Path, *arguments: str, folder: str = ".") -> "subprocess.CompletedProcess[str]":
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1", "PYTEST_ADDOPTS": WITHOUT}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        cwd=project / folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def audit(
    project: Path, target: str, *arguments: str, only: str = "cross_search"
) -> "subprocess.CompletedProcess[str]":
    return run(project, "--memfence", f"myapp.memory:{target}", "--memfence-users", "3", "-k", only, *arguments)


def report(project: Path, name: str = "report.json") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / name).read_text(encoding="utf-8"))
    return found


def outcomes(done: "subprocess.CompletedProcess[str]") -> str:
    """Return pytest's last line without the time."""
    return done.stdout.strip().splitlines()[-1].strip("= ").rpartition(" in ")[0]


def test_a_target_that_isolates_passes_beside_the_projects_own_tests(project: Path) -> None:
    done = audit(project, "Own", only="cross_search or folders")

    assert done.returncode == 0, done.stdout
    assert outcomes(done).startswith("2 passed")
    assert "memfence: myapp.memory:Own, 3 users, seed 0" in done.stdout
    assert "HELD on 1 of 3 channels (seed 0)" in done.stdout


def test_a_leak_fails_its_item_with_its_story_and_no_traceback(project: Path) -> None:
    done = audit(project, "Leaky")

    assert done.returncode == 1
    assert outcomes(done).startswith("1 failed")
    story = done.stdout.partition("memfence::cross_search ___")[2].partition("= memfence =")[0]
    assert "canary_leak (leak, high, CWE-668) in cross_search by search" in story
    assert [word for word in (" planted ", " asked ", "came back", "whose it is") if word not in story] == []
    assert ').add("' in story.replace("'", '"')
    assert ").search(" in story
    assert "memfence audit myapp.memory:Leaky --seed 0 --users 3 --scenario cross_search" in story
    assert "Traceback" not in done.stdout
    assert "FAILED memfence::cross_search - Failed: canary_leak" in done.stdout
    assert "VIOLATED on 1 of 3 channels (seed 0)" in done.stdout


def test_what_leaves_the_question_open_fails_with_its_reasons(project: Path) -> None:
    done = audit(project, "Unsteady")

    assert done.returncode == 1
    assert outcomes(done).startswith("1 failed")
    assert "calls crashed, the first at memory.py:" in done.stdout
    assert "ZeroDivisionError: no answer" in done.stdout
    assert "INCONCLUSIVE held on 0 of 3 channels" in done.stdout


def test_what_is_not_exercised_is_skipped_and_told_by_name(project: Path) -> None:
    done = audit(project, "Own", "-rs", only="cross_search or history_by or get_by")

    assert done.returncode == 0
    assert outcomes(done).startswith("1 passed, 2 skipped")
    assert "history by foreign id was not judged: give the target `history`" in done.stdout
    assert "SKIPPED [1] memfence::get_by_foreign_id:" in done.stdout


@pytest.mark.long
def test_nothing_exercised_is_no_success(project: Path) -> None:
    done = audit(project, "Own", only="history_by")

    assert outcomes(done).startswith("1 skipped")
    assert done.returncode == 1
    assert "INCONCLUSIVE" in done.stdout


def test_a_required_channel_that_the_target_lacks_fails(project: Path) -> None:
    configure(project, "require = ['history']")

    done = audit(project, "Own", only="cross_search or history_by")

    assert done.returncode == 1
    assert outcomes(done).startswith("1 failed, 1 passed")
    assert "required and not judged: history: the target has no history" in done.stdout


@pytest.mark.long
def test_a_required_channel_that_nothing_judged_fails_the_run(project: Path) -> None:
    configure(project, "require = 'storage'")

    done = audit(project, "Own")

    assert outcomes(done).startswith("1 passed")
    assert done.returncode == 1
    assert "required and not judged: storage" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["serial", "in workers"])
@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("myapp.memory:nobody", "myapp.memory has no 'nobody'; it offers: "),
        ("myap.memory:Own", "could not import myap.memory: ModuleNotFoundError: No module named 'myap'"),
    ],
)
def test_a_target_that_is_not_there_is_told_once_where_tests_are_collected(
    project: Path, target: str, said: str, workers: tuple[str, ...]
) -> None:
    done = run(project, "--memfence", target, *workers)

    assert done.returncode == (1 if workers else 2)
    assert outcomes(done).endswith("1 error")
    assert done.stdout.count("ERROR collecting memfence") == 1
    assert f"memfence: {said}" in done.stdout


def test_a_target_that_cannot_be_started_is_an_error_in_one_line(project: Path) -> None:
    done = audit(project, "Unstarted")

    assert done.returncode == 1
    assert outcomes(done).endswith("1 error")
    assert "memfence: myapp.memory:Unstarted could not be started: RuntimeError: no database (memory.py:" in done.stdout
    assert "exception" not in done.stdout


def test_two_processes_find_what_one_does_and_write_one_report(project: Path) -> None:
    chosen = "cross_search or list_all or same_words or history_by or alice_and_bob"

    serial = audit(project, "Leaky", "--memfence-report", "serial.json", only=chosen)
    shared = audit(project, "Leaky", "--memfence-report", "shared.json", "-n", "2", only=chosen)

    assert (serial.returncode, shared.returncode) == (1, 1)
    assert outcomes(serial).rpartition(",")[0] == outcomes(shared)
    first, second = report(project, "serial.json"), report(project, "shared.json")
    assert first.pop("times") != {}
    assert second.pop("times") != {}
    assert first == second
    assert first["verdict"] == "violated"
    summaries = [done.stdout.partition("= memfence =")[2].partition("report written")[0] for done in (serial, shared)]
    assert summaries[0] == summaries[1]


@pytest.mark.long
def test_a_worker_that_dies_leaves_its_scenario_open(project: Path) -> None:
    done = audit(project, "Mortal", "-n", "2", only="cross_search or list_all")

    assert done.returncode == 1
    assert "cross_search: inconclusive: it ended before it was judged" in done.stdout
    assert "INCONCLUSIVE" in done.stdout


@pytest.mark.long
def test_ctrl_c_is_pytests_own_and_no_verdict(project: Path) -> None:
    done = audit(project, "Interrupted", only="alice_and_bob or cross_search")

    assert done.returncode == pytest.ExitCode.INTERRUPTED
    assert "interrupted: this is what was found so far" in done.stdout
    assert "INCONCLUSIVE held on" in done.stdout


@pytest.mark.long
def test_an_object_is_closed_once_when_all_is_done(project: Path) -> None:
    done = audit(project, "once", only="cross_search or list_all")

    assert outcomes(done).startswith("2 passed")
    assert "myapp.memory:once could not be closed: OSError: closed 1 times" in done.stdout


@pytest.mark.long
def test_an_asynchronous_object_is_served_by_one_event_loop(project: Path) -> None:
    done = audit(project, "asynchronous", only="cross_search or alice_and_bob")

    assert outcomes(done).startswith("2 passed"), done.stdout


@pytest.mark.long
def test_the_report_is_one_audit_with_the_command_that_repeats_it(project: Path) -> None:
    audit(project, "Own", "--memfence-report", "report.json", only="cross_search or list_all")

    found = report(project)
    assert [one["name"] for one in found["scenarios"]] == ["cross_search", "list_all"]
    assert found["repeat"] == (
        "memfence audit myapp.memory:Own --seed 0 --users 3 --scenario cross_search --scenario list_all"
    )


def test_the_items_are_listed_without_running_the_target(project: Path) -> None:
    done = run(project, "--memfence", "myapp.memory:never", "--collect-only", "-q")

    listed = done.stdout.splitlines()
    names = [line for line in listed if line.startswith("memfence::")]
    assert done.returncode == 0, done.stdout
    assert names == [*sorted(names[:-1]), "memfence::histories"]
    assert "memfence::cross_search" in names
    assert "test_own.py::test_folders_are_the_projects_own" in listed


@pytest.mark.long
def test_items_are_chosen_by_marker(project: Path) -> None:
    none = run(project, "--memfence", "myapp.memory:never", "-m", "not memfence", "--strict-markers")
    listed = run(project, "--memfence", "myapp.memory:never", "-m", "memfence", "--collect-only", "-q")

    assert outcomes(none).startswith("1 passed")
    assert none.returncode == 0
    assert "test_own.py" not in listed.stdout


def test_the_table_of_the_project_is_read_where_an_audit_is_asked_for(project: Path) -> None:
    configure(
        project,
        "target = 'myapp.memory:Own'\nusers = 2\nseed = 5\nscenarios = ['list_all']\nreport = 'table.json'",
    )
    (project / "below").mkdir()

    plain = run(project)
    done = run(project, "--memfence", "--rootdir", str(project), "-c", "../pyproject.toml", folder="below")

    assert outcomes(plain) == "1 passed"
    assert done.returncode == 0, done.stdout
    assert "memfence: myapp.memory:Own, 2 users, seed 5" in done.stdout
    assert outcomes(done) == "1 passed"
    found = report(project, "table.json")
    assert (found["seed"], found["settings"]["users"], found["settings"]["scenarios"]) == (5, 2, ["list_all"])


@pytest.mark.long
def test_the_command_line_wins_over_the_ini_file_and_that_over_the_table(project: Path) -> None:
    configure(
        project,
        "target = 'myapp.memory:never'\nusers = 4\nseed = 4\nfacts = 4\nscenarios = 'list_all'",
        "memfence = 'myapp.memory:Own'\nmemfence_users = '3'\nmemfence_seed = '3'\nmemfence_report = 'report.json'",
    )

    done = run(project, "--memfence-users", "2")

    found = report(project)
    assert done.returncode == 0, done.stdout
    assert (found["target"], found["seed"]) == ("myapp.memory:Own", 3)
    assert (found["settings"]["users"], found["settings"]["facts"]) == (2, 4)


@pytest.mark.parametrize(
    ("table", "arguments", "said"),
    [
        ("user = 3", (), "[tool.memfence] in pyproject.toml knows no 'user'; did you mean 'users'?"),
        pytest.param(
            "", ("--memfence-users", "x"), "users in --memfence-users must be a whole number, got 'x'", marks=long
        ),
        pytest.param(
            "",
            ("--memfence", "tests/"),
            "'tests/' names no target: write module:callable, for example myapp.memory:make_memory",
            marks=long,
        ),
        pytest.param("", ("--memfence-breakage", "none"), "unknown breakage 'none'; choose from", marks=long),
        pytest.param(
            "",
            ("--memfence-report", "x.pdf"),
            "unknown report suffix '.pdf'; choose from .html, .json, .md, .sarif, .xml",
            marks=long,
        ),
        pytest.param("", ("--memfence", "--memfence-seed", "1"), "--memfence names no target", marks=long),
    ],
)
def test_what_makes_no_audit_is_a_usage_error(project: Path, table: str, arguments: tuple[str, ...], said: str) -> None:
    configure(project, table)

    done = run(project, "--memfence", "reference", *arguments)

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: memfence: {said}" in done.stderr


@pytest.mark.long
def test_a_planted_breakage_is_found_in_the_reference(project: Path) -> None:
    done = run(project, "--memfence", "reference", "--memfence-breakage", "drop_user_id", "-k", "cross_search")

    assert done.returncode == 1
    assert "memfence audit reference --seed 0 --scenario cross_search --breakage drop_user_id" in done.stdout


FIXTURE = """
import pytest
from myapp.memory import Leaky, Own


def test_held(memfence):
    result = memfence.audit(Own, users=3, scenarios=["cross_search"])
    assert (result.verdict, result.seed, result.settings["users"]) == ("held", 0, 3)


@pytest.mark.memfence(users=4, seed=3, scenarios="cross_search")
def test_marked(memfence):
    result = memfence.audit(Own(), users=2, examples=4)
    assert (result.seed, result.settings["users"], len(result.scenarios)) == (3, 2, 1)


@pytest.mark.memfence(users=3)
def test_table(memfence):
    result = memfence.audit(Own)
    assert (result.seed, [one.name for one in result.scenarios]) == (7, ["list_all"])


@pytest.mark.memfence(scenarios="cross_search", users=3)
def test_violated(memfence):
    memfence.audit(Leaky())


@pytest.mark.memfence(users=3)
def test_inconclusive(memfence):
    memfence.audit(Own, scenarios=["history_by_foreign_id"])


def test_unknown(memfence):
    memfence.audit(Own, user=3)


@pytest.mark.memfence(sed=3)
def test_unknown_in_the_marker(memfence):
    memfence.audit(Own)


def test_no_target(memfence):
    memfence.audit(3)
"""


@pytest.mark.long
def test_the_fixture_audits_what_a_test_gives_it(project: Path) -> None:
    (project / "test_memory.py").write_text(FIXTURE, encoding="utf-8")

    done = run(project, "test_memory.py", "-k", "held or marked", "--strict-markers")

    assert outcomes(done) == "2 passed, 6 deselected", done.stdout
    assert "= memfence =" not in done.stdout


def test_the_fixture_fails_its_test_with_the_story_and_starts_from_the_table(project: Path) -> None:
    (project / "test_memory.py").write_text(FIXTURE, encoding="utf-8")
    configure(project, "seed = 7\nscenarios = 'list_all'\nbreakage = 'drop_user_id'")

    done = run(project, "test_memory.py", "-k", "not held and not marked")

    assert outcomes(done) == "5 failed, 1 passed, 2 deselected", done.stdout
    assert "canary_leak (leak, high, CWE-668) in cross_search by search" in done.stdout
    assert "    pytest test_memory.py::test_violated" in done.stdout
    assert "history_by_foreign_id: not exercised: the target has no history" in done.stdout
    assert "TypeError: memfence.audit() knows no 'user'; did you mean 'users'?" in done.stdout
    assert "TypeError: @pytest.mark.memfence knows no 'sed'; did you mean 'seed'?" in done.stdout
    assert "memfence: int is no target: give a function from user id to memory" in done.stdout


def test_a_table_that_is_wrong_concerns_nobody_who_asks_for_no_audit(project: Path) -> None:
    configure(project, "user = 3")

    assert run(project).returncode == 0


def test_the_plugin_is_there_and_imports_nothing_heavy_unless_asked(project: Path) -> None:
    (project / "test_own.py").write_text(
        f"import sys\ndef test_it(request):\n    assert request.config.pluginmanager.has_plugin('memfence')\n"
        f"    assert [name for name in {HEAVY} if name in sys.modules] == []\n"
        "    assert 'memfence.campaigns.campaign' not in sys.modules\n",
        encoding="utf-8",
    )

    done = run(project)

    assert done.returncode == 0, done.stdout


@pytest.mark.long
def test_mem0_is_silent_before_a_conftest_imports_it(project: Path) -> None:
    (project / "conftest.py").write_text(
        "import os\n\ndef pytest_report_header():\n    return f'{os.environ.get(\"MEM0_TELEMETRY\")=}'\n",
        encoding="utf-8",
    )
    environment = {key: value for key, value in os.environ.items() if key != "MEM0_TELEMETRY"}

    def header(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=project,
            env=environment | {"PYTEST_ADDOPTS": WITHOUT},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return next(line for line in done.stdout.splitlines() if "MEM0_TELEMETRY" in line).rpartition("=")[2]

    assert header() == "None"
    assert header("--memfence", "myapp.memory:never", "-m", "not memfence") == "'False'"


def test_importing_memfence_imports_no_pytest(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys, memfence, memfence.commands.cli; sys.exit('pytest' in sys.modules)"],
        cwd=project,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0


@pytest.mark.long
def test_what_a_baseline_accepts_passes_and_says_so_and_what_is_new_fails(project: Path) -> None:
    configure(project, 'baseline = "memfence-baseline.json"')
    (project / "memfence-baseline.json").write_text('{"schema_version": 1, "findings": []}', encoding="utf-8")

    new = audit(project, "Leaky", "--memfence-report", "report.json")
    subprocess.run(ACCEPTING, cwd=project, check=True, capture_output=True, timeout=60)
    known = audit(project, "Leaky", "--memfence-seed", "5", "--memfence-report", "report.xml")
    both = audit(project, "Leaky", only="cross_search or named_in_words")

    assert (new.returncode, known.returncode, both.returncode) == (1, 0, 1), known.stdout
    assert "VIOLATED on 1 of 3 channels (seed 5): known, accepted by baseline" in known.stdout
    assert "known, accepted by baseline" in (project / "report.xml").read_text(encoding="utf-8")
    assert outcomes(both).startswith("1 failed, 1 passed")
    assert "reproduce (" in new.stdout


@pytest.mark.long
def test_a_job_of_github_gets_a_summary(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(project / "summary.md"))

    audit(project, "Leaky")

    assert (project / "summary.md").read_text(encoding="utf-8").startswith("## memfence: VIOLATED")
