"""What a target declares as its caches, read without a trace, from real libraries and a real Redis."""

import gzip
import json
import pickle
import shutil
import socket
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import diskcache
import pytest
import redis
from cachetools import LRUCache, TTLCache

from memfence.performing.caches import kept_in

TEXT = "my badge number is 1SBJ-MNK3-3A2Y"


def holding(declared: object, words: str = TEXT) -> list[str]:
    return [place for place, texts in kept_in(declared) if any(words.encode() in text for text in texts)]


@pytest.mark.parametrize(
    "value",
    [
        TEXT,
        TEXT.encode(),
        [{"memory": TEXT, "score": 0.5}],
        pickle.dumps({"results": [TEXT]}),
        json.dumps([TEXT]).encode(),
        zlib.compress(TEXT.encode()),
        gzip.compress(TEXT.encode()),
    ],
    # What gzip makes of a text holds the second in which it does.
    ids=["text", "bytes", "list", "pickle", "json", "zlib", "gzip"],
)
def test_a_text_is_found_in_a_mapping_whatever_it_is_packed_in(value: object) -> None:
    assert holding({"q": value}) == ["the cache, under the key 'q'"]


def test_a_key_that_holds_the_text_is_found_and_shown_short() -> None:
    (place,) = holding({(TEXT, "x" * 200): 1})

    assert TEXT in place
    assert len(place) < 140


def test_several_caches_are_told_apart_by_name() -> None:
    assert holding({"answers": {"q": TEXT}, "pages": {"p": TEXT}}) == [
        "the cache answers, under the key 'q'",
        "the cache pages, under the key 'p'",
    ]


def test_to_be_looked_into_does_not_change_which_value_an_lru_cache_lets_go_of_next() -> None:
    cache: LRUCache[str, str] = LRUCache(maxsize=2)
    cache["old"], cache["new"] = TEXT, "b"
    cache["old"]

    assert holding(cache) == ["the cache, under the key 'old'"]
    cache["third"] = "c"

    assert list(cache) == ["old", "third"]


def test_a_cache_with_a_clock_shows_what_has_not_run_out() -> None:
    now = [0.0]
    cache: TTLCache[str, str] = TTLCache(maxsize=9, ttl=60, timer=lambda: now[0])
    cache["q"] = TEXT

    assert holding(cache) != []
    now[0] = 61.0
    assert holding(cache) == []


def test_a_diskcache_is_read_by_its_keys(tmp_path: Path) -> None:
    with diskcache.Cache(str(tmp_path)) as cache:
        cache["q"] = [TEXT]
        cache[b"\xff"] = TEXT.encode()

        assert holding({"disk": cache}) == [
            "the cache disk, under the key 'q'",
            "the cache disk, under the key '\N{REPLACEMENT CHARACTER}'",
        ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        pytest.skip("there is no Redis on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = str(tmp_path_factory.mktemp("redis"))
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        address = f"redis://127.0.0.1:{port}/0"
        client = redis.Redis.from_url(address, retry=redis.retry.Retry(redis.backoff.ConstantBackoff(0.1), 100))
        client.ping()
        yield address
        client.close()
        running.terminate()


@pytest.mark.parametrize("by_address", [True, False])
def test_a_redis_is_read_whatever_kind_of_value_holds_the_text(server: str, *, by_address: bool) -> None:
    with redis.Redis.from_url(server) as client:
        client.flushall()
        known: dict[str, Any] = {"s": client.set, "l": client.rpush, "g": client.sadd}
        for key, put in known.items():
            put(key, TEXT)
        client.hset("h", "field", TEXT)
        client.zadd("z", {TEXT: 1.0})
        client.xadd("x", {"field": TEXT})
        client.set("other", "nothing")

        found = holding(server if by_address else client)

    assert sorted(found) == [f"the cache, under the key '{key}'" for key in sorted("slghzx")]


def test_what_is_no_cache_is_refused_with_what_would_be_one() -> None:
    with pytest.raises(TypeError, match="or a Redis client or its address, got int"):
        list(kept_in(7))
