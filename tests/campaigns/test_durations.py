"""How long an audit takes is told from a few calls."""

from collections import Counter

import pytest

from memfence.campaigns.durations import Pace, about
from memfence.model.channels import Channel
from memfence.model.diagnoses import Call, Came


def pace(*, seconds: float = 0.01, later: float | None = None, piled: int = 40) -> Pace:
    return Pace([Call(Channel.ADD, Came.FOUND, "", seconds, seconds if later is None else later)], piled)


def test_calls_take_as_long_as_they_were_timed_and_longer_in_a_store_that_slows_down() -> None:
    made = {Channel.ADD: 100}

    assert pace().seconds(made, 1000) == pytest.approx(1.0)
    assert pace(later=0.02).seconds(made, 40) == pytest.approx(2.0)
    assert pace(later=0.02).seconds(made, 80) == pytest.approx(3.0)


def test_a_call_that_was_not_timed_takes_as_long_as_storing_and_one_that_got_quicker_no_less() -> None:
    assert pace().seconds({Channel.GET: 100}, 0) == pytest.approx(1.0)
    assert pace(later=0.001).seconds({Channel.ADD: 100}, 1000) == pytest.approx(1.0)


def test_without_a_call_that_was_timed_nothing_is_told() -> None:
    assert Pace([], 0).seconds({Channel.GET: 100}, 0) == 0


def test_controls_and_replays_make_half_as_many_calls_again() -> None:
    operations, seconds = about([Counter({Channel.ADD: 1000})], 0, 50, pace(), None)

    assert operations == 1000
    assert 15 <= seconds <= 16


def test_a_store_that_all_share_fills_up_and_fresh_worlds_take_their_time() -> None:
    scenarios = [Counter({Channel.ADD: 100}) for _ in range(10)]
    slow = pace(later=0.05)

    shared, fresh, opened = (about(scenarios, 0, 50, slow, world)[1] for world in (None, 0.0, 1.0))

    assert shared > 5 * fresh
    assert opened - fresh == pytest.approx(50)


def test_histories_count_by_their_moves() -> None:
    assert about([], 10, 30, pace(), None)[0] == 300
