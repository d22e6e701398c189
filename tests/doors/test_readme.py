"""Every code block of the README, run as a reader would, beside the files that stand above it."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from memfence.model.channels import Channel

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The installing half of a line is .ci/run's to try: here it would replace the package under test.
INSTALL = re.compile(r"^pip install \S+ && ")
# .ci/run has made the README's first audit already, and names the file that holds what it printed.
PRINTED = os.environ.get("MEMFENCE_README_AUDIT", "")
# These take a second or two; all others start mem0, a proof or a whole audit.
QUICK = re.compile(r"(memfence (audit reference|baseline) .*\n)+")


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"COLUMNS": "80", "PYTHONPATH": str(folder), "NO_COLOR": "1"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def lines(text: str) -> list[str]:
    """Return the lines without the blanks that pad a table, and without what chance decides.

    mem0 lists 20 records at most, in the order of random ids: how often a leak shows differs from time to time. So
    does how long a proof takes. And what generated histories ask hangs on the installation, for Hypothesis draws
    numbers that it finds in modules outside of site-packages: what they add to the counts is left out, no verdict is.
    """
    told = text.strip().splitlines()
    if told and " histories, seed " in told[0]:
        told = [
            NUMBER.sub(" # ", line.rstrip()) if COUNTED.search(line) else line
            for line in told
            if not OF_HISTORIES.search(line)
        ]
    chance = re.compile(r"\b(?:\d+ times|once)\b|\(\d+ s\)$")
    return [chance.sub("some times", line.rstrip()) for line in told]


# What histories found beside others; their row, those of channels, and what is counted over all: verdicts stay.
OF_HISTORIES = re.compile(r"^also in histories: |^does not count without .*: histories: ")
COUNTED = re.compile(
    rf"^(?:histories|channel|{'|'.join(Channel)}) +(?:\d|probes)|^\d+ of \d+ answered pairs |^VIOLATED on "
)
NUMBER = re.compile(r"\s*\d[\d. %]*|\s{2,}")


BLOCKS: list[tuple[str, str, str]] = BLOCK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


def title(info: str) -> str:
    found = re.search(r'title="([^"]+)"', info)
    return found[1] if found else "block.py"


def shown(position: int) -> str:
    """Return what the README shows as printed by the block at this position."""
    following = BLOCKS[position + 1 : position + 2]
    return following[0][2] if following and following[0][0] == "text" else ""


def runs(language: str) -> list[Any]:
    """Return the blocks of this language, each with what it is called in a report of tests."""
    return [
        pytest.param(
            position,
            id=f"{position}: {INSTALL.sub('', body.strip()).splitlines()[0][:60]}",
            marks=[pytest.mark.long] if language == "sh" and not QUICK.fullmatch(body) else [],
        )
        for position, (found, _, body) in enumerate(BLOCKS)
        if found == language
    ]


def test_the_readme_has_commands_what_they_print_and_python() -> None:
    assert {language for language, _, _ in BLOCKS} == {"sh", "text", "python", "yaml"}


@pytest.mark.parametrize("position", runs("python"))
def test_a_block_of_python_runs(position: int, tmp_path: Path) -> None:
    _, info, body = BLOCKS[position]

    done = run([sys.executable, str(written(info, body, tmp_path))], tmp_path)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("position", runs("sh"))
def test_a_command_prints_what_the_readme_shows(position: int, tmp_path: Path) -> None:
    for language, info, body in BLOCKS[:position]:
        if language == "python":
            written(info, body, tmp_path)

    printed = check_shell(BLOCKS[position][2], tmp_path)

    if shown(position):
        assert lines(printed) == lines(shown(position))


def written(info: str, body: str, folder: Path) -> Path:
    path = folder / title(info)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, encoding="utf-8")
    return path


def check_shell(body: str, folder: Path) -> str:
    """Run each line of a block; return what the last one printed."""
    return [check_line(line, folder) for line in body.strip().splitlines()][-1]


def check_line(line: str, folder: Path) -> str:
    command, _, expected = INSTALL.sub("", line).partition("  # exit ")
    words = shlex.split(command)
    if words == ["pytest", "-n", "auto"]:  # this very run
        return ""
    if words == ["memfence", "prove"]:
        # Two minutes of both cores: .ci/run has it by itself.
        return ""
    if words == ["memfence", "audit", "--seed", "7"] and PRINTED:
        # pip may have said something before.
        said = Path(PRINTED).read_text(encoding="utf-8")
        return said[said.index("memfence audit of ") :]
    assert words[0] in ("memfence", "pytest")

    done = run([sys.executable, "-m", *words], folder)

    assert done.returncode == int(expected or 0), done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("file", "arguments"),
    [
        ("scenarios/search_twice.py", ["audit", "reference", "--scenario", "search_twice"]),
        pytest.param(
            "breakages/cache/last_answer_again.py",
            ["prove", "--breakage", "last_answer_again", "--seeds", "2", "--clean", "2"],
            marks=pytest.mark.long,
        ),
    ],
)
def test_what_the_readme_adds_runs_as_one_more_file(tmp_path: Path, file: str, arguments: list[str]) -> None:
    source = next(body for _, info, body in BLOCKS if file in info)
    shutil.copytree(ROOT / "harness", tmp_path / "memfence")
    shutil.copytree(ROOT / "scenarios", tmp_path / "memfence" / "scenarios")
    (tmp_path / "memfence" / file).write_text(source, encoding="utf-8")

    done = run([sys.executable, "-m", "memfence", *arguments], tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    assert Path(file).stem in done.stdout
