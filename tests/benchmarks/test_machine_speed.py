"""What generated histories cost, side by side in one process. Reported, never asserted."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import seed
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from pytest_benchmark.fixture import BenchmarkFixture

from memfence.campaigns import resolve
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.generation.machine import IsolationMachine
from memfence.campaigns.generation.profiles import in_a_temporary_folder, settings_for
from memfence.campaigns.generation.stages import TargetStage
from memfence.model.counterexamples import Move
from memfence.model.findings import Finding
from memfence.model.observations import Returned, Step
from memfence.model.operations import Together
from memfence.performing.playing import Play
from memfence.plans.population import Population

EXAMPLES, STEPS = 60, 50


class Trivial(RuleBasedStateMachine):
    """Two tenants from a bundle, and a number: about the least that a history is drawn of."""

    tenants = Bundle("tenants")

    @initialize(target=tenants)
    def begin(self) -> int:
        return 0

    @rule(by=tenants, of=tenants, which=st.integers(0, 9))
    def act(self, by: int, of: int, which: int) -> None:
        pass


class Counting(TargetStage):
    """Counts steps, takes findings as they come, and times how long worlds take to open."""

    steps = 0
    opening = 0.0

    def open(self, tenants: Population, leaving: ExitStack, *, durable: bool) -> Play:
        # None is on disk: it could be opened again, which `reopens` denies.
        del durable
        started = time.perf_counter()
        play = super().open(tenants, leaving, durable=False)
        self.opening += time.perf_counter() - started
        return play

    def reopens(self, *, durable: bool) -> bool:
        del durable
        return False

    def noted(self, step: Step) -> None:
        del step
        self.steps += 1

    def found(self, play: Play, finding: Finding) -> None:
        pass


class Idle(Counting):
    """Draws all the same and performs nothing."""

    def open(self, tenants: Population, leaving: ExitStack, *, durable: bool) -> Play:
        play = super().open(tenants, leaving, durable=durable)

        def make(move: Move) -> Step | None:
            if not isinstance(move, Together):
                step = Step(len(play.steps) + 1, move, Returned())
                play.steps.append(step)
                return step
            return None

        play.make = make  # type: ignore[method-assign]  # of this one play
        return play

    def settled(self, play: Play, only: str | None = None) -> Iterator[Finding]:
        del play, only
        return iter(())


@contextmanager
def timed(into: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    into[name] = time.perf_counter() - started


def play(machine: type[RuleBasedStateMachine]) -> None:
    with in_a_temporary_folder():
        run_state_machine_as_test(seed(0)(machine), settings=settings_for(examples=EXAMPLES, steps=STEPS))


def on(stage: TargetStage) -> type[RuleBasedStateMachine]:
    return type("OnAStage", (IsolationMachine,), {"stage": stage})


def stage_of(kind: type[Counting], target: str, wrapper: str = "scoped") -> Counting:
    return kind(resolve.target(target, wrapper=wrapper), resolve.all_oracles(), ExploreSettings(seed=0))


@pytest.fixture
def report(benchmark: BenchmarkFixture, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    def show(**figures: float) -> None:
        benchmark.extra_info.update(figures)
        with capsys.disabled():
            for name, value in figures.items():
                sys.stdout.write(f"\n  {name}: {value:.4g}")
            sys.stdout.write("\n")

    return show


def test_a_step_on_the_reference(
    benchmark: BenchmarkFixture, report: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step over one of a trivial machine, and over one of the same machine without a target; wanted: at most 1.5."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    took: dict[str, float] = {}
    idle, real = stage_of(Idle, "reference"), stage_of(Counting, "reference")
    play(Trivial)

    with timed(took, "trivial"):
        play(Trivial)
    with timed(took, "idle"):
        play(on(idle))
    with timed(took, "real"):
        benchmark.pedantic(lambda: play(on(real)), rounds=1)

    trivial = took["trivial"] / (EXAMPLES * STEPS)
    each = took["real"] / real.steps
    report(
        milliseconds_of_a_trivial_step=trivial * 1e3,
        milliseconds_of_a_step_that_performs_nothing=took["idle"] / idle.steps * 1e3,
        milliseconds_of_a_step_on_the_reference=each * 1e3,
        over_trivial=each / trivial,
        over_the_same_without_a_target=each / (took["idle"] / idle.steps),
    )


def test_setting_up_on_mem0(
    benchmark: BenchmarkFixture, report: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part of an example that goes into an empty world, in memory; wanted: at most 0.1."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    took: dict[str, float] = {}
    real = stage_of(Counting, "mem0")

    with timed(took, "real"):
        benchmark.pedantic(lambda: play(on(real)), rounds=1)
    real.close()

    report(
        setting_up_over_an_example=real.opening / took["real"],
        milliseconds_of_setting_up=real.opening / EXAMPLES * 1e3,
        milliseconds_of_an_example=took["real"] / EXAMPLES * 1e3,
    )
