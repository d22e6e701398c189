import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import ScopedMemory
from memfence.campaigns.resolve import target
from memfence.performing.contract import adapt
from memfence.real_mem0.client import dialect
from memfence.scoped.wrappers.plain import PlainMemory
from memfence.targets.built_in.reference import open_target
from memfence.targets.reference_client import ReferenceClient

UNKNOWN = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


@pytest.fixture
def client() -> ReferenceClient:
    return ReferenceClient()


def stored(client: ReferenceClient, text: str, **ids: str) -> str:
    return str(client.add(text, infer=False, **ids)["results"][0]["id"])


def texts(reply: dict[str, list[dict[str, str]]]) -> list[str]:
    return [record["memory"] for record in reply["results"]]


def test_a_stored_text_comes_back_to_its_user_with_its_label(client: ReferenceClient) -> None:
    record_id = stored(client, "I am vegan.", user_id="u_alice", agent_id="cook")

    assert client.get_all(filters={"user_id": "u_alice"})["results"] == [
        {"id": record_id, "memory": "I am vegan.", "metadata": None, "user_id": "u_alice", "agent_id": "cook"}
    ]


@given(
    st.lists(st.tuples(st.sampled_from(["u_alice", "u_bob", "u_carol"]), st.text(min_size=1, max_size=5)), max_size=20),
    st.text(max_size=5),
)
def test_no_user_is_ever_shown_anothers_record(adds: list[tuple[str, str]], query: str) -> None:
    client = ReferenceClient()
    for user, text in adds:
        client.add(text, user_id=user)

    for user in ("u_alice", "u_bob", "u_carol"):
        own = [text for adder, text in adds if adder == user]
        listed = client.get_all(filters={"user_id": user}, top_k=100)
        found = client.search(query, filters={"user_id": user}, top_k=100, threshold=0)
        assert texts(listed) == own
        assert sorted(texts(found)) == sorted(own)


@given(st.lists(st.sampled_from(["u_alice", "u_bob"]), max_size=12))
def test_deleting_all_of_a_users_records_leaves_the_others(users: list[str]) -> None:
    client = ReferenceClient()
    for number, user in enumerate(users):
        client.add(f"fact {number}", user_id=user)

    client.delete_all(user_id="u_alice")

    assert texts(client.get_all(filters={"user_id": "u_alice"})) == []
    assert len(texts(client.get_all(filters={"user_id": "u_bob"}))) == users.count("u_bob")


def test_a_shared_agent_sees_all_users_as_in_mem0(client: ReferenceClient) -> None:
    stored(client, "Alice's", user_id="u_alice", agent_id="cook")
    stored(client, "Bob's", user_id="u_bob", agent_id="cook")
    stored(client, "the cook's own", agent_id="cook")

    assert texts(client.get_all(filters={"agent_id": "cook"})) == ["Alice's", "Bob's", "the cook's own"]
    assert texts(client.get_all(filters={"agent_id": "cook", "user_id": "u_bob"})) == ["Bob's"]


def test_a_search_ranks_by_shared_words_and_cuts(client: ReferenceClient) -> None:
    for text in ("I fly at night", "I eat fish", "I eat fish at night"):
        stored(client, text, user_id="u_alice")

    found = client.search("eat fish at night", filters={"user_id": "u_alice"}, top_k=2)

    assert texts(found) == ["I eat fish at night", "I eat fish"]
    assert [record["score"] for record in found["results"]] == [0.8, 0.4]


def test_a_weak_match_is_hidden_by_mem0s_own_threshold_alone(client: ReferenceClient) -> None:
    stored(client, "I fly at night", user_id="u_alice")

    assert texts(client.search("fish", filters={"user_id": "u_alice"})) == []
    assert texts(client.search("fish", filters={"user_id": "u_alice"}, threshold=0)) == ["I fly at night"]
    assert texts(client.search("", filters={"user_id": "u_alice"}, threshold=0)) == ["I fly at night"]


def test_a_listing_is_cut_at_20_in_silence_as_in_mem0(client: ReferenceClient) -> None:
    for number in range(25):
        stored(client, f"fact {number}", user_id="u_alice")

    assert len(texts(client.get_all(filters={"user_id": "u_alice"}))) == 20


