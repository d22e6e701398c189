import asyncio
import inspect
from typing import Any

import pytest

from memfence.targets.reference_client import AsyncReferenceClient, ReferenceClient

ALICE = {"user_id": "u_alice"}
METHODS = ("add", "search", "get_all", "get", "update", "delete", "delete_all", "history")


@pytest.fixture
def client() -> ReferenceClient:
    return ReferenceClient()


def stored(client: ReferenceClient, text: str, *, infer: bool = False, **options: Any) -> str:
    return str(client.add(text, infer=infer, **options)["results"][0]["id"])


def listed(client: ReferenceClient, **filters: object) -> list[str]:
    return [record["memory"] for record in client.get_all(filters=filters)["results"]]


def test_what_is_stored_as_it_is_goes_through_no_prompt(client: ReferenceClient) -> None:
    stored(client, "I am vegan.", user_id="u_alice")

    assert client.prompts == []


def test_a_prompt_holds_the_last_messages_of_its_own_scope_alone(client: ReferenceClient) -> None:
    for user in ("u_alice", "u_bob"):
        stored(client, f"{user} is vegan.", infer=True, user_id=user)
    stored(client, "And likes tea.", infer=True, user_id="u_alice")

    assert client.prompts == [
        "Last messages:\nNew message:\nu_alice is vegan.",
        "Last messages:\nNew message:\nu_bob is vegan.",
        "Last messages:\nu_alice is vegan.\nNew message:\nAnd likes tea.",
    ]
    assert listed(client, **ALICE) == ["u_alice is vegan.", "And likes tea."]


def test_a_run_and_an_agent_have_messages_of_their_own(client: ReferenceClient) -> None:
    for scope in ({"run_id": "1"}, {"run_id": "2"}, {"agent_id": "1"}, {}):
        stored(client, f"said in {scope}", infer=True, user_id="u_alice", **scope)

    assert all("said in" not in prompt.partition("New message:")[0] for prompt in client.prompts)


def test_only_the_last_ten_messages_are_kept(client: ReferenceClient) -> None:
    for number in range(12):
        stored(client, f"message {number}.", infer=True, user_id="u_alice")

    before = client.prompts[-1].partition("New message:")[0]
    assert before.splitlines() == ["Last messages:", *(f"message {number}." for number in range(1, 11))]


def test_what_was_deleted_is_in_no_later_prompt_and_what_others_said_still_is(client: ReferenceClient) -> None:
    for user in ("u_alice", "u_bob"):
        stored(client, f"{user} is vegan.", infer=True, user_id=user, run_id="run-1")

    client.delete_all(user_id="u_alice")
    for user in ("u_alice", "u_bob"):
        stored(client, "I like tea.", infer=True, user_id=user, run_id="run-1")

    assert "vegan" not in client.prompts[-2]
    assert "u_bob is vegan." in client.prompts[-1]


def test_a_run_narrows_a_users_records(client: ReferenceClient) -> None:
    for user, run in (("u_alice", "1"), ("u_alice", "2"), ("u_bob", "1")):
        stored(client, f"{user} in {run}", user_id=user, run_id=run)

    assert listed(client, **ALICE) == ["u_alice in 1", "u_alice in 2"]
    assert listed(client, **ALICE, run_id="2") == ["u_alice in 2"]
    client.delete_all(user_id="u_alice", run_id="1")
    assert listed(client, **ALICE) == ["u_alice in 2"]
    assert listed(client, user_id="u_bob") == ["u_bob in 1"]


def test_a_filter_by_metadata_narrows_and_never_widens(client: ReferenceClient) -> None:
    stored(client, "tea", user_id="u_alice", metadata={"topic": "food", "n": 1})
    stored(client, "red", user_id="u_alice", metadata={"topic": "colour"})
    stored(client, "plain", user_id="u_alice")
    stored(client, "fish", user_id="u_bob", metadata={"topic": "food"})

    assert listed(client, **ALICE, topic="food") == ["tea"]
    assert listed(client, **ALICE, topic="food", n=2) == []
    others = {"user_id": "u_bob"}
    widenings: list[dict[str, object]] = [{"AND": [others]}, {"OR": [others]}, {"metadata": {"eq": "food"}}]
    for widening in widenings:
        assert listed(client, **ALICE, **widening) == []
    found = client.search("fish tea", filters={**ALICE, "topic": "food"}, threshold=0)["results"]
    assert [record["memory"] for record in found] == ["tea"]


@pytest.mark.parametrize("filters", [{"metadata": {}}, {"n": {"near": 1}}, {"AND": []}, {"NOT": {"n": 1}}, {"OR": [1]}])
def test_a_condition_that_is_not_known_is_refused(client: ReferenceClient, filters: dict[str, object]) -> None:
    stored(client, "tea", user_id="u_alice", metadata={"n": 1})

    with pytest.raises(ValueError, match="takes "):
        client.get_all(filters={**ALICE, **filters})


