"""What is kept of a scenario while it goes on, for afterwards."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from ..model.findings import Finding
from ..model.observations import Step
from ..model.operations import Add, Operation, PlantLink
from ..model.operations import Together as AtOnce

Together: TypeAlias = Callable[[Sequence[Operation], int], list[Step]]


class Followed:
    """What is kept of a scenario: all its `moves`, to play them again, and, for trying tenants alone, more.

    That is all operations, the Adds, and the steps of those `compared`.
    """

    def __init__(self, compared: frozenset[int]) -> None:
        """Start before the first step."""
        self.compared = compared
        self.performed: list[Operation] = []
        self.unsettled: list[Finding] = []
        self.uncompared = False
        self.moves: list[Operation | AtOnce] = []
        self._at_once = 0
        self._steps: list[Step] = []

    def take(self) -> list[Finding]:
        """Return the findings that are still open, once."""
        taken, self.unsettled = self.unsettled, []
        return taken

    def noting(self, together: Together) -> Together:
        """Return the same function, noting that it was used: who comes first then is chance, and not compared."""

        def noted(operations: Sequence[Operation], first: int) -> list[Step]:
            self.uncompared = True
            self.moves.append(AtOnce(tuple(operations)))
            self._at_once += len(operations)
            return together(operations, first)

        return noted

    def note(self, operation: Operation) -> None:
        """Take an operation that was performed; those that began together have been noted as such."""
        # Alone there is nothing that a link could lead to.
        self.uncompared |= isinstance(operation, PlantLink)
        if self._at_once:
            self._at_once -= 1
        else:
            self.moves.append(operation)

    def follow(self, step: Step) -> None:
        """Take a step."""
        self.performed.append(step.operation)
        if step.operation.principal.index in self.compared or isinstance(step.operation, Add):
            self._steps.append(step)

    def steps_for(self, tenant: int) -> list[Step]:
        """Return the tenant's own steps and everybody's Adds."""
        return [
            step for step in self._steps if step.operation.principal.index == tenant or isinstance(step.operation, Add)
        ]
