"""What keeps a scenario from being tried, and what lets it be: a method, an argument, or a permission."""

from collections.abc import Iterable

from ..base.wording import either
from ..model.channels import Ability, Channel
from ..model.gaps import Gap
from ..model.keys import called
from ..performing.contract import Target
from ..plans.scenario import Scenario
from .file_lines import file_lines
from .settings import AuditSettings

_LOOKS = frozenset({Channel.SEARCH, Channel.GET_ALL})
_ABILITIES = {ability.value: ability for ability in Ability}
PERMISSION = "set `disposable = True` on a target that may be wiped"
_PERMISSION_BY_FILE = "write `disposable = true` into the application's file, if it may be wiped"
_NEVER = "this target is never wiped: audit a copy of it"


def obstacle(scenario: Scenario, available: frozenset[str], target: Target, settings: AuditSettings) -> str | None:
    """Return why a scenario cannot be tried on a target that offers this; None where it can."""
    for choice in lacking(scenario, available):
        return _lack(_called(choice, target.keys))
    if scenario.under(settings.allowed) is None:
        return allowance(scenario)
    if scenario.wipes and not target.disposable:
        return "the target is not disposable (it resets the whole store)"
    if scenario.destructive and not (target.disposable or settings.allow_destructive):
        way_out = "" if target.never_wiped else "; see --allow-destructive"
        return f"the target is not disposable (it deletes{way_out})"
    return None if target.spent is None else target.spent()


def lacking(scenario: Scenario, available: frozenset[str]) -> list[tuple[str, ...]]:
    """Return each choice of methods and arguments of which the target offers none, and the scenario needs one.

    Where callers choose keys, whoever cannot list or query looks under the key.
    """
    by_key = _LOOKS if {Ability.KEYS, Channel.GET} <= available else frozenset()
    return [choice for choice in scenario.needs if (available | by_key).isdisjoint(choice)]


def allowance(scenario: Scenario) -> str:
    """Say that nothing is to be asked, for what it tries is meant to be."""
    return f"what it tries is allowed (--{scenario.policy} allow)"


def gap(scenario: Scenario, available: frozenset[str], target: Target, allowed: tuple[str, ...] = ()) -> Gap:
    """Return what a scenario lacks that is not exercised; `allowed` are the policies by which nothing is missed."""
    for choice in lacking(scenario, available):
        return Gap(giving(choice, target), destructive=scenario.destructive)
    if scenario.destructive and not target.disposable and scenario.policy not in allowed:
        return Gap(permission(target), unpermitted=True, destructive=True)
    return Gap(destructive=scenario.destructive)


def permission(target: Target) -> str:
    """Return how a target that is not disposable can be deleted from and written to."""
    if target.never_wiped:
        return _NEVER
    return _PERMISSION_BY_FILE if target.by_file else PERMISSION


def giving(choice: tuple[str, ...], target: Target) -> str:
    """Say which of its methods or arguments the target needs, or which line its file: one of a choice will do."""
    choice = _called(choice, target.keys)
    if target.by_file:
        lines = file_lines(choice, target.keys)
        named = either(f"`{name}`" for name in choice)
        return f"write `{lines[0]}` into the application's file" if lines else f"no line of a file says {named}"
    known = _ABILITIES.get(choice[0])
    giving = "give the target {}" if known is None else known.way_out
    return giving.format(either(f"`{name}`" for name in choice))


def _called(choice: Iterable[str], keys: str) -> tuple[str, ...]:
    """Return the names as the target has them."""
    return tuple(called(keys, name) for name in choice)


def _lack(choice: Iterable[str]) -> str:
    """Say what the target has none of: `the target has no search or get_all`."""
    first, *others = [_ABILITIES[name].lack if name in _ABILITIES else f"the target has no {name}" for name in choice]
    start = f"{first.rpartition(' no ')[0]} no "
    return either([first, *(lack.removeprefix(start) for lack in others)])
