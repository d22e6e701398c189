"""What the Scoped* wrappers take beside the resource's own time. Reported, never asserted, as in `test_speed.py`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cachetools
import diskcache
import fsspec
import pytest
from langgraph.store.memory import InMemoryStore
from pytest_benchmark.fixture import BenchmarkFixture
from qdrant_client import QdrantClient, models
from test_speed import paired, report

from memfence import (
    QdrantCollection,
    ScopedCache,
    ScopedFiles,
    ScopedSessions,
    ScopedStore,
    ScopedVectors,
    call_key,
    method_key,
    scoped_key,
    scoped_segment,
    user_key,
)
from memfence.scoped.namespaces import Namespaces

__all__ = ["report"]
Call = Callable[[], Any]
Pairs = dict[str, tuple[Call, Call]]
USER = "u_alice"


def read(user_id: str, day: int) -> str:
    return f"{user_id} on {day}"


@pytest.mark.parametrize(
    "make",
    [
        lambda: scoped_key(USER, "menu", 7),
        lambda: scoped_key(USER, "menü/1", ("a", True)),
        lambda: scoped_segment(USER),
        lambda: user_key(USER, 7),
        lambda: method_key(None, USER, 7),
        lambda: call_key(read, USER, 7),
    ],
    ids=["scoped_key", "scoped_key of signs", "scoped_segment", "user_key", "method_key", "call_key"],
)
def test_making_a_key(benchmark: BenchmarkFixture, report: Callable[..., None], make: Call) -> None:
    """Wanted: at most 10 microseconds."""
    benchmark(make)

    report(microseconds=paired(make, lambda: None) * 1e6)


def through_files(fs: Any, root: str) -> Pairs:
    files = ScopedFiles(USER, fs=fs, root=root)
    files.put("notes/today.md", "x" * 100)
    path = f"{root}/{scoped_segment(USER)}/notes/today.md"
    return {
        "get": (lambda: files.get("notes/today.md"), lambda: fs.cat_file(path)),
        "put": (lambda: files.put("notes/today.md", b"x"), lambda: fs.pipe_file(path, b"x")),
        "list": (files.list, lambda: fs.find(f"{root}/{scoped_segment(USER)}")),
    }


def through_cache(cache: Any) -> Pairs:
    own = ScopedCache(USER, cache=cache)
    own.put("menu/today", "x")
    key = scoped_key(USER, "menu/today")
    return {
        "get": (lambda: own.get("menu/today"), lambda: cache[key]),
        "put": (lambda: own.put("menu/today", "x"), lambda: cache.__setitem__(key, "x")),
        "in": (lambda: "menu/today" in own, lambda: key in cache),
    }


def through_sessions(store: Any) -> Pairs:
    sessions = ScopedSessions(store, lifetime=600)
    token = sessions.open(USER)
    session = sessions.of(token)
    session.put("cart", "x")
    # As most write it: the token is the key, and the user stands beside the data.
    store[token] = USER
    return {
        "of": (lambda: sessions.of(token), lambda: store[token]),
        "get": (lambda: session.get("cart"), lambda: store[token]),
        "put": (lambda: session.put("cart", "x"), lambda: store.__setitem__(token, "x")),
        "renewed": (lambda: sessions.end(sessions.renew(sessions.open(USER))), lambda: None),
    }


def through_store(store: Any) -> Pairs:
    own = ScopedStore(USER, store=store)
    own.put(("notes", "a"), "k", {"x": 1})
    segment = Namespaces(USER).segment
    return {
        "get": (lambda: own.get(("notes", "a"), "k"), lambda: store.get((segment, "notes", "a"), "k")),
        "put": (
            lambda: own.put(("notes", "a"), "k", {"x": 1}),
            lambda: store.put((segment, "notes", "a"), "k", {"x": 1}),
        ),
        "search": (lambda: own.search(("notes",)), lambda: store.search((segment, "notes"))),
        "list": (own.list_namespaces, lambda: store.list_namespaces(prefix=(segment,))),
    }


def through_vectors(client: Any) -> Pairs:
    size = models.VectorParams(size=4, distance=models.Distance.COSINE)
    client.create_collection("c", vectors_config=size)
    own = ScopedVectors(USER, collection=QdrantCollection(client, "c"))
    vector = [1.0, 0.0, 0.0, 0.0]
    own.put("k", vector)
    (point,), _ = client.scroll("c", limit=1)

    # As who calls Qdrant by hand does: both are made for each call.
    def upsert() -> Any:
        again = models.PointStruct(id=point.id, vector=vector, payload=dict(point.payload or {}))
        return client.upsert("c", points=[again])

    def query() -> Any:
        owner = models.FieldCondition(key="scope_user", match=models.MatchValue(value=USER))
        return client.query_points("c", query=vector, query_filter=models.Filter(must=[owner])).points

    return {
        "get": (lambda: own.get("k"), lambda: client.retrieve("c", ids=[point.id])),
        "put": (lambda: own.put("k", vector), upsert),
        "query": (lambda: own.query(vector), query),
    }


RESOURCES: dict[str, Callable[[Path], Pairs]] = {
    "local files": lambda folder: through_files(fsspec.filesystem("file"), str(folder)),
    "files in memory": lambda folder: through_files(fsspec.filesystem("memory"), str(folder)),
    "dict": lambda _: through_cache({}),
    "TTLCache": lambda _: through_cache(cachetools.TTLCache(100, ttl=600)),
    "diskcache": lambda folder: through_cache(diskcache.Cache(str(folder))),
    "sessions in a dict": lambda _: through_sessions({}),
    "sessions in a diskcache": lambda folder: through_sessions(diskcache.Cache(str(folder))),
    "langgraph in memory": lambda _: through_store(InMemoryStore()),
    "qdrant in memory": lambda _: through_vectors(QdrantClient(":memory:")),
}


def calls() -> Iterator[Any]:
    for name, opened in RESOURCES.items():
        kinds = ["get", "put"] + (["list"] if "files" in name else ["search", "list"] if "langgraph" in name else [])
        kinds += ["query"] if "qdrant" in name else ["in"] if name in {"dict", "TTLCache", "diskcache"} else []
        kinds += ["of", "renewed"] if "sessions" in name else []
        yield from (pytest.param(opened, kind, id=f"{name}, {kind}") for kind in kinds)


@pytest.mark.parametrize(("opened", "kind"), calls())
def test_a_scoped_call_over_the_raw_one(
    benchmark: BenchmarkFixture, report: Callable[..., None], tmp_path: Path, opened: Callable[[Path], Pairs], kind: str
) -> None:
    """Extra time of a call; wanted: at most 10 microseconds. Below 0 the wrapper's own way is the shorter one."""
    through, raw = opened(tmp_path)[kind]

    benchmark.pedantic(through, rounds=50, iterations=10, warmup_rounds=1)

    report(extra_microseconds=paired(through, raw, rounds=20, calls=100) * 1e6)
