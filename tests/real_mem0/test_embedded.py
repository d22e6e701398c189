"""Embedded Qdrant, made quicker: what it answers is what it answers by itself, after each write."""

import gc
import random
import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import pytest
from qdrant_client import QdrantClient, models

from memfence.real_mem0 import embedded
from memfence.real_mem0.copying import copied
from memfence.real_mem0.embedded import added_up, make_quicker

NAME = "records"
USERS = ("alice", "bob", "cem")


def opened() -> Any:
    connection = QdrantClient(":memory:")
    connection.create_collection(
        NAME,
        vectors_config=models.VectorParams(size=3, distance=models.Distance.COSINE),
        sparse_vectors_config={"bm25": models.SparseVectorParams(modifier=models.Modifier.IDF)},
    )
    return connection


@pytest.fixture
def both() -> Iterator[tuple[Any, Any]]:
    """Return a connection as it is and one that was made quicker, for the same calls."""
    plain, quick = opened(), opened()
    make_quicker(quick)
    yield plain, quick
    plain.close()
    quick.close()


def own(user: str) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key="user_id", match=models.MatchValue(value=user))])


def condition(key: str, match: Any) -> models.FieldCondition:
    return models.FieldCondition(key=key, match=match)


def filters(user: str) -> list[models.Filter]:
    """Return filters of each kind: a text under a key, several of them, what stands in a list, and what is no text."""
    mine = condition("user_id", models.MatchValue(value=user))
    tag, level = (condition(key, models.MatchValue(value=value)) for key, value in (("tags", "blue"), ("level", 1)))
    deep = condition("said.by", models.MatchValue(value=user))
    others = condition("user_id", models.MatchExcept(**{"except": [user]}))
    return [
        models.Filter(must=[mine]),
        models.Filter(must=mine),
        models.Filter(must=[mine, tag]),
        models.Filter(must=[tag]),
        models.Filter(must=[mine, level]),
        models.Filter(must=[deep]),
        models.Filter(must=[others]),
        models.Filter(must=[mine], must_not=[tag]),
        models.Filter(should=[mine, tag]),
        models.Filter(must=[]),
        models.Filter(must=[models.FieldCondition(key="tags", values_count=models.ValuesCount(gt=1), match=tag.match)]),
    ]


def listed(connection: Any, wanted: models.Filter) -> list[object]:
    """Return what a listing shows page by page, and how much there is."""
    pages: list[object] = [connection.count(NAME, count_filter=wanted).count]
    after = None
    while True:
        page, after = connection.scroll(NAME, scroll_filter=wanted, limit=2, offset=after, with_vectors=True)
        pages += [page, after]
        if after is None:
            return pages


def asked(connection: Any, user: str, words: models.SparseVector) -> list[object]:
    """Return all that is found: by meaning, by words counted in one's own and in everybody's, and by a listing."""
    mine = own(user)
    counted = models.SearchParams(idf=models.IdfCorpusParams(corpus=mine))
    by_words: dict[str, Any] = {"query": words, "using": "bm25", "query_filter": mine}
    found = (
        connection.query_points(NAME, query=[1.0, 0.5, 0.2], query_filter=mine).points,
        connection.query_points(NAME, **by_words, search_params=counted).points,
        connection.query_points(NAME, **by_words).points,
        connection.scroll(NAME, scroll_filter=mine)[0],
    )
    # The last bits of a score hang on how many vectors it is computed beside.
    return [[(one.id, round(getattr(one, "score", 0.0), 5), one.payload) for one in page] for page in found]


def sparse(drawn: random.Random) -> models.SparseVector:
    numbers = sorted(drawn.sample(range(12), drawn.randint(1, 5)))
    return models.SparseVector(indices=numbers, values=[drawn.random() + 0.1 for _ in numbers])


def payload(drawn: random.Random, user: str) -> dict[str, Any]:
    tags = drawn.choice(["blue", ["blue"], ["red", "blue"], ["red", 1, None], [], None, True])
    return {
        "user_id": user,
        "data": str(drawn.random()),
        "tags": tags,
        "level": drawn.choice([1, 1.0, True, "1"]),
        "said": {"by": user},
    }


def written(drawn: random.Random) -> Any:
    """Return a write, to be made through any connection."""
    number, user = drawn.randrange(12), drawn.choice(USERS)
    vectors = {"": [drawn.random() for _ in range(3)], "bm25": sparse(drawn)}
    point = models.PointStruct(id=number, vector=vectors, payload=payload(drawn, user))
    kind = drawn.randrange(5)

    def write(connection: Any) -> None:
        match kind:
            case 0:
                connection.delete(NAME, points_selector=models.PointIdsList(points=[number]))
            case 1:
                connection.delete(NAME, points_selector=models.FilterSelector(filter=own(user)))
            case 2 if connection.retrieve(NAME, [number]):
                connection.set_payload(NAME, payload={"user_id": user}, points=[number])
            case _:
                connection.upsert(NAME, points=[point])

    return write


