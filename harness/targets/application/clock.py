"""What time it is, as a part: what was issued for a time runs out without waiting."""

import time


class Clock:
    """The seconds since 1970; `forward` lets time pass that nobody waits for."""

    def __init__(self) -> None:
        """Begin with the time of this machine."""
        self._ahead = 0.0

    def now(self) -> float:
        """Return what time it is."""
        return time.time() + self._ahead

    def forward(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        self._ahead += seconds
