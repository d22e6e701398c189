"""What ScopedMemory refuses before a real mem0 sees it, and what mem0 itself would have made of it."""

import sqlite3
from collections import UserDict
from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

import pytest

from memfence import RecordNotFoundError, ScopedMemory
from memfence.real_mem0.embedders.semantic import DIMENSIONS
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.targets.built_in.mem0 import EMBEDDER

CODE = "My locker code is 7QK2."
# The extractor takes facts from the user's messages only; mem0 keeps this one for the next prompt all the same.
UNNOTED = [{"role": "assistant", "content": "a message"}]
ALICE = {"user_id": "u_alice"}
BOB = {"user_id": "u_bob"}


@pytest.fixture
def client() -> Iterator[Any]:
    store = QdrantStore()
    client = store.open(embedder=EMBEDDER, dimensions=DIMENSIONS)
    yield client
    store.close(client)


@pytest.fixture
def alice(client: Any) -> ScopedMemory:
    return ScopedMemory("u_alice", client=client)


@pytest.fixture
def bob(client: Any) -> ScopedMemory:
    return ScopedMemory("u_bob", client=client)


def stored(client: Any) -> list[tuple[str, str]]:
    """Return (user, text) of all that is in the store, whoever asks."""
    points, _ = client.vector_store.client.scroll("memfence", limit=1000)
    return sorted((point.payload["user_id"], point.payload["data"]) for point in points)


@pytest.mark.parametrize(
    "filters",
    [
        ALICE,
        {"AND": [ALICE]},
        {"AND": [ALICE], **BOB},
        {"OR": [ALICE, BOB]},
        {"NOT": [BOB]},
        {"$and": [ALICE]},
        {"$or": [ALICE]},
        {"$not": [BOB]},
        {"and": [ALICE]},
        {"user_id": "*"},
        {"user_id": None},
        {"user_id": {"ne": "u_bob"}},
        {"user_id": {"in": ["u_alice"]}},
        {"user_id": ["u_alice"]},
        {"User_ID": "u_alice"},
        {"user_id ": "u_alice"},
        {"metadata.user_id": "u_alice"},
        {"topic": {"user_id": "u_alice"}},
        {"topic": None},
        {7: "food"},
        {("user_id",): "u_alice"},
        [("user_id", "u_alice")],
        "user_id",
        MappingProxyType({"AND": [ALICE]}),
        UserDict(ALICE),
    ],
    ids=repr,
)
def test_a_hostile_filter_is_refused_and_shows_nobody_elses_record(
    alice: ScopedMemory, bob: ScopedMemory, filters: Any
) -> None:
    alice.add(CODE, infer=False, metadata={"topic": "food"})

    with pytest.raises((TypeError, ValueError)) as of_search:
        bob.search("locker code", threshold=0, filters=filters)
    with pytest.raises((TypeError, ValueError)) as of_listing:
        bob.get_all(filters=filters)

    for caught in (of_search, of_listing):
        assert caught.traceback[-1].frame.f_globals["__name__"] == "memfence.scoped.given"
        assert "7QK2" not in str(caught.value)


@pytest.mark.parametrize(
    "filters",
    [
        {"topic": "*"},
        {"topic": "food"},
        {"topic": {"in": ["food", "travel"]}},
        {"topic": ["food"]},
        {"rating": {"gte": 3}},
        MappingProxyType({"topic": "food"}),
    ],
    ids=repr,
)
def test_a_filter_on_metadata_finds_ones_own_and_nobody_elses(
    alice: ScopedMemory, bob: ScopedMemory, filters: Any
) -> None:
    alice.add(CODE, infer=False, metadata={"topic": "food", "rating": 5})
    bob.add("My locker is blue.", infer=False, metadata={"topic": "food", "rating": 5})

    found = bob.search("locker", threshold=0, filters=filters), bob.get_all(filters=filters)

    assert [[record["memory"] for record in records] for records in found] == [["My locker is blue."]] * 2


def test_a_filter_that_excludes_shows_nobody_elses_either(alice: ScopedMemory, bob: ScopedMemory) -> None:
    alice.add(CODE, infer=False, metadata={"topic": "food"})
    bob.add("My locker is blue.", infer=False, metadata={"topic": "travel"})

    found = bob.get_all(filters={"topic": {"ne": "food"}}), bob.get_all(filters={"topic": {"nin": ["travel"]}})

    assert [[record["memory"] for record in records] for records in found] == [["My locker is blue."], []]


@pytest.mark.parametrize(
    "metadata",
    [ALICE, {"USER_ID": "u_alice"}, {"deep": [ALICE]}, {"actor_id": "u_alice"}, [("user_id", "u_alice")], "user_id"],
    ids=repr,
)
def test_metadata_puts_a_record_into_nobody_elses_memory(client: Any, bob: ScopedMemory, metadata: Any) -> None:
    record_id = bob.add("My locker is blue.", infer=False)["results"][0]["id"]

    with pytest.raises((TypeError, ValueError)):
        bob.add(CODE, infer=False, metadata=metadata)
    with pytest.raises((TypeError, ValueError)):
        bob.update(record_id, CODE, metadata=metadata)

    assert stored(client) == [("u_bob", "My locker is blue.")]


