import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import Record
from memfence.model.observations import Returned
from memfence.performing.replies import read_added, read_reply, record_ids

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


class NamedHit(NamedTuple):
    id: str
    memory: str
    user_id: str
    score: float


class Frame:
    """What a data frame looks like from outside: its iterator yields columns."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self._rows = rows

    def to_dict(self, orient: str = "dict") -> object:
        return self._rows if orient == "records" else {key: {0: value} for key, value in self._rows[0].items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows[0])


class Series:
    """What knows one way of becoming a dict only."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields

    def to_dict(self) -> dict[str, object]:
        return self._fields


class Row:
    """What a row of sqlite3 looks like from outside."""

    def __init__(self, fields: dict[str, object]) -> None:
        self._fields = fields

    def keys(self) -> list[str]:
        return list(self._fields)

    def __getitem__(self, key: str) -> object:
        return self._fields[key]

    def __iter__(self) -> Iterator[object]:
        return iter(self._fields.values())


class SlottedRow:
    __slots__ = ("id", "memory", "score", "user_id")

    def __init__(self) -> None:
        for name, value in STORED.items():
            setattr(self, name, value)


class Shown:
    """An object with private fields that its properties show, and one that nothing does."""

    def __init__(self) -> None:
        self._id, self._memory, self._user_id, self._score = STORED.values()
        self._client = {"everybody": ["else's records"]}

    @property
    def id(self) -> object:
        return self._id

    @property
    def memory(self) -> object:
        return self._memory

    @property
    def user_id(self) -> object:
        return self._user_id

    @property
    def score(self) -> object:
        return self._score


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
        MappingProxyType({"results": [MappingProxyType(STORED)]}),
        SlottedHit(**STORED),  # type: ignore[arg-type]  # by name
        [SlottedHit(**STORED)],  # type: ignore[arg-type]  # by name
        {"r1": STORED}.values(),
        deque([STORED]),
        {"r1": {key: value for key, value in STORED.items() if key != "id"}},
        {"r1": STORED},
        {"r1": SlottedHit(**STORED)},  # type: ignore[arg-type]  # by name
        {"data": {"results": [STORED]}},
        {"results": {"r1": STORED}},
        {"data": STORED},
        {"results": one_at_a_time()},
        NamedHit(**STORED),  # type: ignore[arg-type]  # by name
        [NamedHit(**STORED)],  # type: ignore[arg-type]  # by name
        Frame([STORED]),
        [Series(STORED)],
        Row(STORED),
        [Row(STORED)],
        SlottedRow(),
        [Shown()],
        {**STORED, "memory": b"I am vegan."},
        [(STORED, 0.5)],
        [[STORED]],
        {"memory": STORED, "score": 0.5},
        {"id": "r1", "score": 0.5, "payload": {"data": "I am vegan.", "user_id": "u_alice"}},
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
        "mappings that are no dicts",
        "slotted dataclass record",
        "slotted dataclass records",
        "values of a dict",
        "deque",
        "by id",
        "by id, each with its own",
        "objects by id",
        "envelope in an envelope",
        "by id in an envelope",
        "record in an envelope",
        "generator in an envelope",
        "named tuple",
        "named tuples",
        "data frame",
        "series",
        "row of a database",
        "rows of a database",
        "object with slots",
        "object whose properties show its fields",
        "text in bytes",
        "records with scores",
        "page of pages",
        "nested record",
        "point of a vector store",
    ],
)
def test_each_shape_is_read_as_the_same_record(reply: object) -> None:
    assert read_reply(reply, str) == Returned((READ,))


@pytest.mark.parametrize("reply", [None, [], {}, "", {"results": []}, Pydantic(results=[]), 7, True])
def test_a_reply_without_records_has_none(reply: object) -> None:
    returned = read_reply(reply, str)

    assert returned.records == ()


