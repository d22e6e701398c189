"""The controls of an audit: a verdict is worth what its detector is worth.

A positive control wraps the audited target's calls so that a leak is certain; the scenario and its oracles must see
it. It does not prove that the store would have been reached. The negative control looks for a canary that was never
planted.
"""

from collections.abc import Callable
from typing import TypeAlias

from .errors import UnknownNameError
from .executor import Executor
from .observations import Step
from .operations import Operation, is_probe
from .population import Population

Perform: TypeAlias = Callable[[Operation, int], Step]


def reroute(executor: Executor, population: Population) -> Perform:
    """A probe goes to the victim's memory instead of the attacker's own."""

    def perform(operation: Operation, index: int) -> Step:
        victim = population.tenant(operation.owner) if is_probe(operation) else None
        return executor.perform(operation, index, through=victim)

    return perform


CONTROLS = {"reroute": reroute}


def control(name: str) -> Callable[[Executor, Population], Perform]:
    """Return the positive control of this name; raises UnknownNameError."""
    if name not in CONTROLS:
        raise UnknownNameError(name, kind="control", choices=CONTROLS)
    return CONTROLS[name]
