"""What a scenario is: a story told in operations."""

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

from .observations import Returned, Step
from .operations import Operation
from .population import Population

Plan: TypeAlias = Generator[Operation, Step, None]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One attack: `tell` yields operations and receives the steps that they became.

    `needs` are sets of operation types, each of which the target must have at least one of. `control` is the
    positive control that must come out violated. A `destructive` scenario writes to others' records or under hostile
    ids; it runs on disposable targets. `may_refuse`: a clear no is a good answer to its probes.
    """

    name: str
    summary: str
    tell: Callable[[Population], Plan]
    needs: tuple[tuple[type[Operation], ...], ...]
    control: str
    destructive: bool
    may_refuse: bool = False

    def length(self, population: Population) -> int:
        """Count the operations of a plan, without a target."""
        plan = self.tell(population)
        operation = next(plan, None)
        count = 0
        while operation is not None:
            count += 1
            try:
                operation = plan.send(Step(count, operation, Returned()))
            except StopIteration:
                break
        return count


def scenario(
    *,
    needs: tuple[type[Operation] | tuple[type[Operation], ...], ...],
    control: str,
    destructive: bool = False,
    may_refuse: bool = False,
) -> Callable[[Callable[[Population], Plan]], Scenario]:
    """Make a generator function a scenario of the same name; the docstring's first line is its meaning.

    `needs=(Add, (Search, GetAll))` means: Add, and one of Search and GetAll.
    """

    def decorate(tell: Callable[[Population], Plan]) -> Scenario:
        return Scenario(
            name=tell.__name__,
            summary=(inspect.getdoc(tell) or "").partition("\n")[0],
            tell=tell,
            needs=tuple(need if isinstance(need, tuple) else (need,) for need in needs),
            control=control,
            destructive=destructive,
            may_refuse=may_refuse,
        )

    return decorate
