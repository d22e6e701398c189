"""What came of the controls of a scenario."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ControlResult:
    """Whether the positive control was caught (and by which oracle), and the negative one stayed silent.

    `insisted`: only who asked in other ways, too, has seen it. `missed` says what was asked where it was not caught,
    what came back, and what to do.
    """

    name: str
    caught_by: str | None
    negative_silent: bool
    insisted: bool = False
    missed: str = ""

    @property
    def trustworthy(self) -> bool:
        """Both controls came out as they must."""
        return self.caught_by is not None and self.negative_silent
