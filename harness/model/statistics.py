"""What so many trials without, or with, a failure say of the rate: an exact bound, and no boast."""

from dataclasses import dataclass
from math import expm1, log

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
        from scipy.special import betaincinv  # noqa: PLC0415 - half a second, which nobody needs where nothing leaked

        return float(betaincinv(self.failures + 1, self.trials - self.failures, CONFIDENCE))

    @property
    def told(self) -> str:
        """The limit as a report says it: `0.3 %`, rounded up to two digits that count; empty where there is none."""
        limit = self.limit
        return "" if limit is None else f"{_rounded_up(limit * 100)} %"


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
