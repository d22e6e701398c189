"""What an open finding comes to: its owner looks again, and is then tried alone in a fresh world."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from .attribution import Attributor
from .errors import TargetError
from .executor import Executor
from .findings import Finding, FindingClass, Severity
from .observations import Crashed, Refused, Returned, Step
from .operations import Operation
from .oracles.lost import settle
from .sightings import shows
from .tenants import Tenant

_LOOKS = 2
# How many tenants that lost something are tried alone; each costs a fresh world.
_ALONE_WORLDS = 8


def look_again(finding: Finding, executor: Executor, attributor: Attributor) -> Finding:
    """Return the finding as it is, or as a loss for a moment where the owner finds its fact on looking again."""
    if finding.look is None:
        return finding
    for _ in range(_LOOKS):
        step = executor.perform(finding.look, 0)
        if isinstance(step.observation, Returned) and shows(
            attributor, finding.look, step.observation, finding.look.seeks
        ):
            return replace(
                finding,
                klass=FindingClass.AVAILABILITY,
                severity=Severity.LOW,
                evidence=(*finding.evidence, "on looking again it was there: the target is unsteady"),
                look=None,
            )
    return finding


class AloneWorlds:
    """Replays the operations of single tenants, each alone in a fresh world."""

    def __init__(
        self,
        performed: Sequence[tuple[int, Operation]],
        attributor: Attributor,
        opened: Callable[[Iterable[Tenant]], AbstractContextManager[Executor]],
    ) -> None:
        """Take what was performed, with its indices, and a function that opens a world for tenants."""
        self._performed = performed
        self._attributor = attributor
        self._open = opened
        self._steps: dict[int, dict[int, Step]] = {}

    def settle(self, finding: Finding) -> Finding:
        """Return the finding with its class: interference where the same tenant alone finds its fact."""
        if finding.look is None or not self._performed:
            return finding
        return settle(finding, shown=self._shown(finding.observer.index, finding))

    def _shown(self, tenant: int, finding: Finding) -> bool | None:
        """Tell whether the tenant alone sees the fact; None where that could not be tried."""
        if tenant not in self._steps:
            if len(self._steps) >= _ALONE_WORLDS:
                return None
            self._steps[tenant] = self._replay(tenant)
        step = self._steps[tenant].get(finding.step.index)
        if step is None or finding.look is None or isinstance(step.observation, Crashed | Refused):
            return None
        return shows(self._attributor, finding.look, step.observation, finding.look.seeks)

    def _replay(self, tenant: int) -> dict[int, Step]:
        try:
            with self._open([self._attributor.tenant(tenant)]) as executor:
                return {
                    index: executor.perform(operation, index)
                    for index, operation in self._performed
                    if operation.principal.index == tenant
                }
        except TargetError:
            return {}
