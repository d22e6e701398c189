import random
import re
import string
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import ScopeError, scoped_key, scoped_segment
from memfence.scoped.keys import user_prefix

SAFE = string.ascii_letters + string.digits + "._@:+-"
users = st.text(SAFE, min_size=1, max_size=128) | st.sampled_from(["a", "A", "a-", "a:", "a.b", "aux", "con", ".."])
texts = st.text(st.characters()) | st.sampled_from(["", "/", "s:", "a/s:", "%2F", ",", "(", ")", "i:1", "1"])
plain = st.none() | st.booleans() | st.integers(-2, 300) | st.floats(allow_nan=False) | texts | st.binary(max_size=4)
hashable = st.recursive(plain, lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=2), max_leaves=4)
parts = st.recursive(
    hashable,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(hashable, inner, max_size=2) | st.tuples(inner),
    max_leaves=6,
)
calls = st.tuples(users, st.lists(parts, max_size=3))


def told_apart(value: Any) -> Any:
    """Return a value that equals another's only where types are the same, too: 1, True and 1.0 are equal in Python."""
    kind = type(value).__name__
    match value:
        case tuple() | list():
            return (kind, *(told_apart(one) for one in value))
        case frozenset():
            return (kind, frozenset(told_apart(one) for one in value))
        case dict():
            return (kind, frozenset((told_apart(key), told_apart(one)) for key, one in value.items()))
        case float():
            return (kind, repr(value))
        case _:
            return (kind, value)


@given(one=calls, other=calls)
def test_two_keys_are_one_only_where_user_and_parts_are(
    one: tuple[str, list[Any]], other: tuple[str, list[Any]]
) -> None:
    same = one[0] == other[0] and told_apart(one[1]) == told_apart(other[1])

    assert (scoped_key(one[0], *one[1]) == scoped_key(other[0], *other[1])) == same


@given(user=users, one=st.lists(texts, max_size=3), other=st.lists(texts, max_size=3))
def test_texts_are_never_joined_differently_to_one_key(user: str, one: list[str], other: list[str]) -> None:
    assert (scoped_key(user, *one) == scoped_key(user, *other)) == (one == other)


@given(call=calls)
def test_a_key_is_printable_ascii_and_begins_with_its_user_alone(call: tuple[str, list[Any]]) -> None:
    key = scoped_key(call[0], *call[1])

    assert re.fullmatch("[!-~]+", key)
    assert key.startswith(user_prefix(call[0]))
    assert key.partition("/")[0] == call[0]


def test_values_that_python_takes_for_equal_or_writes_alike_are_told_apart() -> None:
    values: list[Any] = [1, True, 1.0, "1", b"1", None, "None", "", b"", 0, False, 0.0, -0.0, (), [], {}, frozenset()]
    values += [(1,), [1], (True,), ("a", "b"), (("a",), "b"), "a,b", ("a,b",), {"a": 1}, {"a": "1"}, {1: 1}, {True: 1}]

    assert len({scoped_key("alice", value) for value in values}) == len(values)


def test_sets_and_dicts_have_one_key_whatever_their_order() -> None:
    assert scoped_key("alice", {"b": 1, "a": 2}, {"x", "y"}) == scoped_key("alice", {"a": 2, "b": 1}, {"y", "x"})


def test_a_key_stays_what_it_is_from_release_to_release() -> None:
    values: list[Any] = ["menu", 7, True, None, 1.5, b"\x00", ("a/b", "ü"), {"k": [1]}]

    assert (
        scoped_key("Alice@acme.example", *values)
        == "Alice@acme.example/s:menu/i:7/b:1/n:/f:1.5/y:%00/(s:a%2Fb,s:%C3%BC)/d{s:k=[i:1]}"
    )


class Seven(int):
    """An int, and something of its own."""


