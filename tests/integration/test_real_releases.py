"""Releases that leaked, and those that mended it: found in the one, silent in the other."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = """
import tempfile
import fsspec
from fsspec.implementations.dirfs import DirFileSystem


class Files:
    def __init__(self, fs):
        self.fs = fs

    def put(self, key, value):
        self.fs.makedirs(key.rpartition("/")[0], exist_ok=True)
        self.fs.pipe_file(key, value.encode())

    def get(self, key):
        return self.fs.cat_file(key).decode()

    def list(self, prefix=""):
        return [key for key in self.fs.find("") if key.startswith(prefix)]

    def delete(self, key):
        self.fs.rm_file(key)


class Target:
    disposable = True
    keys = "path"

    def start(self):
        self.folder = tempfile.TemporaryDirectory()

    def make_resource(self, user_id):
        if not isinstance(user_id, str) or not user_id.replace("-", "").isalnum() or not user_id.isascii():
            raise ValueError(f"no user id: {user_id!r}")
        fs = fsspec.filesystem("file")
        root = f"{self.folder.name}/{user_id}"
        fs.makedirs(root, exist_ok=True)
        return Files(DirFileSystem(root, fs))
"""
NOTES = """
import sqlite3
from langgraph.store.sqlite import SqliteStore


class Notes:
    def __init__(self, store, user):
        self.store, self.namespace = store, (user, "notes")

    def put(self, key, value):
        self.store.put(self.namespace, key, {"text": value})

    def get(self, key):
        item = self.store.get(self.namespace, key)
        return None if item is None else item.value["text"]

    def list(self):
        return [(item.key, item.value["text"]) for item in self.store.search(self.namespace, limit=1000)]

    def delete(self, key):
        self.store.delete(self.namespace, key)


class Target:
    disposable = True

    def start(self):
        self.store = SqliteStore(sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None))
        self.store.setup()

    def make_resource(self, user_id):
        if not isinstance(user_id, str) or not user_id or "." in user_id:
            raise ValueError(f"no user id: {user_id!r}")
        return Notes(self.store, user_id)
"""
# The target, what is installed, and the oracles and channels that are seen there.
RELEASES = [
    pytest.param(
        FOLDER, "fsspec==2026.4.0", {("canary_leak", "get"), ("tampering", "delete")}, id="fsspec that climbs"
    ),
    pytest.param(FOLDER, "fsspec==2026.9.0", set(), id="fsspec that does not"),
    pytest.param(NOTES, "langgraph-checkpoint-sqlite==3.0.0", {("canary_leak", "list")}, id="LangGraph by LIKE"),
    pytest.param(NOTES, "langgraph-checkpoint-sqlite==3.1.2", set(), id="LangGraph by segments"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("source", "release", "seen"), RELEASES)
def test_a_release_that_leaked_is_found_and_the_one_that_mended_it_is_silent(
    source: str, release: str, seen: set[tuple[str, str]], tmp_path: Path
) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    bin_ = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([bin_ / "python", "-m", "pip", "install", "--quiet", str(ROOT), release], check=True, timeout=600)
    (tmp_path / "shared.py").write_text(source, encoding="utf-8")
    report = tmp_path / "report.json"

    words = ["audit", "shared:Target", "--seed", "3", "--quiet", "--report", str(report)]
    subprocess.run([bin_ / "memfence", *words], cwd=tmp_path, timeout=600, check=False)

    scenarios = json.loads(report.read_text(encoding="utf-8"))["scenarios"]
    found = [one for scenario in scenarios for one in scenario["findings"] if one["verdict"] == "violated"]
    told = {(one["oracle"], one["channel"]) for one in found}
    assert told >= seen
    assert seen or not told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("release", "seen"),
    [("starsessions==2.2.1", {("accepted", "expired_sessions")}), ("starsessions==2.3.0a1", set())],
)
def test_sessions_that_outlived_their_time_are_found_and_those_that_do_not_are_silent(
    release: str, seen: set[tuple[str, str]], tmp_path: Path
) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    bin_ = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    wanted = [f"{ROOT}[sessions]", release]
    subprocess.run([bin_ / "python", "-m", "pip", "install", "--quiet", *wanted], check=True, timeout=600)
    report = tmp_path / "report.json"

    words = ["audit", "sessions", "--store", "starsessions", "--seed", "3", "--quiet", "--report", str(report)]
    subprocess.run([bin_ / "memfence", *words], cwd=tmp_path, timeout=600, check=False)

    scenarios = json.loads(report.read_text(encoding="utf-8"))["scenarios"]
    told = {
        (one["oracle"], scenario["name"])
        for scenario in scenarios
        for one in scenario["findings"]
        if one["verdict"] == "violated"
    }
    assert told == seen
