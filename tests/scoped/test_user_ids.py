import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import ScopedMemory, ScopeError, opaque_user_id
from memfence.scoped.user_ids import MAX_LENGTH, check_id, refuse_upper_case
from memfence.targets.built_in.reference import ReferenceClient

KEY = b"a secret of the application"
SAFE = string.ascii_letters + string.digits + "._@:+-"
# Any string that Python can hold, lone surrogates included.
anything = st.text(st.characters(), min_size=1)


@given(value=st.text(SAFE, min_size=1, max_size=MAX_LENGTH))
def test_safe_ids_pass_as_they_are(value: str) -> None:
    assert check_id(value, "user_id") == value


@pytest.mark.parametrize("value", ["-1", "+1", "0", "..", "@", "-", "None", "x" * 128])
def test_odd_ids_of_safe_characters_pass_too(value: str) -> None:
    assert check_id(value, "user_id") == value


@given(value=anything)
def test_an_id_passes_only_if_every_character_is_safe_and_it_is_not_too_long(value: str) -> None:
    safe = bool(value) and len(value) <= MAX_LENGTH and set(value) <= set(SAFE)

    try:
        passed = check_id(value, "user_id") == value
    except ScopeError:
        passed = False

    assert passed == safe


@pytest.mark.parametrize(
    "unsafe", ["*", " ", "\t", "\n", "\x00", "/", "\\", "'", '"', "{", "|", "%", "\u0430", "\ud800"]
)
@pytest.mark.parametrize("place", ["{}", "{}alice", "al{}ice", "alice{}"])
def test_one_unsafe_character_anywhere_is_refused(unsafe: str, place: str) -> None:
    with pytest.raises(ScopeError):
        check_id(place.format(unsafe), "user_id")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("al*ce", ["agent_id", "'*'", "U+002A", "ASTERISK", "position 2"]),
        ("alice ", ["agent_id", "' '", "U+0020", "SPACE", "position 5"]),
        ("\u0430lice", ["'\\u0430'", "U+0430", "CYRILLIC SMALL LETTER A", "position 0"]),
        ("a\u200bb", ["'\\u200b'", "ZERO WIDTH SPACE"]),
        ("a\x00b", ["'\\x00'", "U+0000", "unnamed"]),
        ("a\ud800", ["'\\ud800'", "U+D800", "unnamed"]),
        ("\U0001f600", ["U+1F600", "GRINNING FACE"]),
    ],
    ids=["asterisk", "trailing blank", "confusable", "zero width", "control", "lone surrogate", "emoji"],
)
def test_the_error_names_the_character_and_points_to_opaque_user_id(value: str, words: list[str]) -> None:
    with pytest.raises(ScopeError) as refused:
        check_id(value, "agent_id")

    message = str(refused.value)
    assert [word for word in [*words, "memfence.opaque_user_id(raw, key=...)"] if word not in message] == []
    assert message.isascii()


def test_an_empty_id_is_refused_because_it_would_reach_everybody() -> None:
    with pytest.raises(ScopeError, match="user_id is empty: a call without an id reaches every tenant"):
        check_id("", "user_id")


def test_an_id_that_is_too_long_is_refused_with_both_lengths() -> None:
    with pytest.raises(ScopeError, match=r"user_id has 129 characters, at most 128 .*opaque_user_id"):
        check_id("x" * 129, "user_id")


@pytest.mark.parametrize("value", [7, -1, True, None, 1.5, b"alice", ["alice"]], ids=repr)
def test_anything_but_a_str_is_a_type_error_that_names_the_type(value: object) -> None:
    with pytest.raises(TypeError, match=f"user_id must be a str, got {type(value).__name__}"):
        check_id(value, "user_id")


