"""What a campaign did not ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gap:
    """Why an attack was not tried, and the way out: what a user does so that it is.

    `unpermitted`: a permission is all that it lacks. `destructive`: as in Scenario.
    """

    way_out: str = ""
    unpermitted: bool = False
    destructive: bool = False
