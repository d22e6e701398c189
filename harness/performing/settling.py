"""What a tenant sees alone in a fresh world: settles what is open, and finds what others' presence changes."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace

from ..base.errors import TargetError
from ..judging.attribution import Attributor
from ..judging.oracles.lost import settle
from ..judging.oracles.noninterference import noninterference
from ..judging.sightings import Look, shows
from ..model.findings import Finding, FindingClass, Severity
from ..model.observations import Crashed, Refused, Returned, Step
from ..model.operations import Add, Anew, Delete, Expire, Get, GetAll, Operation, Reopen, Reset, Search, Update
from ..model.tenants import Tenant
from .executor import Executor
from .replacing import replaced

# A target that loses every other look by chance loses 13 in a row once in ten thousand times.
_LOOKS = 12
_REPLAYS_TO_SETTLE = 16
# How many worlds must show alike that a tenant's own records take each other's place.
_AGREEING = 2
_BY_ITS_WORDS = "a search for the whole sentence found it"
# After any step.
_LATER = sys.maxsize
# How many tenants that lost something are tried alone; each costs a fresh world.
_ALONE_WORLDS = 8
# One replay to see whether anything differs; then replays that must agree, again and again before it is believed: the
# order of two records that are listed at random agrees with itself every other time.
_REPLAYS = (1, 2, 3, 4, 6, 8, 12, 16, 24)
# How often what is found is then performed again with everybody: what is rare there is usual alone, too.
_TOGETHER_AGAIN = 5
# How many worlds it takes at most to compare one tenant with itself alone.
TO_COMPARE = _REPLAYS[-1] + _TOGETHER_AGAIN


def look_again(finding: Finding, executor: Executor, attributor: Attributor) -> Finding | None:
    """Return the finding as it is, or as a loss for a moment where the owner finds its fact on looking again.

    None where the answer was an old one and the fact is found in other words: a cache that expires has lost nothing.
    """
    if finding.look is None:
        return finding

    def shown_by(look: Look) -> bool:
        seen = executor.perform(look, 0).observation
        return isinstance(seen, Returned) and shows(attributor, look, seen, look.seeks)

    if any(map(shown_by, finding.otherwise)):
        return None
    for _ in range(_LOOKS):
        if shown_by(finding.look):
            return replace(
                finding,
                klass=FindingClass.AVAILABILITY,
                severity=Severity.LOW,
                evidence=(*finding.evidence, "on looking again it was there: the target is unsteady"),
                look=None,
            )
    look = finding.look
    if isinstance(look, Search) and look.query != look.seeks.text and shown_by(replace(look, query=look.seeks.text)):
        return replace(finding, found_by_its_words=True, evidence=(*finding.evidence, _BY_ITS_WORDS))
    return finding


class AloneWorlds:
    """Replays the operations of single tenants, each alone in a fresh world."""

    def __init__(
        self,
        performed: Sequence[Operation],
        attributor: Attributor,
        opened: Callable[[Iterable[Tenant]], AbstractContextManager[Executor]],
        begun: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what was performed, from the first operation on, and a function that opens a world for tenants.

        `begun` is called before each world.
        """
        self._performed = performed
        self._attributor = attributor
        self._open = opened
        self._begun = begun
        self._replays: dict[int, list[dict[int, Step]]] = {}
        self._places: dict[str, dict[int, int]] = {}

    def at_most(self, findings: Iterable[Finding]) -> int:
        """Return how many worlds it takes at most to settle these."""
        looks = [(one.observer.index, _scope(one.look)) for one in findings if one.look is not None]
        tenants, scopes = ({look[part] for look in looks if self._performed} for part in (0, 1))
        return _REPLAYS_TO_SETTLE * min(len(tenants), _ALONE_WORLDS) + _AGREEING * min(len(scopes), _ALONE_WORLDS)

    def settle(self, finding: Finding) -> Finding | None:
        """Return the finding with its class: interference where the same tenant alone finds its fact.

        None where the tenant itself has put another record in its place, as it does alone, and where alone, too, it is
        found by its own words and by no fewer, as where a search has a threshold: that loses nothing.
        """
        if finding.look is None or not self._performed:
            return finding
        shown = self._shown(finding.observer.index, finding)
        missing_alone = shown is False
        if missing_alone and finding.found_by_its_words:
            return None
        look = finding.look
        if shown is not True and self._has_expired(finding.step.index):
            # What is put without a time may have one all the same.
            return None
        if not isinstance(look, Search | GetAll):
            # Under a key, an own record that takes another's place is known without that.
            return settle(finding, shown=shown)
        if missing_alone and self._replaced(look).get(look.seeks.number, _LATER) < finding.step.index:
            return None
        return settle(finding, shown=shown)

    @property
    def _numbered(self) -> Iterator[tuple[int, Operation]]:
        """What was performed, each with its index in the trace."""
        return enumerate(self._performed, 1)

    def _has_expired(self, index: int) -> bool:
        return any(isinstance(operation, Expire) and at < index for at, operation in self._numbered)

    def differences(self, tenant: int, together: Sequence[Step]) -> Iterator[Finding]:
        """Yield what a tenant saw otherwise `together` with the others than in every replay alone.

        `together` are its own steps and everybody's Adds, in order.
        """
        found: list[Finding] = []
        suspects = {step.index for step in together}
        alone = list(self._replays.get(tenant, ()))
        for replays in _REPLAYS if together else ():
            # What further replays do not confirm they clear: nothing new comes up, so none goes past the last suspect.
            alone += [self._replay(tenant, max(suspects)) for _ in range(replays - len(alone))]
            found = list(self._judged(together, alone, suspects))
            suspects = {finding.step.index for finding in found}
            if not found:
                return
        for _ in range(_TOGETHER_AGAIN if found else 0):
            again = self._replay(None, max(suspects))
            seen = [
                replace(step, observation=again[step.index].observation) for step in together if step.index in again
            ]
            suspects = {finding.step.index for finding in self._judged(seen, alone, suspects)}
            found = [finding for finding in found if finding.step.index in suspects]
            if not found:
                return
        yield from found

    def _judged(
        self, together: Sequence[Step], alone: Sequence[dict[int, Step]], suspects: set[int]
    ) -> Iterator[Finding]:
        judge = noninterference(self._attributor)
        last = max(suspects)
        alike = [_until_otherwise(together, replay) for replay in alone]
        for step in together:
            if step.index > last:
                return
            if step.index in suspects:
                seen = tuple(
                    replay[step.index].observation
                    for replay, end in zip(alone, alike, strict=True)
                    if step.index in replay and step.index < end and replay[step.index].unnamed is step.unnamed
                )
                # What one replay does not differ in, no further one would be asked about.
                seen = seen * 2 if len(alone) == 1 else seen
                yield from judge(replace(step, alone=seen))
            else:
                yield from judge(step)

    def _shown(self, tenant: int, finding: Finding) -> bool | None:
        """Tell whether the tenant alone sees the fact; None where that could not be tried."""
        if tenant not in self._replays and len(self._replays) >= _ALONE_WORLDS:
            return None
        for replays in range(1, _REPLAYS_TO_SETTLE + 1):
            step = self._replays_of(tenant, replays)[-1].get(finding.step.index)
            if step is not None and isinstance(finding.look, Get) and isinstance(step.observation, Refused):
                # So says a resource that nothing lies under the key.
                return False
            if step is None or finding.look is None or isinstance(step.observation, Crashed | Refused):
                return None
            if not shows(self._attributor, finding.look, step.observation, finding.look.seeks):
                return False
        return True

    def _replaced(self, look: Search | GetAll) -> dict[int, int]:
        """Return the facts whose place others of the same tenant's take where it is alone, each with when it does."""
        key = _scope(look)
        if key not in self._places and len(self._places) < _ALONE_WORLDS:
            adds = [
                (index, operation)
                for index, operation in self._numbered
                if isinstance(operation, Add) and operation.into is None and _scope(operation) == key
            ]
            # One record replaces nothing but itself; and what is by chance is not so twice.
            several = len({add.fact.number for _, add in adds}) > 1
            found = [self._replaced_once(adds) for _ in range(_AGREEING)] if several else [{}]
            self._places[key] = {number: at for number, at in found[0].items() if found[-1].get(number) == at}
        return self._places.get(key, {})

    def _replaced_once(self, adds: Sequence[tuple[int, Add]]) -> dict[int, int]:
        self._begun()
        try:
            with self._open([self._attributor.tenant(adds[0][1].principal.index)]) as executor:
                return replaced(adds, executor, self._attributor)
        except TargetError:
            return {}

    def _replays_of(self, tenant: int, wanted: int) -> list[dict[int, Step]]:
        known = self._replays.setdefault(tenant, [])
        while len(known) < wanted:
            known.append(self._replay(tenant))
        return known

    def _replay(self, tenant: int | None, last: int = _LATER) -> dict[int, Step]:
        """Perform one tenant's operations, or where None everybody's, in a fresh world, to that of index `last`."""
        tenants = {operation.principal.index for operation in self._performed} if tenant is None else {tenant}
        self._begun()
        try:
            with self._open([self._attributor.tenant(index) for index in tenants]) as executor:
                return {
                    index: executor.perform(operation, index)
                    for index, operation in self._numbered
                    if index <= last
                    if operation.principal.index in tenants or isinstance(operation, Reopen | Reset | Anew | Expire)
                }
        except TargetError:
            return {}


def _scope(operation: Operation) -> str:
    """Return what names the records that an operation is made among."""
    return repr((operation.principal.index, operation.principal.id, operation.principal.within))


def _until_otherwise(together: Sequence[Step], replay: dict[int, Step]) -> int:
    """Return the step from which a replay is another history: a write whose record's id was found in only one of them.

    Where no reply tells an id, it is looked up when it is needed, and another record may stand there by then.
    """
    writes = (step for step in together if isinstance(step.operation, Update | Delete) and step.index in replay)
    return next((step.index for step in writes if step.unnamed is not replay[step.index].unnamed), _LATER)
