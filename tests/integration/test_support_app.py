"""The example of a support agent's memory, over a real mem0: held as it is, violated by any one of four changes."""

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from memfence.commands.cli import app

EXAMPLE = Path(__file__).parents[1] / "example_app" / "supportapp"
GUIDE = Path(__file__).parents[2] / "harness" / "guide" / "applications.md"
SMALL = ("--seed", "7", "--users", "4")


@dataclass(frozen=True)
class Change:
    """One changed line, the scenario that shows it, and what its finding says: at once, and in the calls."""

    line: str
    instead: str
    scenario: str
    at_once: tuple[str, ...]
    calls: tuple[str, ...]


CHANGES = {
    "cache_without_user": Change(
        "key = (self.user_id, question)",
        'key = ("", question)',
        "cross_search",
        ("canary_leak", "cross_search by search", "kept without the user's id"),
        (".add('", ".search('", ".search('"),  # the owner asked first, and filled the cache
    ),
    "delete_without_owner_check": Change(
        'if record is None or record["user_id"] != self.user_id:',
        "if record is None:",
        "delete_by_foreign_id",
        ("tampering", "delete_by_foreign_id by delete", "A record's id is enough"),
        (".delete(first)",),
    ),
    "user_id_in_lower_case": Change(
        "self.user_id = user_id",
        "self.user_id = user_id.lower()",
        "confusable_ids",
        ("confusable_ids by ", "User ids are not checked, or changed on their way"),
        ('make_memory("MF',),  # two users whose ids differ in their case alone
    ),
    "search_without_user": Change(
        'mine = {"user_id": self.user_id, "agent_id": AGENT}\n            found',
        'mine = {"agent_id": AGENT}\n            found',
        "cross_search",
        ("canary_leak", "cross_search by search", "everybody's records: the user id does not reach the store"),
        (".add('", ".search('"),
    ),
}


def copied(folder: Path) -> Path:
    return shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))


def audited(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, *scenarios: str) -> tuple[Result, dict[str, Any]]:
    """Audit the copy of this name in this folder; return what was printed, and the report."""
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    words = [word for scenario in scenarios for word in ("--scenario", scenario)]
    done = CliRunner().invoke(app, ["audit", f"{name}.target:Target", *SMALL, *words, "--report", "out.json"])
    return done, json.loads((folder / "out.json").read_text(encoding="utf-8"))


def test_the_support_agents_memory_is_held_in_the_scenarios_that_show_the_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied(tmp_path / "unchanged")
    scenarios = sorted({change.scenario for change in CHANGES.values()})

    done, report = audited(tmp_path, "unchanged", monkeypatch, *scenarios)

    assert done.exit_code == 0, done.output
    assert {one["name"]: one["verdict"] for one in report["scenarios"]} == dict.fromkeys(scenarios, "held")


def test_where_nobody_says_whether_its_store_may_be_wiped_it_is_open_and_says_what_to_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = copied(tmp_path / "unsaid") / "target.py"
    said = file.read_text(encoding="utf-8")
    assert said.count("    disposable = True") == 1
    file.write_text(re.sub(r"    disposable = True.*\n", "", said), encoding="utf-8")

    done, _ = audited(tmp_path, "unsaid", monkeypatch, "cross_search", "delete_by_foreign_id")

    assert done.exit_code == 3, done.output
    assert "nobody said whether the store may be wiped" in done.stdout.splitlines()[-1]
    assert "write `Target.disposable = True` where it may be" in done.stdout.splitlines()[-1]


@pytest.mark.long
def test_the_support_agents_memory_is_held_in_a_whole_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copied(tmp_path / "whole")

    done, report = audited(tmp_path, "whole", monkeypatch)

    assert done.exit_code == 0, done.output
    assert [report["channels"][name] for name in ("search", "get_all", "delete", "delete_all")] == ["held"] * 4
    assert report["unasked"]["thorough"]


@pytest.mark.parametrize("name", CHANGES)
def test_each_change_of_one_line_is_violated_and_says_at_once_where(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = CHANGES[name]
    file = copied(tmp_path / name) / "memory.py"
    sound = file.read_text(encoding="utf-8")
    assert sound.count(change.line) == 1
    file.write_text(sound.replace(change.line, change.instead), encoding="utf-8")

    done, report = audited(tmp_path, name, monkeypatch, change.scenario)

    assert done.exit_code == 1, done.output
    beginning = "\n".join(done.output.splitlines()[:5])
    assert [word for word in change.at_once if word not in beginning] == []
    calls = report["scenarios"][0]["findings"][0]["reproduce"]
    assert in_this_order(change.calls, calls), calls


@pytest.mark.parametrize("name", CHANGES)
def test_the_guide_names_each_change_with_the_scenario_that_shows_it(name: str) -> None:
    change = CHANGES[name]
    rows = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]

    line = change.instead.partition("\n")[0]
    assert [row for row in rows if f"`{line}`" in row and f"`{change.scenario}`" in row] != []


def in_this_order(parts: tuple[str, ...], calls: list[str]) -> bool:
    """Return whether a call holds the first part, a later one the second, and so on."""
    left = iter(calls)
    return all(any(part in call for call in left) for part in parts)
