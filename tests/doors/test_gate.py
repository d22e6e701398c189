"""The ways to add a gate to a project: the action, the hook, the guide's snippets; run as far as each can be."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from blocks import titled

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / ".github/actions/memfence/action.yml").read_text(encoding="utf-8"))
SHARED = """
rows = []


class Memory:
    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        rows.append({"id": str(len(rows)), "memory": text, "user_id": self.user_id})

    def search(self, query):
        return [row for row in rows if {condition}]


make_memory = Memory
make_memory.disposable = True
"""
LEAKS, ISOLATES = SHARED.replace("{condition}", "True"), SHARED.replace("{condition}", 'row["user_id"] == self.user_id')
TABLE = '[tool.memfence]\ntarget = "memory:make_memory"\nusers = 2\nscenarios = ["cross_search"]\nseed = 0\n'


def project(folder: Path, source: str) -> Path:
    (folder / "memory.py").write_text(source, encoding="utf-8")
    (folder / "pyproject.toml").write_text(TABLE, encoding="utf-8")
    return folder


def environment(**further: str) -> dict[str, str]:
    """Return an environment in which `memfence` is this one."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {key: value for key, value in os.environ.items() if key != "GITHUB_STEP_SUMMARY"} | {"PATH": path} | further


def run(*command: str, folder: Path, **further: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment(**further), capture_output=True, text=True, timeout=240, check=False
    )


def act(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the action's script as GitHub does: each input is its default unless given."""
    (step,) = [one for one in ACTION["runs"]["steps"] if "run" in one]
    given = {name: inputs.get(name, said["default"]) for name, said in ACTION["inputs"].items()}
    variables = {name: given[value.split("inputs.")[1].split(" ")[0]] for name, value in step["env"].items()}
    files = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    return run("bash", "-eo", "pipefail", "-c", step["run"], folder=folder, **variables, **files)


def test_the_action_names_each_input_that_it_uses() -> None:
    text = (ROOT / ".github/actions/memfence/action.yml").read_text(encoding="utf-8")

    assert ACTION["runs"]["using"] == "composite"
    for name, said in ACTION["inputs"].items():
        assert f"inputs.{name}" in text
        assert said["description"]
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]
    assert not [script for script in scripts if "${{" in script]


def test_the_action_fails_on_a_leak_with_reports_and_a_summary(tmp_path: Path) -> None:
    done = act(project(tmp_path, LEAKS))

    assert done.returncode == 1, done.stderr
    reports = tmp_path / "memfence-reports"
    assert {path.suffix for path in reports.iterdir()} == {".json", ".sarif", ".xml", ".md"}
    assert (tmp_path / "output").read_text(encoding="utf-8") == "reports=memfence-reports\n"
    assert (tmp_path / "summary.md").read_text(encoding="utf-8").startswith("## memfence: VIOLATED")


@pytest.mark.long
def test_the_action_lets_pass_what_isolates_and_takes_options(tmp_path: Path) -> None:
    done = act(project(tmp_path, ISOLATES), arguments="--users 3 --seed 5", reports="out/of it")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 users" in done.stdout
    assert (tmp_path / "out" / "of it" / "memfence.json").exists()


def test_the_action_runs_no_text_of_its_inputs(tmp_path: Path) -> None:
    done = act(project(tmp_path, ISOLATES), target="$(touch owned)", arguments="; touch owned")

    assert done.returncode == 2
    assert not (tmp_path / "owned").exists()


@pytest.mark.long
def test_the_action_accepts_a_baseline(tmp_path: Path) -> None:
    act(project(tmp_path, LEAKS))
    accepted = run("memfence", "baseline", "update", "memfence-reports/memfence.json", folder=tmp_path)

    done = act(tmp_path, baseline="memfence-baseline.json", arguments="--seed 9")

    assert accepted.returncode == 0, accepted.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    assert "known, accepted by baseline" in done.stdout


def hook() -> dict[str, Any]:
    (only,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return dict(only)


@pytest.mark.parametrize(
    ("source", "code"), [(LEAKS, 1), pytest.param(ISOLATES, 0, marks=pytest.mark.long)], ids=["leaks", "isolates"]
)
def test_the_hook_fails_a_push_that_leaks(source: str, code: int, tmp_path: Path) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("pre-commit needs git")
    project(tmp_path, source)
    local = {"repos": [{"repo": "local", "hooks": [hook()]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(local), encoding="utf-8")
    for words in (("init", "--quiet"), ("add", ".")):
        assert run(git, *words, folder=tmp_path).returncode == 0

    done = run(
        sys.executable,
        *("-m", "pre_commit", "run", "memfence", "--hook-stage", "pre-push", "--all-files"),
        folder=tmp_path,
        PRE_COMMIT_HOME=str(tmp_path / "home"),
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert ("VIOLATED" in done.stdout) == bool(code)


@pytest.mark.long
def test_the_gitlab_job_of_the_guide_runs(tmp_path: Path) -> None:
    job = yaml.safe_load(titled(".gitlab-ci.yml"))["memfence"]
    project(tmp_path, LEAKS)

    commands = [line for line in job["script"] if not line.startswith("pip install")]
    done = run("bash", "-ec", "\n".join(commands), folder=tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert (tmp_path / job["artifacts"]["reports"]["junit"]).exists()
    assert job["artifacts"]["when"] == "always"


def test_the_github_job_of_the_guide_uses_the_action_and_inputs_that_there_are() -> None:
    (job,) = yaml.safe_load(titled(".github/workflows/memfence.yml"))["jobs"].values()

    step = job["steps"][-1]
    assert step["uses"].split("@")[0].endswith(".github/actions/memfence")
    assert set(step["with"]) <= set(ACTION["inputs"])


def test_the_hook_of_the_guide_is_the_one_that_there_is() -> None:
    (repository,) = yaml.safe_load(titled(".pre-commit-config.yaml"))["repos"]

    assert repository["hooks"] == [{"id": hook()["id"]}]


@pytest.mark.long
def test_the_nox_session_of_the_guide_runs(tmp_path: Path) -> None:
    project(tmp_path, LEAKS)
    (tmp_path / "noxfile.py").write_text(titled("noxfile.py"), encoding="utf-8")

    done = run(sys.executable, "-m", "nox", "--no-venv", "--no-install", folder=tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "VIOLATED on 1 of 2 channels (seed 0)" in done.stdout + done.stderr
