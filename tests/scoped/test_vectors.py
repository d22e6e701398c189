import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import chromadb
import lancedb
import pyarrow as pa
import pytest
from qdrant_client import AsyncQdrantClient, QdrantClient, models

from memfence import IsolationError, KeyNotFoundError, QdrantCollection, ScopedVectors, ScopeError, VectorRecord
from memfence.scoped.vector_stores import USER

# They are prefixes of each other, differ by case, or hold what an expression gives a meaning.
USERS = ["al", "al-", "al.", "alice", "Alice", "a@b:c", "x" * 128]
DIMENSIONS = 4


def embed(text: str) -> list[float]:
    """Return a vector that is the same for the same text, of length 1."""
    numbers = [1.0 + sum(map(ord, text[place::DIMENSIONS])) % 7 for place in range(DIMENSIONS)]
    return [number / math.hypot(*numbers) for number in numbers]


def qdrant() -> QdrantCollection:
    client = QdrantClient(":memory:")
    client.create_collection("c", vectors_config=models.VectorParams(size=DIMENSIONS, distance=models.Distance.COSINE))
    return QdrantCollection(client, "c")


def lance(folder: Path) -> Any:
    texts = ("scope_id", "scope_user", "scope_key", "scope_text", "topic")
    vector = pa.list_(pa.float32(), DIMENSIONS)
    fields = [*((name, pa.string()) for name in texts), ("n", pa.int64()), ("vector", vector)]
    fields += [("weight", pa.float64()), ("is_open", pa.bool_())]
    return lancedb.connect(folder).create_table("t", schema=pa.schema(fields))


@pytest.fixture(params=["qdrant", "chroma", "lancedb"])
def collection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """What is shared by all users."""
    match request.param:
        case "qdrant":
            yield qdrant()
        case "chroma":
            # As the target makes it: clients in memory of one process must have the same settings.
            client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
            yield client.create_collection("vectors", embedding_function=None)
            client.delete_collection("vectors")
        case _:
            yield lance(tmp_path)


def of(user: str, collection: Any) -> ScopedVectors:
    return ScopedVectors(user, collection=collection, embed=embed)


def test_what_is_put_is_there_until_it_is_deleted(collection: Any) -> None:
    own = of("alice", collection)

    own.put("notes/a", "I like tea.", metadata={"topic": "food", "n": 1})
    own.put("b", [1.0, 0.0, 0.0, 0.0], text="a vector")

    assert own.get("notes/a") == VectorRecord("notes/a", "I like tea.", {"topic": "food", "n": 1})
    assert own.get("b") == VectorRecord("b", "a vector", {})
    own.put("notes/a", "I like coffee.", metadata={"topic": "drink"})
    assert own.get("notes/a") == VectorRecord("notes/a", "I like coffee.", {"topic": "drink"})
    assert own.list() == ["b", "notes/a"]
    own.delete("b")
    assert own.list() == ["notes/a"]


def test_what_is_put_again_keeps_no_field_of_the_old_one(collection: Any) -> None:
    own = of("alice", collection)
    own.put("a", "old", metadata={"topic": "food", "n": 1})

    own.put("a", "new", metadata={"n": 2})

    assert own.get("a") == VectorRecord("a", "new", {"n": 2})
    assert own.list() == ["a"]
    assert own.query("new", where={"topic": "food"}) == []


def test_a_query_gives_the_nearest_first_and_no_more_than_asked_for(collection: Any) -> None:
    own = of("alice", collection)
    own.put("far", [0.0, 0.0, 0.0, 1.0])
    own.put("near", [1.0, 0.1, 0.0, 0.0])
    own.put("nearest", [1.0, 0.0, 0.0, 0.0])

    found = own.query([1.0, 0.0, 0.0, 0.0], top_k=2)

    assert [one.key for one in found] == ["nearest", "near"]
    scores = [one.score for one in found if one.score is not None]
    assert len(scores) == 2
    assert scores[0] > scores[1]


def test_some_are_shown_as_they_come_and_all_are_counted_of_this_user_alone(collection: Any) -> None:
    own, others = of("alice", collection), of("bob", collection)
    for number in range(3):
        own.put(f"k{number}", "I like tea.")
    for number in range(5):
        others.put(f"k{number}", "I like coffee.")

    assert (own.count(), others.count(), of("carol", collection).count()) == (3, 5, 0)
    assert sorted(one.key for one in own.scroll()) == ["k0", "k1", "k2"]
    assert len(own.scroll(top_k=2)) == 2
    assert {one.text for one in own.scroll(top_k=100)} == {"I like tea."}
    assert of("carol", collection).scroll() == []
    with pytest.raises(ValueError, match="top_k must be an int of at least 1, got 0"):
        own.scroll(top_k=0)


