"""How often generated histories alone find each breakage, and the least that shows it: no scenario takes part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ..base.errors import HarnessError, UnknownNameError
from ..breakages.planted import Breakage
from ..model.counterexamples import Counterexample
from ..model.findings import Finding, Verdict
from . import resolve
from .explorations import Exploration, ExploreSettings
from .exploring import Explorer
from .workers import Workers

# Within how many histories the rate is counted; where that is nought, how many are tried until it counts as missed.
WITHIN, AT_MOST = 60, 2000


@dataclass(frozen=True, slots=True)
class Rate:
    """What the machine made of one breakage.

    `first` holds for each seed the history in which `caught_by` spoke, None where it did not within 60 (or, for the
    first seed where none did, 2,000). `tenants` and `operations` are the size of the shrunk counterexample, 0 where
    there is none.
    """

    breakage: str
    caught_by: str
    first: tuple[int | None, ...]
    tenants: int = 0
    operations: int = 0

    @property
    def found(self) -> int:
        """On how many seeds it was found within 60 histories."""
        return sum(one is not None and one <= WITHIN for one in self.first)

    @property
    def missed(self) -> bool:
        """Whether it was found on no seed, not even in 2,000 histories."""
        return all(one is None for one in self.first)


def rate(name: str, seeds: Sequence[int]) -> Rate:
    """Plant one breakage on the reference and explore it with each seed until the oracle that must catch it does."""
    broken = resolve.all_breakages()[name]
    first = [_explored(broken, seed, WITHIN).first.get(broken.caught_by) for seed in seeds]
    if first == [None] * len(first):
        first[0] = _explored(broken, seeds[0], AT_MOST).first.get(broken.caught_by)
    shown = next((seed for seed, one in zip(seeds, first, strict=True) if one is not None), None)
    if shown is None:
        return Rate(name, broken.caught_by, tuple(first))
    found = smallest(broken, shown)
    return Rate(name, broken.caught_by, tuple(first), found.tenants, len(found.operations))


def smallest(broken: Breakage, seed: int) -> Counterexample:
    """Return the shrunk counterexample of what this seed finds first; raises LookupError where it finds nothing."""
    exploration = _explored(broken, seed, AT_MOST, shrinks=True)
    return next(one for one in exploration.counterexamples if one.finding.oracle == broken.caught_by)


def explorable() -> list[str]:
    """Return the breakages that histories can show: all but those whose oracle speaks in one scenario alone."""
    apart = {one.only_with for one in resolve.all_scenarios().values()}
    return [name for name, one in resolve.all_breakages().items() if one.caught_by not in apart]


def rates(breakages: Sequence[str], seeds: int, workers: Workers) -> Iterator[Rate]:
    """Yield the rate of each breakage as it is known; where none is named, of all that histories can show."""
    known = resolve.all_breakages()
    for name in breakages:
        if name not in known:
            raise UnknownNameError(name, kind="breakage", choices=known)
    if seeds < 1:
        msg = f"seeds must be at least 1, got seeds={seeds}"
        raise HarnessError(msg)
    yield from workers([partial(rate, name, range(seeds)) for name in breakages or explorable()])


def _explored(broken: Breakage, seed: int, examples: int, *, shrinks: bool = False) -> Exploration:
    settings = ExploreSettings(seed=seed, examples=examples, breakage=broken.name)
    target = resolve.target("reference", breakage=broken.name)

    def until(finding: Finding) -> bool:
        return finding.oracle == broken.caught_by and (finding.verdict is Verdict.VIOLATED or broken.doubted)

    oracles = resolve.all_oracles()
    exploration = Explorer(target, settings, oracles, until=until, shrinks=shrinks).run()
    if exploration.result.interrupted:
        raise KeyboardInterrupt
    return exploration
