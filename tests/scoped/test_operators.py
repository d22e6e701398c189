from typing import Any

import pytest

from memfence import ScopedMemory, offline_mem0
from memfence.scoped.operators import check

STORES = {name: f"mem0.vector_stores.{name}" for name in ("qdrant", "chroma", "faiss", "pgvector", "milvus")}


@pytest.mark.parametrize("store", [*STORES.values(), "builtins"])
@pytest.mark.parametrize("filters", [{"rank": {"in": [1, 5], "ne": 5}}, {"rank": {"gte": 1, "ne": 5}}, {"rank": {}}])
def test_what_no_store_is_sure_to_follow_is_refused_everywhere(store: str, filters: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"'rank' in filters has .*: the store would not follow it; give"):
        check(filters, store)


@pytest.mark.parametrize(
    ("name", "filters"),
    [
        ("qdrant", {"weight": 1.5}),
        ("qdrant", {"weight": [1, 1.5]}),
        ("qdrant", {"weight": {"in": [1.5]}}),
        ("qdrant", {"urgent": {"ne": True}}),
        ("chroma", {"remark": {"contains": "coast"}}),
        ("chroma", {"remark": {"icontains": "coast"}}),
        ("faiss", {"topic": {"eq": "tea"}}),
        ("faiss", {"rank": {"gte": 1, "lte": 5}}),
        ("pgvector", {"urgent": {"eq": True}}),
        ("pgvector", {"urgent": {"in": [True]}}),
    ],
)
def test_what_a_store_does_not_follow_is_refused_there_alone(name: str, filters: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="the store would not follow it"):
        check(filters, STORES[name])
    check(filters, "builtins")


@pytest.mark.parametrize("store", [STORES["qdrant"], STORES["chroma"], STORES["pgvector"]])
@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"topic": "tea", "urgent": True, "rank": 5},
        {"rank": {"gte": 1, "lt": 5.5}},
        {"topic": {"in": ["tea"]}, "rank": {"ne": 1}},
        {"topic": {"nin": ["tea"]}},
        {"topic": {"eq": "tea"}},
        {"rank": {"$gte": 3}},
    ],
    ids=str,
)
def test_what_is_followed_passes(store: str, filters: dict[str, object]) -> None:
    check(filters, store)


def test_a_memory_over_mem0_refuses_what_its_store_would_not_follow() -> None:
    memory: Any = ScopedMemory("u_alice", client=offline_mem0())
    memory.add("tea", infer=False, metadata={"rank": 1, "weight": 1.5})
    memory.add("coffee", infer=False, metadata={"rank": 9, "weight": 2.5})

    for look in (memory.get_all, lambda filters: memory.search("tea", filters=filters, threshold=0)):
        with pytest.raises(ValueError, match="several operators"):
            look(filters={"rank": {"in": [1, 5], "ne": 5}})
        with pytest.raises(ValueError, match="give a range"):
            look(filters={"weight": 1.5})
        assert [one["memory"] for one in look(filters={"weight": {"gte": 1.5, "lte": 1.5}})] == ["tea"]
