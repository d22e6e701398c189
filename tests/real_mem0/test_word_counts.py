"""How rare a word is: in everybody's records, as mem0 has it, and in one's own."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from qdrant_client import QdrantClient, models

from memfence import count_own_words, offline_mem0
from memfence.base.errors import HarnessError
from memfence.real_mem0 import word_counts
from memfence.real_mem0.embedders.semantic import DIMENSIONS
from memfence.real_mem0.keywords import KeywordEncoder, rank_by_own_keywords
from memfence.real_mem0.memory import open_memory
from memfence.real_mem0.stores.faiss import FaissStore

# Qdrant's sums of vectors differ in the last digits with how many there are.
same = partial(pytest.approx, abs=1e-5)
FACTS = ("I keep a zebra at home.", "I grew up in Ohio.", "I paint my door teal.")
ALICE = {"user_id": "alice"}


@pytest.fixture
def plain() -> Iterator[Any]:
    """Return a mem0 as a project opens one on Qdrant: a connection of its own, and nothing done to its counts."""
    connection = QdrantClient(":memory:")
    rank_by_own_keywords(connection)
    reached = {"client": connection, "collection_name": "plain", "embedding_model_dims": DIMENSIONS}
    connection.__deepcopy__ = lambda _: connection  # type: ignore[attr-defined]  # mem0 copies its config
    client = open_memory(
        vector_store={"provider": "qdrant", "config": reached},
        embedder="memfence.real_mem0.embedders.semantic.SemanticEmbedder",
        extractor="memfence.real_mem0.extractor.RecordingExtractor",
        history=":memory:",
    )
    with client:
        yield client
    connection.close()


def alone_and_among_others(client: Any) -> tuple[dict[str, float], dict[str, float]]:
    """Return the scores of alice's records before and after twenty others have stored something with a zebra."""
    for fact in FACTS:
        client.add(fact, user_id="alice", infer=False)
    before = scores(client)
    for number in range(20):
        client.add(f"The zebra number {number}.", user_id=f"u{number}", infer=False)
    return before, scores(client)


def scores(client: Any) -> dict[str, float]:
    reply = client.search("zebra", filters=ALICE, threshold=0)
    return {one["memory"]: one["score"] for one in reply["results"]}


def test_in_mem0_on_qdrant_a_score_tells_how_many_others_use_the_word(plain: Any) -> None:
    before, after = alone_and_among_others(plain)

    assert before[FACTS[0]] - after[FACTS[0]] > 0.01


def test_counted_in_one_s_own_records_it_tells_nothing(plain: Any) -> None:
    assert count_own_words(plain) is plain

    before, after = alone_and_among_others(plain)
    assert after == same(before)


def test_offline_mem0_counts_so_by_itself() -> None:
    with offline_mem0() as client:
        before, after = alone_and_among_others(client)

    assert after == same(before)


def test_it_holds_after_a_reset_and_said_twice(plain: Any) -> None:
    count_own_words(count_own_words(plain))
    plain.reset()

    before, after = alone_and_among_others(plain)
    assert after == same(before)


def test_a_word_that_all_of_one_s_own_records_hold_weighs_less_there(plain: Any) -> None:
    count_own_words(plain)
    for text in ("zebra", "zebra Ohio", "zebra teal"):
        plain.add(text, user_id="alice", infer=False)

    best, *_ = plain.vector_store.keyword_search("zebra Ohio", filters=ALICE)
    rest = plain.vector_store.keyword_search("zebra", filters=ALICE)

    assert best.payload["data"] == "zebra Ohio"
    assert best.score > 2 * max(hit.score for hit in rest)


def test_what_a_caller_asks_of_qdrant_itself_stays_as_it_asked(plain: Any) -> None:
    count_own_words(plain)
    asked = models.SearchParams(idf=models.IdfScope.GLOBAL)
    for text, user in (("zebra", "alice"), *(("zebra", f"u{number}") for number in range(9))):
        plain.add(text, user_id=user, infer=False)
    connection = plain.vector_store.client
    (encoded,) = KeywordEncoder().embed(["zebra"])
    words = models.SparseVector(indices=encoded.indices.tolist(), values=encoded.values.tolist())
    mine = models.Filter(must=[models.FieldCondition(key="user_id", match=models.MatchValue(value="alice"))])

    def score(**options: Any) -> float:
        (hit,) = connection.query_points("plain", query=words, using="bm25", query_filter=mine, **options).points
        return float(hit.score)

    assert score(search_params=asked) < score()


def kept(client: Any) -> list[str]:
    return [hit.payload["data"] for hit in client.vector_store.keyword_search("zebra", top_k=20, filters=ALICE)]


def test_of_many_like_records_a_cut_keeps_the_same_whoever_else_is_there() -> None:
    with offline_mem0() as client:
        for number in range(100):
            client.add(
                f"I saw a zebra; my ticket is {number:04}-{number:04}-{number:04}.", user_id="alice", infer=False
            )
        alone = kept(client)
        for number in range(300):
            client.add(f"My ticket is {number}.", user_id=f"u{number % 7}", infer=False)

        assert kept(client) == alone


def test_another_store_is_refused(tmp_path: Any) -> None:
    store = FaissStore()
    embedder = "memfence.real_mem0.embedders.semantic.SemanticEmbedder"
    client = store.open(embedder=embedder, dimensions=DIMENSIONS, folder=tmp_path)

    with pytest.raises(HarnessError, match="is for mem0 on Qdrant, got FAISS"):
        count_own_words(client)
    store.close(client)


def test_an_old_qdrant_client_is_told_to_be_upgraded(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(models, "IdfCorpusParams")

    with pytest.raises(HarnessError, match="pip install -U qdrant-client"):
        count_own_words(plain)


def test_with_an_old_qdrant_client_our_own_does_not_rank_by_keywords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(models, "IdfCorpusParams")

    assert not word_counts.can_count_own_words()
    with offline_mem0() as client:
        before, after = alone_and_among_others(client)
        assert client.vector_store.keyword_search("zebra", filters=ALICE) is None
    assert after == same(before)
