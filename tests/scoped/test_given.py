from collections import UserDict
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from memfence import ScopeError
from memfence.scoped import given

BOB = {"user_id": "u_bob"}


def shown(value: object) -> str:
    """Name an example; an address would differ from one worker of pytest-xdist to the next."""
    return type(value).__name__ if type(value) is object else repr(value)


@pytest.mark.parametrize(
    "hostile",
    [
        BOB,
        {"USER_ID": "u_bob"},
        {"user_id ": "u_bob"},
        {"\tuser_id": "u_bob"},
        {"user_id\x00": "u_bob"},
        {"\uff55ser_id": "u_bob"},
        {"metadata.user_id": "u_bob"},
        {"payload->>'user_id'": "u_bob"},
        {'topic"] == "" or metadata["user_id': "u_bob"},
        {"user_id": None},
        {"user_id": "*"},
        {"user_id": {"ne": "u_alice"}},
        {"agent_id": "cook"},
        {"Run_Id": "r"},
        {"session_id": "r"},
        {"actor_id": "bob"},
        {"topic": BOB},
        {"topic": {"in": [BOB]}},
        {"topic": ({"deep": [BOB]},)},
        MappingProxyType(BOB),
        UserDict(BOB),
        {"AND": [BOB]},
        {"and": [{"topic": "food"}]},
        {" OR ": [{"topic": "food"}]},
        {"$or": [{"topic": "food"}]},
        {"$AND": [{"topic": "food"}]},
        {"Not": [{"topic": "food"}]},
        {"$nor": [{"topic": "food"}]},
        {"topic": {"$not": "food"}},
        {"\uff2f\uff32": [{"topic": "food"}]},
        {"$where": "1"},
        {"": ""},
        {"topic ": "food"},
        {"x|@topic": "food"},
        {"*": "food"},
        {"topic\u200b": "food"},
    ],
    ids=ascii,
)
def test_filters_that_could_widen_a_scope_are_refused(hostile: Any) -> None:
    with pytest.raises(ScopeError, match="in filters"):
        given.filters(hostile)


@pytest.mark.parametrize("key", ["AND", " or ", "$or", "$AND", "Not", "$nor"])
def test_logic_is_refused_for_what_it_does_and_not_for_how_it_is_spelled(key: str) -> None:
    with pytest.raises(ScopeError, match="would change whose records are meant"):
        given.filters({key: [{"topic": "food"}]})


@pytest.mark.parametrize("nothing", [[], "", 0, "user_id", [("user_id", "u_bob")], object(), {"user_id"}], ids=shown)
@pytest.mark.parametrize("read", [given.filters, given.metadata], ids=["filters", "metadata"])
def test_what_is_no_mapping_is_told_what_one_is(read: Callable[[object], object], nothing: Any) -> None:
    with pytest.raises(TypeError, match=r"must be a mapping such as \{'topic': 'food'\}, got"):
        read(nothing)


@pytest.mark.parametrize("key", [7, None, ("user_id",), b"user_id", True], ids=shown)
@pytest.mark.parametrize("read", [given.filters, given.metadata], ids=["filters", "metadata"])
def test_a_key_that_is_no_text_is_a_type_error(read: Callable[[object], object], key: Any) -> None:
    with pytest.raises(TypeError, match=r"each key of .* must be a str"):
        read({"topic": {key: "x"}})


@pytest.mark.parametrize(
    "harmless",
    [
        {"topic": "food"},
        {"topic": "*"},
        {"topic": ["food", "travel"]},
        {"rating": {"gte": 3, "lt": 5.0}},
        {"rating": {"$gte": 3}},
        {"metadata": {"topic": "food"}},
        {"day": date(2026, 1, 1), "seen": datetime(2026, 1, 1, tzinfo=UTC), "open": True},
        {"favourite dish": "x", "app:topic": "x", "a/b-c.d": "x", "_": "x", "caf\u00e9": "x"},
        {"notable": "x", "order": "x", "user": "x", "id": "x", "my_user_id_hash": "x"},
        {},
    ],
    ids=ascii,
)
def test_filters_on_ones_own_metadata_pass_as_they_are(harmless: dict[str, object]) -> None:
    assert given.filters(harmless) == harmless


class Topic(StrEnum):
    FOOD = "food"


class Renamed(str):
    """Prints as something else than it holds."""

    __slots__ = ()

    def __str__(self) -> str:
        return "topic"

    def casefold(self) -> str:
        return "topic"


