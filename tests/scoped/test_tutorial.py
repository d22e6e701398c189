"""The tutorial's wrapper on real mem0: what it does, and every hole that it leaves open."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from memfence.real_mem0.embedders.semantic import DIMENSIONS
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.scoped.wrappers.tutorial import TutorialMemory, wrap, wrap_async
from memfence.targets.built_in.mem0 import EMBEDDER
from memfence.targets.reference_client import ReferenceClient

FOOD = "I am vegetarian. Please remember that."
SEAT = "I prefer a window seat when I fly."


@pytest.fixture
def client() -> Iterator[Any]:
    store = QdrantStore()
    client = store.open(embedder=EMBEDDER, dimensions=DIMENSIONS)
    yield client
    store.close(client)


@pytest.fixture
def alice(client: Any) -> TutorialMemory:
    return wrap(client)("u_alice")


@pytest.fixture
def bob(client: Any) -> TutorialMemory:
    return wrap(client)("u_bob")


def texts(reply: dict[str, Any]) -> list[str]:
    return sorted(record["memory"] for record in reply["results"])


def stored(memory: TutorialMemory, text: str, **options: Any) -> str:
    record_id: str = memory.add(text, infer=False, **options)["results"][0]["id"]
    return record_id


def test_used_as_it_is_meant_it_keeps_users_apart(alice: TutorialMemory, bob: TutorialMemory) -> None:
    stored(alice, FOOD)
    stored(bob, SEAT)

    seen = [texts(memory.search("food preferences")) for memory in (alice, bob)]
    alice.delete_all()

    assert seen == [[FOOD], []]
    assert (texts(alice.get_all()), texts(bob.get_all())) == ([], [SEAT])


def test_a_user_called_star_reads_and_deletes_everybodys(
    client: Any, alice: TutorialMemory, bob: TutorialMemory
) -> None:
    stored(alice, FOOD)
    stored(bob, SEAT)
    star = wrap(client)("*")

    read = texts(star.get_all())
    star.delete_all()

    assert read == [FOOD, SEAT]
    assert texts(bob.get_all()) == []


@pytest.mark.parametrize(
    "filters", [{"user_id": "u_alice"}, {"AND": [{"user_id": "u_alice"}]}, {"user_id": "*"}], ids=repr
)
def test_the_callers_filters_reach_anybody(alice: TutorialMemory, bob: TutorialMemory, filters: dict[str, Any]) -> None:
    stored(alice, FOOD)

    assert texts(bob.search("food preferences", filters)) == [FOOD]


def test_calls_by_record_id_reach_anybody(alice: TutorialMemory, bob: TutorialMemory) -> None:
    record_id = stored(alice, FOOD)

    read = bob.get(record_id)["memory"]
    bob.update(record_id, "I eat meat.")
    changed = texts(alice.get_all())
    bob.delete(record_id)

    assert (read, changed, texts(alice.get_all())) == (FOOD, ["I eat meat."], [])


def test_what_was_deleted_is_still_in_the_history_that_it_serves(alice: TutorialMemory, bob: TutorialMemory) -> None:
    record_id = stored(alice, FOOD)
    alice.delete_all()

    assert FOOD in [change["new_memory"] for change in bob.history(record_id)]


def test_metadata_are_passed_on(alice: TutorialMemory) -> None:
    record_id = stored(alice, FOOD, metadata={"topic": "food"})

    before = alice.get(record_id)["metadata"]
    alice.update(record_id, FOOD, {"topic": "drink"})

    assert (before["topic"], alice.get(record_id)["metadata"]["topic"]) == ("food", "drink")


def test_threshold_and_page_are_mem0s_own_until_they_are_given(alice: TutorialMemory) -> None:
    stored(alice, FOOD)
    stored(alice, SEAT)

    found = [
        alice.search("food preferences"),
        alice.search("food preferences", threshold=0),
        alice.search("food preferences", threshold=0, top_k=1),
    ]

    assert [texts(reply) for reply in found] == [[FOOD], [FOOD, SEAT], [FOOD]]


def test_further_ids_go_with_each_call(client: Any) -> None:
    make_memory = wrap(client)
    monday, tuesday, whole = (make_memory("u_alice", **ids) for ids in ({"run_id": "mon"}, {"run_id": "tue"}, {}))
    stored(monday, FOOD)

    seen = [texts(memory.get_all()) for memory in (monday, tuesday, whole)]
    tuesday.delete_all()

    assert (seen, texts(whole.get_all())) == ([[FOOD], [], [FOOD]], [FOOD])


class Older(ReferenceClient):
    """mem0 1.0.0: the scope at the top level, the page called limit, and an update that takes a text alone."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []

    def search(self, query: str, *, user_id: str, limit: int = 100, filters: Any = None, threshold: Any = None) -> Any:  # type: ignore[override]  # an older signature
        self.asked.append({"query": query, "user_id": user_id, "limit": limit, "filters": filters, "at": threshold})

    def get_all(self, *, user_id: str, limit: int = 100, filters: Any = None) -> Any:  # type: ignore[override]  # as above
        self.asked.append({"user_id": user_id, "limit": limit, "filters": filters})

    def update(self, memory_id: str, data: str) -> Any:  # type: ignore[override]  # as above
        self.asked.append({"memory_id": memory_id, "data": data})


def test_an_older_client_is_called_in_its_own_dialect() -> None:
    client = Older()
    alice = wrap(client)("u_alice")

    alice.search("q", {"topic": "x"}, top_k=3, threshold=0.5)
    alice.get_all()
    alice.update("1", "new", {"topic": "food"})

    assert client.asked == [
        {"query": "q", "user_id": "u_alice", "limit": 3, "filters": {"topic": "x"}, "at": 0.5},
        {"user_id": "u_alice", "limit": 100, "filters": None},
        {"memory_id": "1", "data": "new"},
    ]


def test_over_an_asynchronous_client_every_call_is_awaited() -> None:
    client = QdrantStore().open(embedder=EMBEDDER, dimensions=DIMENSIONS, asynchronous=True)
    alice, bob = map(wrap_async(client), ("u_alice", "u_bob"))

    async def story() -> list[object]:
        added = await alice.add(FOOD, infer=False)
        record_id = added["results"][0]["id"]
        seen = [
            texts(await alice.search("food preferences")),
            texts(await bob.get_all({"user_id": "u_alice"})),
            (await bob.get(record_id))["memory"],
        ]
        await bob.update(record_id, "I eat meat.")
        seen.append(len(await bob.history(record_id)))
        await alice.delete_all()
        return [*seen, texts(await alice.get_all())]

    assert asyncio.run(story()) == [[FOOD], [FOOD], FOOD, 2, []]
