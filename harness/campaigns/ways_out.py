"""What lets a scenario be tried that was not: a method, an argument, or a permission."""

from ..base.wording import either
from ..model.channels import Ability
from ..model.gaps import Gap
from ..performing.contract import Target
from ..plans.scenario import Scenario

_ABILITIES = {ability.value: ability for ability in Ability}
PERMISSION = "give --allow-destructive, or set `disposable = True` on a target that may be wiped"
_NEVER = "this target is never wiped: audit a copy of it"


def gap(scenario: Scenario, available: frozenset[str], target: Target, allowed: tuple[str, ...] = ()) -> Gap:
    """Return what a scenario lacks that is not exercised; `allowed` are the policies by which nothing is missed."""
    for choice in scenario.needs:
        if available.isdisjoint(choice):
            return Gap(_giving(choice), destructive=scenario.destructive)
    if scenario.destructive and not target.disposable and scenario.policy not in allowed:
        return Gap(permission(target), unpermitted=True, destructive=True)
    return Gap(destructive=scenario.destructive)


def permission(target: Target) -> str:
    """Return how a target that is not disposable can be deleted from and written to."""
    return _NEVER if target.never_wiped else PERMISSION


def _giving(choice: tuple[str, ...]) -> str:
    """Say which of its methods or arguments the target needs: one of a choice will do."""
    known = _ABILITIES.get(choice[0])
    giving = "give the target {}" if known is None else known.way_out
    return giving.format(either(f"`{name}`" for name in choice))
