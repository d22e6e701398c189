import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from memfence.commands.cli import app

PROVE = ("prove", "--breakage", "no_owner_check_on_get", "--seeds", "1", "--clean", "1", "--workers", "1")
EXPLORE = ("explore", "reference", "--examples", "20", "--steps", "10", "--seed", "7")
AUDIT = ("audit", "reference", "--users", "2", "--scenario", "list_all", "--seed", "7")


def written(path: Path, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--report", str(path)])
    assert done.exit_code == 0, done.output
    return path.read_text(encoding="utf-8")


def embedded(page: str, name: str) -> dict[str, Any]:
    found = re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    told: dict[str, Any] = json.loads(found[1])
    return told


@pytest.mark.parametrize("words", [AUDIT, EXPLORE], ids=["audit", "explore"])
def test_a_page_and_a_json_report_of_one_command_say_the_same(words: tuple[str, ...], tmp_path: Path) -> None:
    page = written(tmp_path / "out.html", *words, "--report", str(tmp_path / "out.json"))

    told = json.loads((tmp_path / "out.json").read_text(encoding="ascii"))
    assert embedded(page, "report") == {name: value for name, value in told.items() if name != "sightings"}


@pytest.mark.long
def test_a_proof_is_written_as_a_page(tmp_path: Path) -> None:
    page = written(tmp_path / "out.html", *PROVE)

    assert "<title>proven: memfence prove on reference</title>" in page
    assert [one["name"] for one in embedded(page, "proof")["breakages"]] == ["no_owner_check_on_get"]


def test_the_demonstration_is_written_as_a_page_with_what_leaked_in_each_act(tmp_path: Path) -> None:
    told = embedded(written(tmp_path / "out.html", "demo"), "demo")

    assert told["as_told"] is True
    assert [any(line["leaked"] for line in act["lines"]) for act in told["acts"]] == [False, True, True, True, False]
    assert [act["story"] for act in told["acts"]] == [*["everyday"] * 2, *["attacked"] * 3]


def test_the_demonstration_knows_pages_only(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--report", str(tmp_path / "out.json")])

    assert done.exit_code == 2
    assert "unknown report suffix '.json'" in done.output
