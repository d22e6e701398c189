"""What came of a campaign: what a report is made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ..base.locations import Location
from .audited import Audited, audited
from .causes import Found, in_order
from .channels import OF_A_MEMORY, OF_A_RESOURCE, Channel
from .findings import Finding, Verdict, worst_by_channel
from .operations import Chat
from .scenario_results import ScenarioResult
from .statistics import Bound
from .tallies import Tally, added

_Pairs: TypeAlias = dict[Channel, set[tuple[int, int]]]


@dataclass(slots=True)
class CampaignResult:
    """One campaign: its settings as plain values, its scenarios, and the time it took in seconds.

    `inside` is the part of `seconds` spent in the target's own calls; `left_behind` counts records of the campaign
    that could not be removed from a target that is not disposable. `methods_missing` are operations it has no method
    for, `uncalled` its other public methods, `possible` the channels that its methods make, `passed` the named
    arguments that each operation was called with, `places` where the user's own code has its method. `notes` are the
    target's sentences, `foremost` those that even the shortest report tells, `remedy` what mends a loss among others;
    `mem0`: mem0 is under the target. `preamble` are the lines that import it. `unsaid`: nobody said whether the
    target may be wiped. `keys`: how keys are spelt there, where callers choose them. `sessions`: users sign in there.
    """

    target: str
    seed: int
    settings: Mapping[str, object]
    versions: Mapping[str, str]
    repeat: str
    scenarios: list[ScenarioResult] = field(default_factory=list)
    required: tuple[Channel, ...] = ()
    seconds: float = 0.0
    inside: float = 0.0
    left_behind: int = 0
    tenant_prefix: str = ""
    methods_missing: tuple[Channel, ...] = ()
    uncalled: tuple[str, ...] = ()
    possible: tuple[Channel, ...] = OF_A_MEMORY
    passed: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    places: Mapping[Channel, Location] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    foremost: tuple[str, ...] = ()
    remedy: str = ""
    interrupted: bool = False
    location: Location | None = None
    mem0: bool = False
    preamble: tuple[str, ...] = ()
    unsaid: bool = False
    keys: str = ""
    sessions: bool = False
    by_file: bool = False

    @property
    def what(self) -> Audited:
        """What is audited."""
        return audited(keys=self.keys, by_file=self.by_file)

    @property
    def channels(self) -> dict[Channel, Verdict]:
        """The verdict on each channel that was exercised; the others are missing.

        Where errors were provoked and nothing else came back, other scenarios decide.
        """
        told = worst_by_channel(
            (channel, verdict)
            for one in self.scenarios
            for channel, verdict in one.channels.items()
            if channel not in one.only_provoked
        )
        provoked = worst_by_channel(
            (channel, Verdict.INCONCLUSIVE) for one in self.scenarios for channel in one.only_provoked
        )
        return {channel: {**provoked, **told}[channel] for channel in Channel if channel in {**provoked, **told}}

    @property
    def all_channels(self) -> tuple[Channel, ...]:
        """The channels that a target of this kind may have."""
        of_its_kind = OF_A_RESOURCE if self.keys else OF_A_MEMORY
        more = (one for one in self.possible if self.sessions and one not in of_its_kind)
        return (*of_its_kind, *more)

    @property
    def known(self) -> tuple[Channel, ...]:
        """The channels that the memory has: those that its methods make, and those that were judged all the same."""
        judged = self.channels
        return tuple(channel for channel in Channel if channel in judged or channel in self.possible)

    @property
    def tallies(self) -> dict[Channel, Tally]:
        """What became of the probes on each channel, over all scenarios."""
        return added(scenario.tallies for scenario in self.scenarios)

    @property
    def attacks(self) -> dict[str, Tally]:
        """What became of the probes of each class of attack that was tried, over all scenarios."""
        return added(scenario.attacks for scenario in self.scenarios)

    @property
    def bounds(self) -> dict[Channel, Bound]:
        """What the pairs of an observer and another that were answered on each channel say of the rate of leaks there.

        Refused and crashed probes do not count, nor one's own erased records, nor scenarios that are inconclusive. It
        holds for tenants and probes drawn as this campaign drew them, and takes the pairs as independent.
        """
        answered, leaked = self._pairs
        return {
            channel: Bound(len(answered[channel]), len(leaked[channel])) for channel in Channel if channel in answered
        }

    @property
    def bound(self) -> Bound:
        """The same over all channels."""
        answered, leaked = self._pairs
        return Bound(len(set().union(*answered.values())), len(set().union(*leaked.values())))

    @property
    def _pairs(self) -> tuple[_Pairs, _Pairs]:
        """Return the pairs that were answered, and of these the ones that leaked, by channel."""
        answered: _Pairs = {}
        leaked: _Pairs = {}
        for scenario in self.scenarios:
            if scenario.verdict in (Verdict.HELD, Verdict.VIOLATED):
                for channel, tally in scenario.tallies.items():
                    answered.setdefault(channel, set()).update(_of_two(tally.pairs))
                for channel, pairs in scenario.broken.items():
                    # What was seen where nobody had probed is a trial, too.
                    answered.setdefault(channel, set()).update(_of_two(pairs))
                    leaked.setdefault(channel, set()).update(_of_two(pairs))
        return answered, {channel: leaked.get(channel, set()) for channel in answered}

    @property
    def missing(self) -> tuple[Channel, ...]:
        """Channels that were required and not judged."""
        judged = {channel for channel, verdict in self.channels.items() if verdict is not Verdict.INCONCLUSIVE}
        return tuple(channel for channel in self.required if channel not in judged)

    @property
    def verdict(self) -> Verdict:
        """The verdict over all scenarios that were exercised."""
        verdicts = [scenario.verdict for scenario in self.scenarios if scenario.verdict is not None]
        if self.interrupted or self.missing or self.unsaid:
            verdicts.append(Verdict.INCONCLUSIVE)
        return Verdict.worst(verdicts)

    @property
    def thorough(self) -> bool:
        """Whether most of what could be asked was asked: else what held is no green light.

        Two thirds of the channels that the target's methods make were judged, half of the attacks were tried, and none
        was left out for the want of a permission.
        """
        judged = sum(verdict is not Verdict.INCONCLUSIVE for verdict in self.channels.values())
        tried = sum(scenario.not_exercised is None for scenario in self.scenarios)
        unpermitted = any(scenario.gap is not None and scenario.gap.unpermitted for scenario in self.scenarios)
        return 3 * judged >= 2 * len(self.possible) and 2 * tried >= len(self.scenarios) and not unpermitted

    @property
    def recall(self) -> tuple[int, int, int]:
        """Of the facts that were said to an extraction LLM and looked for, how many those are, and what was found.

        That is how many codes and how many names of them, each in the scenario that looked for it.
        """
        each = [scenario.recall for scenario in self.scenarios]
        found = sum(len(one.codes) for one in each), sum(len(one.names) for one in each)
        return sum(len(one.looked_for) for one in each), *found

    @property
    def crowded_out(self) -> bool:
        """Whether others' presence lost a tenant its own, or hid it from an answer."""
        told = (group.example for scenario in self.scenarios for group in scenario.findings)
        return any(one.verdict is Verdict.VIOLATED and (one.oracle == "lost" or one.hides_own) for one in told)

    def place(self, told: Finding) -> Location | None:
        """Return the line of the user's own code by which a finding crossed; None where that is not known."""
        operation = told.step.operation
        channel = Channel.ADD if isinstance(operation, Chat) else operation.channel
        return self.places.get(channel)

    @property
    def told(self) -> list[tuple[str, list[Found]]]:
        """The findings by cause, the one to tell first at the head."""
        return in_order((scenario, group) for scenario in self.scenarios for group in scenario.findings)

    @property
    def first_finding(self) -> Found | None:
        """The finding to tell first: that of the gravest cause under ordinary ids, in the shortest story."""
        return next((found[0] for _, found in self.told), None)


def _of_two(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the pairs of an observer and somebody else."""
    return {(observer, owner) for observer, owner in pairs if observer != owner}


def held(channels: Iterable[Verdict]) -> int:
    """Count the channels on which isolation held."""
    return sum(verdict is Verdict.HELD for verdict in channels)
