"""An audit: a target under scenarios, then under generated histories, told as one result."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeAlias

from ..base.errors import Spent, TargetError, UnknownNameError
from ..judging.oracles import Oracle
from ..model.findings import Verdict
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.scenario_results import Kind, ScenarioResult, kind_of
from ..performing.awaiting import Awaiter
from ..performing.contract import Target
from ..performing.worlds import close
from ..plans.scenario import Scenario
from . import policies, resolve
from .campaign import Campaign
from .explorations import Exploration, part_of
from .kept import Known
from .merging import failed, merge
from .settings import HISTORIES, AuditSettings

Watch: TypeAlias = Callable[[ScenarioResult], None]


class Audit:
    """Runs one audit in this process: the chosen scenarios, then as many histories as the settings say.

    What a scenario has found is not made small again where a history finds it, too.
    """

    def __init__(
        self,
        target: Target,
        settings: AuditSettings,
        oracles: Mapping[str, Oracle],
        *,
        repeat: str,
        known: Known = lambda *_: False,
    ) -> None:
        """Take the target, and the command that `repeat`s the audit; `known` is as of an Explorer.

        Raises HarnessError where the settings do not fit the target, or name a scenario that there is not.
        """
        oracles = policies.judged(oracles, settings)
        self._target = target
        # It is closed once, when all is over.
        self._open = replace(target, close=None)
        self._settings = settings
        self._oracles = oracles
        self._repeat = repeat
        self._known = known
        self._awaiter = Awaiter()
        self.campaign = Campaign(
            self._open,
            chosen(settings, target),
            settings,
            oracles,
            catalogue=resolve.all_scenarios(),
            awaiter=self._awaiter,
        )

    @property
    def parts(self) -> int:
        """How many scenarios it has, the histories among them."""
        return len(chosen(self._settings, self._target)) + bool(self._settings.histories)

    def planned(self) -> Iterator[tuple[str, int]]:
        """Yield how many operations each scenario makes, by name, and about how many all histories make.

        With many users each takes a while.
        """
        for one in chosen(self._settings, self._target):
            yield one.name, one.length(self.campaign.population(one))
        yield HISTORIES, self._settings.histories * self._settings.steps

    def run(self, watch: Watch = lambda _: None) -> CampaignResult:
        """Run everything; Ctrl-C ends it with what was found so far.

        `watch` is called with a scenario's result, or that of the histories, whenever there is news of it. Raises
        TargetError where the target cannot be started, HarnessError where a scenario is broken.
        """
        parts: list[CampaignResult] = []
        problem: str | None = None
        try:
            parts.append(self.campaign.run(watch))
            if self._settings.histories and not parts[0].interrupted:
                parts.append(self._explore(parts[0], watch))
        finally:
            problem = self.close()
        problems = [problem] if problem else []
        if not any(part.scenarios for part in parts):
            return replace(parts[0], warnings=[*parts[0].warnings, *problems])
        return merge(parts, self._settings, self._repeat, problems)

    def close(self) -> str | None:
        """Close the target, as `run` does at its end; return what went wrong with that."""
        try:
            return close(self._target, self._awaiter)
        finally:
            self._awaiter.close()

    def _explore(self, told: CampaignResult, watch: Watch) -> CampaignResult:
        from .exploring import Explorer  # noqa: PLC0415 - Hypothesis, which scenarios alone do without

        explorer = Explorer(
            self._open,
            part_of(self._settings),
            self._oracles,
            known=self._known,
            told=among(found_in(told.scenarios)),
            awaiter=self._awaiter,
        )

        def show(exploration: Exploration) -> None:
            watch(exploration.result.scenarios[0])

        try:
            return explorer.run(show).result
        except TargetError as error:
            if not told.scenarios:
                raise
            # What the scenarios found is worth more than a clean exit.
            reason = Reason.FAILED.told(error=error)
        except Spent as why:
            reason = Reason.STOPPED.told(why=why)
        return failed(self._target.name, HISTORIES, self._settings, reason)


def chosen(settings: AuditSettings, target: Target | None = None) -> list[Scenario]:
    """Return the scenarios of an audit: those for this kind of target, all where None, unless some are chosen.

    Raises UnknownNameError.
    """
    known = resolve.all_scenarios()
    for name in settings.scenarios:
        if name not in (*known, HISTORIES):
            raise UnknownNameError(name, kind="scenario", choices=[*known, HISTORIES])
    named = [name for name in settings.scenarios if name in known]
    if settings.scenarios:
        return resolve.scenarios(named, settings.switched) if named else []
    every = resolve.scenarios((), settings.switched)
    return [one for one in every if target is None or one.fits(target.keys, sessions=target.sessions)]


def found_in(scenarios: Iterable[ScenarioResult]) -> frozenset[Kind]:
    """Return what kinds of findings scenarios have made, but for those that leave a verdict open."""
    return frozenset(
        kind_of(one.example, one.family)
        for scenario in scenarios
        for one in scenario.findings
        if one.example.verdict is Verdict.VIOLATED
    )


def among(found: frozenset[Kind]) -> Known:
    """Return what tells whether a finding is one of these: under this class of attack, or under none."""
    return lambda finding, family: kind_of(finding, family) in found or kind_of(finding) in found
