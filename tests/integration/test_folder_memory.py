"""Somebody's own memory in files: a folder for each user, a JSON file for each record."""

import json
import re
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from honest_targets import ranked

from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.explorations import Exploration, ExploreSettings
from memfence.campaigns.exploring import Explorer
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import Target, adapt

_USER = re.compile(r"[A-Za-z0-9@+_-][A-Za-z0-9@.+_-]{0,99}").fullmatch
_RECORD = re.compile(r"[0-9a-f]{32}").fullmatch
# What has to do with ids; the other scenarios ask nothing of how a path is made.
OF_IDS = ("cleaned_ids", "confusable_ids", "get_by_foreign_id", "path_ids", "record_ids")


class Folders:
    """Opens a folder for each world; `checks` are the ids that are looked at before a path is made of them."""

    disposable = True

    def __init__(self, volume: Path, checks: frozenset[str]) -> None:
        self.volume = volume.resolve()
        self.checks = checks
        self.worlds = count()
        self.start()

    def start(self) -> None:
        self.root = self.volume / str(next(self.worlds)) / "users"
        self.root.mkdir(parents=True)

    def make_memory(self, user_id: str) -> "FolderMemory":
        if "user" in self.checks and not (isinstance(user_id, str) and _USER(user_id)):
            msg = "this is no user id"
            raise PermissionError(msg)
        return FolderMemory(self, user_id)

    def on_the_volume(self, path: Path) -> Path:
        """Return the path; the process may go nowhere but to its volume."""
        if not path.resolve().is_relative_to(self.volume):
            msg = "not on this volume"
            raise PermissionError(msg)
        return path


class FolderMemory:
    """One user's folder."""

    def __init__(self, folders: Folders, user_id: str) -> None:
        self.folders = folders
        self.folder = folders.on_the_volume(folders.root / user_id)

    def path(self, record_id: str) -> Path:
        if "record" in self.folders.checks and not _RECORD(record_id):
            raise LookupError
        return self.folders.on_the_volume(self.folder / f"{record_id}.json")

    def add(self, text: str) -> dict[str, str]:
        record = {"id": uuid.uuid4().hex, "memory": text}
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path(record["id"]).write_text(json.dumps(record))
        return record

    def records(self) -> Iterator[dict[str, Any]]:
        for path in sorted(self.folder.glob("*.json")):
            yield json.loads(path.read_text())

    def get_all(self) -> list[dict[str, Any]]:
        return list(self.records())

    def search(self, query: str) -> list[Any]:
        return list(ranked(query, list(self.records())))

    def get(self, record_id: str) -> dict[str, Any] | None:
        path = self.path(record_id)
        return json.loads(path.read_text()) if path.is_file() else None

    def delete(self, record_id: str) -> None:
        self.path(record_id).unlink(missing_ok=True)

    def delete_all(self) -> None:
        for path in self.folder.glob("*.json"):
            path.unlink()


def folders(volume: Path, *checks: str) -> Target:
    return adapt(Folders(volume, frozenset(checks)), "folders")


def audited(target: Target) -> dict[str, Verdict]:
    """Return what an audit says of each scenario."""
    settings = AuditSettings(seed=3, users=4, scenarios=OF_IDS)
    found = Campaign(target, resolve.scenarios(OF_IDS), settings, resolve.all_oracles()).run()
    return {one.name: one.verdict for one in found.scenarios}


def explored(target: Target, examples: int) -> Exploration:
    settings = ExploreSettings(seed=3, examples=examples)
    return Explorer(target, settings, resolve.all_oracles(), until=lambda one: one.verdict is Verdict.VIOLATED).run()


def test_a_path_of_unchecked_ids_leaks_by_the_user_id_and_by_the_record_id(tmp_path: Path) -> None:
    found = audited(folders(tmp_path))

    assert [name for name, verdict in found.items() if verdict is Verdict.VIOLATED] == ["path_ids", "record_ids"]


def test_where_the_user_id_is_checked_it_still_leaks_by_the_record_id(tmp_path: Path) -> None:
    found = audited(folders(tmp_path, "user"))

    assert [name for name, verdict in found.items() if verdict is Verdict.VIOLATED] == ["record_ids"]


def test_where_both_are_checked_each_attack_by_an_id_is_held(tmp_path: Path) -> None:
    found = audited(folders(tmp_path, "user", "record"))

    assert found == dict.fromkeys(OF_IDS, Verdict.HELD)


@pytest.mark.parametrize(("check", "attack"), [("record", "id: "), ("user", "record id: ")])
def test_generated_histories_find_it_by_the_id_that_is_not_checked(tmp_path: Path, check: str, attack: str) -> None:
    found = explored(folders(tmp_path, check), 40)

    assert found.verdict is Verdict.VIOLATED
    kinds = {one.principal.kind for each in found.counterexamples for one in each.operations}
    assert [kind for kind in kinds if kind.startswith(attack)]


def test_generated_histories_find_nothing_where_both_are_checked(tmp_path: Path) -> None:
    found = explored(folders(tmp_path, "user", "record"), 12)

    assert found.counterexamples == ()
    assert found.examples >= 12