def test_texts_of_other_classes_are_read_as_what_they_hold() -> None:
    read = given.filters({Topic.FOOD: Topic.FOOD})

    assert [type(text) for pair in read.items() for text in pair] == [str, str]
    with pytest.raises(ScopeError, match="'user_id' in filters"):
        given.filters({Renamed("user_id"): "u_bob"})


@pytest.mark.parametrize(
    "odd", [object(), {"a"}, b"x", (number for number in range(1))], ids=["object", "set", "bytes", "generator"]
)
@pytest.mark.parametrize("read", [given.filters, given.metadata], ids=["filters", "metadata"])
def test_what_no_store_keeps_is_refused(read: Callable[[object], object], odd: Any) -> None:
    with pytest.raises(TypeError, match="give texts, numbers, dates, lists and mappings"):
        read({"topic": [odd]})


def test_none_filters_nothing_but_is_metadata() -> None:
    with pytest.raises(ValueError, match="leave the key out"):
        given.filters({"topic": None})

    assert given.metadata({"topic": None}) == {"topic": None}


@pytest.mark.parametrize("read", [given.filters, given.metadata], ids=["filters", "metadata"])
def test_what_holds_itself_is_refused(read: Callable[[object], object]) -> None:
    endless: dict[str, object] = {}
    endless["topic"] = [endless]

    with pytest.raises(ValueError, match="holds itself"):
        read(endless)


@pytest.mark.parametrize(
    "hostile",
    [
        BOB,
        {"User_ID": "u_bob"},
        {"user_id ": "u_bob"},
        {"\uff55ser_id": "u_bob"},
        {"payload.user_id": "u_bob"},
        {"agent_id": "cook"},
        {"run_id": "r"},
        {"actor_id": "bob"},
        {"deep": [{"deeper": ({"user_id": "u_bob"},)}]},
        MappingProxyType(BOB),
    ],
    ids=ascii,
)
def test_metadata_that_names_an_identity_is_refused(hostile: Any) -> None:
    with pytest.raises(ScopeError, match="in metadata"):
        given.metadata(hostile)
    with pytest.raises(ScopeError, match="in metadata"):
        given.options({"metadata": hostile})


@pytest.mark.parametrize("name", ["created_at", "updated_at", "role"])
def test_what_mem0_keeps_in_its_history_must_be_a_text(name: str) -> None:
    with pytest.raises(TypeError, match=f"'{name}' in metadata must be a str"):
        given.metadata({name: {"a": 1}})

    assert given.metadata({name: "2026-01-01"}) == {name: "2026-01-01"}


def test_metadata_is_copied_to_its_depths() -> None:
    inner = ["food"]

    copied = given.metadata({"topics": inner})
    inner.append("travel")

    assert copied == {"topics": ["food"]}


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        (TypeError, None, "messages must be a str"),
        (TypeError, ("x",), "messages must be a str"),
        (TypeError, ["x"], "message 1 must be a mapping"),
        (TypeError, [{"role": "user", "content": "x"}, None], "message 2 must be a mapping"),
        (TypeError, [{"role": {"a": 1}, "content": "x"}], "'role' in message 1 must be a str"),
        (TypeError, {"role": "user", "name": {"a": 1}, "content": "x"}, "'name' in the message must be a str"),
        (TypeError, {"role": "user", "content": 7}, "'content' in the message must be"),
        (TypeError, {"role": "user", "content": {"type": "text"}}, "'content' in the message must be"),
        (ValueError, [{"role": "\ud800", "content": "x"}], "message 1 holds '.ud800' at position 0"),
        (ValueError, [{"role": "user", "content": [{"type": "text", "text": "\ud800"}]}], "lone surrogate"),
        (ValueError, " ", "no text to be stored"),
        (ValueError, [{"role": "user", "content": "x"}, {"role": "user", "content": ""}], "message 2 has no text"),
    ],
    ids=ascii,
)
def test_messages_of_which_a_part_cannot_be_stored_are_refused_as_a_whole(
    kind: type[Exception], wrong: Any, words: str
) -> None:
    with pytest.raises(kind, match=words):
        given.messages(wrong, as_is=True)


@pytest.mark.parametrize(
    "fine",
    [
        "x",
        {"role": "user", "content": "x"},
        [],
        [{"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]}],
        [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
        [{"role": "user", "content": {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}}],
    ],
    ids=shown,
)
def test_messages_as_mem0_takes_them_pass_as_they_are(fine: Any) -> None:
    assert given.messages(fine, as_is=True) == fine


def test_a_message_without_text_is_fine_where_the_extraction_reads_it() -> None:
    assert given.messages([{"role": "assistant", "content": ""}], as_is=False)
