"""What `memfence doctor` does: it looks at a target as an audit would meet it, and attacks nobody."""

import inspect
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..judging.attribution import CanaryAttributor
from ..model.canaries import TENANTS
from ..model.channels import Channel
from ..model.diagnoses import Came, Diagnosis, Kind, Line, Want
from ..model.gaps import Gap
from ..model.operations import Operation, is_probe
from ..performing.awaiting import Awaiter
from ..performing.contract import METHODS, Memory, Target
from ..performing.driving import either
from ..performing.first_calls import FirstCalls, try_ids, try_unknown
from ..performing.offers import named
from ..performing.permissions import permitted
from ..performing.redaction import Redaction
from ..performing.worlds import Worlds, close
from ..plans.population import Population
from ..plans.scenario import Scenario
from . import resolve
from .audits import Audit, chosen
from .durations import Pace, about
from .settings import AuditSettings
from .ways_out import giving, lacking, obstacle, permission

# Who stores and looks, and who stores beside that; the tenants before those of any crowd, and in no audit.
_USERS = 2
# So many records are piled up beside, where they can be removed: what a call costs more then, a full store costs.
_PILE = 40
# What the harness passes where a signature names it.
_KNOWN = frozenset({"filters", "metadata", "infer", "top_k", "limit", "threshold"})
_READ_BY_ID = frozenset({Channel.GET, Channel.HISTORY})
_WRITE_BY_ID = frozenset({Channel.UPDATE, Channel.DELETE})
# What a target says of itself beside its memories.
_SAID = (
    "start", "reopen", "storage", "caches", "prompts", "make_async_memory", "load", "reset", "async_reset", "flush",
    "close", "spent", "settle", "refusals", "may_forget", "never_wiped",
)  # fmt: skip


def diagnose(target: Target, settings: AuditSettings, *, calls: bool = True) -> Diagnosis:
    """Return what there is to say of a target before an audit with these settings; what was stored is removed.

    Without `calls` its memories are made, and none is called. Raises TargetError where the target makes no memory,
    HarnessError where the settings do not fit it.
    """
    target = permitted(target, disposable=settings.disposable, allow_destructive=settings.allow_destructive)
    audit = Audit(target, settings, resolve.all_oracles(), repeat="")
    awaiter = Awaiter()
    try:
        return _Doctor(target, settings, audit, awaiter).diagnosis(calls=calls)
    finally:
        close(target, awaiter)
        awaiter.close()


