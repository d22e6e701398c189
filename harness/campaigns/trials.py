"""What is done for a proof, piece by piece: a breakage planted and audited, a target that isolates audited."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ..breakages.planted import Breakage
from ..judging.oracles import Oracle
from ..model.canaries import FACTS as FACTS_OF_ONE
from ..model.findings import FindingClass, Verdict
from ..model.kills import Cell, Clean, Explored, Kill
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from ..plans.scenario import Scenario
from . import resolve
from .campaign import Campaign
from .effort import Effort
from .explorations import ExploreSettings
from .exploring import Explorer
from .settings import AuditSettings

USERS, FACTS, PROBES = 4, 2, 1
# Among how many campaigns of a clean control the scenarios are shared out.
PARTS = 16
EFFORT = Effort(controls=False, compared=2, retold=False)


@dataclass(frozen=True, slots=True)
class _Small:
    """A target to plant in, in small: how many records a page of its has and how many are piled up beyond that.

    `load` is how many are put there at once: where that is cheap, so many that pages of a thousand end, too.
    `shared`: also with one world for all scenarios; brute force over a store that fills up is slow. `seeds` and `clean`
    are what is planted and run unless told otherwise, `explored` how often what isolates is explored beside that.
    `beside`: a proof on the default target plants in this one, too. Its clean campaigns share the scenarios out among
    so many `parts`.
    """

    page: int
    crowd: int
    load: int
    shared: bool
    seeds: int
    clean: int
    explored: int
    beside: bool = False
    parts: int = PARTS


# Keyed resources have no pages, and a third of the scenarios is not for them.
_KEYED = _Small(page=5, crowd=24, load=24, shared=True, seeds=20, clean=160, explored=40, beside=True, parts=PARTS // 2)
SMALL: Mapping[str, _Small] = {
    "reference": _Small(page=5, crowd=24, load=FACTS_OF_ONE, shared=True, seeds=20, clean=1000, explored=200),
    # Its own page cannot be made smaller.
    "mem0": _Small(page=20, crowd=60, load=60, shared=False, seeds=1, clean=16, explored=200),
    "files": _KEYED,
    "cache": _KEYED,
    # A request takes a hundred times as long as a call.
    "app": _Small(page=5, crowd=24, load=24, shared=False, seeds=5, clean=16, explored=20),
    "sessions": _KEYED,
}
# Where breakages are planted unless another target is named.
DEFAULT = "reference"
# How many histories an exploration of what isolates generates: many short ones tell more than few long ones.
HISTORIES = 5
# What may lose a fact, and must leak none.
UNSTEADY = "lossy"


def host(broken: Breakage, on: str) -> str | None:
    """Return the target in which a proof on this one plants a breakage: itself, or one beside it; None for nowhere."""
    beside = [name for name, small in SMALL.items() if small.beside] if on == DEFAULT else []
    return next((name for name in (on, *beside) if name in broken.applies_to), None)


def kill(name: str, on: str, seeds: Sequence[int]) -> Kill:
    """Plant one breakage and tell who sees it, and how soon."""
    broken = resolve.all_breakages()[name]
    # What waits for a switch is called like the oracle that it is for.
    everything = resolve.scenarios((), switched=(broken.caught_by,))
    fresh, shared = (Trial(broken, on, seeds[0], fresh=alone) for alone in (True, False))
    fresh.audit(everything)
    if SMALL[on].shared:
        shared.audit(everything)
    soonest = fresh.first
    found = [soonest]
    for seed in seeds[1:]:
        again = Trial(broken, on, seed, once=True)
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
        doubted=broken.doubted,
        fresh=fresh.cells,
        shared=shared.cells,
        scenario=soonest[0] if soonest else "",
        operations=tuple(pair and pair[1] for pair in found),
        crash=fresh.crash,
    )


def clean(target: str, numbers: Sequence[int], on: str, parts: int = PARTS) -> Clean:
    """Audit a target that isolates, once for each number, and tell every alarm.

    The scenarios that are for such targets are shared out among `parts` campaigns.
    """
    kind = resolve.target(target, page=SMALL[on].page, chance=0)
    scenarios = [one for one in resolve.all_scenarios().values() if one.fits(kind.keys, sessions=kind.sessions)]
    alarms: list[str] = []
    judged = alarmed = inconclusive = 0
    for number in numbers:
        campaign = Campaign(
            resolve.target(target, page=SMALL[on].page, chance=number),
            scenarios[number % parts :: parts],
            _small(number, on),
            resolve.all_oracles(),
            catalogue=resolve.all_scenarios(),
            effort=EFFORT,
        )
        result = campaign.run()
        if result.interrupted:
            raise KeyboardInterrupt
        told = list(_alarms(result, steady=target != UNSTEADY))
        # Where every call crashed nothing was judged.
        judged += any(one.total("returned") or one.total("refused") for one in result.scenarios) or bool(told)
        alarmed += bool(told)
        alarms += told
        inconclusive += result.verdict is Verdict.INCONCLUSIVE
    return Clean(target, judged, parts, len(scenarios), tuple(alarms), alarmed, inconclusive)


def explored(target: str, numbers: Sequence[int], on: str) -> Explored:
    """Explore a target that isolates, once for each number, and tell every alarm: what is violated."""
    alarms: list[str] = []
    alarmed = 0
    for number in numbers:
        exploration = Explorer(
            resolve.target(target, page=SMALL[on].page, chance=number),
            ExploreSettings(seed=number, examples=HISTORIES),
            resolve.all_oracles(),
            until=lambda finding: finding.verdict is Verdict.VIOLATED,
            shrinks=False,
        ).run()
        if exploration.result.interrupted:
            raise KeyboardInterrupt
        told = list(_alarms(exploration.result, steady=False))
        alarmed += bool(told)
        alarms += told
    return Explored(target, len(numbers), HISTORIES, tuple(alarms), alarmed)


def _alarms(result: CampaignResult, *, steady: bool) -> Iterator[str]:
    """Yield what is violated, with the command that shows it; of a steady target also what is not held."""
    for one in result.scenarios:
        for group in one.findings:
            if group.example.verdict is Verdict.VIOLATED:
                yield f"{result.repeat}: {group.example.oracle} in {one.name} by {group.example.channel}"
        if steady and one.verdict is Verdict.INCONCLUSIVE:
            yield f"{result.repeat}: {one.name} is inconclusive: {'; '.join(one.reasons)}"


class _Seen(Exception):  # noqa: N818 - no failure: what was looked for was found
    """Ends a campaign whose question is answered."""


class Trial:
    """One breakage under audit with one seed; `once`: until the oracle that must catch it does."""

    def __init__(self, broken: Breakage, on: str, seed: int, *, fresh: bool = True, once: bool = False) -> None:
        """Plant it; not `fresh` means in one world for all scenarios."""
        target = resolve.target(on, breakage=broken.name, page=SMALL[on].page)
        # Most users' targets have no way to begin anew.
        self._target = target if fresh else replace(target, start=None)
        self._settings = _small(seed, on)
        self._broken = broken
        self._once = once
        self._oracles = resolve.all_oracles()
        self._asked: set[str] = set()
        # By oracle; then by scenario, for the one that must catch it, the operation that showed it first.
        self._said: dict[str, set[Verdict]] = {}
        self._shown: dict[str, int] = {}
        self.crash = ""

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
            if one.own_crashed and one.first_crash and not self.crash:
                self.crash = f"{one.first_crash.kind}: {one.first_crash.message} ({one.first_crash.place})"

    @property
    def cells(self) -> dict[str, Cell]:
        """What each oracle said."""
        return {name: self._cell(name) for name in resolve.all_oracles()}

    @property
    def first(self) -> tuple[str, int] | None:
        """The scenario that showed it in the fewest operations to the oracle that must catch it, and how many."""
        return min(self._shown.items(), key=lambda pair: pair[1], default=None)

    def _cell(self, name: str) -> Cell:
        if name in self._said:
            return Cell.CAUGHT if Verdict.VIOLATED in self._said[name] else Cell.DOUBTED
        return Cell.MISSED if name in self._asked else Cell.NOT_EXERCISED

    def _watch(self, result: ScenarioResult) -> None:
        for (name, *_), group in result.groups.items():
            verdict = group.example.verdict
            if verdict is Verdict.HELD:
                continue
            self._said.setdefault(name, set()).add(verdict)
            if name == self._broken.caught_by and (verdict is Verdict.VIOLATED or self._broken.doubted):
                self._shown.setdefault(result.name, group.earliest)
                if self._once:
                    raise _Seen


def _was_asked(oracle: Oracle, result: ScenarioResult) -> bool:
    return result.compared if oracle.alone else not result.kinds.isdisjoint(oracle.judges)


def _small(seed: int, on: str) -> AuditSettings:
    return AuditSettings(
        seed=seed,
        users=USERS,
        facts=FACTS,
        probes=PROBES,
        crowd=SMALL[on].crowd,
        load=SMALL[on].load,
        fail_on=(FindingClass.TIMING,),
    )
