"""An audit in portions: one scenario at a time, in any process and any order, and merged into one result."""

import pickle
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import replace

from ..model.reasons import Told
from ..model.results import CampaignResult
from ..performing.awaiting import Awaiter
from ..performing.contract import Target, adapt
from ..performing.worlds import close
from ..real_mem0.environment import keep_to_ourselves
from . import resolve
from .audits import Audit, chosen
from .campaign import Campaign
from .explorations import part_of
from .merging import failed, merge
from .settings import HISTORIES, AuditSettings


class Portions:
    """Runs scenarios of one audit, and its histories, in this process, each as in the whole: with its own tenants.

    Each has a target of its own. An object or a function of the user's is there once: it is closed at the end, and one
    event loop serves all portions, for what it binds to that.
    """

    def __init__(self, target: str, settings: AuditSettings) -> None:
        """Take the target's name; nothing is imported yet."""
        self._name = target
        self._settings = settings
        self._awaiter = Awaiter()
        self._shared: Target | None = None

    def run(self, scenario: str) -> CampaignResult:
        """Run one scenario, or the histories; raises HarnessError where target or scenario cannot be had or begun."""
        keep_to_ourselves()
        if scenario == HISTORIES:
            from .exploring import Explorer  # noqa: PLC0415 - Hypothesis, which the scenarios do without

            settings = part_of(self._settings)
            explorer = Explorer(self.target(), settings, resolve.all_oracles(), awaiter=self._awaiter)
            return explorer.run().result
        campaign = Campaign(
            self.target(),
            resolve.scenarios([scenario]),
            self._of(scenario),
            resolve.all_oracles(),
            catalogue=resolve.all_scenarios(),
            awaiter=self._awaiter,
        )
        return campaign.run()

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
        # Nobody's code but an application's own lies behind it.
        if "app" in place or ":" not in self._name or isinstance(resolve.load(self._name), type):
            return made
        self._shared = made
        return replace(made, close=None)

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