def test_users_see_and_change_only_their_own_under_the_same_keys(collection: Any) -> None:
    for user in USERS:
        for key in ("k", "al/k"):
            of(user, collection).put(key, "I like tea.", metadata={"topic": user})

    of(USERS[0], collection).clear()
    of(USERS[1], collection).delete("k")
    of(USERS[2], collection).put("k", "I like coffee.")

    assert {user: of(user, collection).list() for user in USERS} == {user: ["al/k", "k"] for user in USERS} | {
        USERS[0]: [],
        USERS[1]: ["al/k"],
    }
    found = {user: of(user, collection).query("I like tea.", top_k=100) for user in USERS}
    assert {user: [(one.key, one.metadata.get("topic")) for one in found[user]] for user in USERS[3:]} == {
        user: [(one.key, user) for one in found[user]] for user in USERS[3:]
    }
    assert [len(found[user]) for user in USERS] == [0, 1, 2, 2, 2, 2, 2]


def test_others_do_not_crowd_a_users_own_out_of_an_answer(collection: Any) -> None:
    of("alice", collection).put("mine", [0.0, 0.0, 0.0, 1.0])
    for number in range(60):
        of("bob", collection).put(f"k{number}", [1.0, 0.0, 0.0, 0.0])

    assert [one.key for one in of("alice", collection).query([1.0, 0.0, 0.0, 0.0], top_k=5)] == ["mine"]


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        (None, ["a", "b", "c"]),
        ({}, ["a", "b", "c"]),
        ({"topic": "food"}, ["a", "b"]),
        ({"topic": "food", "n": 2}, ["b"]),
        ({"topic": ["food", "sport"], "n": [1, 3]}, ["a", "c"]),
        ({"topic": "of bob"}, []),
        ({USER: "bob"}, []),
        ({"scope_key": ["a", "k"]}, ["a"]),
    ],
    ids=repr,
)
def test_a_filter_narrows_and_never_widens(collection: Any, where: Any, keys: list[str]) -> None:
    own = of("alice", collection)
    for number, (key, topic) in enumerate([("a", "food"), ("b", "food"), ("c", "sport")], start=1):
        own.put(key, "I like tea.", metadata={"topic": topic, "n": number})
    of("bob", collection).put("k", "I like tea.", metadata={"topic": "of bob", "n": 1})

    assert sorted(one.key for one in own.query("I like tea.", where=where)) == keys


class Sly(int):
    """Writes itself as more than a number."""

    def __repr__(self) -> str:
        return "1) OR (1 = 1"


@pytest.mark.parametrize("value", [math.inf, math.nan, None, b"x"], ids=repr)
def test_what_is_read_as_a_name_or_no_value_is_refused_for_a_table(value: Any, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="'n' in where has"):
        of("alice", lance(tmp_path)).query("I like tea.", where={"n": value})


def own_forms() -> dict[str, list[Any]]:
    """Return filters in the forms of each, that by themselves show what is Bob's."""
    bobs = models.FieldCondition(key=USER, match=models.MatchValue(value="bob"))
    alices = models.FieldCondition(key=USER, match=models.MatchValue(value="alice"))
    nothing = models.FieldCondition(key="topic", match=models.MatchValue(value="none"))
    return {
        "QdrantCollection": [
            models.Filter(should=[bobs, alices]),
            models.Filter(should=[bobs]),
            models.Filter(must=[bobs]),
            models.Filter(must_not=[alices]),
            models.Filter(must_not=[nothing]),
            models.Filter(min_should=models.MinShould(conditions=[bobs, alices], min_count=1)),
            models.Filter(should=[models.Filter(must=[bobs]), models.Filter(must_not=[nothing])]),
        ],
        "Collection": [
            {"$or": [{USER: "bob"}, {USER: "alice"}]},
            {"$or": [{USER: {"$ne": "x"}}, {"topic": "none"}]},
            {USER: {"$ne": "alice"}},
            {USER: {"$in": ["bob", "alice"]}},
            {"$and": [{USER: "bob"}, {"topic": "secret"}]},
            {"topic": {"$ne": "none"}},
        ],
        "LanceTable": [{"topic": "x' OR scope_user = 'bob"}, {"topic": ["secret", "') OR (1=1"]}, {"n": [Sly(1)]}],
    }


