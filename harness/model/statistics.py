"""What so many trials without, or with, a failure say of the rate: an exact bound, and no boast."""

from dataclasses import dataclass
from functools import cache
from math import exp, expm1, fsum, log, log1p

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Bound:
    """`failures` of `trials` independent ones."""

    trials: int
    failures: int = 0

    def __post_init__(self) -> None:
        """Check the numbers; raises ValueError."""
        if not 0 <= self.failures <= self.trials:
            msg = f"failures lie between 0 and the trials, got {self.failures} of {self.trials}"
            raise ValueError(msg)

    @property
    def limit(self) -> float | None:
        """The rate that the true one is below at 95 %, from 0 to 1; None where nothing was tried.

        The upper limit of Clopper and Pearson's exact binomial interval, one-sided: 0 of 1,000 is 0.0029912.
        """
        if not self.trials:
            return None
        if self.failures == self.trials:
            return 1.0
        if not self.failures:
            return -expm1(log(1 - CONFIDENCE) / self.trials)
        return _rate_of(self.failures, self.trials, 1 - CONFIDENCE)

    @property
    def told(self) -> str:
        """The limit as a report says it: `0.3 %`, rounded up to two digits that count; empty where there is none."""
        limit = self.limit
        return "" if limit is None else f"{_rounded_up(limit * 100)} %"


@cache
def _rate_of(failures: int, trials: int, chance: float) -> float:
    """Return the rate at which so many failures, or fewer, of so many trials have this chance.

    It is halved down to neighbouring floats: the chance falls as the rate grows.
    """
    few = min(failures, trials - failures)
    ways = fsum(log((trials - few + one) / one) for one in range(1, few + 1))
    low, high = failures / trials, 1.0
    while low < (middle := (low + high) / 2) < high:
        if _chance(failures, trials, middle, ways) > chance:
            low = middle
        else:
            high = middle
    return middle


def _chance(failures: int, trials: int, rate: float, ways: float) -> float:
    """Return the chance of at most so many failures; `ways` is the logarithm of in how many ways they fall."""
    term = exp(ways + failures * log(rate) + (trials - failures) * log1p(-rate))
    odds = (1 - rate) / rate
    total = 0.0
    # Each is smaller than the one before, for the rate is not below what was seen; the last ones change nothing.
    while total + term > total:
        total += term
        term *= failures / (trials - failures + 1) * odds
        failures -= 1
    return total


def _rounded_up(percent: float) -> str:
    """Return two digits that count, never less than the number itself."""
    if percent >= 100:  # noqa: PLR2004 - all of them
        return "100"
    digits = 0
    while percent * 10**digits < 10:  # noqa: PLR2004 - two digits before the point
        digits += 1
    scaled = percent * 10**digits
    whole = int(scaled) if scaled == int(scaled) else int(scaled) + 1
    return f"{whole / 10**digits:.{digits}f}"
