from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence.model.statistics import Bound


@st.composite
def bounds(draw: st.DrawFn) -> Bound:
    trials = draw(st.integers(1, 5000))
    return Bound(trials, draw(st.integers(0, trials)))


def limit(bound: Bound) -> float:
    found = bound.limit
    assert found is not None
    return found


def told(bound: Bound) -> Fraction:
    """Return the rate that the report says, without the rounding of floats."""
    number, unit = bound.told.split(" ")
    assert unit == "%"
    return Fraction(number) / 100


@pytest.mark.parametrize(
    ("trials", "failures", "rate"),
    # The first is 1 - 0.05 ** (1 / 1000); the others, too, can be looked up in tables of Clopper and Pearson's.
    [(1000, 0, 0.0029912), (1, 0, 0.95), (10, 0, 0.2588656), (10, 1, 0.3941633), (20, 5, 0.4555824)],
)
def test_the_limit_is_the_one_of_clopper_and_pearson(trials: int, failures: int, rate: float) -> None:
    assert limit(Bound(trials, failures)) == pytest.approx(rate, abs=5e-8)


@pytest.mark.parametrize("trials", [1, 2, 1000])
def test_where_every_trial_failed_any_rate_is_possible(trials: int) -> None:
    assert Bound(trials, trials).limit == 1.0
    assert Bound(trials, trials).told == "100 %"


def test_nothing_tried_says_nothing() -> None:
    assert Bound(0).limit is None
    assert Bound(0).told == ""


@given(bound=bounds())
def test_an_independent_implementation_says_the_same(bound: Bound) -> None:
    # Here, for every process that collects the tests would take seconds for it.
    from scipy.stats import binomtest  # noqa: PLC0415

    known = binomtest(bound.failures, bound.trials, alternative="less").proportion_ci(0.95, method="exact").high

    assert limit(bound) == pytest.approx(known, rel=1e-9)


@given(bound=bounds())
def test_the_limit_lies_above_what_was_seen_and_is_a_rate(bound: Bound) -> None:
    assert bound.failures / bound.trials <= limit(bound) <= 1
    assert limit(bound) > 0


@given(trials=st.integers(2, 5000), data=st.data())
def test_one_more_failure_raises_the_limit(trials: int, data: st.DataObject) -> None:
    failures = data.draw(st.integers(0, trials - 1))

    assert limit(Bound(trials, failures + 1)) > limit(Bound(trials, failures))


@given(bound=bounds())
def test_one_more_trial_without_a_failure_lowers_the_limit(bound: Bound) -> None:
    assert limit(Bound(bound.trials + 1, bound.failures)) < limit(bound)


@given(bound=bounds())
def test_what_is_told_is_never_less_than_the_limit_and_hardly_more(bound: Bound) -> None:
    exact = Fraction(limit(bound))

    assert exact <= told(bound) <= exact * Fraction("1.1")


@pytest.mark.parametrize(
    ("trials", "failures", "words"),
    [(1, 0, "95 %"), (1000, 0, "0.30 %"), (10**7, 0, "0.000030 %"), (20, 5, "46 %"), (50, 0, "5.9 %")],
)
def test_two_digits_count_and_the_second_is_rounded_up(trials: int, failures: int, words: str) -> None:
    assert Bound(trials, failures).told == words


@pytest.mark.parametrize(("trials", "failures"), [(0, 1), (3, 4), (3, -1), (-1, -1), (-1, 0)])
def test_more_failures_than_trials_or_fewer_than_none_are_refused(trials: int, failures: int) -> None:
    with pytest.raises(ValueError, match=f"between 0 and the trials, got {failures} of {trials}$"):
        Bound(trials, failures)
