"""Operations at one door, judged by every oracle and counted; told in plain values, so that shards can be added up."""

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from ...judging.attribution import CanaryAttributor
from ...judging.oracles.lost import settle
from ...judging.unattributed import Unattributed
from ...model.findings import Finding
from ...model.observations import Crashed, Observation, Step
from ...model.operations import Add, GetAll, Operation, RecordRef, Search, is_probe
from ...model.scenario_results import ScenarioResult
from ...model.tenants import Fact, Tenant
from ...performing.contract import Target
from ...performing.executor import Executor
from ...plans.population import Population
from ...plans.replays import Replay, as_json
from ...targets.crowded_store import CrowdedStore
from ..resolve import all_oracles
from .doors import audited
from .settings import ScaleSettings

# How many losses of a shard are looked at in a place without the others.
_SETTLED = 3
_ALONE_REPLAYS = 3


class Judged:
    """One door of a crowd, and what was seen through it."""

    def __init__(self, name: str, target: Target, settings: ScaleSettings, store: CrowdedStore) -> None:
        """Begin before the first operation."""
        self.name = name
        self._settings = settings
        self._store = store
        # One more than there are: whose fact was never planted.
        self._everybody = Population(settings.seed, settings.users + 1, settings.facts)
        self.attributor = CanaryAttributor(self._everybody)
        self._oracles = all_oracles()
        self._judges = [one(self.attributor) for one in self._oracles.values()]
        self._unattributed = Unattributed(self.attributor)
        self._executor = Executor(target)
        self._index = 0
        self._settled = 0
        self._looked = 0
        self.result = ScenarioResult(name, "")

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go."""
        self._executor.__exit__(kind, error, trace)

    @property
    def ghost(self) -> Tenant:
        """Somebody who has stored nothing."""
        return self._everybody.tenant(self._settings.users)

    def planted(self, tenant: Tenant, fact: Fact) -> RecordRef:
        """Take it that a fact was stored before; return the reference to its record."""
        rows = self._store.of(str(tenant.id))
        record_id = next((one for one, _, text in rows if fact.canary in text), None)
        # One that is not there is looked for all the same: that it is gone is what is to be seen.
        crowd = self._settings.crowd()
        self._index += 1
        step = self._executor.stored(Add(tenant, fact), self._index, record_id or str(crowd.record_id(fact)))
        self._unattributed.see(step)
        self._speak(step)
        return step.record

    def perform(self, operation: Operation, *, through: Tenant | None = None) -> list[Finding]:
        """Perform an operation, count it, and return what the oracles said."""
        self._index += 1
        step = self._executor.perform(operation, self._index, through=through)
        return self._note(step) if through is None else self._speak(step)

    def together(self, operations: Sequence[Operation]) -> None:
        """Perform operations that begin at once."""
        first = self._index + 1
        self._index += len(operations)
        for step in self._executor.together(operations, first):
            self._note(step)

    def compare(self, tenant: Tenant, asked: Sequence[Operation]) -> None:
        """Let a tenant ask here and, in fresh places with its own facts alone, ask again: the answers must agree."""
        oracle = self._oracles["noninterference"]
        confirmed: set[int] = set()
        for again in range(2):
            judge = oracle(self.attributor)
            for position, (operation, alone) in enumerate(zip(asked, self._alone(tenant, asked), strict=True)):
                step = replace(self._executor.perform(operation, position + 1), alone=alone)
                found = list(judge(step))
                if not found:
                    confirmed.discard(position)
                elif not again:
                    confirmed.add(position)
                elif position in confirmed:
                    for one in found:
                        self.result.note(one, one.attack)

    def _alone(self, tenant: Tenant, asked: Sequence[Operation]) -> list[tuple[Observation, ...]]:
        """Return what each question shows, some times over, in one fresh place: to make it takes longer than to ask."""
        crowd = self._settings.crowd()
        with self._store.alone() as place:
            place.plant([(crowd.record_id(fact), str(tenant.id), fact.text) for fact in tenant.facts])
            return [tuple(self._asked_in(place, one) for _ in range(_ALONE_REPLAYS)) for one in asked]

    def _asked_in(self, place: CrowdedStore, operation: Operation) -> Observation:
        with Executor(audited(self._settings, place.client)) as executor:
            return executor.perform(operation, 1).observation

    def _note(self, step: Step) -> list[Finding]:
        if isinstance(step.observation, Crashed):
            # Where the store has ended this raises at once: each further call would first wait until it is given up.
            self._store.check()
        self.result.count(step)
        self._looked += isinstance(step.operation, Search | GetAll) and not is_probe(step.operation)
        self.result.recall.note(step)
        self.result.note_unattributed(step, self._unattributed.see(step))
        found = [self._settle(one) for one in self._speak(step)]
        for one in found:
            self.result.note(one, one.attack)
        return found

    def _speak(self, step: Step) -> list[Finding]:
        return [found for judge in self._judges for found in judge(step)]

    def _settle(self, finding: Finding) -> Finding:
        """Return a loss with its class: whether the tenant alone finds its fact."""
        look = finding.look
        if not isinstance(look, Search | GetAll) or self._settled >= _SETTLED:
            return finding
        self._settled += 1
        shown = [
            any(look.seeks.stands_in(record.text) for record in getattr(one, "records", ()))
            for one in self._alone(finding.observer, [look])[0]
        ]
        return settle(finding, shown=all(shown))

    def as_json(self, *, stray: bool = False) -> dict[str, Any]:
        """Return what was seen, as plain values; `stray`: of rows that are stored under a wrong label."""
        result = self.result
        # What somebody sees of its own otherwise than alone is no pair of two.
        broken = {channel: {(a, b) for a, b in pairs if a != b} for channel, pairs in result.broken.items()}
        return {
            "channels": {
                str(channel): {
                    "probes": tally.probes,
                    "returned": tally.returned,
                    "refused": tally.refused,
                    "crashed": tally.crashed,
                    "pairs": len(tally.pairs | broken.get(channel, set())),
                    "leaked": len(broken.get(channel, ())),
                }
                for channel, tally in result.tallies.items()
            },
            "operations": result.operations,
            "looked": self._looked,
            "found": result.own_found,
            "crashes": [str(one) for one in result.crashes()],
            "unattributed": result.unattributed,
            "findings": [self._told(group.example, group.count) | {"stray": stray} for group in result.findings],
        }

    def _told(self, finding: Finding, count: int) -> dict[str, Any]:
        replay = Replay(
            self.name,
            self._settings.wrapper,
            self._settings.breakage,
            self._settings.seed,
            finding.oracle,
            finding.verdict,
            tuple(finding.witness) or (finding.step.operation,),
        )
        return {
            "door": self.name,
            "oracle": finding.oracle,
            "class": finding.klass,
            "severity": finding.severity,
            "verdict": finding.verdict,
            "channel": finding.channel,
            "count": count,
            "observer": finding.observer.handle,
            "owner": finding.owner.handle,
            "evidence": list(finding.evidence),
            "shown": finding.shown,
            "replay": as_json(replay),
        }
