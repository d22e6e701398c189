"""`memfence init`, and what becomes of it, as a new user meets it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from memfence.campaigns.configuration import read_table
from memfence.commands.cli import app
from memfence.commands.starters import WORKFLOW


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*words: str) -> str:
    done = CliRunner().invoke(app, ["init", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_it_writes_a_target_a_workflow_and_settings(here: Path) -> None:
    printed = init()

    assert set(files(here)) == {"memfence_target.py", ".github/workflows/memfence.yml", "pyproject.toml"}
    assert read_table(here / "pyproject.toml")["target"] == "memfence_target:make_memory"
    assert printed.count("written: ") == 3
    assert printed.splitlines()[-1].startswith("next: ")


def test_a_target_of_ones_own_needs_no_starter(here: Path) -> None:
    init("myapp.memory:make_memory")

    assert "memfence_target.py" not in files(here)
    assert read_table(here / "pyproject.toml")["target"] == "myapp.memory:make_memory"


def test_nothing_is_overwritten(here: Path) -> None:
    (here / ".github" / "workflows").mkdir(parents=True)
    for name in ("memfence_target.py", ".github/workflows/memfence.yml"):
        (here / name).write_text("# mine\n", encoding="utf-8")
    (here / "pyproject.toml").write_text('[tool.memfence]\ntarget = "mem0"', encoding="utf-8")
    before = files(here)

    printed = init()

    assert files(here) == before
    assert printed.count("kept: ") == 3


@pytest.mark.parametrize("before", ["[project]\nname = 'x'\n", "[tool.other]\na = 1", ""])
def test_settings_are_added_below_what_is_there(here: Path, before: str) -> None:
    path = here / "pyproject.toml"
    path.write_text(before, encoding="utf-8")

    init()
    init()

    text = path.read_text(encoding="utf-8")
    assert text.startswith(before)
    assert text.count("[tool.memfence]") == 1
    assert tomllib.loads(text)["tool"]["memfence"]["seed"] == 0


@pytest.mark.usefixtures("here")
def test_a_target_that_is_not_the_tables_is_told() -> None:
    init()

    done = CliRunner().invoke(app, ["init", "myapp.memory:make_memory"])

    assert "whose target is 'memfence_target:make_memory' and not 'myapp.memory:make_memory': change it" in done.output


def test_a_pyproject_that_cannot_be_read_is_left_alone(here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool", encoding="utf-8")

    printed = init()

    assert (here / "pyproject.toml").read_text(encoding="utf-8") == "[tool"
    assert "kept: pyproject.toml cannot be read" in printed


def test_what_names_no_target_is_refused(here: Path) -> None:
    done = CliRunner().invoke(app, ["init", "myapp"])

    assert done.exit_code == 2
    assert "write module:callable" in done.output
    assert files(here) == {}


def test_the_workflow_parses_and_gates() -> None:
    said = yaml.safe_load(WORKFLOW)

    steps = said["jobs"]["isolation"]["steps"]
    assert "memfence audit" in [step.get("run") for step in steps]
    assert steps[-1]["with"]["sarif_file"] == "memfence.sarif"


@pytest.mark.long
def test_what_was_written_is_held_and_a_broken_wrapper_fails_with_a_summary(here: Path) -> None:
    init()
    summary = here / "summary.md"
    command = [sys.executable, "-m", "memfence", "audit", "--users", "3", "--scenario", "cross_search"]
    environment = os.environ | {"GITHUB_STEP_SUMMARY": str(summary), "PYTHONPATH": str(here)}

    first = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    target = here / "memfence_target.py"
    broken = target.read_text(encoding="utf-8").replace("ScopedMemory(user_id", 'ScopedMemory("everybody"')
    target.write_text(broken, encoding="utf-8")
    second = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)

    assert (first.returncode, second.returncode) == (0, 1), first.stdout + second.stdout + second.stderr
    text = summary.read_text(encoding="utf-8")
    assert text.index("## memfence: HELD") < text.index("## memfence: VIOLATED")
    assert {"memfence.json", "memfence.sarif", "memfence.xml"} <= set(files(here))
    assert '"uri": "memfence_target.py"' in (here / "memfence.sarif").read_text(encoding="utf-8")
