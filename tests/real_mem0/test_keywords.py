"""Our keyword ranking, in real mem0 on embedded Qdrant: what it finds, in what order, and for whom."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from memfence import offline_mem0
from memfence.real_mem0.keywords import KeywordEncoder, has_keywords, words
from memfence.real_mem0.stores.qdrant import QdrantStore
from memfence.scoped.wrappers import scoped
from memfence.targets.mem0_target import Mem0Target

FACTS = (
    "I work as a glazier; my badge number is 7QK2-M9XD-04TV.",
    "I grew up in Ohio; my door code is 1111-2222-3333.",
    "My favourite colour is teal; my wardrobe code is 4444-5555-6666.",
)


@pytest.fixture
def client() -> Iterator[Any]:
    with offline_mem0() as client:
        for fact in FACTS:
            client.add(fact, user_id="alice", infer=False)
        yield client


def found(client: Any, query: str, user: str = "alice") -> list[str]:
    """Return what mem0's keyword search finds, the best first."""
    return [hit.payload["data"] for hit in client.vector_store.keyword_search(query, filters={"user_id": user})]


def details(client: Any, query: str) -> dict[str, float]:
    """Return what keywords have added to the score of each of alice's records."""
    reply = client.search(query, filters={"user_id": "alice"}, threshold=0, explain=True)
    return {one["memory"]: one["score_details"]["bm25_score"] for one in reply["results"]}


def weights(text: str) -> dict[int, float]:
    (one,) = KeywordEncoder().embed([text])
    return dict(zip(one.indices.tolist(), one.values.tolist(), strict=True))


def test_mem0_ranks_by_keywords_on_this_machine() -> None:
    assert has_keywords()


@pytest.mark.parametrize(("query", "fact"), [("glazier", 0), ("Ohio?", 1), ("4444-5555-6666", 2)])
def test_a_word_finds_the_record_that_holds_it_and_no_other(client: Any, query: str, fact: int) -> None:
    assert found(client, query) == [FACTS[fact]]


def test_a_rare_word_outweighs_a_common_one(client: Any) -> None:
    assert found(client, "code teal") == [FACTS[2], FACTS[1]]


def test_what_nobody_says_and_what_everybody_says_find_nothing(client: Any) -> None:
    assert found(client, "zebra") == []
    assert found(client, "what is my") == []


def test_anothers_words_find_nothing(client: Any) -> None:
    client.add("I keep a zebra.", user_id="bob", infer=False)

    assert found(client, "zebra") == []
    assert found(client, "zebra", "bob") == ["I keep a zebra."]


def test_keywords_are_part_of_a_search_s_score(client: Any) -> None:
    added = details(client, "glazier")

    assert added[FACTS[0]] > 0
    assert all(score == 0 for text, score in added.items() if text != FACTS[0])


def test_an_update_changes_the_words_and_a_delete_takes_them_away(client: Any) -> None:
    record = client.add("I keep a zebra.", user_id="alice", infer=False)["results"][0]["id"]

    client.update(record, "I keep a llama.")
    assert (found(client, "zebra"), found(client, "llama")) == ([], ["I keep a llama."])
    client.delete(record)
    assert found(client, "llama") == []


def test_after_a_reset_it_ranks_all_the_same(client: Any) -> None:
    client.reset()
    client.add(FACTS[0], user_id="alice", infer=False)

    assert found(client, "glazier") == [FACTS[0]]


def test_a_report_says_whose_the_ranking_is_and_of_a_server_it_says_nothing() -> None:
    embedded, server = (Mem0Target(scoped.wrap, store=QdrantStore(url)) for url in (None, "http://127.0.0.1:9"))

    assert "keyword ranking" in " ".join(embedded.notes)
    assert "keyword ranking" not in " ".join(server.notes)


def test_a_connection_of_somebody_elses_keeps_mem0s_own_way() -> None:
    from mem0.vector_stores.qdrant import Qdrant  # noqa: PLC0415 - as memfence does, after its telemetry is off
    from qdrant_client import QdrantClient  # noqa: PLC0415 - beside it

    with offline_mem0():
        theirs = Qdrant("theirs", 4, client=QdrantClient(":memory:"))
        # What fastembed would have put there, had it been asked for before.
        theirs._bm25_encoder = encoder = object()  # noqa: SLF001 - there is no public way to put one there

        assert theirs._get_bm25_encoder() is encoder  # noqa: SLF001 - as above


def test_words_are_whole_in_lower_case_and_without_those_of_every_text() -> None:
    assert words("My badge_number is 7QK2-M9XD-04TV, at the caf\u00e9!") == [
        "badge",
        "number",
        "7qk2-m9xd-04tv",
        "caf\u00e9",
    ]


def test_a_repeated_word_weighs_more_and_a_long_text_less() -> None:
    (once,), (twice,) = weights("zebra").values(), weights("zebra zebra").values()
    long = weights(f"zebra {' '.join(f'word{number}' for number in range(200))}")

    assert once < twice < 2 * once
    assert min(long.values()) < once


def test_of_texts_that_differ_in_a_code_alone_no_two_are_equals() -> None:
    ohio, *_ = weights("Ohio")
    said = {weights(f"I grew up in Ohio; my door code is {number}-{number}.")[ohio] for number in range(300)}

    assert len(said) == 300
    assert max(said) < 1.02 * min(said)


def test_numbers_ascend_as_qdrant_wants_them_and_fit_its_32_bits() -> None:
    numbers = list(weights(" ".join(FACTS)))

    assert numbers == sorted(set(numbers))
    assert all(0 <= number < 2**32 for number in numbers)


def test_half_a_character_and_no_text_are_no_crash() -> None:
    assert len(weights("\ud800 zebra")) == 1
    assert weights("") == {}


def test_another_process_counts_the_same_words() -> None:
    code = (
        f"from memfence.real_mem0.keywords import KeywordEncoder as K; print(*next(K().embed([{FACTS[0]!r}])).indices)"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout

    assert [int(number) for number in said.split()] == list(weights(FACTS[0]))
