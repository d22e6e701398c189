"""How often a campaign plays something again beside a scenario: to settle a suspicion, or to make a finding small."""

from dataclasses import dataclass


@dataclass(slots=True)
class Repeats:
    """Replays of a scenario.

    `doing` says what the present ones are for, and is empty where there are none; `made` of these have begun, of
    `at_most`. `alone` counts those of all the scenario in which tenants were compared with themselves alone, and
    `alone_at_most` how many it might have taken.
    """

    doing: str = ""
    made: int = 0
    at_most: int = 0
    alone: int = 0
    alone_at_most: int = 0
