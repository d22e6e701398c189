import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memfence.base.errors import HarnessError, UnknownNameError
from memfence.campaigns import resolve
from memfence.campaigns.campaign import Campaign
from memfence.campaigns.settings import AuditSettings
from memfence.campaigns.workers import Workers
from memfence.commands.matrix import rows
from memfence.model.findings import Verdict
from memfence.model.results import CampaignResult
from memfence.performing.contract import adapt
from memfence.reporting import advice
from memfence.reporting.tables import MatrixSettings
from memfence.targets import back_ends

QUICK = ["files:folder", "files:memory_files", "cache:mapping", "cache:cachetools", "store:langgraph_memory"]
SLOW = ["cache:diskcache", "cache:redis", "store:langgraph_sqlite", "store:langgraph_postgres", "vectors:qdrant"]
SESSIONS = ["sessions:session_dict", "sessions:starlette_cookie", "sessions:starsessions"]
SLOWEST = ["vectors:chroma", "vectors:lancedb"]
SCENARIOS = ("same_key", "hostile_keys", "get_by_foreign_id", "delete_all_leaves_others", "aliased_ids")
KEYS = {
    "path": "notes/a.txt",
    "flat": "note-a",
    "segments": ("notes", "a"),
    "id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
}
LONG = pytest.mark.long

Audit = Callable[..., CampaignResult]


def opened(store: str, wrapper: str) -> Any:
    """Return the target on this back end, or skip where the machine has no such server."""
    kind, _, _ = store.partition(":")
    try:
        back_end = resolve.back_ends()[store].open_back_end(None)
    except HarnessError as error:
        pytest.skip(str(error))
    return resolve.target(kind, wrapper=wrapper, back_end=back_end)


def audit(target: Any, scenarios: tuple[str, ...] = SCENARIOS) -> CampaignResult:
    said = AuditSettings(seed=1, users=3, facts=2, probes=1, scenarios=scenarios)
    return Campaign(target, resolve.scenarios(scenarios), said, resolve.all_oracles()).run()


def contents(cache: Any, key: str) -> Any:
    try:
        return cache.get(key)
    except KeyError:
        return None


@pytest.mark.parametrize("store", [*QUICK, *SESSIONS, *(pytest.param(one, marks=LONG) for one in (*SLOW, *SLOWEST))])
@pytest.mark.parametrize("wrapper", ["plain", "scoped"])
def test_what_is_put_comes_back_to_its_user_until_it_is_cleared_and_no_world_knows_of_another(
    store: str, wrapper: str
) -> None:
    target = opened(store, wrapper)
    key = KEYS[target.keys]
    try:
        for _ in range(2):
            target.start()
            alice, bob = target.make_memory("alice"), target.make_memory("bob")
            assert not list(alice.list())
            alice.put(key, "I am vegan.")
            assert "I am vegan." in str(alice.get(key))
            assert any(str(key) in str(one) for one in alice.list())
            assert not list(bob.list())
            bob.clear()
            assert list(alice.list())
            alice.clear()
            assert not list(alice.list())
            alice.put(key, "I eat fish.")
    finally:
        target.close()


@pytest.mark.parametrize(
    "store", ["store:langgraph_memory", "store:langgraph_sqlite", pytest.param("store:langgraph_postgres", marks=LONG)]
)
def test_where_langgraph_refuses_a_label_plain_code_is_judged_all_the_same(store: str) -> None:
    scenarios = ("path_ids", "empty_scope_is_refused", "get_by_foreign_id")

    result = audit(opened(store, "plain"), scenarios)

    assert {one.name: one.verdict for one in result.scenarios} == dict.fromkeys(scenarios, Verdict.HELD)
    assert all(not one.total("crashed") for one in result.scenarios)
    assert any(one.total("refused") for one in result.scenarios)


@pytest.mark.parametrize("store", [*QUICK, *(pytest.param(one, marks=LONG) for one in (*SLOW, "vectors:chroma"))])
def test_through_ours_each_store_is_held(store: str) -> None:
    assert audit(opened(store, "scoped")).verdict is Verdict.HELD


@pytest.mark.parametrize("store", ["files:memory_files", "cache:mapping", pytest.param("vectors:qdrant", marks=LONG)])
def test_plain_code_is_found_out(store: str) -> None:
    result = audit(opened(store, "plain"), ("aliased_ids", "joined_keys", "path_ids", "same_key"))

    assert result.verdict is Verdict.VIOLATED


@pytest.mark.parametrize(
    "store",
    [
        "cache:mapping",
        "cache:cachetools",
        pytest.param("cache:diskcache", marks=LONG),
        pytest.param("cache:redis", marks=LONG),
    ],
)
@pytest.mark.parametrize("wrapper", ["plain", "scoped"])
def test_in_each_cache_a_value_may_be_put_for_a_time_and_then_runs_out(store: str, wrapper: str) -> None:
    target = opened(store, wrapper)
    try:
        target.start()
        alice = target.make_memory("alice")
        alice.put("short", "for a minute", ttl=60.0)
        alice.put("long", "for good")
        assert "for a minute" in str(alice.get("short"))
        target.expire()
        assert wrapper == "plain" or alice.list() == ["long"]
        assert "for good" in str(alice.get("long"))
        assert not contents(alice, "short")
    finally:
        target.close()


