import inspect
from typing import Any

import pytest

from memfence.breakages.broken_client import BrokenClient
from memfence.real_mem0.client import dialect
from memfence.targets.reference_client import ReferenceClient

CALLS = ("add", "search", "get_all", "get", "update", "delete", "delete_all", "history", "reset", "leftovers")


class Shouting(BrokenClient):
    def get(self, memory_id: str) -> Any:
        record = self.client.get(memory_id)
        return {**record, "memory": record["memory"].upper()}


@pytest.mark.parametrize("name", CALLS)
def test_what_is_not_broken_is_passed_on_as_it_is(name: str) -> None:
    client = ReferenceClient()

    assert getattr(BrokenClient(client), name) == getattr(client, name)


def test_what_the_client_does_not_offer_is_not_offered_either() -> None:
    assert not hasattr(BrokenClient(ReferenceClient()), "telepathy")


def test_only_what_a_breakage_replaces_is_different() -> None:
    client = Shouting(ReferenceClient())

    (added,) = client.add("I like tea.", user_id="u_ann", infer=False)["results"]

    assert client.get(added["id"])["memory"] == "I LIKE TEA."
    assert client.get_all(filters={"user_id": "u_ann"})["results"][0]["memory"] == "I like tea."


def test_a_wrapper_reads_the_signatures_of_the_client_beneath() -> None:
    client = ReferenceClient()

    assert dialect(BrokenClient(client)) == dialect(client)
    assert inspect.signature(BrokenClient(client).search) == inspect.signature(client.search)
