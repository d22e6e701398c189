"""An audit in portions: one scenario at a time, in any process and any order, and merged into one result."""

import pickle
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace

from ..base.versions import versions
from ..model.channels import Channel
from ..model.reasons import Told
from ..model.results import CampaignResult
from ..model.scenario_results import ScenarioResult
from ..performing.awaiting import Awaiter
from ..performing.contract import Target, adapt
from ..performing.worlds import close
from ..real_mem0.environment import keep_to_ourselves
from . import resolve
from .campaign import Campaign
from .explorations import MACHINE, SUMMARY, ExploreSettings
from .settings import AuditSettings


class Portions:
    """Runs scenarios of one audit, and the machine, in this process, each as in the whole audit: with its own tenants.

    Each has a target of its own. An object or a function of the user's is there once: it is closed at the end, and one
    event loop serves all portions, for what it binds to that.
    """

    def __init__(self, target: str, settings: AuditSettings, **amounts: int) -> None:
        """Take the target's name; nothing is imported yet. `amounts` are the machine's `examples` and `steps`."""
        self._name = target
        self._amounts = amounts
        self._settings = settings
        self._awaiter = Awaiter()
        self._shared: Target | None = None

    def run(self, scenario: str) -> CampaignResult:
        """Run one scenario, or the machine; raises HarnessError where target or scenario cannot be had or begun."""
        keep_to_ourselves()
        if scenario == MACHINE:
            from .exploring import Explorer  # noqa: PLC0415 - Hypothesis, which the scenarios do without

            explorer = Explorer(self.target(), self._exploring, resolve.all_oracles(), awaiter=self._awaiter)
            return explorer.run().result
        settings = self._of(scenario)
        campaign = Campaign(
            self.target(),
            resolve.scenarios([scenario]),
            settings,
            resolve.all_oracles(),
            catalogue=resolve.all_scenarios(),
            awaiter=self._awaiter,
        )
        return campaign.run()

    def failed(self, scenario: str, reason: Told) -> CampaignResult:
        """Return the result of a scenario that could not be carried out."""
        settings = self._of(scenario)
        return CampaignResult(
            target=self._name,
            seed=settings.seed,
            settings=settings.as_dict(),
            versions=versions(),
            repeat=settings.command(self._name),
            scenarios=[ScenarioResult(scenario, self._summary(scenario), failure=reason)],
        )

    def merge(
        self, portions: Iterable[CampaignResult], problems: Iterable[str] = (), *, interrupted: bool = False
    ) -> CampaignResult:
        """Return one result as of the whole audit, the scenarios in alphabetical order; it needs at least one portion.

        `problems` are what `close` returned, wherever portions were run; `interrupted`: not all of them were.
        """
        parts = sorted(portions, key=lambda part: part.scenarios[0].name)
        ran = tuple(scenario.name for part in parts for scenario in part.scenarios if scenario.name != MACHINE)
        settings = replace(self._settings, scenarios=() if set(ran) == set(resolve.all_scenarios()) else ran)
        passed: dict[Channel, Mapping[str, object]] = {}
        for part in parts:
            passed |= part.passed
        # A portion that failed before it began knows less of the target than the others.
        told = max(parts, key=lambda part: (bool(part.tenant_prefix), part.scenarios[0].name != MACHINE))
        return replace(
            told,
            settings=settings.as_dict(),
            repeat=settings.command(self._name),
            scenarios=[scenario for part in parts for scenario in part.scenarios],
            required=settings.require,
            seconds=sum(part.seconds for part in parts),
            inside=sum(part.inside for part in parts),
            left_behind=sum(part.left_behind for part in parts),
            methods_missing=next((part.methods_missing for part in parts if part.methods_missing), ()),
            possible=min((part.possible for part in parts), key=len),
            passed=passed,
            warnings=list(dict.fromkeys([*(warning for part in parts for warning in part.warnings), *problems])),
            interrupted=interrupted or any(part.interrupted for part in parts),
        )

    def close(self) -> str | None:
        """Close what all portions shared; return what went wrong with that."""
        try:
            return close(self._shared, self._awaiter) if self._shared else None
        finally:
            self._awaiter.close()

    def target(self) -> Target:
        """Return a target for one portion; raises HarnessError where it cannot be had."""
        said = self._settings
        place = resolve.placed(self._name, **said.place)
        made = resolve.target(
            self._name, breakage=said.breakage, wrapper=said.wrapper, max_requests=said.max_requests, **place
        )
        if ":" not in self._name or isinstance(resolve.load(self._name), type):
            return made
        self._shared = made
        return replace(made, close=None)

    @property
    def _exploring(self) -> ExploreSettings:
        said = self._settings
        shared = {one.name for one in fields(ExploreSettings)} & {one.name for one in fields(AuditSettings)}
        return ExploreSettings(**{**{name: getattr(said, name) for name in shared}, **self._amounts})

    @staticmethod
    def _summary(scenario: str) -> str:
        return SUMMARY if scenario == MACHINE else resolve.all_scenarios()[scenario].summary

    def _of(self, scenario: str) -> AuditSettings:
        # Whether a required channel was judged is known when all portions are there.
        return replace(self._settings, scenarios=(scenario,), require=())


def audit_object(thing: object, name: str, settings: AuditSettings, *, repeat: str) -> CampaignResult:
    """Audit a function from user id to memory, or a target object, at once; `repeat` is the command that does it again.

    Raises HarnessError as a Campaign does.
    """
    keep_to_ourselves()
    chosen = resolve.scenarios(settings.scenarios)
    # Named one by one, so that no scenario is added to a command that knows none.
    settings = replace(settings, scenarios=tuple(one.name for one in chosen))
    campaign = Campaign(adapt(thing, name), chosen, settings, resolve.all_oracles(), catalogue=resolve.all_scenarios())
    campaign.result.repeat = repeat
    return campaign.run()


def pack(result: CampaignResult) -> str:
    """Return a result as text that another process can unpack."""
    # A read-only view cannot be sent.
    result = replace(result, versions=dict(result.versions))
    return b64encode(pickle.dumps(result)).decode("ascii")


def unpack(packed: str) -> CampaignResult:
    """Return the result that `pack` was given, in a process that this one started or that started this one."""
    result: CampaignResult = pickle.loads(b64decode(packed))  # noqa: S301 - from our own worker, which runs our code
    return result
