"""The machine as others run it in tests of their own: a class with a stage, and Hypothesis."""

from typing import Any

import pytest
from broken_targets import FilterWins
from honest_targets import Honest, World
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from simple_targets import AddAndSearch, Own, Production, Simple

from memfence.campaigns import resolve
from memfence.campaigns.explorations import ExploreSettings
from memfence.campaigns.generation.machine import IsolationMachine
from memfence.campaigns.generation.stages import TargetStage
from memfence.campaigns.generation.violations import Violation
from memfence.model.findings import Finding
from memfence.model.observations import Step
from memfence.performing.contract import Target, adapt
from memfence.performing.playing import Play

FEW = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)


class Resets(World):
    """A store that notes by which client it is reset."""

    def __init__(self) -> None:
        super().__init__(Honest)
        self.by: list[str] = []

    def reset(self) -> None:
        self.by.append("reset")
        super().reset()

    async def async_reset(self) -> None:
        self.by.append("async_reset")
        super().reset()


class Everybodys(Simple):
    """A search forgets the user."""

    def search(self, query: str) -> list[Any]:
        del query
        return list(self.rows)


class Noting(TargetStage):
    """A stage that keeps what was played on it, and ends no example."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, resolve.all_oracles(), ExploreSettings(seed=0))
        self.steps: list[Step] = []
        self.seen: list[Finding] = []

    def noted(self, step: Step) -> None:
        self.steps.append(step)

    def found(self, play: Play, finding: Finding) -> None:
        del play
        self.seen.append(finding)


def stage(thing: object) -> TargetStage:
    target = thing if isinstance(thing, Target) else adapt(thing, "own")
    return TargetStage(target, resolve.all_oracles(), ExploreSettings(seed=0))


def played(on: TargetStage, how: settings = FEW) -> None:
    machine: Any = type("Isolates", (IsolationMachine,), {"stage": on})
    try:
        run_state_machine_as_test(seed(0)(machine), settings=how)
    finally:
        on.close()


def test_it_is_silent_on_the_reference() -> None:
    played(stage(resolve.target("reference")))


def test_it_is_silent_on_an_honest_store_of_ones_own() -> None:
    played(stage(World()))


@pytest.mark.parametrize("thing", [Production(Everybodys), World(FilterWins)], ids=["stays", "fresh"])
def test_a_leak_is_raised_as_the_violation_of_the_oracle_that_saw_it(thing: object) -> None:
    with pytest.raises(Violation) as error:
        played(stage(thing), settings(FEW, max_examples=400))

    assert type(error.value).__name__ == "CanaryLeakViolation"
    assert isinstance(error.value, AssertionError)
    assert error.value.found.finding.oracle == "canary_leak"
    assert str(error.value).startswith("canary_leak: ")


def test_each_method_that_a_target_has_is_tried_and_no_other() -> None:
    many, few = Noting(adapt(World(Honest), "world")), Noting(adapt(Own(AddAndSearch), "few"))

    played(many, settings(FEW, max_examples=40, stateful_step_count=40))
    played(few)

    asked = {step.operation.channel.value for step in many.steps}
    assert asked >= {"add", "search", "get_all", "get", "history", "update", "delete", "delete_all", "prompts"}
    assert {step.operation.channel.value for step in few.steps} == {"add", "search"}
    clients = [{one.operation.principal.asynchronous for one in noting.steps} for noting in (many, few)]
    assert clients == [{True, False}, {False}]
    assert [one for one in few.seen if one.fails] == []


def test_a_store_that_may_be_wiped_is_reset_by_either_client() -> None:
    thing = Resets()
    always = Noting(adapt(thing, "resets"))
    always.resets = lambda _: True  # type: ignore[method-assign]  # as if each example had drawn it

    played(always, settings(FEW, max_examples=100))

    assert set(thing.by) == {"reset", "async_reset"}
    assert [one for one in always.seen if one.fails] == []


def test_one_in_three_examples_resets_the_store_where_that_costs_nothing_and_none_where_it_may_not_be_wiped() -> None:
    wiped, shared = stage(World()), stage(Production())

    assert [drawn for drawn in range(10) if wiped.resets(drawn)] == [1, 2, 3]
    assert not any(shared.resets(drawn) for drawn in range(10))


def test_a_stage_that_ends_no_example_is_told_of_all() -> None:
    noting = Noting(adapt(Own(Everybodys), "own"))

    played(noting)

    assert len([one for one in noting.seen if one.oracle == "canary_leak"]) > 1


def test_where_nothing_may_be_destroyed_nothing_is() -> None:
    noting = Noting(adapt(Production(), "production"))

    played(noting)

    assert not {step.operation.channel.value for step in noting.steps} & {"update", "delete", "delete_all"}
    assert not any(step.operation.principal.hostile for step in noting.steps)


def test_each_example_has_tenants_of_its_own() -> None:
    noting = Noting(adapt(Own(), "own"))

    casts = [noting.cast() for _ in range(5)]

    indices = [tenant.index for cast in casts for tenant in cast]
    assert len(set(indices)) == len(indices)
    noting.close()
