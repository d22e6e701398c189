"""An audit in several processes: each scenario in one of them, and one result of all, as of one process."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, partial

from ..base.errors import HarnessError, TargetError
from ..base.machine import fitting
from ..model.reasons import Reason
from ..model.results import CampaignResult
from ..model.scenario_results import Kind
from ..performing.contract import Target
from ..performing.permissions import permitted
from ..real_mem0.environment import keep_warnings_off_the_screen
from .audits import Audit, Watch, among, found_in
from .forecasts import estimated
from .kept import Known
from .merging import merge
from .portions import Portions, pack, unpack
from .settings import HISTORIES, AuditSettings
from .workers import Workers

# So often a scenario is tried whose process ends.
_TRIES = 2
# In seconds: what is shorter would be done before the processes have begun.
_LONG = 20.0
_ALONE = "take one process, `-n 1`"


@dataclass(frozen=True, slots=True)
class Job:
    """What every process is told: what is audited, how, by which command, and what a baseline accepts."""

    target: str
    settings: AuditSettings
    repeat: str
    known: Known


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a portion, packed; `problem` is why the target could not be had, `found`: histories found something.

    With `problem` and no `name` it is what a process could not close.
    """

    name: str
    packed: str = ""
    problem: str = ""
    found: bool = False


@dataclass(slots=True)
class SideBySide:
    """Runs an audit's scenarios in `count` processes; each has a target of its own.

    `tell` is given a sentence whenever a process has ended before its scenario: that is tried once more, and is then
    inconclusive. The result is that of `whole` in one process, but for times.
    """

    whole: Audit
    job: Job
    count: int
    tell: Callable[[str], object] = lambda _: None
    _deaths: Counter[str] = field(default_factory=Counter)
    _problems: list[str] = field(default_factory=list)
    _parts: dict[str, CampaignResult] = field(default_factory=dict)
    # Which of them never had a target, and why.
    _unopened: dict[str, str] = field(default_factory=dict)
    _found_by_histories: bool = False

    def run(self, watch: Watch = lambda _: None) -> CampaignResult:
        """Run everything; `watch` is called with the result of each scenario. As of an Audit otherwise.

        Raises TargetError where the target could be started for none, HarnessError where a scenario is broken.
        """
        started = time.perf_counter()
        interrupted = False
        try:
            self._take(self._tasks(), watch)
            self._take(self._again(), watch)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            # Nothing was begun in this process, so what cannot be closed here is no news.
            self.whole.close()
        if self._unopened and len(self._unopened) == len(self._parts):
            raise TargetError(next(iter(self._unopened.values())))
        if not any(part.scenarios for part in self._parts.values()):
            return replace(self.whole.campaign.result, interrupted=True, warnings=self._problems)
        merged = merge(
            self._parts.values(), self.job.settings, self.job.repeat, self._problems, interrupted=interrupted
        )
        return replace(merged, seconds=time.perf_counter() - started)

    def _tasks(self) -> Iterator[Callable[[], Part]]:
        """Yield the portions, those that make most calls first: so none is left for last that takes long."""
        lengths = [(length, name) for name, length in self.whole.planned() if length or name != HISTORIES]
        for _, name in sorted(lengths, reverse=True):
            yield partial(_perform, self.job, name)

    def _again(self) -> Iterator[Callable[[], Part]]:
        """Yield the histories once more where they have found something: it is known now what scenarios have found."""
        if self._found_by_histories:
            scenarios = [one for part in self._parts.values() for one in part.scenarios if one.name != HISTORIES]
            yield partial(_explore_beside, self.job, HISTORIES, found_in(scenarios))

    def _take(self, tasks: Iterator[Callable[[], Part]], watch: Watch) -> None:
        for part in Workers(self.count, lost=self._lost, last=partial(_close, self.job))(tasks):
            self._keep(part, watch)

    def _keep(self, part: Part, watch: Watch) -> None:
        if not part.name:
            self._problems += [part.problem] if part.problem else []
            return
        self._found_by_histories |= part.found
        result = unpack(part.packed)
        before = self._parts.get(part.name)
        if before is not None and before.scenarios:
            # Histories that were run again: what the first time found is worth more than an end before the second's.
            scenario = next(iter(result.scenarios), None)
            whole = scenario is not None and not scenario.interrupted and scenario.failure is None
            result = result if whole else before
            left = [*before.warnings, *result.warnings] if whole else before.warnings
            result = replace(result, left_behind=before.left_behind + result.left_behind * whole, warnings=left)
        self._parts[part.name] = result
        if part.problem:
            self._unopened[part.name] = part.problem
        for scenario in result.scenarios:
            watch(scenario)

    def _lost(self, task: Callable[[], object], how: str) -> Part | None:
        """Tell of a process that has ended; return None where its scenario is to be tried again."""
        name = next(iter(task.args[1:]), "") if isinstance(task, partial) else ""
        if not name:
            return Part("", problem=f"a process ended while it closed the target ({how})")
        self._deaths[name] += 1
        told = f"the process that ran {name} ended ({how})"
        if self._deaths[name] < _TRIES:
            self.tell(f"{told}: it is tried once more")
            return None
        self.tell(f"{told} again: it is left open")
        return Part(name, pack(Portions(self.job.target, self.job.settings).failed(name, Reason.ENDED.told())))


