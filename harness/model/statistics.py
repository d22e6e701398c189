"""What so many trials without, or with, a failure say of the rate: an exact bound, and no boast."""

from dataclasses import dataclass
from math import exp, expm1, lgamma, log, log1p

CONFIDENCE = 0.95
# A term that is this small a part of a sum no longer changes it.
_NOTHING = 1e-17


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
        return self._highest()

    @property
    def told(self) -> str:
        """The limit as a report says it: `0.3 %`, rounded up to two digits that count; empty where there is none."""
        limit = self.limit
        return "" if limit is None else f"{_rounded_up(limit * 100)} %"

    def _highest(self) -> float:
        """Halve the interval until no float is left in it; scipy says the same, but takes half a second to begin."""
        low, high = self.failures / self.trials, 1.0
        while low < (middle := (low + high) / 2) < high:
            if self._so_few(middle) > 1 - CONFIDENCE:
                low = middle
            else:
                high = middle
        return high

    def _so_few(self, rate: float) -> float:
        """Return how probable so many failures or fewer are at this rate: binomial, from the likeliest term down."""
        n, k = self.trials, self.failures
        ways = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
        term = exp(ways + k * log(rate) + (n - k) * log1p(-rate))
        total = 0.0
        for failures in range(k, -1, -1):
            total += term
            term *= failures * (1 - rate) / ((n - failures + 1) * rate)
            if term < total * _NOTHING:
                break
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
