"""What a campaign does beside its scenarios."""

from dataclasses import dataclass

# The first and the last.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """What a campaign does beside its scenarios.

    Without `controls` nobody knows what a held scenario is worth: that is for who plants a defect and knows. `compared`
    is how many tenants of each scenario are compared with themselves alone, at least 2; each costs replays. With
    `retold` what is found is played again and made small.
    """

    controls: bool = True
    compared: int = 3
    retold: bool = True

    def __post_init__(self) -> None:
        """Check the number; raises ValueError."""
        if self.compared < _FEWEST:
            msg = f"at least {_FEWEST} tenants are compared, got compared={self.compared}"
            raise ValueError(msg)
