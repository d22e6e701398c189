from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memfence.model.timings import ERROR, LEAST, ROUNDS, chance_of, difference

EVEN = [(0.002 + index % 7 * 1e-5, 0.002 + index % 5 * 1e-5) for index in range(ROUNDS)]


def shifted(seconds: float) -> list[tuple[float, float]]:
    """Return pairs of which the first takes so much longer."""
    return [(first + seconds, second) for first, second in EVEN]


@given(st.lists(st.integers(-6, 6), max_size=9))
def test_the_chance_is_that_share_of_all_signs_that_gives_as_much_or_more(differences: list[int]) -> None:
    told = [one for one in differences if one]
    sizes = sorted(map(abs, told))
    ranks = [sum(size < abs(one) for size in sizes) + (sizes.count(abs(one)) + 1) / 2 for one in told]

    def above(signs: tuple[int, ...]) -> float:
        return sum(rank for sign, rank in zip(signs, ranks, strict=True) if sign > 0)

    seen = above(tuple(1 if one > 0 else -1 for one in told))
    all_signs = list(product((1, -1), repeat=len(told)))

    share = sum(above(signs) >= seen for signs in all_signs) / len(all_signs)
    assert chance_of([float(one) for one in differences]) == pytest.approx(share)


@pytest.mark.parametrize(("seconds", "side"), [(0.0005, "0.51 ms longer"), (-0.0005, "0.49 ms less")])
def test_what_differs_by_half_a_millisecond_is_told_with_its_side_and_its_error(seconds: float, side: str) -> None:
    found = difference(shifted(seconds))

    assert found is not None
    assert found.chance <= ERROR
    assert found.told.startswith(f"{side} at the median of {ROUNDS} pairs, ")
    assert found.told.endswith("which chance shows in fewer than 1 of 1,000,000 audits")


@pytest.mark.parametrize("seconds", [0.0, LEAST / 2, -LEAST / 2])
def test_what_differs_by_less_than_the_least_is_not_told(seconds: float) -> None:
    assert difference(shifted(seconds)) is None


def test_a_busy_machine_that_spoils_every_tenth_pair_hides_nothing_and_shows_nothing() -> None:
    def busy(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
        late = {index: index // 10 % 2 for index in range(0, ROUNDS, 10)}
        return [
            (one + 0.1 * (late.get(index) == 0), other + 0.1 * (late.get(index) == 1))
            for index, (one, other) in enumerate(pairs)
        ]

    assert difference(busy(shifted(0.0005))) is not None
    assert difference(busy(shifted(0.0))) is None


def test_a_few_pairs_are_not_enough() -> None:
    assert difference(shifted(0.01)[:20]) is None
    assert difference([]) is None
