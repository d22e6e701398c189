"""What ScopedMemory erases of what mem0 keeps beside the records, on a real mem0."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from memfence import AsyncScopedMemory, ErasureIncomplete, IsolationError, RecordNotFoundError, ScopedMemory, ScopeError
from memfence.real_mem0.embedders.semantic import DIMENSIONS
from memfence.real_mem0.private_tables import private_tables
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.scoped.wrappers.scoped import wrap_async
from memfence.targets.built_in.mem0 import EMBEDDER

CODE = "My locker code is 7QK2."
# The extractor takes facts from the user's messages only; mem0 keeps this one for the next prompt all the same.
UNNOTED = [{"role": "assistant", "content": "a message"}]


@pytest.fixture
def client() -> Iterator[Any]:
    store = QdrantStore()
    client = store.open(embedder=EMBEDDER, dimensions=DIMENSIONS)
    yield client
    store.close(client)


def rows(client: Any, table: str) -> list[str]:
    """Return all that a table of mem0's own database holds, as one text a row."""
    return [json.dumps(row) for row in client.db.connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - our own names


def test_a_deleted_records_history_is_gone_at_once_and_others_stay(client: Any) -> None:
    alice, bob = ScopedMemory("u_alice", client=client), ScopedMemory("u_bob", client=client)
    record_id = alice.add(CODE, infer=False)["results"][0]["id"]
    alice.update(record_id, "My locker code is secret now.")
    bob.add("I prefer a window seat.", infer=False)

    alice.delete(record_id)

    assert [row for row in rows(client, "history") if "locker" in row] == []
    assert client.history(record_id) == []
    assert len(rows(client, "history")) == 1


def test_mem0s_own_delete_would_have_left_the_text_behind(client: Any) -> None:
    record_id = client.add(CODE, user_id="u_alice", infer=False)["results"][0]["id"]

    client.delete(record_id)

    assert len([row for row in rows(client, "history") if CODE in row]) == 2


def test_delete_all_erases_records_history_messages_and_entities_and_leaves_others(client: Any) -> None:
    alice, bob = ScopedMemory("u_alice", client=client), ScopedMemory("u_bob", client=client)
    for memory in (alice, bob):
        memory.add(CODE, infer=False)
        memory.add(UNNOTED)
        entity = {"data": "locker", "user_id": memory.user_id, "linked_memory_ids": ["x"]}
        client.entity_store.insert(
            vectors=[[1.0] + [0.0] * (DIMENSIONS - 1)], payloads=[entity], ids=[entity_id(memory)]
        )

    alice.delete_all()

    tables = private_tables(client)
    assert tables is not None
    assert alice.get_all() == []
    assert tables.leftovers([], {"user_id": "u_alice"}) == []
    assert tables.leftovers([], {"user_id": "u_bob"}) == ["1 scopes of messages", "1 entities"]
    assert [record["memory"] for record in bob.get_all()] == [CODE]
    assert len(rows(client, "history")) == 1


def entity_id(memory: ScopedMemory) -> str:
    """Return a fixed id per user: Qdrant wants UUIDs."""
    return "00000000-0000-0000-0000-00000000000" + ("1" if memory.user_id == "u_alice" else "2")


def test_more_records_than_any_page_are_erased(client: Any) -> None:
    alice = ScopedMemory("u_alice", client=client)
    for number in range(250):
        alice.add(f"fact {number}", infer=False)

    alice.delete_all()

    assert (alice.get_all(), rows(client, "history")) == ([], [])


def test_records_past_their_expiration_date_are_hidden_but_erased(client: Any) -> None:
    alice = ScopedMemory("u_alice", client=client)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    alice.add(CODE, infer=False, expiration_date=yesterday)
    hidden = alice.get_all()

    alice.delete_all()

    assert hidden == []
    assert rows(client, "history") == []
    assert client.get_all(filters={"user_id": "u_alice"}, show_expired=True) == {"results": []}


def test_with_an_agent_bound_only_that_agents_are_erased_until_the_whole_user_is(client: Any) -> None:
    cook = ScopedMemory("u_alice", client=client, agent_id="cook")
    pilot = ScopedMemory("u_alice", client=client, agent_id="pilot")
    for memory in (cook, pilot):
        memory.add(CODE, infer=False)
        memory.add(UNNOTED)

    cook.delete_all()
    after_one = [record["agent_id"] for record in pilot.get_all()], len(rows(client, "messages"))
    cook.erase_user()

    assert after_one == (["pilot"], 1)
    assert (pilot.get_all(), rows(client, "messages"), rows(client, "history")) == ([], [], [])


def test_with_a_run_bound_only_that_runs_entities_are_erased(client: Any) -> None:
    monday, tuesday = (ScopedMemory("u_alice", client=client, run_id=day) for day in ("mon", "tue"))
    for number, memory in enumerate((monday, tuesday), start=1):
        memory.add(CODE, infer=False)
        entity = {"data": "locker", "user_id": "u_alice", "run_id": memory.run_id, "linked_memory_ids": ["x"]}
        vector = [1.0] + [0.0] * (DIMENSIONS - 1)
        client.entity_store.insert(
            vectors=[vector], payloads=[entity], ids=[f"00000000-0000-0000-0000-00000000000{number}"]
        )

    monday.delete_all()

    tables = private_tables(client)
    assert tables is not None
    assert tables.leftovers([], {"user_id": "u_alice", "run_id": "mon"}) == []
    assert tables.leftovers([], {"user_id": "u_alice"}) == ["1 entities"]


def test_a_scope_is_matched_by_its_whole_parts(client: Any) -> None:
    for user in ("u_alice", "u_alice2", "xu_alice"):
        ScopedMemory(user, client=client).add(UNNOTED)

    ScopedMemory("u_alice", client=client).delete_all()

    assert sorted(json.loads(row)[1] for row in rows(client, "messages")) == ["user_id=u_alice2", "user_id=xu_alice"]


class Forgetful:
    """A client of somebody else's: records without private tables, and no word on what is left."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        if name == "db":
            raise AttributeError(name)
        return getattr(self._inner, name)


def test_where_erasure_cannot_be_verified_that_is_said_unless_the_client_is_to_be_trusted(client: Any) -> None:
    alice = ScopedMemory("u_alice", client=Forgetful(client))
    alice.add(CODE, infer=False)

    with pytest.raises(ErasureIncomplete, match="cannot be verified"):
        alice.delete_all()

    assert alice.get_all() == []
    assert alice.delete_all(verify=False) is not None


def test_what_is_left_is_named(client: Any) -> None:
    class Clinging(Forgetful):
        def leftovers(self, record_ids: object, scope: object) -> list[str]:
            return [f"3 rows for {record_ids} of {scope}"]

    with pytest.raises(ErasureIncomplete, match="3 rows for"):
        ScopedMemory("u_alice", client=Clinging(client)).delete_all()


def test_delete_all_looks_before_it_deletes(client: Any) -> None:
    class Wide(Forgetful):
        """Its filter fell away: whoever asks, everybody's records are meant."""

        def get_all(self, *, filters: Any, top_k: int = 20) -> Any:
            del filters
            return {"results": [*client.get_all(filters={"user_id": "*"}, top_k=top_k)["results"]]}

        def delete_all(self, user_id: str) -> Any:
            del user_id
            return client.delete_all(user_id="*")

    ScopedMemory("u_bob", client=client).add(CODE, infer=False)

    with pytest.raises(IsolationError):
        ScopedMemory("u_alice", client=Wide(client)).delete_all()

    assert len(ScopedMemory("u_bob", client=client).get_all()) == 1


def test_the_asynchronous_wrapper_does_the_same_on_the_asynchronous_client() -> None:
    client = QdrantStore().open(embedder=EMBEDDER, dimensions=DIMENSIONS, asynchronous=True)

    async def story() -> list[object]:
        alice, bob = map(wrap_async(client), ("u_alice", "u_bob"))
        stored = await alice.add(CODE, infer=False)
        record_id = stored["results"][0]["id"]
        await bob.add("I prefer a window seat.", infer=False)
        seen = [
            [record["memory"] for record in await alice.search("locker code", threshold=0.0, top_k=5)],
            [record["memory"] for record in await bob.search("locker code", threshold=0.0, filters={"topic": "x"})],
            (await alice.get(record_id))["memory"],
        ]
        with pytest.raises(RecordNotFoundError):
            await bob.get(record_id)
        with pytest.raises(ScopeError):
            await bob.get_all(filters={"user_id": "u_alice"})
        await alice.update(record_id, "My locker code is secret now.")
        seen.append(len(await alice.history(record_id)))
        await alice.delete(record_id)
        seen.append(await alice.get_all())
        await alice.add(UNNOTED)
        await alice.delete_all()
        await bob.erase_user()
        return [*seen, rows(client, "history"), rows(client, "messages")]

    assert asyncio.run(story()) == [[CODE], [], CODE, 2, [], [], []]


def test_the_asynchronous_wrapper_keeps_runs_apart_and_refuses_the_same() -> None:
    client = QdrantStore().open(embedder=EMBEDDER, dimensions=DIMENSIONS, asynchronous=True)
    make_memory = wrap_async(client)
    unstorable: dict[str, Any] = {"role": {}, "content": CODE}

    async def story() -> list[object]:
        monday, tuesday = (make_memory("u_alice", agent_id="cook", run_id=day) for day in ("mon", "tue"))
        for memory in (monday, tuesday):
            await memory.add(CODE, infer=False)
        with pytest.raises(ScopeError, match="'AND' in filters"):
            await monday.search("x", filters={"AND": [{"user_id": "u_bob"}]})
        with pytest.raises(TypeError, match="'role' in message 1"):
            await monday.add([unstorable], infer=False)
        await monday.delete_all()
        left = [len(await memory.get_all()) for memory in (monday, tuesday)]
        await monday.erase_user()
        return [repr(monday), left, await tuesday.get_all()]

    assert asyncio.run(story()) == ["AsyncScopedMemory('u_alice', agent_id='cook', run_id='mon')", [0, 1], []]


def test_each_wrapper_names_the_other_where_the_client_is_of_the_other_kind(client: Any) -> None:
    other = QdrantStore().open(embedder=EMBEDDER, dimensions=DIMENSIONS, asynchronous=True)

    with pytest.raises(TypeError, match="AsyncMemory is for AsyncScopedMemory, got ScopedMemory"):
        ScopedMemory("u_alice", client=other)
    with pytest.raises(TypeError, match="Memory is for ScopedMemory, got AsyncScopedMemory"):
        AsyncScopedMemory("u_alice", client=client)


def test_a_failed_scrub_is_rolled_back(client: Any) -> None:
    ScopedMemory("u_alice", client=client).add(CODE, infer=False)
    tables = private_tables(client)
    assert tables is not None

    def broken() -> Iterator[str]:
        yield from [str(number) for number in range(10)]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        tables.scrub_history(broken())

    assert len(rows(client, "history")) == 1


def test_without_a_key_the_asynchronous_wrapper_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEM0_API_KEY", raising=False)

    with pytest.raises(ValueError, match="set MEM0_API_KEY"):
        asyncio.run(AsyncScopedMemory("u_alice").get_all())
