"""Worlds: a target, started and empty where it can be, opened as often as a campaign needs one."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Self

from ..base import under_way
from ..base.errors import HarnessError, TargetError
from ..base.locations import Location, locate_in
from ..base.wording import in_one_line
from ..model.channels import Channel
from ..model.tenants import Tenant
from .awaiting import Awaiter
from .contract import FAILURES, METHODS, Memory, Target
from .executor import Executor
from .offers import methods, named, offered, uncalled

# A place in mem0 or in our wrappers tells a user nothing about their own code.
_NOT_THE_USERS = frozenset({"mem0", "memfence"})


class Worlds:
    """Opens worlds of one target, all in one event loop, and removes what was written where it must not stay.

    `inside` is the time spent in the target's own calls, in seconds; `left_behind` counts facts that could not be
    removed; `passed` holds the named arguments that each operation was called with, `uncalled` its methods
    that nothing calls, `places` where the user's own code
    has the method of each.
    """

    def __init__(
        self,
        target: Target,
        *,
        settle: float,
        top_k: int | None,
        keep: Callable[[str], str],
        ours: Callable[[str], bool],
        awaiter: Awaiter | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take the target.

        `keep` replaces texts that must not be kept, unless the target is disposable; `ours` tells whether a text
        holds a mark of the campaign. `awaiter` is a loop that outlives this campaign; left out, it has its own.
        """
        self.inside = 0.0
        self.left_behind = 0
        self.passed: dict[str, Mapping[str, object]] = {}
        self.places: dict[Channel, Location] = {}
        self.uncalled: tuple[str, ...] = ()
        self._target = target
        self._settle = max(settle, target.settle)
        self._top_k = top_k
        self._keep = str if target.disposable else keep
        self._ours = ours
        self._clock = clock
        self._await = awaiter or Awaiter()
        self._lent = awaiter is not None

    def beside(self, *, keep: Callable[[str], str], ours: Callable[[str], bool]) -> Self:
        """Return worlds of the same target in the same event loop, for tenants of another population."""
        return type(self)(
            self._target,
            settle=self._settle,
            top_k=self._top_k,
            keep=keep,
            ours=ours,
            awaiter=self._await,
            clock=self._clock,
        )

    @property
    def fresh(self) -> bool:
        """Whether each world is a new and empty one; else all share the target's one store."""
        return self._target.start is not None

    @contextmanager
    def open(self, tenants: Iterable[Tenant], *, durable: bool = False) -> Iterator[Executor]:
        """Open a world and yield what performs operations in it; then remove what these tenants stored.

        A `durable` one can be reopened, where the target offers that. Raises TargetError where the target cannot be
        started.
        """
        # Before the start, for what is said to start it belongs to this world.
        executor = Executor(
            self._target,
            top_k=self._top_k,
            settle=self._settle,
            keep=self._keep,
            ours=self._ours,
            awaiter=self._await,
            clock=self._clock,
        )
        start = self._target.start
        if start is not None:
            options = {"durable": True} if durable and "durable" in named(start) else {}
            under_way.begin("start")
            try:
                self._try(lambda: start(**options), "could not be started")
            finally:
                under_way.end()
        try:
            yield executor
        finally:
            if not self._target.disposable:
                self.left_behind += sum(executor.forget(tenant) for tenant in tenants)
            elif start is None:
                # What stays in would slow down all that comes after.
                for tenant in tenants:
                    executor.forget(tenant, whole=True)
            self.inside += executor.inside
            self.passed.update(executor.passed)

    def available(self, executor: Executor, tenant: Tenant) -> frozenset[str]:
        """Return what the target offers, in the words of `Operation.requires`.

        Raises TargetError where it makes no memory for an ordinary tenant, or one without any method.
        """
        memory: Memory = self._try(lambda: executor.memory(tenant), "made no memory for the first tenant")
        if not methods(memory):
            kind = type(memory).__name__
            msg = f"{self._target.name} returned {kind}, which has none of the methods {', '.join(METHODS)}"
            if hasattr(memory, Channel.PUT):
                msg += '; where callers choose the keys of `put`, let the target say `keys = "flat"`'
            raise TargetError(msg)
        self.uncalled = uncalled(memory)
        self.places = self.places or _places(memory, self._target.packages - _NOT_THE_USERS)
        beside: Memory | None = None
        if self._target.make_async_memory is not None:
            # Where that fails, the scenarios that need it will tell.
            with suppress(*FAILURES):
                beside = executor.memory(tenant.through_async())
        return offered(self._target, memory, beside)

    def close(self) -> str | None:
        """End the target; return what went wrong with that."""
        try:
            return close(self._target, self._await)
        finally:
            if not self._lent:
                self._await.close()

    def _try(self, call: Callable[[], object], what: str) -> Memory:
        try:
            return self._await(call())
        except HarnessError:
            # Ours, and in one line already.
            raise
        except FAILURES as error:
            msg = f"{self._target.name} {what}: {in_one_line(error, self._target.packages - _NOT_THE_USERS)}"
            raise TargetError(msg) from error


def close(target: Target, awaiter: Awaiter) -> str | None:
    """End a target; return what went wrong with that."""
    try:
        if target.close is not None:
            awaiter(target.close())
    except FAILURES as error:
        return f"{target.name} could not be closed: {in_one_line(error, target.packages - _NOT_THE_USERS)}"
    return None


def _places(memory: Memory, packages: frozenset[str]) -> dict[Channel, Location]:
    """Return where each method is defined, of those that lie in these packages."""
    found: dict[Channel, Location] = {}
    for channel in methods(memory):
        # Wherever a stranger's object cannot be looked at, the line of its factory is told.
        with suppress(*FAILURES):
            place = locate_in(getattr(memory, channel), packages)
            found |= {} if place is None else {channel: place}
    return found
