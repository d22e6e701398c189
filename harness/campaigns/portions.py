"""An audit in portions: one scenario at a time, in any process and any order, and merged into one result."""

import pickle
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..judging.oracles import Oracle
from ..model.reasons import Told
from ..model.results import CampaignResult
from ..performing.awaiting import Awaiter
from ..performing.contract import Target, adapt
from ..performing.worlds import close
from ..real_mem0.environment import keep_to_ourselves
from . import policies, resolve
from .audits import Audit, chosen
from .campaign import Campaign
from .explorations import Exploration, part_of
from .kept import Known
from .merging import failed, merge
from .settings import HISTORIES, AuditSettings


class Portions:
    """Runs scenarios of one audit, and its histories, in this process, each as in the whole: with its own tenants.

    They share one target, which is closed at the end, and one event loop, for what it binds to that.
    """

    def __init__(self, target: str, settings: AuditSettings) -> None:
        """Take the target's name; nothing is imported yet."""
        self._name = target
        self._settings = settings
        self._awaiter = Awaiter()
        self._target: Target | None = None

    def run(self, scenario: str) -> CampaignResult:
        """Run one scenario, or the histories; raises HarnessError where target or scenario cannot be had or begun."""
        if scenario == HISTORIES:
            return self.explore().result
        campaign = Campaign(
            self._opened(),
            resolve.scenarios([scenario]),
            self._of(scenario),
            self._oracles(),
            catalogue=resolve.all_scenarios(),
            awaiter=self._awaiter,
        )
        return campaign.run()

    def explore(
        self, *, told: Known | None = None, known: Known = lambda *_: False, shrinks: bool = True
    ) -> Exploration:
        """Run the histories; `told`, `known` and `shrinks` are as of an Explorer.

        Without `told`, as in `run`, there are no scenarios beside them.
        """
        from .exploring import Explorer  # noqa: PLC0415 - Hypothesis, which the scenarios do without

        explorer = Explorer(
            self._opened(),
            part_of(self._settings),
            self._oracles(),
            known=known,
            told=told,
            shrinks=shrinks,
            awaiter=self._awaiter,
        )
        return explorer.run()

    def failed(self, scenario: str, reason: Told) -> CampaignResult:
        """Return the result of a scenario that could not be carried out."""
        return failed(self._name, scenario, self._of(scenario), reason)

    def merge(
        self, portions: Iterable[CampaignResult], problems: Iterable[str] = (), *, interrupted: bool = False
    ) -> CampaignResult:
        """Return one result as of the whole audit; it needs at least one portion.

        `problems` are what `close` returned, wherever portions were run; `interrupted`: not all of them were.
        """
        parts = list(portions)
        ran = {scenario.name for part in parts for scenario in part.scenarios}
        whole = ran == set(_every(self._settings))
        settings = self._settings if whole else replace(self._settings, scenarios=tuple(sorted(ran)))
        return merge(parts, settings, settings.command(self._name), problems, interrupted=interrupted)

    def close(self) -> str | None:
        """Close the target; return what went wrong with that."""
        try:
            return close(self._target, self._awaiter) if self._target else None
        finally:
            self._awaiter.close()

    def _opened(self) -> Target:
        keep_to_ourselves()
        if self._target is None:
            said = self._settings
            self._target = resolve.target(
                self._name,
                breakage=said.breakage,
                wrapper=said.wrapper,
                max_requests=said.max_requests,
                **resolve.placed(self._name, **said.place),
            )
        return replace(self._target, close=None)

    def _oracles(self) -> Mapping[str, Oracle]:
        return policies.judged(resolve.all_oracles(), self._settings)

    def _of(self, scenario: str) -> AuditSettings:
        # Whether a required channel was judged is known when all portions are there.
        return replace(self._settings, scenarios=(scenario,), require=())


def audit_object(thing: object, name: str, settings: AuditSettings, *, repeat: str) -> CampaignResult:
    """Audit a function from user id to memory, or a target object, at once; `repeat` is the command that does it again.

    Raises HarnessError as a Campaign does.
    """
    keep_to_ourselves()
    if not settings.scenarios:
        # Named one by one, so that no scenario is added to a command that knows none.
        settings = replace(settings, scenarios=_every(settings, adapt(thing, name)))
    return Audit(adapt(thing, name), settings, resolve.all_oracles(), repeat=repeat).run()


def _every(settings: AuditSettings, target: Target | None = None) -> tuple[str, ...]:
    """Return the names of all that an audit of the target runs where nothing is named, None if it is not known yet."""
    settings = replace(settings, scenarios=())
    every = [one.name for one in chosen(settings, target)]
    return (*every, *([HISTORIES] if settings.histories else []))


def pack(result: CampaignResult) -> str:
    """Return a result as text that another process can unpack."""
    # A read-only view cannot be sent.
    result = replace(result, versions=dict(result.versions))
    return b64encode(pickle.dumps(result)).decode("ascii")


def unpack(packed: str) -> CampaignResult:
    """Return the result that `pack` was given, in a process that this one started or that started this one."""
    result: CampaignResult = pickle.loads(b64decode(packed))  # noqa: S301 - from our own worker, which runs our code
    return result