def test_a_filter_in_the_collections_own_form_shows_nothing_of_others(collection: Any) -> None:
    of("alice", collection).put("mine", "I like tea.", metadata={"topic": "food"})
    of("bob", collection).put("theirs", "I like tea.", metadata={"topic": "secret"})
    forms = own_forms()[type(collection).__name__]

    seen = [one.key for where in forms for one in of("alice", collection).query("I like tea.", where=where)]

    assert set(seen) <= {"mine"}


@pytest.mark.parametrize("where", ["topic = 'food'", ["topic"], 7], ids=repr)
def test_what_is_no_filter_is_refused(collection: Any, where: Any) -> None:
    with pytest.raises(TypeError, match="where must be a mapping such as"):
        of("alice", collection).query("I like tea.", where=where)


@pytest.mark.parametrize("where", [{"topic": "a\\' OR 1=1 --"}, {"topic = 'x' OR 1": 1}, {"TOPIC": "x"}, {"a b": 1}])
def test_what_has_a_meaning_in_sql_is_refused_for_a_table(where: Any, tmp_path: Path) -> None:
    with pytest.raises(ScopeError, match="in where"):
        of("alice", lance(tmp_path)).query("I like tea.", where=where)


def test_a_prefix_is_compared_segment_by_segment(collection: Any) -> None:
    own = of("alice", collection)
    for key in ("acme", "acme/a", "acme-corp"):
        own.put(key, "x")

    assert own.list("acme") == own.list("acme/") == ["acme", "acme/a"]
    assert own.list("ac") == []


def test_a_key_under_which_nothing_is_stored_is_a_key_error_whoever_else_has_it(collection: Any) -> None:
    of("bob", collection).put("k", "of bob")

    for call in (of("alice", collection).get, of("alice", collection).delete):
        with pytest.raises(KeyNotFoundError, match=r"^nothing is stored under this key in the bound scope$"):
            call("k")
    assert of("bob", collection).get("k").text == "of bob"


@pytest.mark.parametrize(
    "metadata", [{"user_id": "bob"}, {USER: "bob"}, {"scope_key": "k"}, {"scope_id": "1"}], ids=repr
)
def test_metadata_that_says_whose_a_point_is_is_refused(collection: Any, metadata: Any) -> None:
    own = of("alice", collection)

    with pytest.raises(ScopeError, match="in metadata"):
        own.put("k", "x", metadata=metadata)
    assert own.list() == []


def test_what_is_no_key_text_vector_or_number_is_refused(collection: Any) -> None:
    own = of("alice", collection)
    calls: list[Callable[[], Any]] = [
        lambda: own.put(7, "x"),  # type: ignore[arg-type]  # what the test is about
        lambda: own.get(None),  # type: ignore[arg-type]  # as above
        lambda: own.put("k", 7),  # type: ignore[arg-type]  # as above
        lambda: own.list(7),  # type: ignore[arg-type]  # as above
        lambda: ScopedVectors("alice", collection=collection).put("k", "a text"),
    ]

    for call in calls:
        with pytest.raises(TypeError):
            call()
    for top_k in (0, -1, 1.5):
        with pytest.raises(ValueError, match="top_k must be an int of at least 1"):
            own.query("x", top_k=top_k)  # type: ignore[arg-type]  # as above


# Collections that answer with what is not asked for.


class Wide(QdrantCollection):
    """A collection that forgets whose points are asked for."""

    def _of(self, user_id: str, *conditions: Any) -> Any:
        del user_id
        return models.Filter(must=list(conditions))

    def get(self, point_id: str) -> Any:
        del point_id
        return self.all("anybody")[0]


@pytest.mark.parametrize(
    "call",
    [
        lambda own: own.query("I like tea."),
        lambda own: own.list(),
        lambda own: own.get("k"),
        lambda own: own.delete("k"),
    ],
)
def test_a_collection_that_answers_with_a_neighbours_point_is_caught(call: Callable[[ScopedVectors], Any]) -> None:
    client = QdrantClient(":memory:")
    client.create_collection("c", vectors_config=models.VectorParams(size=DIMENSIONS, distance=models.Distance.COSINE))
    wide = Wide(client, "c")
    of("bob", wide).put("k", "I like tea.")

    with pytest.raises(IsolationError, match="outside the bound scope"):
        call(of("alice", wide))
    assert client.count("c").count == 1


