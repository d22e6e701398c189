"""Every code block of the README, run in order as a reader would."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The installing half of a line is .ci/run's to try: here it would replace the package under test.
INSTALL = re.compile(r"^pip install \S+ && ")


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "80", "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def lines(text: str) -> list[str]:
    """Return the lines without the blanks that pad a table, and without what chance decides.

    mem0 lists 20 records at most, in the order of random ids: how often a leak shows differs from time to time. So
    does how long a proof takes.
    """
    chance = re.compile(r"\b(?:\d+ times|once)\b|\(\d+ s\)$")
    return [chance.sub("some times", line.rstrip()) for line in text.strip().splitlines()]


@pytest.fixture(scope="module")
def blocks() -> list[tuple[str, str, str]]:
    return BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def test_every_block_runs_and_prints_what_the_readme_shows(blocks: list[tuple[str, str, str]], tmp_path: Path) -> None:
    printed = ""
    for language, info, body in blocks:
        if language == "sh":
            printed = check_shell(body, tmp_path)
        elif language == "text":
            assert lines(body) == lines(printed)
        else:
            check_python(info, body, tmp_path)

    assert {language for language, _, _ in blocks} == {"sh", "text", "python"}


def check_shell(body: str, folder: Path) -> str:
    command, _, expected = INSTALL.sub("", body.strip()).partition("  # exit ")
    words = shlex.split(command)
    if words[0] == "pytest":
        assert words == ["pytest", "-n", "auto"]  # this very run
        return ""
    if words == ["memfence", "prove"]:
        # Two minutes of both cores: .ci/run has it by itself.
        return ""
    assert words[0] == "memfence"

    done = run([sys.executable, "-m", *words], folder)

    assert done.returncode == int(expected or 0), done.stdout + done.stderr
    return done.stdout


def check_python(info: str, body: str, folder: Path) -> None:
    title = re.search(r'title="([^"]+)"', info)
    path = folder / (title.group(1) if title else "block.py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")

    done = run([sys.executable, str(path)], folder)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("scenarios/search_twice.py", ["audit", "reference", "--scenario", "search_twice"]),
        (
            "breakages/last_answer_again.py",
            ["prove", "--breakage", "last_answer_again", "--seeds", "2", "--clean", "2"],
        ),
    ],
)
def test_what_the_readme_adds_runs_as_one_more_file(
    blocks: list[tuple[str, str, str]], tmp_path: Path, file: str, arguments: list[str]
) -> None:
    source = next(body for _, info, body in blocks if file in info)
    shutil.copytree(ROOT / "harness", tmp_path / "memfence")
    shutil.copytree(ROOT / "scenarios", tmp_path / "memfence" / "scenarios")
    (tmp_path / "memfence" / file).write_text(source, encoding="utf-8")

    done = run([sys.executable, "-m", "memfence", *arguments], tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert Path(file).stem in done.stdout
