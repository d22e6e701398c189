import pytest

from memfence.performing.forging import guessed


@pytest.mark.parametrize(
    ("several", "near"),
    [
        (["session-1003", "session-1004", "session-1005"], "session-1006"),
        (["s00fe", "s00ff", "s0100"], "s0101"),
        (["7.user", "9.user", "12.user"], "13.user"),
    ],
)
def test_a_credential_that_is_counted_is_guessed(several: list[str], near: str) -> None:
    assert {"cookie session": near} in guessed([{"cookie session": one} for one in several])


@pytest.mark.parametrize(
    "several",
    [
        # The last figures grow by chance.
        ["eyJh.dS2DynCR0.YTfFvE1", "eyJh.aQ9xLmZq8.bNz0rT3", "eyJh.pW4vKcYs5.hGd7oM6"],
        ["d2e9d532eeeff74ab136123c6e11f661", "e98f7e95814a649e20e7e70310fc6795", "fa1c24b3fc9ca774cf74b03869f23588"],
        # The number is a time, and what follows is drawn.
        ["1796039872.aXk", "1796039873.Zp0", "1796039874.bbQ"],
    ],
)
def test_of_what_is_drawn_nothing_is_guessed(several: list[str]) -> None:
    assert guessed([{"cookie session": one} for one in several]) == []
