import pytest

from memfence.base.wording import in_one_line, printable


def test_an_error_that_never_passed_through_the_users_code_has_no_place() -> None:
    assert in_one_line(KeyError("key"), frozenset({"shop"})) == "KeyError: 'key'"


def test_an_error_has_its_innermost_place_in_the_users_code() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        int("x")

    line = in_one_line(caught.value, frozenset({__name__}))

    assert line.startswith("ValueError: invalid literal for int() with base 10: 'x' (test_wording.py:")
    assert line.endswith(" in test_an_error_has_its_innermost_place_in_the_users_code)")


def test_an_error_whose_text_cannot_be_read_is_still_named() -> None:
    class Unreadable(Exception):  # noqa: N818 - a stranger's
        def __str__(self) -> str:
            raise RuntimeError

    assert in_one_line(Unreadable(), frozenset()) == "Unreadable: (its text cannot be read)"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain \u00fcmlaut", "plain \u00fcmlaut"),
        ("two\nlines", "two\\nlines"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202eright to left", "\\u202eright to left"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_a_terminal_would_act_on_is_written_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown
