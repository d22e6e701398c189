"""`memfence init`, and what becomes of it, as a new user meets it."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from memfence.base.origin import requirement
from memfence.campaigns.configuration import read_table
from memfence.commands import starting
from memfence.commands.cli import app
from memfence.commands.starting import workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"
MEMORY = """
class Memory:
    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        raise OSError("nothing is called")

    search = get_all = delete = add


def make_memory(user_id):
    return Memory(user_id)
"""


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
        if path.is_file() and path.suffix != ".pyc"
    }


def test_it_writes_a_target_a_workflow_and_settings(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As where it was installed from a folder.
    monkeypatch.setattr(starting, "origin", lambda: None)
    printed = init()
    again = init()

    assert set(files(here)) == {"memfence_target.py", ".github/workflows/memfence.yml", "pyproject.toml"}
    assert read_table(here / "pyproject.toml")["target"] == "memfence_target:Target"
    assert printed.count("written: ") == 3
    *_, fill_in, last = printed.splitlines()
    assert fill_in.startswith("fill in: where memfence comes from, in .github/workflows/memfence.yml")
    assert last == "next: see what memfence_target.py says, then: memfence audit"
    assert "fill in: " not in again


def test_where_memfence_was_installed_from_a_repository_nothing_is_left_to_fill_in(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memfence = f"memfence @ git+https://example.org/a/memfence@{COMMIT}"
    monkeypatch.setattr(starting, "origin", lambda: memfence)

    printed = init()

    assert "fill in: " not in printed
    written = (here / ".github" / "workflows" / "memfence.yml").read_text(encoding="utf-8")
    assert f'- run: pip install "{memfence}"\n' in written


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

    assert "whose target is 'memfence_target:Target' and not 'myapp.memory:make_memory': change it" in done.output


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


def steps(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(text)["jobs"]["isolation"]["steps"]
    return found


def test_the_workflow_parses_and_gates() -> None:
    for origin in (None, f"memfence @ git+https://example.org/a/memfence@{COMMIT}"):
        found = steps(workflow(origin, " ."))

        assert "memfence audit" in [step.get("run") for step in found]
        assert found[-1]["with"]["sarif_file"] == "memfence.sarif"
        assert found[-1]["if"] == "${{ !cancelled() && hashFiles('memfence.sarif') != '' }}"


def test_the_workflow_installs_the_commit_that_is_installed_here() -> None:
    direct = {"url": "https://example.org/a/memfence", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}

    (install,) = [one["run"] for one in steps(workflow(requirement(json.dumps(direct)), " .")) if "pip" in str(one)]

    assert install == f'pip install "memfence @ git+https://example.org/a/memfence@{COMMIT}" .'


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://ann:secret@example.org/a/memfence", f"memfence @ git+https://example.org/a/memfence@{COMMIT}"),
        ("ssh://git@example.org/a/memfence.git", f"memfence @ git+ssh://git@example.org/a/memfence.git@{COMMIT}"),
        ("ssh://git:secret@example.org/a/memfence", f"memfence @ git+ssh://git@example.org/a/memfence@{COMMIT}"),
        ("file:///home/ann/memfence", None),
        ("https://example.org/a/$(id)", None),
        ("https://example.org/a b", None),
    ],
)
def test_only_an_address_that_others_reach_is_written_and_no_password(url: str, found: str | None) -> None:
    said = json.dumps({"url": url, "vcs_info": {"vcs": "git", "commit_id": COMMIT}})

    assert requirement(said) == found


@pytest.mark.parametrize(
    "said",
    [
        None,
        "",
        "{",
        "[]",
        '{"url": "https://example.org/a"}',
        '{"url": "file:///a", "dir_info": {"editable": true}}',
        '{"url": "https://example.org/a", "vcs_info": {"vcs": "hg", "commit_id": "0123456789"}}',
        '{"url": "https://example.org/a", "vcs_info": {"vcs": "git", "commit_id": "main; id"}}',
    ],
)
def test_what_was_not_installed_from_a_commit_has_no_origin(said: str | None) -> None:
    assert requirement(said) is None


def test_a_workflow_that_does_not_know_where_memfence_comes_from_fails_with_that_sentence(here: Path) -> None:
    (install,) = [one["run"] for one in steps(workflow(None, "")) if "pip" in str(one)]

    done = subprocess.run(["bash", "-e", "-c", install], cwd=here, capture_output=True, text=True, check=False)  # noqa: S607 - as a runner finds it

    assert done.returncode == 1
    assert done.stdout == (
        "::error::.github/workflows/memfence.yml does not say where memfence comes from: "
        "fill in its repository and a commit\n"
    )


@pytest.mark.parametrize(
    ("there", "further"),
    [
        ({}, ""),
        ({"pyproject.toml": "[project]\nname = 'x'\n"}, " ."),
        ({"pyproject.toml": "[tool.other]\n", "requirements.txt": "mem0ai\n"}, " -r requirements.txt"),
        ({"setup.py": "", "requirements.txt": ""}, " . -r requirements.txt"),
    ],
)
def test_the_workflow_installs_what_the_project_says_that_it_needs(
    there: dict[str, str], further: str, here: Path
) -> None:
    for name, text in there.items():
        (here / name).write_text(text, encoding="utf-8")

    init()

    written = (here / ".github" / "workflows" / "memfence.yml").read_text(encoding="utf-8")
    (install,) = [one["run"] for one in steps(written) if "pip" in str(one)]
    assert re.search(r'pip install "memfence @ git\+[^"]+"(.*)$', install.strip())[1] == further  # type: ignore[index]  # it is there
    assert "pip install memfence" not in written


def test_a_target_that_is_there_gets_the_lines_that_it_lacks_and_none_of_its_memories_is_called(here: Path) -> None:
    (here / "mine_to_gate.py").write_text(MEMORY, encoding="utf-8")

    printed = init("mine_to_gate:make_memory")

    assert (
        "add where your application makes a memory, with `import re` at the top:\n    if not isinstance(user_id"
        in printed
    )
    assert "\n    make_memory.disposable = True  # if its store may be wiped, else False\n" in printed
    assert "\n    make_memory.start = start\n" in printed
    assert printed.splitlines()[-1] == "next: memfence doctor mine_to_gate:make_memory, then: memfence audit"
    assert read_table(here / "pyproject.toml")["require"] == ("search", "get_all")


def test_what_deletes_is_required_where_the_store_may_be_wiped(here: Path) -> None:
    (here / "mine_to_wipe.py").write_text(f"{MEMORY}\n\nmake_memory.disposable = True\n", encoding="utf-8")

    printed = init("mine_to_wipe:make_memory")

    assert "disposable" not in printed
    assert read_table(here / "pyproject.toml")["require"] == ("search", "get_all", "delete")


def test_a_target_that_is_still_to_be_written_gets_settings_all_the_same(here: Path) -> None:
    printed = init("not_yet_written:make_memory")

    assert "not looked at: could not import not_yet_written: ModuleNotFoundError" in printed
    assert read_table(here / "pyproject.toml")["target"] == "not_yet_written:make_memory"
    assert "require" not in read_table(here / "pyproject.toml")


@pytest.mark.long
def test_all_that_the_settings_require_of_the_starter_is_judged_and_held(here: Path) -> None:
    init()
    words = ["audit", "--users", "2", "--examples", "0", "--crowd", "40"]
    command = [sys.executable, "-m", "memfence", *words]
    environment = os.environ | {"PYTHONPATH": str(here)}

    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.long
def test_what_was_written_is_held_and_a_broken_wrapper_fails_with_a_summary(here: Path) -> None:
    init()
    summary = here / "summary.md"
    words = ["audit", "--users", "3", "--scenario", "cross_search", "--require", "search"]
    command = [sys.executable, "-m", "memfence", *words]
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