def test_a_record_is_read_changed_and_removed_by_its_id(client: ReferenceClient) -> None:
    record_id = stored(client, "I eat meat.", user_id="u_alice")

    client.update(record_id, "I am vegan.")
    changed = client.get(record_id)
    changes = client.history(record_id)
    client.delete(record_id)

    assert changed is not None
    assert changed["memory"] == "I am vegan."
    assert [(change["old_memory"], change["new_memory"]) for change in changes] == [
        (None, "I eat meat."),
        ("I eat meat.", "I am vegan."),
    ]
    assert (client.get(record_id), client.history(record_id)) == (None, [])


def test_an_unknown_id_reads_nothing_and_cannot_be_changed(client: ReferenceClient) -> None:
    assert client.get(UNKNOWN) is None
    assert client.history(UNKNOWN) == []
    with pytest.raises(ValueError, match="not found"):
        client.update(UNKNOWN, "x")
    with pytest.raises(ValueError, match="not found"):
        client.delete(UNKNOWN)


def test_what_comes_back_is_a_copy(client: ReferenceClient) -> None:
    record_id = stored(client, "I am vegan.", user_id="u_alice")

    client.get_all(filters={"user_id": "u_alice"})["results"][0]["memory"] = "changed"
    copy = client.get(record_id)
    assert copy is not None
    copy["memory"] = "changed"
    client.history(record_id)[0]["new_memory"] = "changed"

    assert texts(client.get_all(filters={"user_id": "u_alice"})) == ["I am vegan."]
    assert client.history(record_id)[0]["new_memory"] == "I am vegan."


def test_metadata_is_kept(client: ReferenceClient) -> None:
    client.add("x", user_id="u_alice", metadata={"topic": "food"})

    assert client.get_all(filters={"user_id": "u_alice"})["results"][0]["metadata"] == {"topic": "food"}


@pytest.mark.parametrize("filters", [{}, {"user_id": ""}, {"user_id": ["u_alice"]}, {"topic": "food"}, {"AND": "x"}])
def test_a_scope_of_nothing_or_of_anything_else_is_refused(client: ReferenceClient, filters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give at least one of user_id, agent_id, run_id"):
        client.get_all(filters=filters)


def test_an_add_and_a_delete_all_without_any_id_are_refused(client: ReferenceClient) -> None:
    stored(client, "I am vegan.", user_id="u_alice")

    with pytest.raises(ValueError, match="give at least one"):
        client.add("x")
    with pytest.raises(ValueError, match="give at least one"):
        client.delete_all()

    assert texts(client.get_all(filters={"user_id": "u_alice"})) == ["I am vegan."]


def test_ids_are_well_formed_and_the_same_in_each_world() -> None:
    first, second = (stored(ReferenceClient(), "x", user_id="u_alice") for _ in range(2))

    assert first == second
    assert str(uuid.UUID(first)) == first


def test_it_speaks_mem0s_newest_dialect(client: ReferenceClient) -> None:
    how = dialect(client)

    assert (how.scope_in_filters, how.page, how.text) == (True, "top_k", "text")


def test_the_target_gives_scoped_memories_of_one_world() -> None:
    reference = target("reference")
    alice, bob = reference.make_memory("u_alice"), reference.make_memory("u_bob")

    alice.add("I am vegan.", infer=False)

    assert isinstance(alice, ScopedMemory)
    assert [record["memory"] for record in reference.make_memory("u_alice").get_all()] == ["I am vegan."]
    assert bob.get_all() == []


def test_each_start_is_an_empty_world() -> None:
    reference = target("reference")
    reference.make_memory("u_alice").add("I am vegan.", infer=False)
    assert reference.start is not None

    reference.start()

    assert reference.make_memory("u_alice").get_all() == []
    assert reference.disposable


def test_a_breakage_takes_the_wrappers_place() -> None:
    shared = {"agent_id": "assistant"}

    broken = adapt(
        open_target(lambda client: lambda _: PlainMemory(client, write=shared, read=shared, erase=shared)), "broken"
    )
    broken.make_memory("u_alice").add("I am vegan.")

    assert [record["memory"] for record in broken.make_memory("u_bob").get_all()] == ["I am vegan."]
