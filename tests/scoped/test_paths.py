import posixpath
import re
from pathlib import PureWindowsPath
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence import ScopeError
from memfence.scoped.paths import check_key, check_prefix, under

GOOD = [
    "a",
    "notes/today.md",
    "A/B/c.tar.gz",
    ".env",
    "a b/c",
    "ü/東京.txt",
    "100%.txt",
    "a%20b",
    "~x",
    "-",
    "con1",
    "x" * 255,
]
BAD = [
    "",
    "/",
    "/etc/passwd",
    "a/",
    "a//b",
    ".",
    "..",
    "../b",
    "a/../../b",
    "a/./b",
    "a\\..\\b",
    "C:/x",
    "C:x",
    "a:stream",
    "memory://shared/ubob/a",
    "file:///etc/passwd",
    "simplecache::memory://a",
    "a\x00b",
    "a\nb",
    "a\x7fb",
    "a\x85b",
    "\ud800",
    "*",
    "a?",
    "<a",
    "a|b",
    'a"',
    "%2e%2e/a",
    "%2E./a",
    "%252e%252e/a",
    "..%2fa",
    "a%5cb",
    "a%00",
    "%c0%ae%c0%ae/a",
    "\uff0e\uff0e/a",
    "\u2025/a",
    "a\uff0fb",
    "a\uff3cb",
    "\u2100",
    "a.",
    "a ",
    "a./b",
    "a /b",
    ".. /b",
    ". ./b",
    "...",
    "x" * 256,
    "ü" * 128,
    "nul",
    "a/CON",
    "aux.txt",
    "com1.tar.gz",
    "LPT¹",
]
segments = st.sampled_from(["a", "..", ".", "", "%2e", "C:", "a.", "b ", "nul", "ü", "\uff0e", "~", "a-b", "%"])
keys = st.lists(segments, min_size=1, max_size=4).map("/".join) | st.text(min_size=1, max_size=12)


@pytest.mark.parametrize("key", GOOD)
def test_a_path_below_a_folder_passes_as_it_is(key: str) -> None:
    assert check_key(key) == key


@pytest.mark.parametrize("key", BAD, ids=ascii)
def test_what_some_system_reads_as_another_path_is_refused_with_what_to_give(key: str) -> None:
    with pytest.raises(ScopeError, match=r"^key .* give a path below the user's folder such as 'notes/today\.md'"):
        check_key(key)


@given(key=keys)
def test_a_key_that_passes_stays_below_the_folder_on_every_system_and_once_decoded(key: str) -> None:
    try:
        passed = check_key(key)
    except ScopeError:
        return

    for read in (passed, unquote(passed), unquote(unquote(passed))):
        assert posixpath.normpath(f"/shared/user/{read}") == f"/shared/user/{read}"
        below = PureWindowsPath("C:/shared/user") / read
        assert below.is_relative_to("C:/shared/user")
        assert ".." not in below.parts


@pytest.mark.parametrize("value", [None, 7, b"a", ["a"]], ids=repr)
def test_a_key_is_a_str(value: Any) -> None:
    with pytest.raises(TypeError, match=f"key must be a str such as 'notes/today.md', got {type(value).__name__}"):
        check_key(value)


class Sly(str):
    """Claims to be harmless."""

    __slots__ = ()

    def __str__(self) -> str:
        return "a"

    def split(self, *_: Any) -> Any:
        return ["a"]


def test_a_subclass_of_str_is_judged_by_what_it_holds() -> None:
    with pytest.raises(ScopeError):
        check_key(Sly("../b"))
    assert type(check_key(Sly("b"))) is str


def test_the_error_names_the_sign_and_the_segment() -> None:
    with pytest.raises(ScopeError, match=re.escape("key holds ':' (U+003A COLON) at position 1")):
        check_key("a:b")
    with pytest.raises(ScopeError, match=re.escape("to has the segment '..', which leads elsewhere")):
        check_key("a/../b", "to")


@pytest.mark.parametrize(("prefix", "checked"), [("", ""), ("a", "a"), ("a/", "a"), ("a/b/", "a/b")])
def test_a_prefix_may_be_empty_or_end_with_a_slash(prefix: str, checked: str) -> None:
    assert check_prefix(prefix) == checked


@pytest.mark.parametrize("prefix", ["/", "..", "a//", "../", "*"])
def test_a_prefix_that_leads_elsewhere_is_refused(prefix: str) -> None:
    with pytest.raises(ScopeError, match=r"^prefix "):
        check_prefix(prefix)


@pytest.mark.parametrize("key", ["acme", "acme/a", "acme/b/c"])
def test_a_prefix_holds_itself_and_what_lies_below_it(key: str) -> None:
    assert under(key, "acme")
    assert under(key, "")


@pytest.mark.parametrize("key", ["acme-corp", "acme-corp/a", "ACME/a", "a", "acm", "x/acme/a"])
def test_a_prefix_holds_nothing_that_only_begins_like_it(key: str) -> None:
    assert not under(key, "acme")
