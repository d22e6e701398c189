import pytest

from memfence.base.errors import HarnessError, TargetError, UnknownNameError


def test_an_unknown_name_is_answered_with_the_choices_in_order() -> None:
    error = UnknownNameError("x", kind="scenario", choices={"list_all": 1, "cross_search": 2})

    assert str(error) == "unknown scenario 'x'; choose from cross_search, list_all"


@pytest.mark.parametrize(("name", "meant"), [("cros_search", "cross_search"), ("List-All", "list_all")])
def test_of_an_unknown_name_that_is_near_to_one_that_one_is_told(name: str, meant: str) -> None:
    error = UnknownNameError(name, kind="scenario", choices=["list_all", "cross_search"])

    assert str(error) == f"unknown scenario {name!r}; did you mean {meant!r}?"


def test_an_unknown_name_is_quoted_so_that_blanks_and_control_characters_show() -> None:
    error = UnknownNameError("list all\n", kind="scenario", choices=["list_all"])

    assert "'list all\\n'" in str(error)


@pytest.mark.parametrize(
    "error", [UnknownNameError("x", kind="control", choices=()), TargetError("it could not be started")]
)
def test_whatever_stops_the_harness_is_a_harness_error(error: Exception) -> None:
    assert isinstance(error, HarnessError)


@pytest.mark.parametrize("kind", [ValueError, LookupError, PermissionError])
def test_the_harness_failing_is_never_taken_for_a_targets_refusal(kind: type[Exception]) -> None:
    assert not issubclass(HarnessError, kind)
