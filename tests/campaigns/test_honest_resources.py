"""Correct code of the usual kind, and nothing is said of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memfence.campaigns.campaign import Campaign
from memfence.campaigns.resolve import all_oracles, scenarios
from memfence.campaigns.settings import AuditSettings
from memfence.model.findings import Verdict
from memfence.performing.contract import adapt
from memfence.scoped.user_ids import check_id


class Uploads:
    """One user's files; an error quotes the path, as Python's own do."""

    def __init__(self, root: Path, user_id: str) -> None:
        self.folder = (root / f"u{check_id(user_id, 'user_id')}").resolve()

    def _path(self, key: str) -> Path:
        path = (self.folder / key).resolve()
        if not path.is_relative_to(self.folder):
            msg = "outside"
            raise PermissionError(msg)
        return path

    def put(self, key: str, value: str) -> None:
        data, path = value.encode(), self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def get(self, key: str) -> str:
        return self._path(key).read_text()

    def list(self) -> list[str]:
        return [str(file.relative_to(self.folder)) for file in self.folder.rglob("*") if file.is_file()]

    def delete(self, key: str) -> None:
        self._path(key).unlink()


class Answers:
    """One user's answers, each for an hour unless told otherwise."""

    def __init__(self, rows: dict[Any, Any], user_id: str, now: Callable[[], float]) -> None:
        self.rows, self.user_id, self.now = rows, check_id(user_id, "user_id"), now

    def put(self, key: str, value: str, ttl: float = 3600) -> None:
        self.rows[self.user_id, key] = value, self.now() + ttl

    def get(self, key: str) -> str | None:
        value, until = self.rows.get((self.user_id, key), (None, 0))
        return value if until > self.now() else None


class Newest(Answers):
    """The same, listed, and of each user the newest few alone."""

    most = 3

    def put(self, key: str, value: str) -> None:  # type: ignore[override]  # nobody says for how long
        super().put(key, value)
        own = [place for place in self.rows if place[0] == self.user_id]
        for place in own[: -self.most]:
            del self.rows[place]

    def list(self) -> list[str]:
        return [key for user, key in self.rows if user == self.user_id and self.get(key) is not None]


class Lasting(Newest):
    """The same, of which nothing runs out."""

    def get(self, key: str) -> str | None:
        value, _ = self.rows.get((self.user_id, key), (None, 0))
        return value


class Folder:
    disposable = True
    keys = "path"

    def __init__(self, folder: Path) -> None:
        self.folder, self.worlds = folder, 0

    def start(self) -> None:
        self.worlds += 1

    def make_resource(self, user_id: str) -> Uploads:
        return Uploads(self.folder / str(self.worlds), user_id)


class Cache:
    disposable = True

    def __init__(self, kind: type[Answers] = Answers) -> None:
        self.kind = kind

    def start(self) -> None:
        self.rows: dict[Any, Any] = {}
        self.seconds = 0.0

    def expire(self) -> None:
        self.seconds += 1_000_000

    def make_resource(self, user_id: str) -> Answers:
        return self.kind(self.rows, user_id, lambda: self.seconds)


def audited(thing: object, *names: str) -> tuple[Verdict, list[str]]:
    settings = AuditSettings(seed=1, users=3, facts=2, crowd=24, load=24)
    result = Campaign(adapt(thing, "mine"), scenarios(names), settings, all_oracles()).run()
    return result.verdict, [group.example.oracle for one in result.scenarios for group in one.findings]


@pytest.mark.parametrize("name", ["record_ids", "hostile_keys", "get_by_foreign_id", "same_key"])
def test_an_error_that_quotes_the_path_tells_of_nobody(name: str, tmp_path: Path) -> None:
    assert audited(Folder(tmp_path), name) == (Verdict.HELD, [])


def test_what_is_put_without_a_time_may_have_one_all_the_same() -> None:
    assert audited(Cache(), "expired_values", "same_key") == (Verdict.HELD, [])


@pytest.mark.parametrize("kind", [Answers, Newest, Lasting])
def test_a_store_whose_values_all_run_out_or_none_of_them_is_held(kind: type[Answers]) -> None:
    assert audited(Cache(kind), "store_wide_time") == (Verdict.HELD, [])


def test_what_a_level_in_between_keeps_longer_than_the_store_is_found_out() -> None:
    level: dict[tuple[str, str], str | None] = {}

    class Kept(Newest):
        most = 100

        def put(self, key: str, value: str) -> None:
            level.pop((self.user_id, key), None)
            super().put(key, value)

        def get(self, key: str) -> str | None:
            return level.setdefault((self.user_id, key), super().get(key))

        def list(self) -> list[str]:
            return [key for user, key in self.rows if user == self.user_id and super(Kept, self).get(key) is not None]

    assert audited(Cache(Kept), "store_wide_time") == (Verdict.VIOLATED, ["residue"])