@pytest.mark.parametrize(
    ("reply", "unread"), [(7, "int"), (True, "bool"), (None, ""), ([], ""), ({}, ""), ("", ""), ({"total": 0}, "")]
)
def test_a_reply_in_which_no_record_can_stand_says_its_type(reply: object, unread: str) -> None:
    assert read_reply(reply, str).unread == unread


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


class Opaque:
    """What shows its content in its str() alone."""

    __slots__ = ()

    def __str__(self) -> str:
        return "I am vegan."


class Silent:
    """What shows nothing: its repr would be its kind and an address."""

    __slots__ = ()


def test_a_reply_that_shows_itself_in_its_str_alone_is_kept_as_text() -> None:
    assert read_reply(Opaque(), str) == Returned((), ("I am vegan.",))


def test_a_record_that_shows_itself_in_its_str_alone_is_kept_as_text() -> None:
    assert read_reply([Opaque()], str).records == (Record(id=None, text="I am vegan.", structured=False),)


def test_what_stands_in_a_record_and_shows_itself_in_its_str_alone_is_beside_it() -> None:
    (record,) = read_reply([{**STORED, "source": Opaque()}], str).records

    assert record.aside == ("source", "I am vegan.")


@pytest.mark.parametrize("silent", [Silent(), print, math, Silent])
def test_an_address_is_no_text(silent: object) -> None:
    (record,) = read_reply([{**STORED, "source": silent}], str).records

    assert read_reply(silent, str) == Returned()
    assert record.aside == ("source",)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_are_texts(kind: Callable[[bytes], object]) -> None:
    raw = kind(b"I am vegan\xff")

    assert read_reply(raw, str).records == (Record(id=None, text="I am vegan\ufffd", structured=False),)
    assert read_reply([raw], str).records[0].text == "I am vegan\ufffd"
    assert read_reply({"note": raw}, str).aside == ("note", "I am vegan\ufffd")


def test_objects_deep_in_a_record_are_read() -> None:
    needle = SimpleNamespace(inner=[SlottedHit("r2", "I ate meat.", "u_bob", 0.1)])

    (record,) = read_reply([{**STORED, "related": {1: (needle,)}}], str).records

    assert {"I ate meat.", "u_bob"} <= set(record.aside)


def test_the_client_behind_a_page_is_not_read() -> None:
    (record,) = read_reply([Shown()], str).records

    assert record.aside == ()


def test_a_loop_of_references_ends() -> None:
    loop: dict[str, object] = {**STORED}
    loop["self"] = [loop]
    envelope: dict[str, object] = {}
    envelope["data"] = envelope

    assert read_reply([loop], str).records[0].text == "I am vegan."
    assert all(record.text == "" for record in read_reply(envelope, str).records)


def test_a_record_that_is_nested_in_itself_ends() -> None:
    nested: dict[str, object] = {"note": "I am vegan."}
    nested["memory"] = nested

    (record,) = read_reply([nested], str).records

    assert "I am vegan." in (record.text, *record.aside)


@pytest.mark.parametrize("depth", [10, 31, 32, 33, 200])
def test_a_text_is_seen_however_deep_it_stands(depth: int) -> None:
    inner: object = "7QK2-M9XD-04TV"
    for _ in range(depth):
        inner = [inner]

    (record,) = read_reply([{**STORED, "source": inner}], str).records

    assert any("7QK2-M9XD-04TV" in text for text in record.aside)


def test_an_object_that_is_inside_itself_for_ever_ends() -> None:
    class Endless:
        @property
        def more(self) -> object:
            return Endless()

        def __init__(self) -> None:
            self._more = 7

    assert read_reply([Endless()], str).records[0].id is None


def test_what_dumps_itself_as_itself_ends() -> None:
    class Stubborn:
        def model_dump(self) -> object:
            return self

    assert read_reply(Stubborn(), str) == Returned()


def test_a_dump_that_wants_arguments_is_passed_over() -> None:
    class Demanding:
        def __init__(self) -> None:
            self.memory = "I am vegan."

        def to_dict(self, schema: str) -> object:
            raise NotImplementedError(schema)

    assert read_reply([Demanding()], str).records[0].text == "I am vegan."


