import json
import shutil
import time
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from typing import Any

import cachetools
import diskcache
import pytest
import redis
import redis.asyncio
from hypothesis import given
from hypothesis import strategies as st

from memfence import KeyNotFoundError, ScopedCache, ScopeError, scoped_key, user_key
from memfence.real_mem0.private_redis import COMMAND, PrivateRedis

# They are prefixes of each other, differ by case, or hold what a pattern gives a meaning.
USERS = ["al", "al-", "al.", "alice", "Alice", "a@b:c", "a+", "x" * 128]
SERVER = next((name for name in ("redis-server", COMMAND) if shutil.which(name)), None)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Redis of our own."""
    if SERVER is None:
        pytest.skip("neither redis-server nor redis-stack-server is on the PATH")
    server = PrivateRedis(tmp_path_factory.mktemp("redis"), name=SERVER)
    yield server.url
    server.stop()


@pytest.fixture
def server(redis_url: str) -> Iterator["redis.Redis[bytes]"]:
    """A client of an empty Redis."""
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
        yield client


@pytest.fixture(params=["dict", "TTLCache", "diskcache", "diskcache in parts", "redis", "redis of texts"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """What is shared by all users."""
    match request.param:
        case "dict":
            yield {}
        case "TTLCache":
            yield cachetools.TTLCache(1_000, ttl=60)
        case "diskcache":
            with diskcache.Cache(str(tmp_path)) as opened:
                yield opened
        case "diskcache in parts":
            with diskcache.FanoutCache(str(tmp_path), shards=2) as opened:
                yield opened
        case "redis":
            yield request.getfixturevalue("server")
        case _:
            request.getfixturevalue("server")
            with redis.Redis.from_url(request.getfixturevalue("redis_url"), decode_responses=True) as client:
                yield client


def test_what_is_put_is_there_until_it_is_deleted(cache: Any) -> None:
    own = ScopedCache("alice", cache=cache)

    own.put("a/ü *?[x]\n", "Grüße")
    own["b"] = ""

    assert own.get("a/ü *?[x]\n") == own["a/ü *?[x]\n"] == "Grüße"
    assert own["b"] == ""
    own.put("b", "new")
    assert (own.get("b"), "b" in own, len(own), sorted(own)) == ("new", True, 2, ["a/ü *?[x]\n", "b"])
    own.delete("b")
    assert (list(own), "b" in own) == (["a/ü *?[x]\n"], False)
    del own["a/ü *?[x]\n"]
    assert own.list() == []


def test_users_see_and_change_only_their_own_under_the_same_keys(cache: Any) -> None:
    for user in USERS:
        for key in ("k", "al", "s:k", "*"):
            ScopedCache(user, cache=cache).put(key, f"{key} of {user}")

    ScopedCache(USERS[0], cache=cache).clear()
    ScopedCache(USERS[1], cache=cache).delete("*")
    ScopedCache(USERS[2], cache=cache)["k"] = "changed"

    keys = ["*", "al", "k", "s:k"]
    assert {user: ScopedCache(user, cache=cache).list() for user in USERS} == dict.fromkeys(USERS, keys) | {
        USERS[0]: [],
        USERS[1]: keys[1:],
    }
    assert [ScopedCache(user, cache=cache)["k"] for user in USERS[1:]] == [
        f"k of {USERS[1]}",
        "changed",
        *(f"k of {user}" for user in USERS[3:]),
    ]


def test_clear_takes_what_was_cached_of_this_users_calls_and_leaves_what_is_nobodys(cache: Any) -> None:
    shared = ["settings", "alice", "alice-2/s:k", "Alice/s:k"]
    for key in [user_key("alice", 7), scoped_key("alice", "a", "b"), *shared]:
        cache[key] = "x"
    own = ScopedCache("alice", cache=cache)
    own.put("k", "x")

    assert own.list() == ["k"]
    own.clear()
    own.clear()

    assert own.list() == []
    left = cache.keys() if isinstance(cache, redis.Redis) else list(cache)
    assert {key.decode() if isinstance(key, bytes) else key for key in left} == set(shared)


def test_a_prefix_is_compared_segment_by_segment(cache: Any) -> None:
    own = ScopedCache("alice", cache=cache)
    own.update({"acme": "1", "acme/a": "2", "acme/b/c": "3", "acme-corp": "4", "acme%2Fa": "5"})

    assert own.list("acme") == own.list("acme/") == ["acme", "acme/a", "acme/b/c"]
    assert own.list("acme/b") == ["acme/b/c"]
    assert own.list("ac") == own.list("*") == []


def test_a_key_under_which_nothing_is_stored_is_a_key_error_whoever_else_has_it(cache: Any) -> None:
    ScopedCache("bob", cache=cache).put("k", "of bob")
    own = ScopedCache("alice", cache=cache)
    calls: list[Callable[[str], Any]] = [own.get, own.__getitem__, own.delete, own.__delitem__, own.pop]

    for call in calls:
        for key in ("k", "bob/s:k", "unknown"):
            with pytest.raises(KeyNotFoundError, match=r"^nothing is stored under this key in the bound scope$"):
                call(key)

    assert own.get("k", None) is None
    assert own.setdefault("k", "of alice") == "of alice"
    assert ScopedCache("bob", cache=cache)["k"] == "of bob"


@pytest.mark.parametrize("key", [7, None, b"k", ("alice", "k")], ids=repr)
def test_a_key_is_a_str(cache: Any, key: Any) -> None:
    own = ScopedCache("alice", cache=cache)

    for call in (own.get, own.delete, lambda key: own.put(key, "x")):
        with pytest.raises(TypeError, match=f"key must be a str, got {type(key).__name__}"):
            call(key)
    assert key not in own


@pytest.mark.parametrize("ttl", [0, -1, float("inf"), float("nan")])
def test_a_ttl_that_is_no_time_is_refused_before_anything_is_stored(cache: Any, ttl: float) -> None:
    own = ScopedCache("alice", cache=cache)

    with pytest.raises(ValueError, match="ttl must be a number of seconds above 0"):
        own.put("k", "x", ttl=ttl)
    with pytest.raises(TypeError, match="ttl must be a number of seconds, got str"):
        own.put("k", "x", ttl="60")  # type: ignore[arg-type]  # what the test is about
    assert own.list() == []


def test_an_entry_goes_when_its_time_is_over_where_the_cache_can_do_that(cache: Any) -> None:
    own = ScopedCache("alice", cache=cache)
    if isinstance(cache, MutableMapping):
        with pytest.raises(ValueError, match="has no ttl for one entry: leave ttl out, or give a"):
            own.put("k", "x", ttl=60)
        assert own.list() == []
        return

    own.put("long", "x", ttl=60)
    own.put("short", "x", ttl=0.05)
    time.sleep(0.1)

    assert own.list() == ["long"]
    with pytest.raises(KeyNotFoundError):
        own.get("short")
    own.clear()
    assert len(cache.keys() if isinstance(cache, redis.Redis) else list(cache)) == 0


@pytest.mark.parametrize("value", ["", "b", "s", b"", b"s\xff\x00", "ü\n"], ids=repr)
def test_texts_and_bytes_come_back_as_they_were_put(cache: Any, value: str | bytes) -> None:
    own = ScopedCache("alice", cache=cache)
    if isinstance(value, bytes) and isinstance(cache, redis.Redis) and cache.get_encoder().decode_responses:
        with pytest.raises(TypeError, match=r"Redis keeps str \(this client has decode_responses=True\), got bytes"):
            own.put("k", value)
        return

    own.put("k", value)

    assert own["k"] == value
    assert type(own["k"]) is type(value)


def test_other_values_are_kept_where_the_cache_takes_them(cache: Any) -> None:
    own = ScopedCache("alice", cache=cache)
    value = {"a": [1, None]}
    if isinstance(cache, redis.Redis):
        with pytest.raises(TypeError, match=r"Redis keeps str.*, got dict: give json\.dumps\(value\)"):
            own.put("k", value)
        value = json.dumps(value)  # type: ignore[assignment]  # as the message says

    own.put("k", value)

    assert own["k"] == value


@given(
    entries=st.dictionaries(
        st.tuples(st.sampled_from(USERS), st.text(st.characters(), max_size=4)), st.text(max_size=3), max_size=12
    )
)
def test_a_shared_mapping_is_as_many_dicts_as_it_has_users(entries: dict[tuple[str, str], str]) -> None:
    shared: dict[str, Any] = {}

    for (user, key), value in entries.items():
        ScopedCache(user, cache=shared).put(key, value)

    for user in USERS:
        expected = {key: value for (owner, key), value in entries.items() if owner == user}
        assert dict(ScopedCache(user, cache=shared)) == expected


# What it goes round.


def test_what_somebody_else_stored_in_redis_under_the_same_key_is_not_taken_for_a_value(
    server: "redis.Redis[bytes]",
) -> None:
    server.set(scoped_key("alice", "k"), b"\x00raw")

    with pytest.raises(ValueError, match="was not stored by ScopedCache"):
        ScopedCache("alice", cache=server).get("k")


def test_more_entries_than_redis_gives_at_once_are_listed_and_cleared(server: "redis.Redis[bytes]") -> None:
    own, other = ScopedCache("al", cache=server), ScopedCache("al-", cache=server)
    for number in range(2_500):
        own[f"k{number}"] = "x"
        other[f"k{number}"] = "x"

    assert len(own) == 2_500
    own.clear()

    assert (len(own), len(other)) == (0, 2_500)


@pytest.mark.parametrize("user", ["*", "a[lb]", "", "al?"])
def test_a_user_id_is_refused_as_scoped_memory_refuses_it(user: str) -> None:
    with pytest.raises(ScopeError, match="user_id"):
        ScopedCache(user, cache={})


@pytest.mark.parametrize("what", [None, "redis://here", object(), ()])
def test_what_is_no_cache_is_refused_with_what_to_give(what: object) -> None:
    with pytest.raises(
        TypeError, match=r"cache must be a mapping such as a dict .*, a diskcache\.Cache or a redis\.Redis"
    ):
        ScopedCache("alice", cache=what)


@pytest.mark.parametrize("client", [redis.asyncio.Redis(), redis.Redis().pipeline()])
def test_a_client_that_does_not_answer_at_once_is_refused(client: object) -> None:
    with pytest.raises(TypeError, match=r"waits for each answer: give a redis\.Redis"):
        ScopedCache("alice", cache=client)


def test_entries_of_mappings_under_keys_that_are_no_str_stay() -> None:
    shared: dict[Any, Any] = {("alice", "k"): 1, 7: 2, None: 3, b"alice/s:k": 4}

    own = ScopedCache("alice", cache=shared)
    own.put("k", 5)
    own.clear()

    assert shared == {("alice", "k"): 1, 7: 2, None: 3, b"alice/s:k": 4}


def test_it_shows_its_scope_and_has_no_way_to_another() -> None:
    own = ScopedCache("alice", cache={})

    assert repr(own) == "ScopedCache('alice')"
    assert own.user_id == "alice"
    with pytest.raises(AttributeError):
        own.user_id = "bob"  # type: ignore[misc]  # what the test is about


def test_a_prefix_is_a_str() -> None:
    with pytest.raises(TypeError, match="prefix must be a str, got bytes"):
        ScopedCache("alice", cache={}).list(b"acme")  # type: ignore[arg-type]  # what the test is about
