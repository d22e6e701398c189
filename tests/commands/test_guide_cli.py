"""`memfence guide`: what there is to read, and one of it."""

from pathlib import Path

import pytest
from blocks import GUIDES
from typer.testing import CliRunner, Result

from memfence.commands.cli import app
from memfence.commands.parameters import completing_guides


def guide(*words: str, **environment: str) -> Result:
    return CliRunner(env={"COLUMNS": "100", **environment}).invoke(app, ["guide", *words])


def test_each_guide_is_listed_with_its_title() -> None:
    done = guide()

    assert done.exit_code == 0
    rows = [line.strip().split(maxsplit=1) for line in done.stdout.splitlines()[1:]]
    assert rows == [[path.stem, path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ")] for path in GUIDES]


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.stem)
def test_where_there_is_no_terminal_a_guide_is_printed_as_it_is(path: Path) -> None:
    assert guide(path.stem).stdout == path.read_text(encoding="utf-8")


def test_a_terminal_shows_a_guide_formatted_with_commands_for_links() -> None:
    done = guide("own-memory", FORCE_COLOR="1", TERM="xterm")

    assert done.exit_code == 0
    assert "memfence guide applications" in done.stdout
    assert "](applications.md)" not in done.stdout
    assert "| --- |" not in done.stdout
    assert "\x1b[" in done.stdout


def test_a_shell_completes_the_names_of_guides() -> None:
    assert completing_guides("own") == ["own-memory"]
    assert completing_guides("") == [path.stem for path in GUIDES]


def test_a_name_that_is_nearly_right_is_answered_with_the_nearest() -> None:
    done = guide("own_memory")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == "memfence: unknown guide 'own_memory'; did you mean 'own-memory'?\n"
