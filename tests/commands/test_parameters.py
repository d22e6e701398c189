"""An option of an audit is written in one place: here one is added there, and looked for wherever it must be known."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEFINED_AFTER = "    breakage: str | None = option("
ADDED = """    colour: int = option("How blue the sky is.", AMOUNTS, default=4, least=2)
"""


@pytest.fixture(scope="module")
def with_one_more(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a copy of the package in which the settings of an audit have one more option."""
    folder = tmp_path_factory.mktemp("copy")
    for source, name in (("harness", "memfence"), ("scenarios", "memfence/scenarios")):
        shutil.copytree(ROOT / source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "memfence" / "campaigns" / "settings.py"
    text = file.read_text(encoding="utf-8")
    assert text.count(DEFINED_AFTER) == 1
    file.write_text(text.replace(DEFINED_AFTER, ADDED + DEFINED_AFTER), encoding="utf-8")
    return folder


def run(folder: Path, *words: str, table: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "pyproject.toml").write_text(f"[tool.memfence]\n{table}\n" if table else "", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "memfence", *words], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


SMALL = ("audit", "reference", "--users", "2", "--scenario", "list_all", "--seed", "7", "--report", "out.json")


def test_the_command_line_knows_it_with_its_help_and_default(with_one_more: Path) -> None:
    shown = " ".join(run(with_one_more, "audit", "--help").stdout.replace("│", " ").split())

    assert "--colour <int> How blue the sky is. (default: 4)" in shown


def test_the_settings_hold_it_and_the_repeated_command_says_it(with_one_more: Path) -> None:
    done = run(with_one_more, *SMALL, "--colour", "9")
    report = json.loads((with_one_more / "out.json").read_text(encoding="utf-8"))

    assert done.returncode == 0, done.stderr
    assert report["settings"]["colour"] == 9
    assert report["repeat"] == "memfence audit reference --seed 7 --users 2 --scenario list_all --colour 9"


def test_the_table_of_a_project_says_it_by_its_key(with_one_more: Path) -> None:
    done = run(with_one_more, *SMALL, table="colour = 5")

    assert done.returncode == 0, done.stderr
    assert json.loads((with_one_more / "out.json").read_text(encoding="utf-8"))["settings"]["colour"] == 5


@pytest.mark.parametrize(
    ("words", "table", "said"),
    [
        (("--colour", "1"), "", "memfence: colour must be at least 2, got colour=1"),
        ((), "colour = 'blue'", "colour in [tool.memfence] in pyproject.toml must be a whole number, got 'blue'"),
        ((), "color = 3", "[tool.memfence] in pyproject.toml knows no 'color'; did you mean 'colour'?"),
    ],
)
def test_what_it_cannot_be_is_refused(with_one_more: Path, words: tuple[str, ...], table: str, said: str) -> None:
    done = run(with_one_more, *SMALL, *words, table=table)

    assert done.returncode == 2
    assert said in done.stderr
