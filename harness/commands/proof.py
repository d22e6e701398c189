"""Breakages x oracles: proof that the harness would have seen what it did not find, and cries no wolf.

Each breakage is planted and audited: by all scenarios once in fresh worlds and once in a single one, then, for further
seeds, by the scenario that showed it soonest. Beside them stand clean campaigns and explorations, on
targets that isolate.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

from ..base.errors import HarnessError, UnknownNameError
from ..base.versions import versions
from ..breakages.planted import Layer
from ..campaigns import resolve
from ..campaigns.trials import DEFAULT, FACTS, PROBES, SMALL, UNSTEADY, USERS, clean, explored, host, kill
from ..model.kills import Clean, Explored, Kill, Proof

# How many clean campaigns make a task: to send them singly costs more than some of them.
_AT_ONCE = 8

# Performs tasks, in this process or in others, and yields their results in any order.
Result: TypeAlias = Kill | Clean | Explored
Perform: TypeAlias = Callable[[Iterable[Callable[[], Result]]], Iterator[Result]]


@dataclass(frozen=True, slots=True)
class ProofSettings:
    """What is to be proven: `seeds` for each breakage, counted from `seed`, and `clean` campaigns without one.

    None is as many as the target makes reasonable. `whole`: each clean campaign audits all scenarios, not a share.
    """

    on: str = DEFAULT
    seed: int = 0
    seeds: int | None = None
    clean: int | None = None
    breakages: tuple[str, ...] = ()
    whole: bool = False

    def __post_init__(self) -> None:
        """Refuse what nothing can be proven of."""
        if self.on not in SMALL:
            raise UnknownNameError(self.on, kind="target to plant breakages in", choices=SMALL)
        for name, least in (("seeds", 1), ("clean", 1)):
            value = getattr(self, name)
            if value is not None and value < least:
                msg = f"{name} must be at least {least}, got {name}={value}"
                raise HarnessError(msg)

    @property
    def planted(self) -> range:
        """The seeds with which each breakage is planted."""
        return range(self.seed, self.seed + (SMALL[self.on].seeds if self.seeds is None else self.seeds))

    @property
    def unbroken(self) -> range:
        """The seeds of the clean campaigns."""
        return range(self.seed, self.seed + (SMALL[self.on].clean if self.clean is None else self.clean))

    @property
    def explored(self) -> range:
        """The seeds of the clean explorations: as many as the clean campaigns are of what they usually are."""
        usual = SMALL[self.on]
        return range(self.seed, self.seed + usual.explored * len(self.unbroken) // usual.clean)

    @property
    def command(self) -> str:
        """The command line that repeats it."""
        chosen = "".join(f" --breakage {name}" for name in self.breakages)
        counts = f"--seeds {len(self.planted)} --clean {len(self.unbroken)}"
        whole = " --whole" if self.whole else ""
        return f"memfence prove --on {self.on} --seed {self.seed} {counts}{whole}{chosen}"


def prove(settings: ProofSettings, perform: Perform, watch: Callable[[Proof], None] = lambda _: None) -> Proof:
    """Run everything; `watch` is called with the proof so far after each task.

    Raises UnknownNameError for a breakage that there is not, HarnessError where none applies.
    """
    started = time.perf_counter()
    proof = Proof(
        on=settings.on,
        seed=settings.seed,
        seeds=len(settings.planted),
        known=sum(host(one, settings.on) is not None for one in resolve.all_breakages().values()),
        oracles=tuple(resolve.all_oracles()),
        settings={
            "users": USERS,
            "facts": FACTS,
            "probes": PROBES,
            "page": SMALL[settings.on].page,
            "crowd": SMALL[settings.on].crowd,
        },
        versions=versions(),
        repeat=settings.command,
    )
    cleans: dict[str, list[Clean]] = {}
    explorations: dict[str, list[Explored]] = {}
    try:
        for result in perform(tasks(settings)):
            match result:
                case Kill():
                    proof.kills.append(result)
                case Clean():
                    cleans.setdefault(result.target, []).append(result)
                    proof.cleans = [_sum(some) for _, some in sorted(cleans.items(), reverse=True)]
                case Explored():
                    explorations.setdefault(result.target, []).append(result)
                    proof.explored = [_all(some) for _, some in sorted(explorations.items(), reverse=True)]
            proof.seconds = time.perf_counter() - started
            watch(proof)
    except KeyboardInterrupt:
        proof.interrupted = True
    layers = [layer.value for layer in Layer]
    proof.kills.sort(key=lambda kill: (layers.index(kill.layer), kill.breakage))
    proof.seconds = time.perf_counter() - started
    return proof


def tasks(settings: ProofSettings) -> list[Callable[[], Result]]:
    """Return what is to be done, each by itself and in any order; the results can be sent between processes."""
    chosen_hosts = hosts(settings)
    planted: list[Callable[[], Result]] = [
        partial(kill, name, where, settings.planted) for name, where in chosen_hosts.items()
    ]
    beside = [where for where in dict.fromkeys(chosen_hosts.values()) if SMALL[where].beside and where != settings.on]
    cleans: list[Callable[[], Result]] = [
        partial(clean, target, some, small_as, 1 if settings.whole else SMALL[small_as].parts)
        for target, small_as, some in _shared_out(settings.on, beside, settings.unbroken)
    ]
    explorations: list[Callable[[], Result]] = [
        partial(explored, target, some, small_as)
        for target, small_as, some in _shared_out(settings.on, beside, settings.explored)
    ]
    return planted + cleans + explorations


def hosts(settings: ProofSettings) -> dict[str, str]:
    """Return the names of the breakages that are planted, each with the target that it is planted in."""
    known = resolve.all_breakages()
    for name in settings.breakages:
        if name not in known:
            raise UnknownNameError(name, kind="breakage", choices=known)
    for one in known.values():
        if one.caught_by not in resolve.all_oracles():
            raise UnknownNameError(one.caught_by, kind=f"oracle that catches {one.name}", choices=resolve.all_oracles())
    wanted = settings.breakages or tuple(known)
    fitting = {name: host(one, settings.on) for name, one in known.items() if name in wanted}
    found = {name: where for name, where in fitting.items() if where is not None}
    if not found:
        msg = f"none of these breakages applies to {settings.on}: {', '.join(wanted)}"
        raise HarnessError(msg)
    return found


def _shared_out(on: str, beside: Sequence[str], numbers: Sequence[int]) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Share clean controls, numbered as their seeds, out among the targets that isolate: a few for each task.

    Each comes with the target as which it is made small. Those beside the default one get an eighth each.
    """
    share = len(numbers) // 8
    targets = {one: (one, numbers[place * share : (place + 1) * share]) for place, one in enumerate(beside)}
    rest = numbers[len(beside) * share :]
    half = len(rest) // 2 if on == DEFAULT else 0
    targets |= {on: (on, rest[half:]), UNSTEADY: (on, rest[:half])}
    for target, (small_as, its) in targets.items():
        for start in range(0, len(its), _AT_ONCE):
            yield target, small_as, tuple(its[start : start + _AT_ONCE])


def _sum(cleans: Sequence[Clean]) -> Clean:
    first = cleans[0]
    return replace(
        first,
        campaigns=sum(one.campaigns for one in cleans),
        # In one order, whichever was there first.
        alarms=tuple(sorted(alarm for one in cleans for alarm in one.alarms)),
        alarmed=sum(one.alarmed for one in cleans),
        inconclusive=sum(one.inconclusive for one in cleans),
    )


def _all(some: Sequence[Explored]) -> Explored:
    return replace(
        some[0],
        explorations=sum(one.explorations for one in some),
        alarms=tuple(sorted(alarm for one in some for alarm in one.alarms)),
        alarmed=sum(one.alarmed for one in some),
    )
