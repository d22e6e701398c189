"""Entities in real mem0, named by several users: what a row links, whose a look-up returns, what an owner leaves."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from memfence import ScopedMemory
from memfence.real_mem0.embedders.semantic import DIMENSIONS
from memfence.real_mem0.entities import own_entities
from memfence.real_mem0.store import Store

EMBEDDER = "memfence.real_mem0.embedders.semantic.SemanticEmbedder"
# mem0's default, and two that keep entities in their own way.
STORES = ("qdrant", "faiss", "chroma")
USERS = ("alice", "bob")


class Opened:
    """A store's world, which can be opened again by a process that has touched no entity yet."""

    def __init__(self, name: str) -> None:
        self.store: Store = import_module(f"memfence.real_mem0.stores.{name}").open_store()
        self.folder = self.store.folder()
        self.client: Any = None

    def open(self) -> Any:
        if self.client is not None:
            self.store.close(self.client)
        self.client = self.store.open(embedder=EMBEDDER, dimensions=DIMENSIONS, folder=Path(self.folder))
        return self.client

    def close(self) -> None:
        self.store.close(self.client)
        self.store.stop()


@pytest.fixture(params=STORES)
def opened(request: pytest.FixtureRequest) -> Iterator[Opened]:
    if request.param != "qdrant":
        pytest.importorskip({"faiss": "faiss", "chroma": "chromadb"}[request.param], reason="an extra")
    world = Opened(request.param)
    with own_entities():
        world.open()
        yield world
        world.close()


def name_the_same(client: Any) -> dict[str, set[str]]:
    """Let both users name one town: by what is extracted and by what is changed; return the ids of each one's."""
    stored: dict[str, set[str]] = {}
    for user in USERS:
        memory = ScopedMemory(user, client=client)
        said = memory.add(f"I, {user}, moved to Lisbon.")["results"]
        (changed,) = memory.add(f"I, {user}, like tea.", infer=False)["results"]
        memory.update(changed["id"], f"I, {user}, like tea in Lisbon.")
        stored[user] = {one["id"] for one in (*said, changed)}
    return stored


def rows(client: Any, **scope: str) -> list[dict[str, Any]]:
    """Return the entities that the store keeps under these ids, everybody's without any."""
    listed = client.entity_store.list(filters=scope or None, top_k=1000)
    found = listed[0] if listed and isinstance(listed[0], list) else listed
    return [row.payload for row in found]


def linked(found: list[dict[str, Any]]) -> set[str]:
    return {one for row in found if row["data"] == "Lisbon" for one in row["linked_memory_ids"]}


def test_a_row_links_its_owner_s_records_and_nobody_else_s(opened: Opened) -> None:
    stored = name_the_same(opened.client)

    assert {user: linked(rows(opened.client, user_id=user)) for user in USERS} == stored
    assert len([row for row in rows(opened.client) if row["data"] == "Lisbon"]) == len(USERS)


def test_a_look_up_returns_one_s_own_entities_alone(opened: Opened) -> None:
    name_the_same(opened.client)
    vector = opened.client.embedding_model.embed("Lisbon", "search")

    found = opened.client.entity_store.search(query="Lisbon", vectors=vector, top_k=500, filters={"user_id": "bob"})

    assert {hit.payload["user_id"] for hit in found} == {"bob"}
    assert "Lisbon" in {hit.payload["data"] for hit in found}


def test_an_entity_lifts_its_owner_s_records_as_if_nobody_else_named_it(opened: Opened) -> None:
    memory = ScopedMemory("alice", client=opened.client)
    memory.add("I, alice, moved to Lisbon.")
    alone = [(one["memory"], one["score"]) for one in memory.search("Who is in Lisbon?", threshold=0)]

    for number in range(5):
        ScopedMemory(f"u{number}", client=opened.client).add("I moved to Lisbon.")

    among = [(one["memory"], one["score"]) for one in memory.search("Who is in Lisbon?", threshold=0)]
    assert among == [(text, pytest.approx(score, abs=1e-5)) for text, score in alone]


@pytest.mark.parametrize("reopened", [False, True])
def test_nothing_is_left_of_who_is_gone_and_all_of_the_other_s(opened: Opened, *, reopened: bool) -> None:
    stored = name_the_same(opened.client)
    client = opened.open() if reopened else opened.client

    ScopedMemory("alice", client=client).delete_all()

    assert rows(client, user_id="alice") == []
    assert linked(rows(client)) == stored["bob"]


def test_a_deleted_record_is_linked_no_more(opened: Opened) -> None:
    stored = name_the_same(opened.client)
    gone = min(stored["alice"])

    ScopedMemory("alice", client=opened.client).delete(gone)

    assert linked(rows(opened.client, user_id="alice")) == stored["alice"] - {gone}
    assert linked(rows(opened.client, user_id="bob")) == stored["bob"]
