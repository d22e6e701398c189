"""The phases of a crowd, one after the other: each has its shards done, and waits until all of them are."""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ...base.errors import HarnessError
from ...base.versions import versions
from ...base.wording import in_one_line
from ...model.scaled import ScaleResult, Sweep
from ...plans.shards import Phase, Shard, shards
from ...real_mem0.store import Store
from ...targets.crowded_store import CrowdedStore, Index, Where
from .adding import add_door, add_sums, add_sweep, add_times, differing, lasting
from .kept import Kept
from .overseer import Budget, Overseer
from .places import forget, opened
from .seam import Seam
from .settings import ScaleSettings
from .work import Task

# How many parts of the store, pairs, erased users and blocks are at most one shard's; parts are pages of PostgreSQL's,
# 8 KiB each.
_PARTS, _PAIRS, _ERASED, _AT_ONCE = 1500, 50, 50, 64
# What is less than that is cut all the same, for nobody is to wait for one.
_CUTS = 4
# About how long each takes, in microseconds: to plant a fact, to read a row, to probe a pair, to erase a user, to
# measure once, and to make mem0's index, for a row.
_PLANT, _READ, _PROBE, _ERASE, _MEASURE, _HNSW = 400, 120, 60_000, 40_000, 10_000_000, 700
_T = TypeVar("_T")
# told(phase, how far all of it is, from 0 to 1)
Told = Callable[[Phase, float], None]