@pytest.mark.parametrize("seed", range(5))
def test_after_each_write_it_finds_what_it_would_have_found(both: tuple[Any, Any], seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311 - the same each time
    shown = 0
    for _ in range(60):
        write, words = written(drawn), sparse(drawn)
        for connection in both:
            write(connection)
        for user in (*USERS, USERS[0]):
            plain, quick = (asked(connection, user, words) for connection in both)
            assert plain == quick
            shown += sum(len(page) for page in plain if isinstance(page, list))
    assert shown > 300


@pytest.mark.parametrize("seed", range(5))
def test_each_kind_of_filter_lets_through_what_it_would_have_let_through(both: tuple[Any, Any], seed: int) -> None:
    drawn = random.Random(seed)  # noqa: S311 - the same each time
    found = set()
    for _ in range(20):
        write = written(drawn)
        for connection in both:
            write(connection)
        for number, wanted in enumerate(filters(drawn.choice(USERS))):
            plain, quick = (listed(connection, wanted) for connection in both)
            assert plain == quick
            found |= {number} if plain[0] else set()
    assert len(found) == len(filters(""))


def test_what_it_shows_may_be_changed_by_whoever_sees_it(both: tuple[Any, Any]) -> None:
    _, quick = both
    point = {"vector": {"": [1.0, 0.0, 0.0]}, "payload": {"user_id": "alice", "tags": ["blue"]}}
    quick.upsert(NAME, points=[models.PointStruct(id=1, **point)])

    quick.scroll(NAME, scroll_filter=own("alice"))[0][0].payload["tags"].append("red")
    quick.query_points(NAME, query=[1.0, 0.0, 0.0]).points[0].payload.clear()

    assert quick.retrieve(NAME, [1])[0].payload == point["payload"]


@pytest.mark.parametrize("value", [[1.0, 2.0], {"a": [{"b": None}, "c"], "d": (1, [2])}, {1, 2}])
def test_a_copy_is_equal_and_deep(value: object) -> None:
    assert copied(value) == value
    assert copied(value) is not value


def test_a_copied_question_has_a_vector_of_its_own() -> None:
    question = models.QueryRequest(query=models.NearestQuery(nearest=[1.0, 2.0]), filter=own("alice"), limit=3)

    copy = copied(question)

    assert copy == question
    assert copy.model_fields_set == question.model_fields_set
    assert copy.query.nearest is not question.query.nearest
    assert copy.filter is not question.filter


def test_it_holds_when_a_collection_is_made_anew(both: tuple[Any, Any]) -> None:
    _, quick = both
    point = {"vector": {"": [1.0, 0.0, 0.0]}, "payload": {"user_id": "alice"}}
    quick.upsert(NAME, points=[models.PointStruct(id=1, **point)])
    assert len(quick.scroll(NAME, scroll_filter=own("alice"))[0]) == 1

    quick.delete_collection(NAME)
    quick.create_collection(NAME, vectors_config=models.VectorParams(size=3, distance=models.Distance.COSINE))
    quick.upsert(NAME, points=[models.PointStruct(id=1, vector=[1.0, 0, 0], payload={"user_id": "bob"})])

    assert quick.scroll(NAME, scroll_filter=own("alice"))[0] == []


@pytest.mark.parametrize("zero", [False, True])
def test_words_add_up_as_qdrant_adds_them_up(*, zero: bool) -> None:
    from qdrant_client.local.sparse_distances import (  # noqa: PLC0415 - beside ours, which took its place elsewhere
        calculate_distance_sparse,
    )

    drawn = random.Random(3)  # noqa: S311 - the same each time
    vectors = [sparse(drawn) for _ in range(200)]
    query = sparse(drawn)

    assert added_up(query, vectors, zero).tolist() == calculate_distance_sparse(query, vectors, zero).tolist()


class Collecting(models.Filter):
    """A filter that is read while what nobody holds any more is collected."""

    def model_dump_json(self, **options: Any) -> str:
        gc.collect()
        return super().model_dump_json(**options)


def test_a_client_that_is_collected_within_anothers_call_closes_and_disturbs_nothing(both: tuple[Any, Any]) -> None:
    plain, quick = both
    points = [
        models.PointStruct(id=number, vector={"": [1.0, 0.0, 0.0]}, payload={"user_id": user})
        for number, user in enumerate(USERS)
    ]
    for connection in both:
        connection.upsert(NAME, points)
    gone = opened()
    make_quicker(gone)
    seen = weakref.ref(gone)
    del gone

    asked = Collecting(must=own("alice").must)

    assert quick.count(NAME, asked).count == plain.count(NAME, own("alice")).count == 1
    assert seen() is None
    assert quick.scroll(NAME, own("bob"))[0][0].id == USERS.index("bob")


def test_no_context_is_changed_for_a_call() -> None:
    # Before Python 3.12 one that is changed while it is changed ends the process.
    assert not [name for name, value in vars(embedded).items() if isinstance(value, ContextVar)]
