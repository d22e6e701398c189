"""How many requests may be made, and what is kept to clean up."""

import pytest

from memfence.real_mem0.allowance import Allowance, AllowanceSpentError


def test_without_a_limit_nothing_is_ever_spent() -> None:
    allowance = Allowance(None, cleans_up=True)

    for _ in range(1000):
        allowance.take()

    assert (allowance.used, allowance.spent()) == (1000, None)


def test_the_limit_is_never_passed() -> None:
    allowance = Allowance(3, cleans_up=False)
    for _ in range(3):
        allowance.take()

    with pytest.raises(AllowanceSpentError, match="the 3 requests of --max-requests are spent"):
        allowance.take()

    assert allowance.used == 3


def test_nothing_is_begun_for_which_no_request_would_be_left_to_clean_up() -> None:
    untouched, full = Allowance(100, cleans_up=True), Allowance(100, cleans_up=True)

    for number in range(10):
        full.take()
        full.met(f"u_{number}")
        full.stored(2)

    assert untouched.spent() is None
    assert full.spent() == "--max-requests 100 is reached: 10 requests were made, the rest is kept to clean up"
    full.take()


def test_what_is_removed_needs_no_more_cleaning() -> None:
    allowance = Allowance(100, cleans_up=True)

    for _ in range(15):
        allowance.stored(1)
        allowance.stored(-1)

    assert allowance.spent() is None


def test_what_was_spent_once_stays_so() -> None:
    allowance = Allowance(100, cleans_up=True)
    allowance.stored(20)
    reason = allowance.spent()

    allowance.stored(-20)

    assert reason is not None
    assert allowance.spent() == reason
