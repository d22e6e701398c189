import asyncio
from typing import Any

import pytest

from memfence.scoped.wrappers.plain import PlainMemory, wrap, wrap_async
from memfence.targets.reference_client import AsyncReferenceClient, ReferenceClient


def test_the_plain_client_checks_nothing() -> None:
    client = ReferenceClient()
    alice, bob = (
        PlainMemory(client, write={"user_id": user}, read={"user_id": user}, erase={"user_id": user})
        for user in ("u_alice", "u_bob")
    )
    record_id = alice.add("I am vegetarian.")["results"][0]["id"]

    read = bob.get(record_id)
    bob.update(record_id, "I eat anything.")
    history = bob.history(record_id)
    bob.delete(record_id)
    bob.delete_all()

    assert read["memory"] == "I am vegetarian."
    assert [change["new_memory"] for change in history] == ["I am vegetarian.", "I eat anything."]
    assert alice.get_all() == alice.search("vegetarian", top_k=5, threshold=0.0) == []


def test_the_callers_filters_win_over_the_ids_as_in_a_naive_merge() -> None:
    client = ReferenceClient()
    alice, bob = map(wrap(client), ("u_alice", "u_bob"))
    alice.add("I am vegetarian.")

    found = bob.search("vegetarian", threshold=0, filters={"user_id": "u_alice"})
    listed = bob.get_all(filters={"user_id": "u_alice"})

    assert [[record["memory"] for record in records] for records in (found, listed)] == [["I am vegetarian."]] * 2


def test_metadata_are_passed_on() -> None:
    alice = wrap(ReferenceClient())("u_alice")
    record_id = alice.add("I am vegetarian.", metadata={"topic": "food"})["results"][0]["id"]

    before = alice.get(record_id)["metadata"]
    alice.update(record_id, "I eat anything.", {"topic": "drink"})

    assert (before, alice.get(record_id)["metadata"]) == ({"topic": "food"}, {"topic": "drink"})


class Older:
    """mem0 1.0.0: the scope at the top level, and an update that takes a text alone."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def search(self, query: str, *, user_id: str, limit: int = 100, filters: Any = None) -> Any:
        self.asked.append({"query": query, "user_id": user_id, "limit": limit, "filters": filters})
        return {"results": []}

    def get_all(self, *, user_id: str, limit: int = 100, filters: Any = None) -> Any:
        self.asked.append({"user_id": user_id, "limit": limit, "filters": filters})
        return {"results": []}

    def update(self, memory_id: str, data: str) -> Any:
        self.asked.append({"memory_id": memory_id, "data": data})


def test_an_older_client_is_given_the_filters_beside_the_ids_and_no_metadata_on_update() -> None:
    client = Older()
    alice = wrap(client)("u_alice")

    alice.search("q", top_k=3, filters={"user_id": "u_bob"})
    alice.get_all(filters={"user_id": "u_bob"})
    alice.update("1", "new", {"topic": "food"})

    assert client.asked == [
        {"query": "q", "user_id": "u_alice", "limit": 3, "filters": {"user_id": "u_bob"}},
        {"user_id": "u_alice", "limit": 100, "filters": {"user_id": "u_bob"}},
        {"memory_id": "1", "data": "new"},
    ]


@pytest.mark.parametrize("name", ["agent_id", "run_id"])
def test_further_ids_go_with_each_call(name: str) -> None:
    make_memory = wrap(ReferenceClient())
    narrow, beside, whole = (make_memory("u_alice", **ids) for ids in ({name: "x"}, {name: "y"}, {}))
    narrow.add("I am vegetarian.")

    seen = [len(memory.get_all()) for memory in (narrow, beside, whole)]
    beside.delete_all()

    assert (seen, len(whole.get_all())) == ([1, 0, 1], 1)


def test_over_an_asynchronous_client_every_call_is_awaited() -> None:
    async def story() -> list[Any]:
        alice = wrap_async(AsyncReferenceClient(ReferenceClient()))("u_alice", run_id="monday")
        added = await alice.add("I am vegetarian.")
        record_id = added["results"][0]["id"]
        seen = [await alice.search("vegetarian", threshold=0), await alice.get_all(), [await alice.get(record_id)]]
        await alice.update(record_id, "I eat anything.")
        history = await alice.history(record_id)
        await alice.delete(record_id)
        await alice.delete_all()
        return [*[record["memory"] for records in seen for record in records], len(history), await alice.get_all()]

    assert asyncio.run(story()) == ["I am vegetarian."] * 3 + [2, []]