@dataclass(slots=True)
class Scaling:
    """One crowd, in a folder: begun there, or gone on with."""

    settings: ScaleSettings
    folder: Path
    seam: Seam
    budget: Budget = field(default_factory=Budget)
    told: Told = lambda *_: None
    executor: str = ""
    result: ScaleResult = field(init=False)
    _overseer: Overseer = field(init=False)
    _whole: int = field(init=False)
    _over: int = 0
    # What each block of users must add up to, before the erasure and after it.
    _wanted: tuple[dict[int, list[int]], dict[int, list[int]]] = field(default_factory=lambda: ({}, {}))

    def __post_init__(self) -> None:
        """Begin with nothing known."""
        settings = self.settings
        self.result = ScaleResult(asdict(settings), settings.command(), settings.users, executor=self.executor)
        self.result.notes += settings.opens.notes
        facts, measured = (
            settings.users * settings.facts,
            [(s, i) for s in settings.sizes for i in settings.measured(s)],
        )
        reading = 2 if settings.erased else 1
        pairs, erased = min(settings.pairs, settings.users), settings.crowd().erased
        self._whole = facts * (_PLANT + reading * _READ) + pairs * _PROBE + erased * _ERASE
        self._whole += sum(self._weight(size, index) for size, index in measured) if settings.curves else 0

    def __call__(self) -> ScaleResult:
        """Go through the phases; Ctrl-C ends it with what is known, and it can be gone on with.

        Raises HarnessError where the store cannot be reached, or the folder is another crowd's.
        """
        began = time.perf_counter()
        result = self.result
        try:
            self._go()
        except KeyboardInterrupt:
            result.interrupted = True
        finally:
            self.seam.close()
            forget()
            result.seconds = time.perf_counter() - began
            result.versions = dict(versions())
        return result

    def _go(self) -> None:
        settings, result = self.settings, self.result
        kept = Kept(self.folder)
        where = self._place(kept)
        self._overseer = Overseer(
            self.seam, kept, lambda one: Task(one, settings, where, str(self.folder)), self.budget, mend=self._mend
        )
        result.failed = self._overseer.failed
        self._fill(where)
        if self._overseer.failed:
            result.open.append("nothing was asked, for not everything was planted")
        else:
            self._sweep(Phase.SWEEP, Phase.LOOK, where, erased=False)
            self._probe(where)
            if result.leaks_widely:
                result.notes.append("nobody was erased: where users see each other's, one may erase everybody's")
            elif settings.crowd().erased:
                self._erase()
            if result.erased and not any(name.startswith(Phase.ERASE) for name in result.failed):
                self._sweep(Phase.SWEEP_AGAIN, Phase.LOOK_AGAIN, where, erased=True)
        if result.failed:
            result.notes.append("its tables are left for --resume, which tries again what was given up, or --discard")
            return
        for one in self._done([Shard(Phase.CLEAN_UP, 0, 1, settings.digest)]):
            result.left_behind = one["left"]

    def discard(self) -> int:
        """Remove what was begun in the folder, and do nothing else; return how many tables are left."""
        try:
            where = self._place(Kept(self.folder))
            return self._steadily(where, lambda store: store.remove())
        finally:
            self.seam.close()
            forget()

    def _fill(self, where: Where) -> None:
        """Plant up to each size, and measure there."""
        settings = self.settings
        before = 0
        for size in settings.sizes:
            whole = size * settings.facts * _PLANT
            planned = self._of(Phase.PLANT, first=before, end=size, each=settings.shard, whole=whole)
            # What finds no vectors is quick to fill.
            self._ready(planned, where, Index.USER)
            self._plant(size, planned)
            before = size
            for index in settings.measured(size) if settings.curves else ():
                shard = Shard(Phase.MEASURE, 0, size, settings.digest, self._weight(size, index), index)
                self.result.curves += self._done([shard])

    def _erase(self) -> None:
        users, erased = self.settings.users, self.settings.crowd().erased
        planned = self._of(Phase.ERASE, end=users, each=-(-users * _ERASED // erased), whole=erased * _ERASE)
        for one in self._done(planned):
            self.result.erased += one["erased"]
            add_door(self.result, one)

    def _place(self, kept: Kept) -> Where:
        """Reach the store, and make its collection where nothing was begun."""
        settings = self.settings
        known = kept.plan()
        if known is not None and known[0] != settings:
            msg = (
                f"{self.folder} holds another crowd: {known[0].command()}; use --resume for that one, or another folder"
            )
            raise HarnessError(msg)
        self.folder.mkdir(parents=True, exist_ok=True)
        address = settings.opens.serve(str(self.folder), settings.store_url)
        collection = Store.unique() if known is None else known[1].collection
        where = Where(settings.store, address, collection, {} if known is None else known[1].pattern)
        if known is None:
            # Noted before anything is made, so that a crowd that is killed now is found again, and removed.
            kept.begin(settings, where)
        if not where.pattern and not kept.has(Shard(Phase.CLEAN_UP, 0, 1, settings.digest)):
            where = Where(settings.store, address, collection, self._steadily(where, lambda store: store.prepare()))
            kept.begin(settings, where)
        return where

    def _mend(self) -> None:
        """Start our own server again, where it has ended."""
        self.settings.opens.serve(str(self.folder), self.settings.store_url)

    def _ready(self, planned: Iterable[Shard], where: Where, index: Index) -> None:
        """Have the store arranged as it is to be filled and asked, where there is something left to do."""
        if any(not self._overseer.kept.has(shard) for shard in planned):
            self._steadily(where, lambda store: store.arrange(index))

    def _steadily(self, where: Where, doing: Callable[[CrowdedStore], _T]) -> _T:
        """Do something with the store in this process, and again where it has just been started anew."""
        for tried in range(1, self.budget.tries + 1):
            try:
                return doing(opened(self.settings, where))
            except HarnessError:
                raise
            except Exception as error:
                forget()
                if tried == self.budget.tries:
                    msg = f"the store does not answer: {in_one_line(error, frozenset())}"
                    raise HarnessError(msg) from error
                time.sleep(self.budget.pause * tried)
                self._mend()
        msg = "a budget has at least one try"
        raise HarnessError(msg)

    @staticmethod
    def _weight(size: int, index: str) -> int:
        return _MEASURE + (size * _HNSW if index == Index.HNSW else 0)

    def _of(self, phase: Phase, *, first: int = 0, end: int, each: int, whole: int) -> list[Shard]:
        """Return the shards of a phase, of `each` things at most; from 0 to the end it is `whole` microseconds of work.

        They are of one size, however many workers there are: who goes on with it may have others.
        """
        each = max(1, min(each, -(-(end - first) // _CUTS)))
        each = -(-(end - first) // -(-(end - first) // each)) if end > first else each
        weight = whole // max(1, end)
        return list(shards(phase, first=first, end=end, each=each, settings=self.settings.digest, weight=weight))

    def _done(self, planned: list[Shard]) -> list[dict[str, Any]]:
        """Have shards done; return what is known of them, and add up what they took."""
        result, kept = self.result, self._overseer.kept
        left = sum(not kept.has(shard) for shard in planned)
        result.resumed += len(planned) - left
        result.shards += len(planned)
        if planned:
            # What was done before says nothing of how long the rest takes.
            self._whole -= sum(one.weight for one in planned if kept.has(one))
            self._tell(planned[0].phase, 0)
            self._overseer(planned, lambda one: self._tell(one.phase, one.weight))
        result.deaths, result.retried = self._overseer.deaths, self._overseer.retried
        found = list(kept.results(planned))
        if found:
            add_times(result, str(planned[0].phase), found)
        return found

    def _tell(self, phase: Phase, over: int) -> None:
        self._over += over
        self.told(phase, min(1.0, self._over / max(1, self._whole)))

    def _plant(self, end: int, planned: list[Shard]) -> None:
        planted = self.result.planted
        done = self._done(planned)
        for one in done:
            for name in ("through_mem0", "bulk"):
                planted[name] = planted.get(name, 0) + one[name]
            for wanted, name in zip(self._wanted, ("wanted", "wanted_after"), strict=True):
                add_sums(wanted, one[name])
        rows = sum(one["through_mem0"] + one["bulk"] for one in done)
        seconds = sum(one["seconds"] for one in done)
        if rows and seconds:
            self.result.curves.append(
                {"size": end, "planted": rows, "seconds": lasting(done), "rate_of_one": rows / seconds}
            )

    def _sweep(self, phase: Phase, closer: Phase, where: Where, *, erased: bool) -> None:
        """Read every row once; where a block of users does not add up, count each of its facts."""
        settings, kept = self.settings, self._overseer.kept
        began = time.perf_counter()
        sweep = Sweep(again=erased)
        # Noted, for who goes on must read the same parts.
        extent = kept.once(f"extent-{phase}", lambda: self._steadily(where, lambda store: store.extent()))
        planned = self._of(phase, end=extent, each=_PARTS, whole=settings.users * settings.facts * _READ)
        sums: dict[int, list[int]] = {}
        for one in self._done(planned):
            add_sweep(sweep, sums, one)
        wanted = self._wanted[erased]
        sweep.expected = sum(count for count, _ in wanted.values())
        sweep.differ = differing(wanted, sums)
        if len(list(kept.results(planned))) == len(planned):
            for start in range(0, len(sweep.differ), _AT_ONCE):
                of = json.dumps(sweep.differ[start : start + _AT_ONCE])
                for one in self._done([Shard(closer, 0, extent, settings.digest, extent, of)]):
                    for name in ("missing", "doubled", "left"):
                        setattr(sweep, name, getattr(sweep, name) + one[name])
                    sweep.examples += one["examples"]
            self.result.sweeps.append(sweep)
        sweep.seconds = time.perf_counter() - began

    def _probe(self, where: Where) -> None:
        result, settings = self.result, self.settings
        pairs = min(settings.pairs, settings.users)
        planned = self._of(Phase.PROBE, end=pairs, each=_PAIRS, whole=pairs * _PROBE)
        self._ready(planned, where, Index(settings.index))
        strays = [
            (one["owner"], one["number"], one["labelled"])
            for sweep in result.sweeps
            for one in sweep.examples
            if one["kind"] == "mislabelled"
        ]
        if strays:
            planned.append(Shard(Phase.PROBE, 0, len(strays), settings.digest, len(strays), json.dumps(strays)))
        for one in self._done(planned):
            add_door(result, one)
