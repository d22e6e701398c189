from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence.model.statistics import Bound


@st.composite
def bounds(draw: st.DrawFn, most: int = 5000) -> Bound:
    trials = draw(st.integers(1, most))
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


@pytest.mark.parametrize(
    ("trials", "failures", "rate"),
    # As scipy 1.17 says it: betaincinv(failures + 1, trials - failures, 0.95).
    [
        (2, 1, 0.9746794344808963),
        (10, 9, 0.9948838031081763),
        (50, 1, 0.09139813071969738),
        (100, 3, 0.07571079374983004),
        (100, 50, 0.5863782853690882),
        (1_000, 1, 0.004734993575499777),
        (1_000, 100, 0.11699153209636791),
        (1_000, 999, 0.999948708021091),
        (10_000, 37, 0.0048647055939070516),
        (100_000, 2, 6.295658396092174e-05),
        (100_000, 50_000, 0.5026057177397165),
        (1_000_000, 0, 2.9957277863525433e-06),
        (1_000_000, 1, 4.743855638214234e-06),
        (1_000_000, 10, 1.6962160188281603e-05),
        (1_000_000, 1_000, 0.0010535748774544362),
        (1_000_000, 500_000, 0.5008229260505229),
        (1_000_000, 999_999, 0.9999999487067069),
    ],
)
def test_scipy_says_the_same(trials: int, failures: int, rate: float) -> None:
    assert limit(Bound(trials, failures)) == pytest.approx(rate, rel=1e-9)


def _exact_chance(bound: Bound, rate: Fraction) -> Fraction:
    """Return the chance of at most so many failures at this rate, in whole numbers, without a rounding."""
    part, whole = rate.as_integer_ratio()
    ways = (
        comb(bound.trials, failures) * part**failures * (whole - part) ** (bound.trials - failures)
        for failures in range(bound.failures + 1)
    )
    return Fraction(sum(ways), whole**bound.trials)


@given(bound=bounds(most=150).filter(lambda bound: bound.failures < bound.trials))
def test_at_the_limit_so_few_failures_have_a_chance_of_5_percent_to_the_ninth_digit(bound: Bound) -> None:
    found = Fraction(limit(bound))
    step = Fraction("1e-9")

    assert _exact_chance(bound, found * (1 - step)) > Fraction("0.05")
    assert _exact_chance(bound, min(found * (1 + step), Fraction(1))) < Fraction("0.05")


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