# What it goes round.


@pytest.mark.parametrize("what", [None, {}, QdrantClient(":memory:")])
def test_what_is_no_collection_is_refused_with_what_to_give(what: object) -> None:
    with pytest.raises(
        TypeError, match=r"collection must be a QdrantCollection\(client, name\), a collection of Chroma or"
    ):
        ScopedVectors("alice", collection=what)


def test_an_asynchronous_client_of_qdrant_is_refused() -> None:
    with pytest.raises(TypeError, match="client must be a QdrantClient, got AsyncQdrantClient"):
        QdrantCollection(AsyncQdrantClient(":memory:"), "c")


def test_a_table_without_the_columns_is_refused_with_their_names(tmp_path: Path) -> None:
    table = lancedb.connect(tmp_path).create_table("t", schema=pa.schema([("vector", pa.list_(pa.float32(), 4))]))

    with pytest.raises(ValueError, match="the table has no column scope_id, scope_key, scope_text, scope_user"):
        ScopedVectors("alice", collection=table)


def test_a_table_without_a_column_for_a_field_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the table has no column colour: add it, or leave the field out"):
        of("alice", lance(tmp_path)).put("k", "x", metadata={"colour": "red"})


def test_vectors_with_names_are_used_by_their_name() -> None:
    client = QdrantClient(":memory:")
    size = models.VectorParams(size=DIMENSIONS, distance=models.Distance.COSINE)
    client.create_collection("c", vectors_config={"dense": size})
    own = of("alice", QdrantCollection(client, "c", vector_name="dense"))

    own.put("k", "I like tea.")

    assert [one.key for one in own.query("I like tea.")] == ["k"]


@pytest.mark.parametrize("user", ["*", "", "a' OR '1'='1"])
def test_a_user_id_is_refused_as_scoped_memory_refuses_it(collection: Any, user: str) -> None:
    with pytest.raises(ScopeError, match="user_id"):
        ScopedVectors(user, collection=collection)


def test_it_shows_its_scope_and_has_no_way_to_another(collection: Any) -> None:
    own = of("alice", collection)

    assert repr(own) == "ScopedVectors('alice')"
    assert own.user_id == "alice"
    with pytest.raises(AttributeError):
        own.user_id = "bob"  # type: ignore[misc]  # what the test is about


def test_more_points_than_a_page_of_qdrant_are_listed_and_cleared() -> None:
    collection = qdrant()
    own, other = of("al", collection), of("al-", collection)
    for number in range(300):
        own.put(f"k{number}", "x")
    other.put("k", "x")

    assert len(own.list()) == 300
    own.clear()

    assert (own.list(), other.list()) == ([], ["k"])


def test_a_filter_that_holds_itself_is_refused(collection: Any) -> None:
    where: dict[str, Any] = {}
    where["topic"] = where

    with pytest.raises(ValueError, match="where is nested deeper than 20 levels, or holds itself"):
        of("alice", collection).query("x", where=where)


@pytest.mark.parametrize("value", [1.5, None, {"$gt": 1}, []], ids=repr)
def test_a_value_that_qdrant_compares_in_no_such_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match=r"'n' in where has a .*: give a str, int, bool, a list of these or a Filter"):
        of("alice", qdrant()).query("x", where={"n": value})


def test_numbers_and_truth_values_narrow_a_table(tmp_path: Path) -> None:
    own = of("alice", lance(tmp_path))
    own.put("k", "x", metadata={"n": 2, "weight": 1.5, "is_open": True})

    assert [one.key for one in own.query("x", where={"n": 2, "weight": [1.5, 2.5], "is_open": True})] == ["k"]
    assert own.query("x", where={"weight": 2.5}) == own.query("x", where={"is_open": False}) == []
    with pytest.raises(ValueError, match="'n' in where has an empty list; leave the field out"):
        own.query("x", where={"n": []})


def test_a_prefix_is_a_str(collection: Any) -> None:
    with pytest.raises(TypeError, match="prefix must be a str, got bytes"):
        of("alice", collection).list(b"acme")  # type: ignore[arg-type]  # what the test is about
