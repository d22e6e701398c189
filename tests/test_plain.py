from memfence.targets.reference import ReferenceClient
from memfence.wrappers.plain import PlainMemory


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