class Sly(str):
    """Claims to be another string than the one it holds."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True

    def __len__(self) -> int:
        return 1

    def __str__(self) -> str:
        return "somebody else"

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 1


def test_of_a_subclass_of_str_only_the_characters_are_kept() -> None:
    checked = check_id(Sly("alice"), "user_id")

    assert type(checked) is str
    assert checked == "alice"


@pytest.mark.parametrize("held", ["*", "", "x" * 129], ids=["unsafe", "empty", "too long"])
def test_a_subclass_of_str_is_judged_by_what_it_holds(held: str) -> None:
    with pytest.raises(ScopeError):
        check_id(Sly(held), "user_id")


def test_upper_case_is_refused_with_the_id_that_it_would_collide_with() -> None:
    with pytest.raises(ScopeError, match=r"user_id has upper-case letters .* 'alice' is the same; .*opaque_user_id"):
        refuse_upper_case("Alice", "user_id")


@pytest.mark.parametrize("value", ["alice", "a-1.b_c@d:e+f"])
def test_lower_case_is_fine_where_the_store_folds_case(value: str) -> None:
    assert refuse_upper_case(value, "user_id") is None  # type: ignore[func-returns-value]  # it must not raise


@given(raw=anything)
def test_an_opaque_id_of_anything_is_27_characters_that_every_store_keeps_apart(raw: str) -> None:
    made = opaque_user_id(raw, key=KEY)

    assert len(made) == 27
    assert set(made) <= set(string.ascii_lowercase + string.digits)
    assert check_id(made, "user_id") == made
    assert opaque_user_id(raw, key=KEY) == made


@given(raws=st.sets(anything, min_size=2, max_size=20))
def test_opaque_ids_of_distinct_ids_are_distinct(raws: set[str]) -> None:
    assert len({opaque_user_id(raw, key=KEY) for raw in raws}) == len(raws)


def test_ids_that_mem0_takes_for_one_tenant_get_distinct_opaque_ids() -> None:
    raws = ["7", " 7 ", "7 ", "07", "Alice", "alice", "*", "\u00e9", "e\u0301", "\ud800", "\udfff", "?", "\ufffd"]

    assert len({opaque_user_id(raw, key=KEY) for raw in raws}) == len(raws)


def test_another_key_makes_another_id() -> None:
    keys = [b"k" * 16, b"k" * 17, b"K" * 16, b"k" * 64, b"k" * 16 + b"\x00"]

    assert len({opaque_user_id("alice", key=key) for key in keys}) == len(keys)


def test_an_opaque_id_stays_what_it_is_from_release_to_release() -> None:
    assert opaque_user_id("alice", key=b"0123456789abcdef") == "ua5bixc565tzyyizzadtjrolemy"


def test_a_key_given_as_str_is_its_bytes() -> None:
    assert opaque_user_id("alice", key="gr\u00fcn-gr\u00fcn-gr\u00fcn") == opaque_user_id(
        "alice", key="gr\u00fcn-gr\u00fcn-gr\u00fcn".encode()
    )


@pytest.mark.parametrize("key", [b"", b"k" * 15, b"k" * 65, "short", "\u00fc" * 33], ids=len)
def test_a_key_of_another_length_is_refused_with_its_length(key: bytes | str) -> None:
    held = len(key.encode() if isinstance(key, str) else key)

    with pytest.raises(ValueError, match=f"key must have 16 to 64 bytes, got {held}"):
        opaque_user_id("alice", key=key)


@pytest.mark.parametrize("raw", [7, None, True, b"alice"], ids=repr)
def test_an_opaque_id_is_made_of_a_str_only(raw: Any) -> None:
    with pytest.raises(TypeError, match=f"raw must be a str, got {type(raw).__name__}"):
        opaque_user_id(raw, key=KEY)


@pytest.mark.parametrize("raw", ["*", "al ice", "\ud800", "x" * 1_000])
def test_a_scoped_memory_takes_the_opaque_id_of_an_id_that_it_refuses(raw: str) -> None:
    client = ReferenceClient()
    with pytest.raises(ScopeError):
        ScopedMemory(raw, client=client)

    memory = ScopedMemory(opaque_user_id(raw, key=KEY), client=client)
    memory.add("I am vegetarian.")

    assert [record["memory"] for record in memory.get_all()] == ["I am vegetarian."]


def test_an_empty_id_has_no_opaque_id() -> None:
    with pytest.raises(ScopeError, match="raw is empty"):
        opaque_user_id("", key=KEY)


def test_a_key_from_an_unset_variable_is_named() -> None:
    with pytest.raises(TypeError, match="key must be bytes or str, got NoneType"):
        opaque_user_id("alice", key=None)  # type: ignore[arg-type]  # what the test is about