@pytest.mark.parametrize("filters", [{}, {"topic": "food"}, {"user_id": None}, {"user_id": {"ne": "x"}}])
def test_a_filter_without_anybodys_id_is_refused(client: ReferenceClient, filters: dict[str, object]) -> None:
    stored(client, "tea", user_id="u_alice", metadata={"topic": "food"})

    with pytest.raises(ValueError, match="give at least one of user_id, agent_id, run_id"):
        client.get_all(filters=filters)


def test_metadata_that_name_somebody_else_move_no_record(client: ReferenceClient) -> None:
    record_id = stored(client, "tea", user_id="u_alice", metadata={"user_id": "u_bob"})
    client.update(record_id, "coffee", metadata={"user_id": "u_bob", "run_id": "1"})

    assert listed(client, user_id="u_bob") == []
    assert listed(client, **ALICE) == ["coffee"]
    assert client.get_all(filters=ALICE)["results"][0]["metadata"] == {"user_id": "u_bob", "run_id": "1"}


def test_an_update_without_metadata_leaves_them(client: ReferenceClient) -> None:
    record_id = stored(client, "tea", user_id="u_alice", metadata={"topic": "food"})

    client.update(record_id, "coffee")

    assert listed(client, **ALICE, topic="food") == ["coffee"]


def test_metadata_are_copied(client: ReferenceClient) -> None:
    given = {"topic": "food"}
    stored(client, "tea", user_id="u_alice", metadata=given)

    given["topic"] = "colour"

    assert listed(client, **ALICE, topic="food") == ["tea"]


def test_its_tables_hold_every_text_and_nothing_of_what_was_deleted(client: ReferenceClient) -> None:
    record_id = stored(client, "meat", user_id="u_alice")
    client.update(record_id, "vegan")
    stored(client, "tea", infer=True, user_id="u_alice")
    stored(client, "fish", user_id="u_bob")

    full = client.tables()
    client.delete_all(user_id="u_alice")

    assert full["records"] == ["vegan", "tea", "fish"]
    assert full["messages"] == ["tea"]
    assert all(any(word in row for row in full["history"]) for word in ("meat", "vegan", "tea", "fish"))
    assert client.tables()["records"] == ["fish"]
    assert client.tables()["messages"] == []
    assert not any(word in row for row in client.tables()["history"] for word in ("meat", "vegan", "tea"))


def test_what_is_left_of_an_erasure_is_told(client: ReferenceClient) -> None:
    record_id = stored(client, "tea", infer=True, user_id="u_alice", run_id="1")
    stored(client, "fish", infer=True, user_id="u_bob")

    assert client.leftovers([record_id], ALICE) == ["1 histories", "1 records", "1 scopes of messages"]
    client.delete(record_id)
    assert client.leftovers([record_id], ALICE) == ["1 scopes of messages"]
    client.delete_all(user_id="u_alice")
    assert client.leftovers([record_id], ALICE) == []


@pytest.mark.parametrize("name", METHODS)
def test_the_asynchronous_client_has_the_same_methods_with_the_same_arguments(name: str) -> None:
    plain, awaited = getattr(ReferenceClient, name), getattr(AsyncReferenceClient, name)

    assert inspect.iscoroutinefunction(awaited)
    assert inspect.signature(plain) == inspect.signature(awaited)


def test_both_clients_have_the_same_records(client: ReferenceClient) -> None:
    other = AsyncReferenceClient(client)

    async def story() -> list[object]:
        added = await other.add("tea", user_id="u_alice", run_id="1", metadata={"topic": "food"})
        (record_id,) = [record["id"] for record in added["results"]]
        await other.update(record_id, "green tea", metadata={"topic": "drinks"})
        return [
            record_id,
            await other.search("tea", filters={**ALICE, "topic": "drinks"}, top_k=1, threshold=0),
            await other.get_all(filters=ALICE, top_k=1),
            await other.get(record_id),
            await other.history(record_id),
        ]

    record_id, found, everything, one, history = asyncio.run(story())

    assert client.prompts == ["Last messages:\nNew message:\ntea"]
    assert found == client.search("tea", filters={**ALICE, "topic": "drinks"}, top_k=1, threshold=0)
    assert everything == client.get_all(filters=ALICE, top_k=1)
    assert one == client.get(str(record_id))
    assert history == client.history(str(record_id))
    assert len(client.history(str(record_id))) == 2

    asyncio.run(other.delete(str(record_id)))
    assert client.get(str(record_id)) is None
    assert other.leftovers([str(record_id)], ALICE) == ["1 scopes of messages"]
    asyncio.run(other.delete_all(user_id="u_alice", run_id="1"))
    assert client.leftovers([str(record_id)], ALICE) == []