def test_what_a_strangers_object_raises_is_raised() -> None:
    class Broken:
        def model_dump(self) -> object:
            msg = "connection lost"
            raise RuntimeError(msg)

    with pytest.raises(RuntimeError, match="connection lost"):
        read_reply([Broken()], str)


def test_the_key_of_a_record_with_an_id_of_its_own_is_beside_it() -> None:
    returned = read_reply({"u_bob": {"id": "r1", "memory": "x"}}, str)

    assert returned == Returned((Record(id="r1", text="x"),), ("u_bob",))


def test_dicts_under_known_names_are_no_records_by_id() -> None:
    assert read_reply({"metadata": {"topic": "food"}}, str).records == ()


def test_dicts_beside_other_values_are_no_records_by_id() -> None:
    returned = read_reply({"r1": {"note": "x"}, "count": 7}, str)

    assert returned == Returned((), ("r1", "note", "x", "count"), (("count", 7.0),))


@pytest.mark.parametrize("name", ["page_content", "body", "value", "summary"])
def test_a_text_under_a_name_that_nobody_knows_is_the_longest_one(name: str) -> None:
    stored = {"id": "r1", "user_id": "u_alice" * 9, "agent_id": "a" * 99, "hash": "h" * 99, "kind": "x"}

    (record,) = read_reply([{**stored, name: "I am vegan."}], str).records

    assert (record.text, record.label) == ("I am vegan.", "u_alice" * 9)
    assert "I am vegan." not in record.aside
    assert "x" in record.aside


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


def test_an_outer_text_is_not_lost_behind_a_nested_one() -> None:
    hit = {"memory": {"id": "r1", "text": "I am vegan.", "user_id": "u_bob"}, "text": "I fly.", "user_id": "u_alice"}

    (record,) = read_reply([hit], str).records

    assert (record.text, record.label) == ("I am vegan.", "u_bob")
    assert record.aside == ("I fly.", "u_alice")


def test_an_outer_text_that_is_the_nested_one_is_not_seen_twice() -> None:
    (record,) = read_reply([{"memory": {"id": "r1", "text": "I am vegan."}, "text": "I am vegan."}], str).records

    assert (record.text, record.aside) == ("I am vegan.", ())


def test_what_stands_in_a_whole_record_is_no_record_in_its_place() -> None:
    (record,) = read_reply([{**STORED, "content": {"id": "c9", "text": "I fly."}}], str).records

    assert (record.id, record.text) == ("r1", "I am vegan.")
    assert "I fly." in record.aside


def test_a_list_of_values_is_a_record_without_structure() -> None:
    returned = read_reply([("r1", "I am vegan.", 7)], str)

    assert returned.records == (Record(id=None, text="I am vegan.", aside=("r1",), structured=False),)


def test_an_iterator_in_a_record_is_read() -> None:
    stored = {"id": "r1", "content": iter(["I fly."]), "metadata": iter(["I walk."])}

    (record,) = read_reply([stored], str).records

    assert {"I fly.", "I walk."} <= set(record.aside)


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


@pytest.mark.parametrize(
    ("score", "read"), [(1, 1.0), (0.25, 0.25), (None, None), ("0.25", None), (10**400, None), ([1], None)]
)
def test_a_score_is_a_number_or_nothing(score: object, read: float | None) -> None:
    (record,) = read_reply([{"id": "r1", "memory": "x", "score": score}], str).records

    assert record.score == read


def test_a_record_without_text_still_counts() -> None:
    assert read_reply({"id": "r1"}, str).records == (Record(id="r1", text=""),)


def test_a_class_is_not_dumped_like_its_instances() -> None:
    returned = read_reply([Pydantic], str)

    assert [record.id for record in returned.records] == [None]


