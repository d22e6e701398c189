from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Record
from memfence.observations import Returned
from memfence.replies import read_reply, record_ids

STORED = {"id": "r1", "memory": "I am vegan.", "user_id": "u_alice", "score": 0.5}
READ = Record(id="r1", text="I am vegan.", label="u_alice", score=0.5)


class Pydantic:
    """What a pydantic model looks like from outside."""

    def __init__(self, **fields: object) -> None:
        self._fields = fields

    def model_dump(self) -> dict[str, object]:
        return dict(self._fields)


@dataclass
class Hit:
    id: str
    memory: str
    user_id: str
    score: float


@dataclass(slots=True)
class SlottedHit:
    id: str
    memory: str
    user_id: str
    score: float


@dataclass
class Page:
    results: list[Hit] = field(default_factory=list)


def hit() -> Hit:
    return Hit("r1", "I am vegan.", "u_alice", 0.5)


def one_at_a_time() -> Iterator[dict[str, object]]:
    yield dict(STORED)


@pytest.mark.parametrize(
    "reply",
    [
        {"results": [STORED]},
        {"memories": [STORED]},
        {"data": [STORED]},
        {"items": (STORED,)},
        [STORED],
        (STORED,),
        STORED,
        one_at_a_time(),
        Pydantic(results=[STORED]),
        Pydantic(**STORED),
        [Pydantic(**STORED)],
        Page([hit()]),
        [hit()],
        hit(),
        [SimpleNamespace(**STORED)],
        SlottedHit(**STORED),  # type: ignore[arg-type]  # by name
        [SlottedHit(**STORED)],  # type: ignore[arg-type]  # by name
        {"r1": STORED}.values(),
        deque([STORED]),
    ],
    ids=[
        "results",
        "memories",
        "data",
        "items",
        "list",
        "tuple",
        "one record",
        "iterator",
        "pydantic envelope",
        "pydantic record",
        "pydantic records",
        "dataclass envelope",
        "dataclass records",
        "dataclass record",
        "namespace records",
        "slotted dataclass record",
        "slotted dataclass records",
        "values of a dict",
        "deque",
    ],
)
def test_each_shape_is_read_as_the_same_record(reply: object) -> None:
    assert read_reply(reply, str) == Returned((READ,))


@pytest.mark.parametrize("reply", [None, [], {}, "", {"results": []}, Pydantic(results=[]), 7, True])
def test_a_reply_without_records_has_none(reply: object) -> None:
    returned = read_reply(reply, str)

    assert returned.records == ()


@pytest.mark.parametrize("reply", [["I am vegan."], ("I am vegan.",), {"I am vegan."}, {"results": ["I am vegan."]}])
def test_bare_strings_are_records_without_structure(reply: object) -> None:
    assert read_reply(reply, str).records == (Record(id=None, text="I am vegan.", structured=False),)


def test_one_bare_string_is_one_record() -> None:
    assert read_reply("I am vegan.", str).records == (Record(id=None, text="I am vegan.", structured=False),)


def test_none_among_the_records_holds_no_text() -> None:
    assert read_reply([None], str).records == (Record(id=None, text="", structured=False),)


def test_a_page_keeps_the_texts_beside_its_records() -> None:
    page = {"count": 41, "next": "https://example.com/?page=2", "previous": None, "results": [STORED]}

    returned = read_reply(page, str)

    assert returned.records == (READ,)
    assert "https://example.com/?page=2" in returned.aside


def test_a_second_list_in_the_envelope_is_not_overlooked() -> None:
    returned = read_reply({"results": [STORED], "relations": [{"source": "bob", "target": "vegan"}]}, str)

    assert {"bob", "vegan"} <= set(returned.aside)


def test_a_reply_of_an_unknown_shape_keeps_its_texts() -> None:
    returned = read_reply({"message": "stored", "by_user": {"u_bob": ["I fly."], 7: "I walk."}}, str)

    assert returned.records == ()
    assert {"stored", "u_bob", "I fly.", "I walk."} <= set(returned.aside)


@pytest.mark.parametrize("key", ["memory", "text", "data", "content", "new_memory"])
def test_the_text_is_found_under_each_of_its_names(key: str) -> None:
    (record,) = read_reply([{"id": "r1", key: "I am vegan."}], str).records

    assert (record.id, record.text, record.aside) == ("r1", "I am vegan.", ())


def test_a_nested_record_is_read_with_its_score() -> None:
    (record,) = read_reply(
        [{"memory": {"id": "r1", "text": "I am vegan.", "user_id": "u_bob"}, "score": 0.5}], str
    ).records

    assert (record.id, record.text, record.label, record.score) == ("r1", "I am vegan.", "u_bob", 0.5)


