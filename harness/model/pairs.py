"""What became of each pair of a victim's id and the id under which an attacker signed up."""

from collections.abc import Iterable
from enum import IntEnum

from .findings import Finding, FindingClass, Verdict
from .observations import Crashed, Refused, Returned, Step
from .operations import is_probe
from .tenants import Tenant


class Fate(IntEnum):
    """What became of a pair, the worst last: one probe decides over the others."""

    REFUSED = 0
    ISOLATED = 1
    CRASHED = 2
    LOST = 3
    LEAKED = 4
    DESTROYED = 5

    def __str__(self) -> str:
        """Return it as a report says it."""
        return self.name.lower()


_LONGEST = 60
_OF_PROBES = {Refused: Fate.REFUSED, Returned: Fate.ISOLATED, Crashed: Fate.CRASHED}


class Pairs:
    """Follows the probes made under hostile ids, of which each victim meets the same ones in the same order."""

    def __init__(self) -> None:
        """Start before the first step."""
        self._fates: dict[int, dict[str, Fate]] = {}
        self._shapes: list[str] = []
        self._lost: set[int] = set()

    def note(self, step: Step, victim: Tenant, findings: Iterable[Finding]) -> None:
        """Take a step that reaches for `victim`, and what was found at it."""
        operation = step.operation
        untried = isinstance(step.observation, Refused) and step.observation.untried
        if operation.principal.hostile and is_probe(operation) and not untried:
            self._raise(operation.principal, victim, _OF_PROBES[type(step.observation)])
        for finding in findings:
            if finding.oracle == "lost" and finding.verdict is not Verdict.HELD:
                self._lost.add(finding.owner.index)
            elif finding.verdict is Verdict.VIOLATED and self._is_of_a_pair(finding):
                fate = Fate.DESTROYED if finding.klass is FindingClass.INTEGRITY else Fate.LEAKED
                self._raise(finding.step.operation.principal, finding.owner, fate)

    def found(self, finding: Finding) -> None:
        """Take a violation, whoever's call showed it: no hostile id that stands in it may be told to be isolated."""
        fate = Fate.DESTROYED if finding.klass is FindingClass.INTEGRITY else Fate.LEAKED
        acting = (finding.observer, finding.owner, *(one.principal for one in finding.witness))
        hostile = {repr(tenant.id) for tenant in acting if tenant.hostile}
        for victim in {finding.observer.index, finding.owner.index}:
            fates = self._fates.get(victim, {})
            for known in hostile & fates.keys():
                fates[known] = max(fate, fates[known])

    @staticmethod
    def _is_of_a_pair(finding: Finding) -> bool:
        """Tell whether it answers a hostile probe; what the victim is shown of the attacker's is no pair of its own."""
        operation = finding.step.operation
        return operation.principal.hostile and is_probe(operation) and operation.owner == finding.owner.index

    @property
    def shapes(self) -> dict[str, dict[Fate, int]]:
        """Return how many pairs of each kind of id came to what: `{"'<victim> '": {Fate.REFUSED: 19}}`."""
        counted: dict[str, dict[Fate, int]] = {shape: {} for shape in self._shapes}
        for victim, fates in self._fates.items():
            for shape, fate in zip(self._shapes, fates.values(), strict=False):
                final = Fate.LOST if victim in self._lost and fate < Fate.LOST else fate
                counted[shape][final] = counted[shape].get(final, 0) + 1
        return counted

    def _raise(self, attacker: Tenant, victim: Tenant, fate: Fate) -> None:
        fates = self._fates.setdefault(victim.index, {})
        known = repr(attacker.id)
        if known not in fates and len(fates) == len(self._shapes):
            self._shapes.append(_shape(attacker, victim))
        fates[known] = max(fate, fates.get(known, Fate.REFUSED))


def _shape(attacker: Tenant, victim: Tenant) -> str:
    """Return the hostile id with the victim's name or number cut out."""
    said = ascii(attacker.id)
    if said.strip("' 0").isdigit():
        return said.replace(str(victim.index), "<number>")
    said = said.replace(str(victim.id), "<victim>")
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}... ({len(str(attacker.id))} characters)"