@pytest.mark.parametrize("store", ["cache:mapping", "cache:cachetools"])
def test_values_that_run_out_are_tried_through_ours(store: str) -> None:
    (scenario,) = audit(opened(store, "scoped"), ("expired_values",)).scenarios

    assert (scenario.verdict, scenario.not_exercised) == (Verdict.HELD, None)


def test_what_is_not_written_for_it_may_lead_out_is_told_and_counts_as_no_attempt() -> None:
    result = audit(opened("files:folder", "scoped"), ("hostile_keys",))

    (told,) = advice.untried(result)
    (attempts,) = [one.attacks for one in result.scenarios]
    assert "not tried: memfence writes nothing under a key that may lead out of the target's own folders" in told
    assert result.verdict is Verdict.HELD
    assert all(tally.probes == tally.returned + tally.refused + tally.crashed > 0 for tally in attempts.values())


def test_a_check_by_the_beginning_of_a_path_is_found_out() -> None:
    result = audit(opened("files:folder", "plain"), ("aliased_ids", "linked_keys", "path_ids"))

    assert result.verdict is Verdict.VIOLATED


def test_nothing_is_left_or_written_outside_of_the_targets_own_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "stranger.txt").write_text("It is mine.")
    monkeypatch.setattr(tempfile, "tempdir", str(inner))

    audit(opened("files:folder", "plain"), ("hostile_keys", "path_ids"))

    assert sorted(path.name for path in tmp_path.rglob("*")) == ["inner", "stranger.txt"]
    assert (tmp_path / "stranger.txt").read_text() == "It is mine."


def test_a_url_where_there_is_no_server_and_a_store_that_is_none_are_told() -> None:
    place = {"store_config": None, "embedder": "semantic"}
    with pytest.raises(HarnessError, match="has no URL: leave out --store-url"):
        resolve.placed("files", store="folder", store_url="x://y", **place)
    with pytest.raises(UnknownNameError, match="unknown store of files 'redis'; choose from folder, memory_files"):
        resolve.placed("files", store="redis", store_url=None, **place)


def test_a_missing_package_is_told_with_the_extra_that_brings_it() -> None:
    class Missing(back_ends.BackEnd):
        module, extra = "no_such_package.at_all", "kv"
        open = close = storage = None  # type: ignore[assignment]  # none is called

    with pytest.raises(HarnessError, match=r"needs no_such_package\.at_all: pip install 'memfence\[kv\]'"):
        Missing()


def test_the_matrix_has_a_row_for_each_wrapper_of_a_keyed_store() -> None:
    said = MatrixSettings(stores=("files:folder",), scenarios=("same_key", "hostile_keys"))

    (found,) = rows(said, Workers(1))

    assert [(row.store, row.wrapper, row.failure) for row in found] == [
        ("files:folder", "plain", ""),
        ("files:folder", "scoped", ""),
    ]


class Shared:
    """A resource that isolates; `odd` says what its answers are, `disposable` whether all may be wiped."""

    def __init__(self, odd: str = "", *, disposable: bool = True) -> None:
        self.odd = odd
        self.disposable = disposable
        self.rows: dict[tuple[str, str], str] = {("stranger", "kept"): "It is mine."}

    def make_resource(self, user_id: str) -> Any:
        if not isinstance(user_id, str) or not user_id.replace("-", "").isalnum() or not user_id.isascii():
            msg = "no such user"
            raise ValueError(msg)
        return self.resource(self, user_id)

    class resource:  # noqa: N801 - it is read as a method
        def __init__(self, world: "Shared", user: str) -> None:
            self.world, self.user = world, user

        def put(self, key: str, value: str) -> None:
            self.world.rows[self.user, key] = value

        def get(self, key: str) -> Any:
            value = self.world.rows[self.user, key]
            match self.world.odd:
                case "an iterator":
                    return iter([value])
                case "a file":
                    return io.StringIO(value)
                case "binary":
                    return b"\xff\xfe\x00" + value.encode()
            return value

        def list(self) -> Any:
            return 7 if self.world.odd == "a number" else [key for user, key in self.world.rows if user == self.user]

        def delete(self, key: str) -> None:
            del self.world.rows[self.user, key]


def test_a_listing_that_cannot_be_read_is_told_in_one_line_and_is_no_leak() -> None:
    result = audit(adapt(Shared("a number"), "shared"), ("list_all",))

    assert result.verdict is Verdict.INCONCLUSIVE
    (told,) = {(str(reason), reason.todo) for one in result.scenarios for reason in one.reasons}
    assert told[0] == "a tenant could not find its own fact"
    assert told[1].endswith("return a list, a dict or a text: it returned int.")


@pytest.mark.parametrize("odd", ["an iterator", "a file", "binary"])
def test_a_value_that_comes_as_an_iterator_a_file_or_no_text_is_read_all_the_same(odd: str) -> None:
    assert audit(adapt(Shared(odd), "shared"), ("same_key", "get_by_foreign_id")).verdict is Verdict.HELD


def test_where_not_all_may_be_wiped_the_campaigns_keys_are_removed_and_nothing_else() -> None:
    shared = Shared(disposable=False)

    result = audit(adapt(shared, "shared"), ("list_all", "get_by_foreign_id"))

    assert shared.rows == {("stranger", "kept"): "It is mine."}
    assert result.left_behind == 0
