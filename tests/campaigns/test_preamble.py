"""The lines above a finding's calls make the target: whoever pastes them has no import of its own to write."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.preamble import preamble
from memfence.campaigns.settings import AuditSettings
from memfence.reporting.json_report import as_json

MODULE = """
rows = None


class Memory:
    def __init__(self, user_id):
        self.user_id = user_id

    def add(self, text):
        rows.append(text)

    def get_all(self):
        return rows


def start():
    global rows
    rows = []


def make_memory(user_id):
    return Memory(user_id)


def build(user_id):
    return Memory(user_id)


class Whole:
    disposable = True

    def start(self):
        start()

    make_memory = staticmethod(make_memory)

    def reopen(self):
        pass


class Asking(Whole):
    async def start(self):
        start()


whole = Whole()
make_memory.start = build.start = start
make_memory.disposable = build.disposable = True
"""
WAYS = {
    "make_memory": ("make_memory", "make_memory.start()"),
    "build": ("build as make_memory", "make_memory.start()"),
    "Memory": ("Memory as make_memory",),
    "Whole": ("Whole", "target = Whole()", "make_memory = target.make_memory", "target.start()"),
    "Asking": ("Asking", "target = Asking()", "make_memory = target.make_memory", "awaited(target.start())"),
    "whole": ("whole as target", "make_memory = target.make_memory", "target.start()"),
    "Whole.make_memory": ("Whole", "make_memory = Whole.make_memory", "make_memory.start()"),
}


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "mine_pasted.py").write_text(MODULE, encoding="utf-8")
    yield "mine_pasted"
    sys.modules.pop("mine_pasted", None)


@pytest.mark.parametrize("name", WAYS)
def test_the_first_line_imports_the_target_and_the_others_open_it(name: str, module: str) -> None:
    lines = [line for line in preamble(resolve.target(f"{module}:{name}")) if line != "target = make_memory"]

    imported, *opened = WAYS[name]
    assert lines == [f"from {module} import {imported}", *opened]


def test_a_target_that_is_built_in_needs_none() -> None:
    assert preamble(resolve.target("reference")) == ()


@pytest.mark.parametrize("name", ["make_memory", "build", "Whole", "Asking", "whole"])
def test_the_printed_lines_run_as_they_are_pasted(name: str, module: str, tmp_path: Path) -> None:
    target = resolve.target(f"{module}:{name}")
    settings = AuditSettings(seed=1, users=2, facts=1)
    report = as_json(Campaign(target, resolve.scenarios(["list_all"]), settings, resolve.all_oracles()).run())
    finding = report["scenarios"][0]["findings"][0]

    *lines, last = finding["reproduce"]
    pasted = "\n".join([*lines, f"print({last})"])
    done = subprocess.run(
        [sys.executable, "-c", pasted], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert lines[0].startswith(f"from {module} import ")
    assert (done.returncode, done.stderr) == (0, "")
    assert finding["told"][0]["text"].strip("'") in done.stdout