class _Doctor:
    def __init__(self, target: Target, settings: AuditSettings, audit: Audit, awaiter: Awaiter) -> None:
        self._target = target
        self._settings = settings
        self._audit = audit
        self._awaiter = awaiter
        first = TENANTS - settings.load - _USERS
        form = settings.id_form or target.id_form
        self._users = Population(settings.seed, _USERS, settings.facts, first=first, id_form=form, keys=target.keys)
        attributor = CanaryAttributor(self._users)
        shown = settings.show_content or settings.allow_destructive or bool(target.disposable)
        self._keep = str if shown else Redaction(self._users, attributor)
        self._world: float | None = None
        # What it stores it removes, wherever that is.
        careful = replace(target, disposable=False, shows_errors=shown)
        self._worlds = Worlds(
            careful,
            settle=settings.settle,
            top_k=settings.top_k,
            keep=self._keep,
            ours=lambda text: bool(attributor.content(text)),
            awaiter=awaiter,
        )

    def diagnosis(self, *, calls: bool) -> Diagnosis:
        """Look at the target in a world of its own."""
        user, neighbour = self._users
        neighbour = replace(neighbour, facts=tuple(self._users.facts_of(neighbour.index, range(_PILE))))
        if self._worlds.fresh:
            # The first start is no measure: what is imported then is not the next time.
            with self._worlds.open(()):
                pass
        began = time.perf_counter()
        with self._worlds.open((user, neighbour)) as executor:
            self._world = time.perf_counter() - began if self._worlds.fresh else None
            available = self._worlds.available(executor, user)
            first = FirstCalls(executor, self._awaiter, available)
            if calls and Channel.ADD in available:
                first.make(user, neighbour, removable=bool(self._target.disposable) or Channel.DELETE in available)
            looks = available if calls and self._target.disposable else frozenset[str]()
            ids = try_ids(executor, self._target, user, looks, self._keep)
            # Before nothing was stored, an error says nothing of ids.
            unknown = try_unknown(executor, user, available) if first.stored else ()
            methods = _methods(executor.memory(user), available)
        found = self._of(available, methods)
        tried = replace(
            found,
            calls=first.calls,
            add_told=first.add_told,
            stored=first.stored,
            ids_told=first.ids_told,
            labelled=first.labelled,
            piled=first.piled,
            ids=ids,
            unknown=unknown,
            left_behind=0 if self._target.disposable else self._worlds.left_behind,
            prefix=self._users.prefix,
        )
        wanted = tuple(self._wants(tried, available))
        operations, seconds = self._duration(tried, available)
        return replace(tried, wants=wanted, operations=operations, seconds=seconds)

    def _of(self, available: frozenset[str], methods: Mapping[Channel, tuple[str, ...]]) -> Diagnosis:
        target, settings = self._target, self._settings
        scenarios = chosen(settings, target)
        why = {one.name: obstacle(one, available, target, settings) for one in scenarios}
        meant = [one.name for one in scenarios if one.under(settings.allowed) is None]
        return Diagnosis(
            target=target.name,
            kind=_kind(target),
            methods=methods,
            offers=tuple(name for name in _SAID if getattr(target, name) not in (None, False, (), 0.0)),
            disposable=target.disposable,
            said_by=_said(target, settings),
            destroys=self._may_destroy,
            never_wiped=target.never_wiped,
            mem0=target.mem0,
            attacks=tuple(name for name, told in why.items() if told is None),
            lines=tuple(self._lines([one for one in scenarios if why[one.name] and one.name not in meant], available)),
            allowed=tuple(meant),
            judged=self._judged([one for one in scenarios if why[one.name] is None], available),
            histories=settings.histories,
            required=settings.require,
            uncalled=self._worlds.uncalled,
            keys=target.keys,
            refusals=tuple(kind.__name__ for kind in target.refusals),
        )

    def _lines(self, left: Iterable[Scenario], available: frozenset[str]) -> list[Line]:
        """Return each line that an attack waits for; who waits for two stands under both."""
        waiting: dict[tuple[str, ...], list[Scenario]] = {}
        for scenario in left:
            for choice in lacking(scenario, available):
                waiting.setdefault(choice, []).append(scenario)
            if scenario.destructive and not self._may_destroy:
                waiting.setdefault((), []).append(scenario)
        return [
            Line(
                choice,
                Gap(
                    giving(choice, self._target) if choice else permission(self._target),
                    unpermitted=not choice,
                    destructive=any(one.destructive for one in scenarios),
                ),
                tuple(one.name for one in scenarios),
            )
            for choice, scenarios in waiting.items()
        ]

    @property
    def _may_destroy(self) -> bool:
        return bool(self._target.disposable) or self._settings.allow_destructive

    @property
    def _by_id(self) -> frozenset[str]:
        """The calls by a record's id that attacks will make."""
        return _READ_BY_ID | (_WRITE_BY_ID if self._may_destroy else frozenset())

    def _wants(self, tried: Diagnosis, available: frozenset[str]) -> Iterable[Want]:
        """Yield what stands between an audit and a full answer, the gravest first."""
        if not tried.stored or tried.add_told:
            yield Want.ADD
        elif any(call.came is not Came.FOUND for call in tried.calls):
            yield Want.READ
        elif tried.ids_told < tried.stored and not self._by_id.isdisjoint(available):
            yield Want.IDS
        if not tried.attacks:
            yield Want.NOTHING
        if set(tried.required) - set(tried.judged):
            yield Want.REQUIRED
        if tried.own_errors:
            yield Want.OWN_ERRORS
        if tried.disposable is None and not tried.never_wiped:
            yield Want.DISPOSABLE

    def _judged(self, scenarios: Iterable[Scenario], available: frozenset[str]) -> tuple[Channel, ...]:
        """Return the channels by which these scenarios reach for others' records."""
        found: set[Channel] = set()
        for scenario in scenarios:
            asked = self._asked(scenario, available)
            found |= {operation.way for operation in asked if is_probe(operation)}
            found |= {Channel.ERRORS} if scenario.reads_errors else set()
        return tuple(channel for channel in Channel if channel in found)

    def _asked(self, scenario: Scenario, available: frozenset[str]) -> Iterator[Operation]:
        """Yield a scenario's operations, but for what the target has no way to do."""
        for operation in scenario.asked(self._audit.campaign.population(scenario)):
            fitting = either(operation, available)
            if fitting is not None:
                yield fitting

    def _duration(self, tried: Diagnosis, available: frozenset[str]) -> tuple[int, float]:
        if not tried.calls:
            return 0, 0.0
        settings = self._settings
        scenarios = [one for one in chosen(settings, self._target) if one.name in tried.attacks]
        made = [Counter(operation.channel for operation in self._asked(one, available)) for one in scenarios]
        pace = Pace(tried.calls, tried.piled)
        return about(made, settings.histories, settings.steps, pace, self._world)


def _said(target: Target, settings: AuditSettings) -> str:
    """Return who says whether the store may be wiped."""
    if settings.disposable is not None:
        return "the command line or [tool.memfence]"
    return "" if target.disposable is None else "the target"


def _kind(target: Target) -> Kind:
    if isinstance(target.make_memory, type):
        return Kind.CLASS
    if ":" in target.name and target.by_file:
        return Kind.FILE
    return Kind.OBJECT if inspect.ismethod(target.make_memory) else Kind.FUNCTION


def _methods(memory: Memory, available: frozenset[str]) -> dict[Channel, tuple[str, ...]]:
    """Return the methods of a memory, each with the named arguments that the harness knows of."""
    return {
        channel: tuple(sorted(_KNOWN & named(getattr(memory, channel)))) for channel in METHODS if channel in available
    }