@pytest.mark.parametrize(
    "value",
    [object(), Seven(7), 1j, range(3), [object()], {"a": Seven(7)}, ({1, 1j},)],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_stable_text_is_refused_with_what_to_give(value: object) -> None:
    with pytest.raises(TypeError, match=r"part 2 is a .* give what tells it from others, such as its id"):
        scoped_key("alice", "a", value)


def test_what_holds_itself_is_refused() -> None:
    held: list[Any] = []
    held.append(held)

    with pytest.raises(ValueError, match="part 1 is nested deeper than 20 levels, or holds itself"):
        scoped_key("alice", held)


@pytest.mark.parametrize("make", [scoped_key, scoped_segment, user_prefix])
@pytest.mark.parametrize("user", ["al/ice", "", "al ice", "al*ice", "ali\u0441e", "x" * 129, "alice/", "\ud800"])
def test_a_user_id_is_refused_as_scoped_memory_refuses_it(make: Any, user: str) -> None:
    with pytest.raises(ScopeError, match="user_id"):
        make(user)


@pytest.mark.parametrize("make", [scoped_key, scoped_segment, user_prefix])
@pytest.mark.parametrize("user", [7, None, True, b"alice"], ids=repr)
def test_a_user_id_is_a_str(make: Any, user: object) -> None:
    with pytest.raises(TypeError, match=f"user_id must be a str, got {type(user).__name__}"):
        make(user)


# Segments.


@given(one=users, other=users)
def test_two_users_have_two_segments_also_where_case_is_folded_and_text_normalised(one: str, other: str) -> None:
    folded = [unicodedata.normalize("NFKC", scoped_segment(user)).casefold() for user in (one, other)]

    assert (folded[0] == folded[1]) == (one == other)


@given(user=users)
def test_a_segment_is_a_short_name_without_a_sign_that_has_a_meaning(user: str) -> None:
    assert re.fullmatch("[uh][a-z0-9-]{1,63}", scoped_segment(user))


@pytest.mark.parametrize(
    ("user", "segment"),
    [
        ("alice", "ualice"),
        ("Alice", "u-41lice"),
        ("..", "u-2e-2e"),
        ("a-2e", "ua--2e"),
        ("a.", "ua-2e"),
        ("nul", "unul"),
        ("a_b@c:d+e", "ua-5fb-40c-3ad-2be"),
        ("3f2c-11", "u3f2c--11"),
        ("x" * 63, "u" + "x" * 63),
        ("x" * 64, "huvl2hh32kxyedirqlqa3afih3m33vfeyssomr53swnbhswlrbtra"),
    ],
)
def test_a_segment_stays_what_it_is_from_release_to_release(user: str, segment: str) -> None:
    assert scoped_segment(user) == segment


# As many as a service might ever have.


def _user(draw: random.Random) -> str:
    return "".join(draw.choices("aA1.-:", k=draw.randint(1, 8)))


def _part(draw: random.Random, depth: int = 0) -> Any:
    signs = "".join(draw.choices("a/%,:=()[]{}1sibn", k=draw.randint(0, 4)))
    choices: list[Any] = [signs, signs.encode(), draw.randint(-1, 3), draw.random() < 0.5, None, draw.random()]
    if depth < 2:
        inner = [_part(draw, depth + 1) for _ in range(draw.randint(0, 2))]
        choices += [tuple(inner), inner]
    return draw.choice(choices)


@pytest.mark.slow
def test_of_a_million_generated_pairs_of_user_and_parts_no_two_share_a_key() -> None:
    draw = random.Random(24)  # noqa: S311 - a fixed seed makes the pairs, not a secret
    keys: dict[str, Any] = {}
    segments: dict[str, str] = {}
    collisions = []

    for _ in range(1_000_000):
        user, given_parts = _user(draw), [_part(draw) for _ in range(draw.randint(0, 3))]
        call = (user, told_apart(given_parts))
        if keys.setdefault(scoped_key(user, *given_parts), call) != call:
            collisions.append(call)
        if segments.setdefault(scoped_segment(user).casefold(), user) != user:
            collisions.append(user)

    assert collisions == []
    assert len(keys) > 700_000