def test_a_nested_records_text_is_not_seen_twice() -> None:
    (record,) = read_reply([{"memory": {"id": "r1", "text": "I am vegan."}, "score": 0.5}], str).records

    # A text that stood beside the record too would be counted as a second leak.
    assert "I am vegan." not in record.aside


def test_the_label_may_stand_in_the_metadata() -> None:
    (record,) = read_reply([{"id": "r1", "memory": "x", "metadata": {"user_id": "u_bob"}}], str).records

    assert record.label == "u_bob"


def test_the_records_own_label_beats_the_metadatas() -> None:
    (record,) = read_reply([{"user_id": "u_alice", "memory": "x", "metadata": {"user_id": "u_bob"}}], str).records

    assert record.label == "u_alice"
    assert "u_bob" in record.aside


@pytest.mark.parametrize("metadata", [None, "u_bob", ["u_bob"], {"topic": "food"}])
def test_without_a_label_there_is_none(metadata: object) -> None:
    (record,) = read_reply([{"id": "r1", "memory": "x", "metadata": metadata}], str).records

    assert record.label is None


def test_a_label_that_is_no_text_becomes_text() -> None:
    (record,) = read_reply([{"id": 7, "memory": "x", "user_id": 7}], str).records

    assert (record.id, record.label) == ("7", "7")


def test_texts_deep_in_a_record_are_beside_it() -> None:
    stored = {**STORED, "metadata": {"earlier": [{"text": "I ate meat."}, ("and", {"fish"})]}, "tags": ["diet"]}

    (record,) = read_reply([stored], str).records

    assert {"I ate meat.", "and", "fish", "diet"} <= set(record.aside)


def test_a_changes_earlier_text_is_beside_its_record() -> None:
    (record,) = read_reply([{"memory_id": "r1", "old_memory": "I eat meat.", "new_memory": "I am vegan."}], str).records

    assert (record.id, record.text) == ("r1", "I am vegan.")
    assert "I eat meat." in record.aside


def test_book_keeping_is_not_beside_a_record() -> None:
    stored = {**STORED, "hash": "abc", "created_at": "2025-01-01", "updated_at": "2025-01-02", "event": "ADD"}

    (record,) = read_reply([stored], str).records

    assert record == READ


@pytest.mark.parametrize(("score", "read"), [(1, 1.0), (0.25, 0.25), (None, None), ("0.25", None)])
def test_a_score_is_a_number_or_nothing(score: object, read: float | None) -> None:
    (record,) = read_reply([{"id": "r1", "memory": "x", "score": score}], str).records

    assert record.score == read


def test_a_record_without_text_still_counts() -> None:
    assert read_reply({"id": "r1"}, str).records == (Record(id="r1", text=""),)


def test_a_class_is_not_dumped_like_its_instances() -> None:
    returned = read_reply([Pydantic], str)

    assert [record.id for record in returned.records] == [None]


def test_what_must_not_be_kept_is_replaced_everywhere() -> None:
    reply = {
        "note": "secret",
        "results": [
            {"id": "r1", "memory": "secret", "user_id": "secret", "metadata": {"secret": ["secret"]}},
            "secret",
        ],
    }

    returned = read_reply(reply, lambda text: "-" * len(text))

    assert "secret" not in repr(returned)
    assert [record.text for record in returned.records] == ["------", "------"]


@pytest.mark.parametrize(
    ("reply", "ids"),
    [
        ({"results": [{"id": "a"}, {"id": "b"}]}, ["a", "b"]),
        ([{"memory_id": "a", "memory": "x"}], ["a"]),
        ({"id": "a", "memory": "x"}, ["a"]),
        (["no id here"], []),
        ({"message": "ok"}, []),
        (None, []),
    ],
)
def test_ids_come_in_order_and_only_where_there_are_any(reply: object, ids: list[str]) -> None:
    assert record_ids(reply) == ids


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "memory", "results", "data", "metadata", "user_id", "score", "x"]), inner
        )
    ),
    max_leaves=12,
)


@given(VALUES)
def test_no_reply_of_plain_values_is_too_odd_to_read(reply: object) -> None:
    returned = read_reply(reply, str)

    assert all(isinstance(record.text, str) for record in returned.records)


@given(VALUES, st.sampled_from(["results", "metadata", "x"]))
def test_a_text_is_seen_wherever_it_stands(other: object, key: str) -> None:
    needle = "7QK2-M9XD-04TV"
    inner: Mapping[str, object] = {"x": other, key: [{"y": {"z": needle}}]}

    returned = read_reply([inner], str)

    seen = [*returned.aside, *(text for record in returned.records for text in (record.text, *record.aside))]
    assert needle in seen