def test_the_numbers_of_a_page_are_told_with_their_paths() -> None:
    page = {"count": 41, "results": [STORED], "meta": {"total": 57.5, "facets": [3, {"food": 2}]}, "next": None}

    assert read_reply(page, str).numbers == (
        ("count", 41.0),
        ("meta.total", 57.5),
        ("meta.facets.0", 3.0),
        ("meta.facets.1.food", 2.0),
    )


@pytest.mark.parametrize("shape", [dict, MappingProxyType, lambda fields: Pydantic(**fields), Series])
def test_an_adds_reply_tells_its_numbers_in_any_shape(shape: Callable[[dict[str, object]], object]) -> None:
    reply = shape({"results": [STORED], "stored": 7})

    assert read_added(reply, str)[0].numbers == (("stored", 7.0),)


def test_the_numbers_of_an_envelope_in_an_envelope_are_told_with_their_paths() -> None:
    reply = {"data": {"results": [STORED], "total": 3}, "total": 57}

    assert read_reply(reply, str).numbers == (("data.total", 3.0), ("total", 57.0))


def test_the_numbers_of_a_page_without_records_are_told() -> None:
    assert read_reply({"results": [], "total": 57}, str).numbers == (("total", 57.0),)


def test_a_reply_that_is_a_number_is_told_as_one() -> None:
    assert read_reply(7, str) == Returned(numbers=(("", 7.0),))


@pytest.mark.parametrize(
    "reply",
    [
        [STORED],
        {"results": [{**STORED, "size": 3, "metadata": {"total": 7}}]},
        [(STORED, 0.25)],
        {7: {"id": "r1", "memory": "x", "size": 3}},
        {"message": "stored", "done": True, "total": None, "page": "7"},
        {"message": "stored", "total": 10**400},
    ],
    ids=["none", "inside a record", "a record's score", "the key of a record", "a bool, a text", "too large"],
)
def test_what_is_no_number_beside_the_records_is_not_told_as_one(reply: object) -> None:
    assert read_reply(reply, str).numbers == ()


@pytest.mark.parametrize(
    "key",
    ["memory_id", "event_id", "created_at", "timestamp", "took", "took_ms", "tookMs", "queryTime", "elapsed", "run_id"],
)
def test_ids_and_times_are_no_numbers_of_a_reply(key: str) -> None:
    assert read_reply({"results": [], key: 57, "updated": 2}, str).numbers == (("updated", 2.0),)


def test_numbers_of_other_kinds_are_numbers() -> None:
    half = Fraction(1, 2)

    assert read_reply({"results": [], "a": half, "b": half}, str).numbers == (("a", 0.5), ("b", 0.5))


def test_texts_and_numbers_of_what_can_be_read_once_are_both_told() -> None:
    returned = read_reply({"results": [], "pages": iter([3, "three"])}, str)

    assert (returned.aside, returned.numbers) == (("pages", "three"), (("pages.0", 3.0),))


def test_a_strangers_key_is_masked_in_a_path_and_a_count_keeps_its_name() -> None:
    reply = {"results": [], "total": 5, "per_person": {"bob@example.com": [2]}}

    returned = read_reply(reply, lambda text: "-" * len(text))

    assert returned.numbers == (("total", 5.0), ("----------.---------------.0", 2.0))


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


class Kind(Enum):
    ADD = "ADD"
    DELETE = "DELETE"


@pytest.mark.parametrize("event", [None, "ADD", "add", Kind.ADD])
def test_the_id_of_a_new_record_is_told(event: object) -> None:
    assert record_ids({"results": [{"id": "a", "event": event}]}) == ["a"]


@pytest.mark.parametrize("event", ["UPDATE", "DELETE", "NONE", "NOOP", Kind.DELETE])
def test_the_id_of_a_record_that_was_there_before_is_not_told(event: object) -> None:
    assert record_ids({"results": [{"id": "a", "event": event}, {"id": "b"}]}) == ["b"]


def test_a_reply_that_can_be_read_once_is_read_once() -> None:
    assert read_added(one_at_a_time(), str) == (Returned((READ,)), ["r1"])


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
