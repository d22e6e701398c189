"""Breakages x oracles: proof that the harness would have seen what it did not find, and cries no wolf.

Each breakage is planted and audited: by all scenarios once in fresh worlds and once in a single one, then, for further
seeds, by the scenario that showed it soonest. Beside them stand clean campaigns, on targets that isolate.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from . import resolve
from .breakages import Breakage, Layer
from .campaign import Campaign, Effort
from .errors import HarnessError, UnknownNameError
from .findings import Verdict
from .kills import Cell, Clean, Kill, Proof
from .oracles import Oracle
from .plans import Scenario
from .results import ScenarioResult
from .settings import AuditSettings
from .versions import versions

USERS, FACTS, PROBES = 4, 2, 1
EFFORT = Effort(controls=False, compared=2)


@dataclass(frozen=True, slots=True)
class _Small:
    """A target to plant in, in small: how many records a page of its has and how many are piled up beyond that.

    `shared`: also with one world for all scenarios; brute force over a store that fills up is slow. `seeds` and `clean`
    are what is planted and run unless told otherwise.
    """

    page: int
    crowd: int
    shared: bool
    seeds: int
    clean: int


SMALL: Mapping[str, _Small] = {
    "reference": _Small(page=5, crowd=24, shared=True, seeds=20, clean=1000),
    # Its own page cannot be made smaller.
    "mem0": _Small(page=20, crowd=60, shared=False, seeds=1, clean=16),
}
# Among how many campaigns of a clean control the scenarios are shared out.
PARTS = 16
_AT_ONCE = 8

# Performs tasks, in this process or in others, and yields their results in any order.
Perform: TypeAlias = Callable[[Iterable[Callable[[], "Kill | Clean"]]], Iterator["Kill | Clean"]]


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """What is to be proven: `seeds` for each breakage, counted from `seed`, and `clean` campaigns without one.

    None is as many as the target makes reasonable. `whole`: each clean campaign audits all scenarios, not a share.
    """

    on: str = "reference"
    seed: int = 0
    seeds: int | None = None
    clean: int | None = None
    breakages: tuple[str, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        """Refuse what nothing can be proven of."""
        if self.on not in SMALL:
            raise UnknownNameError(self.on, kind="target to plant breakages in", choices=SMALL)
        for name, least in (("seeds", 1), ("clean", 0)):
            value = getattr(self, name)
            if value is not None and value < least:
                msg = f"{name} must be at least {least}, got {name}={value}"
                raise HarnessError(msg)

    @property
    def planted(self) -> range:
        """The seeds with which each breakage is planted."""
        return range(self.seed, self.seed + (SMALL[self.on].seeds if self.seeds is None else self.seeds))

    @property
    def unbroken(self) -> range:
        """The seeds of the clean campaigns."""
        return range(self.seed, self.seed + (SMALL[self.on].clean if self.clean is None else self.clean))

    @property
    def command(self) -> str:
        """The command line that repeats it."""
        chosen = "".join(f" --breakage {name}" for name in self.breakages)
        counts = f"--seeds {len(self.planted)} --clean {len(self.unbroken)}"
        whole = " --whole" if self.whole else ""
        return f"memfence prove --on {self.on} --seed {self.seed} {counts}{whole}{chosen}"


def prove(settings: ProofSettings, perform: Perform, watch: Callable[[Proof], None] = lambda _: None) -> Proof:
    """Run everything; `watch` is called with the proof so far after each task.

    Raises UnknownNameError for a breakage that there is not, HarnessError where none applies.
    """
    started = time.perf_counter()
    proof = Proof(
        on=settings.on,
        seed=settings.seed,
        seeds=len(settings.planted),
        oracles=tuple(resolve.all_oracles()),
        settings={
            "users": USERS,
            "facts": FACTS,
            "probes": PROBES,
            "page": SMALL[settings.on].page,
            "crowd": SMALL[settings.on].crowd,
        },
        versions=versions(),
        repeat=settings.command,
    )
    cleans: dict[str, list[Clean]] = {}
    try:
        for result in perform(tasks(settings)):
            if isinstance(result, Kill):
                proof.kills.append(result)
            else:
                cleans.setdefault(result.target, []).append(result)
                proof.cleans = [_sum(some) for _, some in sorted(cleans.items(), reverse=True)]
            proof.seconds = time.perf_counter() - started
            watch(proof)
    except KeyboardInterrupt:
        proof.interrupted = True
    layers = [layer.value for layer in Layer]
    proof.kills.sort(key=lambda kill: (layers.index(kill.layer), kill.breakage))
    proof.seconds = time.perf_counter() - started
    return proof


def tasks(settings: ProofSettings) -> list[Callable[[], Kill | Clean]]:
    """Return what is to be done, each by itself and in any order; the results can be sent between processes."""
    planted: list[Callable[[], Kill | Clean]] = [
        partial(kill, name, settings.on, settings.planted) for name in chosen(settings)
    ]
    cleans: list[Callable[[], Kill | Clean]] = [
        partial(clean, target, tuple(numbers[start : start + _AT_ONCE]), settings.on, 1 if settings.whole else PARTS)
        for target, numbers in _clean_targets(settings).items()
        for start in range(0, len(numbers), _AT_ONCE)
    ]
    return planted + cleans


def chosen(settings: ProofSettings) -> list[str]:
    """Return the names of the breakages that are planted."""
    known = resolve.all_breakages()
    for name in settings.breakages:
        if name not in known:
            raise UnknownNameError(name, kind="breakage", choices=known)
    wanted = settings.breakages or tuple(known)
    fitting = [name for name in known if name in wanted and settings.on in known[name].applies_to]
    if not fitting:
        msg = f"none of these breakages applies to {settings.on}: {', '.join(wanted)}"
        raise HarnessError(msg)
    return fitting


def kill(name: str, on: str, seeds: Sequence[int]) -> Kill:
    """Plant one breakage and tell who sees it, and how soon."""
    broken = resolve.all_breakages()[name]
    everything = list(resolve.all_scenarios().values())
    fresh, shared = (_Trial(broken, on, seeds[0], fresh=alone) for alone in (True, False))
    fresh.audit(everything)
    if SMALL[on].shared:
        shared.audit(everything)
    soonest = min(fresh.detections.get(broken.caught_by, {}).items(), key=lambda pair: pair[1], default=None)
    found = [soonest]
    for seed in seeds[1:]:
        again = _Trial(broken, on, seed, until=broken.caught_by)
        # The others only where the one that shows it soonest does not show it this time.
        for scenario in sorted(everything, key=lambda one: soonest is None or one.name != soonest[0]):
            again.audit([scenario])
            if again.first is not None:
                break
        found.append(again.first)
    return Kill(
        breakage=name,
        summary=broken.summary,
        layer=broken.layer,
        caught_by=broken.caught_by,
        fresh=fresh.cells,
        shared=shared.cells,
        scenario=soonest[0] if soonest else "",
        operations=tuple(pair and pair[1] for pair in found),
    )


def clean(target: str, numbers: Sequence[int], on: str, parts: int = PARTS) -> Clean:
    """Audit a target that isolates, once for each number, and tell every alarm.

    The scenarios are shared out among `parts` campaigns.
    """
    scenarios = list(resolve.all_scenarios().values())
    alarms: list[str] = []
    alarmed = inconclusive = 0
    for number in numbers:
        chosen = scenarios[number % parts :: parts]
        campaign = Campaign(
            resolve.target(target, page=SMALL[on].page, chance=number),
            chosen,
            _small(number, on),
            resolve.all_oracles(),
            catalogue=resolve.all_scenarios(),
            effort=EFFORT,
        )
        result = campaign.run()
        if result.interrupted:
            raise KeyboardInterrupt
        told = [
            f"{result.repeat}: {group.example.oracle} in {one.name} by {group.example.channel}"
            for one in result.scenarios
            for group in one.findings
            if group.example.verdict is Verdict.VIOLATED
        ]
        alarmed += bool(told)
        alarms += told
        inconclusive += result.verdict is Verdict.INCONCLUSIVE
    return Clean(
        target, len(numbers), -(-len(scenarios) // parts), len(scenarios), tuple(alarms), alarmed, inconclusive
    )


class _Seen(Exception):  # noqa: N818 - no failure: what was looked for was found
    """Ends a campaign whose question is answered."""


class _Trial:
    """One breakage under audit with one seed; `until` names the oracle whose first finding ends it.

    `detections` are the operations of each scenario up to an oracle's first finding, by oracle and scenario.
    """

    def __init__(self, broken: Breakage, on: str, seed: int, *, fresh: bool = True, until: str = "") -> None:
        target = resolve.target(on, breakage=broken.name, page=SMALL[on].page)
        # Most users' targets have no way to begin anew.
        self._target = target if fresh else replace(target, start=None)
        self._settings = _small(seed, on)
        self._until = until
        self._oracles = resolve.all_oracles()
        self._asked: set[str] = set()
        self._violated: set[str] = set()
        self.detections: dict[str, dict[str, int]] = {}

    def audit(self, scenarios: Sequence[Scenario]) -> None:
        """Run these scenarios, or as many as it takes."""
        campaign = Campaign(
            self._target,
            scenarios,
            self._settings,
            self._oracles,
            catalogue=resolve.all_scenarios(),
            effort=EFFORT,
        )
        with suppress(_Seen):
            if campaign.run(self._watch).interrupted:
                raise KeyboardInterrupt
        for one in campaign.result.scenarios:
            self._asked |= {name for name, oracle in self._oracles.items() if _was_asked(oracle, one)}

    @property
    def cells(self) -> dict[str, Cell]:
        """What each oracle said."""
        return {name: self._cell(name) for name in resolve.all_oracles()}

    @property
    def first(self) -> tuple[str, int] | None:
        """The scenario that showed it to the oracle that it is run for in the fewest operations, and how many."""
        found = self.detections.get(self._until, {})
        return min(found.items(), key=lambda pair: pair[1], default=None)

    def _cell(self, name: str) -> Cell:
        if name in self.detections:
            return Cell.CAUGHT if name in self._violated else Cell.DOUBTED
        return Cell.MISSED if name in self._asked else Cell.NOT_EXERCISED

    def _watch(self, result: ScenarioResult) -> None:
        for (name, _, _), group in result.groups.items():
            verdict = group.example.verdict
            if verdict is Verdict.HELD:
                continue
            if verdict is Verdict.VIOLATED:
                self._violated.add(name)
            self.detections.setdefault(name, {}).setdefault(result.name, result.operations)
            if name == self._until and result.operations:
                raise _Seen


def _was_asked(oracle: Oracle, result: ScenarioResult) -> bool:
    return result.compared if oracle.alone else not result.kinds.isdisjoint(oracle.judges)


def _small(seed: int, on: str) -> AuditSettings:
    return AuditSettings(seed=seed, users=USERS, facts=FACTS, probes=PROBES, crowd=SMALL[on].crowd)


def _clean_targets(settings: ProofSettings) -> dict[str, list[int]]:
    """Share the clean campaigns out among the targets that isolate, and number them as their seeds."""
    numbers = list(settings.unbroken)
    if settings.on != "reference":
        return {settings.on: numbers}
    half = len(numbers) // 2
    return {"reference": numbers[half:], "lossy": numbers[:half]}


def _sum(cleans: Sequence[Clean]) -> Clean:
    first = cleans[0]
    return replace(
        first,
        campaigns=sum(one.campaigns for one in cleans),
        # In one order, whichever was there first.
        alarms=tuple(sorted(alarm for one in cleans for alarm in one.alarms)),
        alarmed=sum(one.alarmed for one in cleans),
        inconclusive=sum(one.inconclusive for one in cleans),
    )