HALF_STORED: dict[str, tuple[Any, dict[str, Any]]] = {
    "a role that SQLite cannot bind": ([{"role": {"a": 1}, "content": CODE}], {}),
    "a role that UTF-8 cannot hold": ([{"role": "\ud800", "content": CODE}], {}),
    "a name that UTF-8 cannot hold": ([{"role": "user", "name": "\ud800", "content": CODE}], {}),
    "a time that SQLite cannot bind": (CODE, {"created_at": {"a": 1}}),
    "a second message that is no text": ([{"role": "user", "content": CODE}, {"role": "user", "content": 7}], {}),
}


@pytest.mark.parametrize(("messages", "metadata"), HALF_STORED.values(), ids=HALF_STORED)
def test_what_mem0_stores_before_it_raises_is_refused_before_it_is_sent(
    client: Any, messages: Any, metadata: dict[str, Any]
) -> None:
    with pytest.raises((TypeError, ValueError, sqlite3.Error)):
        client.add(messages, user_id="u_plain", infer=False, metadata=metadata)
    with pytest.raises((TypeError, ValueError)) as refused:
        ScopedMemory("u_alice", client=client).add(messages, infer=False, metadata=metadata)

    assert refused.traceback[-1].frame.f_globals["__name__"] == "memfence.scoped.given"
    assert stored(client) == [("u_plain", CODE)]


def test_a_number_for_a_time_would_have_left_a_record_that_no_listing_can_show(
    client: Any, alice: ScopedMemory
) -> None:
    client.add(CODE, user_id="u_plain", infer=False, metadata={"created_at": 5})

    with pytest.raises(ValueError, match="created_at"):
        client.get_all(filters={"user_id": "u_plain"})
    with pytest.raises(TypeError, match="'created_at' in metadata"):
        alice.add(CODE, infer=False, metadata={"created_at": 5})


@pytest.mark.parametrize(
    "call",
    [
        lambda memory, _: memory.add("\ud800", infer=False),
        lambda memory, _: memory.add("\ud800"),
        lambda memory, _: memory.add(CODE, infer=False, metadata={"topic": ["\ud800"]}),
        lambda memory, _: memory.add(CODE, infer=False, metadata={"\ud800": "food"}),
        lambda memory, record_id: memory.update(record_id, "\ud800"),
        lambda memory, _: memory.search("\ud800"),
        lambda memory, _: memory.search("x", filters={"topic": "\ud800"}),
    ],
)
def test_a_text_that_utf8_cannot_hold_is_refused_and_nothing_is_changed(
    client: Any, alice: ScopedMemory, call: Any
) -> None:
    record_id = alice.add("My locker is blue.", infer=False)["results"][0]["id"]

    with pytest.raises(ValueError, match="lone surrogate: no store can keep it"):
        call(alice, record_id)

    assert stored(client) == [("u_alice", "My locker is blue.")]


def test_what_fails_inside_mem0_after_the_record_is_stored_is_its_users_own_and_can_be_erased(
    client: Any, alice: ScopedMemory, bob: ScopedMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr(client.db, "add_history", full)
    with pytest.raises(sqlite3.OperationalError):
        alice.add(CODE, infer=False)
    monkeypatch.undo()

    seen = [[record["memory"] for record in memory.get_all()] for memory in (alice, bob)]
    alice.delete_all()

    assert seen == [[CODE], []]
    assert stored(client) == []


def test_with_a_run_bound_only_its_records_messages_and_history_are_erased(client: Any) -> None:
    monday, tuesday = (ScopedMemory("u_alice", client=client, agent_id="cook", run_id=day) for day in ("mon", "tue"))
    whole = ScopedMemory("u_alice", client=client)
    for memory in (monday, tuesday, whole):
        memory.add(CODE, infer=False)
        memory.add(UNNOTED)
    record_id = monday.get_all()[0]["id"]

    with pytest.raises(RecordNotFoundError):
        tuesday.get(record_id)
    monday.delete_all()
    counts = [len(memory.get_all()) for memory in (monday, tuesday, whole)]
    scopes = [row[0] for row in client.db.connection.execute("SELECT session_scope FROM messages ORDER BY 1")]
    history = client.history(record_id)
    monday.erase_user()

    assert counts == [0, 1, 2]
    assert scopes == ["agent_id=cook&run_id=tue&user_id=u_alice", "user_id=u_alice"]
    assert (history, stored(client)) == ([], [])
    assert client.db.connection.execute("SELECT count(*) FROM messages").fetchone() == (0,)
