"""Has shards done, each within its budget of tries and time: one that fails is named, and holds up no other."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ...base.wording import in_one_line
from ...plans.shards import Shard
from .kept import Kept
from .seam import Handle, LostError, Seam
from .work import Task

Watch = Callable[[Shard], None]


@dataclass(frozen=True, slots=True)
class Budget:
    """How often a shard is tried, how long a try may take, how long nobody may be there to do one; in seconds.

    `pause` is how long it waits before it tries again, and longer each time; `look` how often it looks.
    """

    tries: int = 3
    seconds: float = 3600.0
    nobody: float = 60.0
    pause: float = 1.0
    look: float = 0.01


@dataclass(slots=True)
class Overseer:
    """Hands tasks to a seam, as many as it does at once, so that who dies with a worker is who was with it.

    One that was with a worker that died is next done with nobody beside it: what dies then again is to blame. `failed`
    says of each shard that was given up why, `deaths` how many workers died.
    """

    seam: Seam
    kept: Kept
    task: Callable[[Shard], Task]
    budget: Budget
    mend: Callable[[], None] = lambda: None
    failed: dict[str, str] = field(default_factory=dict)
    deaths: int = 0
    retried: int = 0
    _tries: Counter[Shard] = field(default_factory=Counter)
    _alone: deque[Shard] = field(default_factory=deque)
    _waiting: deque[Shard] = field(default_factory=deque)
    _running: dict[Shard, tuple[Handle, float]] = field(default_factory=dict)
    _nobody_since: float | None = None

    def __call__(self, shards: Iterable[Shard], watch: Watch = lambda _: None) -> None:
        """Do what is not done, in any order, to the end; `watch` is told each that is over."""
        self._waiting = deque(shard for shard in shards if not self.kept.has(shard))
        try:
            while self._waiting or self._alone or self._running:
                self._begin()
                over = [shard for shard, (handle, _) in self._running.items() if self._is_over(shard, handle)]
                for shard in over:
                    self._end(shard, watch)
                if not over:
                    time.sleep(self.budget.look)
        finally:
            for handle, _ in self._running.values():
                self.seam.drop(handle)
            self._running.clear()

    def _begin(self) -> None:
        slots = self.seam.slots()
        self._note_nobody(slots)
        if not slots or any(self._tries[shard] for shard in self._running):
            return
        if self._alone:
            # The others end first.
            if not self._running:
                self._submit(self._alone.popleft())
            return
        while self._waiting and len(self._running) < slots:
            self._submit(self._waiting.popleft())

    def _submit(self, shard: Shard) -> None:
        if self._tries[shard]:
            time.sleep(self.budget.pause * self._tries[shard])
            self.mend()
        self._running[shard] = self.seam.submit(self.task(shard)), time.monotonic()

    def _is_over(self, shard: Shard, handle: Handle) -> bool:
        if self.seam.done(handle):
            return True
        began = self._running[shard][1]
        return time.monotonic() - began > self.budget.seconds

    def _end(self, shard: Shard, watch: Watch) -> None:
        handle, _ = self._running.pop(shard)
        if self.seam.done(handle):
            error = self.seam.error(handle)
        else:
            self.seam.drop(handle)
            error = TimeoutError(f"it took more than {self.budget.seconds:.0f} s")
        # What counts is what lies in the folder, whoever has put it there.
        if self.kept.has(shard):
            watch(shard)
            return
        error = error or LostError("it left no result")
        self._tries[shard] += 1
        self.deaths += isinstance(error, LostError)
        if self._tries[shard] >= self.budget.tries:
            self.failed[shard.name] = f"tried {self._tries[shard]} times: {in_one_line(error, frozenset())}"
            watch(shard)
            return
        self.retried += 1
        self._alone.append(shard)

    def _note_nobody(self, slots: int) -> None:
        """Give up what is left where for long nobody has been there to do it."""
        now = time.monotonic()
        self._nobody_since = None if slots else (self._nobody_since or now)
        if self._nobody_since is None or now - self._nobody_since < self.budget.nobody:
            return
        for shard in (*self._running, *self._waiting, *self._alone):
            self.failed[shard.name] = f"no worker was left for {self.budget.nobody:.0f} s"
        for handle, _ in self._running.values():
            self.seam.drop(handle)
        self._running.clear()
        self._waiting.clear()
        self._alone.clear()