def processes(target: Target, settings: AuditSettings, said: int | None, parts: int) -> int:
    """Return in how many processes an audit runs: as many as are `said`, else one for each core, if it can and is long.

    Never more than it has `parts`. Raises HarnessError where more than one are said, and it cannot.
    """
    target = permitted(target, disposable=settings.disposable, allow_destructive=settings.allow_destructive)
    obstacle = _obstacle(target, settings)
    if said is not None and said > 1 and obstacle:
        raise HarnessError(obstacle)
    if said is not None:
        return min(said, parts)
    seconds = estimated(target.name, users=settings.users, facts=settings.facts, scenarios=parts)
    return min(fitting(), parts) if target.separate and not obstacle and seconds > _LONG else 1


def _obstacle(target: Target, settings: AuditSettings) -> str:
    if settings.switched:
        return f"the time of an answer is measured, and other processes would disturb that: {_ALONE}"
    if settings.max_requests is not None or (target.spent is not None and not target.separate):
        return f"requests are counted in one process: {_ALONE}"
    changed = target.disposable or settings.allow_destructive or any((target.start, target.expire))
    if not changed or target.separate:
        return ""
    told = f"each process would change what the others have stored in {target.name}: {_ALONE}"
    return told if target.by_file else f"{told}; if each has a store of its own, say `separate = True` on the target"


@cache
def _portions(job: Job) -> Portions:
    """Return those of this process."""
    keep_warnings_off_the_screen()
    return Portions(job.target, job.settings)


def _perform(job: Job, name: str) -> Part:
    """Run a scenario, or the histories: they are not made small before it is known what scenarios have found."""
    portions = _portions(job)
    try:
        if name != HISTORIES:
            return Part(name, pack(portions.run(name)))
        exploration = portions.explore(told=lambda *_: False, shrinks=False)
        return Part(name, pack(exploration.result), found=bool(exploration.first))
    except TargetError as error:
        return _unopened(job, name, error)


def _explore_beside(job: Job, name: str, found: frozenset[Kind]) -> Part:
    """Run the histories, and make small what no scenario has found."""
    try:
        return Part(name, pack(_portions(job).explore(told=among(found), known=job.known).result))
    except TargetError as error:
        return _unopened(job, name, error)


def _unopened(job: Job, name: str, error: TargetError) -> Part:
    return Part(name, pack(_portions(job).failed(name, Reason.FAILED.told(error=error))), str(error))


def _close(job: Job) -> Part:
    """Close this process's target."""
    return Part("", problem=_portions(job).close() or "")
