"""What an exit code means when the command line itself fails; each in a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

BREAK = "import sys, memfence.commands.cli as cli\nfrom memfence.__main__ import main\n{}\nmain()"


def run(source: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        ("KeyError('a bug')", 2, "memfence: the harness itself failed; please report this"),
        ("KeyboardInterrupt", 3, ""),
    ],
)
def test_a_failure_of_the_harness_never_reads_as_a_verdict(failure: str, code: int, said: str) -> None:
    done = run(BREAK.format(f"def app():\n    raise {failure}\ncli.app = app"))

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_the_version_is_shown() -> None:
    done = run("import sys\nsys.argv[1:] = ['--version']\nfrom memfence.__main__ import main\nmain()")

    assert done.returncode == 0
    assert done.stdout.startswith("memfence 0.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "from memfence import scenario\n\n@scenario(needs=())\ndef bad(p): ...\n",
            "bad.py cannot be loaded: TypeError",
        ),
        ("pass\n", "scenarios/bad.py must define bad: a file is named after what it holds"),
    ],
    ids=["raises", "defines nothing"],
)
def test_a_broken_scenario_file_is_named_and_is_no_verdict(tmp_path: Path, source: str, said: str) -> None:
    shutil.copytree(ROOT / "harness", tmp_path / "memfence")
    shutil.copytree(ROOT / "scenarios", tmp_path / "memfence" / "scenarios")
    (tmp_path / "memfence" / "scenarios" / "bad.py").write_text(source, encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "memfence", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "both"),
    [(["guide", "own-memory"], False), (["list"], True), (["--help"], False), (["nothing"], True)],
    ids=["guide", "list, errors too", "help", "an unknown command, errors too"],
)
def test_a_reader_who_leaves_early_changes_no_exit_code_and_gets_no_traceback(
    arguments: list[str], *, both: bool
) -> None:
    command = [sys.executable, *(["-u"] if both else []), "-m", "memfence", *arguments]
    whole = subprocess.run(command, capture_output=True, timeout=60, check=False)
    reading, writing = os.pipe()
    os.close(reading)

    errors = writing if both else subprocess.PIPE
    cut = subprocess.run(command, stdout=writing, stderr=errors, timeout=60, check=False)
    os.close(writing)

    assert cut.returncode == whole.returncode
    assert both or cut.stderr == whole.stderr
