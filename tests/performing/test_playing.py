from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from simple_targets import AddAndSearch, Own, Simple

from memfence import Population
from memfence.campaigns import resolve
from memfence.judging.attribution import CanaryAttributor
from memfence.model.operations import Add, Get, GetAll, Operation, RecordRef, Search, Together
from memfence.model.tenants import Tenant
from memfence.performing.contract import METHODS, adapt
from memfence.performing.executor import Executor
from memfence.performing.playing import Play, Rules

POPULATION = Population(seed=5, size=12)
ALICE, BOB, *_ = POPULATION
FACT, THEIRS = ALICE.facts[0], BOB.facts[0]
LOOK = Search(BOB, FACT.bare, FACT)


class Everybodys(Simple):
    def search(self, query: str) -> list[Any]:
        del query
        return list(self.rows)


class Crowded(Simple):
    """It lists nothing as soon as there are two users: no foreign word is ever seen."""

    def get_all(self) -> list[Any]:
        return [] if len({row["user_id"] for row in self.rows}) > 1 else self.mine()


def play(memory: type[Simple] = Simple, *, oracles: Iterable[str] = (), methods: Iterable[str] = METHODS) -> Play:
    wanted = {name: one for name, one in resolve.all_oracles().items() if not oracles or name in oracles}
    rules = Rules(CanaryAttributor(POPULATION), wanted, frozenset(methods))
    return Play(Executor(adapt(Own(memory), "own")), rules)


def opens(memory: type[Simple]) -> Any:
    @contextmanager
    def opened(tenants: Iterable[Tenant]) -> Iterator[Executor]:
        del tenants
        yield Executor(adapt(Own(memory), "own"))

    return opened


def test_each_move_is_judged_as_it_is_made() -> None:
    one = play(Everybodys)

    one.make(Add(ALICE, FACT))
    before = one.violated
    one.make(LOOK)

    assert (before, one.violated) == (False, True)
    assert one.findings[0].oracle == "canary_leak"
    assert one.moves == [Add(ALICE, FACT), LOOK]
    assert [step.index for step in one.steps] == [1, 2]


def test_an_honest_store_is_not_violated() -> None:
    one = play()

    for move in (Add(ALICE, FACT), LOOK, GetAll(ALICE, FACT)):
        one.make(move)

    assert not one.violated
    assert list(one.settle(opens(Simple))) == []


def test_what_does_not_fit_the_target_is_not_made() -> None:
    one = play(AddAndSearch, methods=("add", "search"))

    assert one.make(Get(BOB, RecordRef(0, 1))) is None
    assert (one.moves, one.steps) == ([], [])


def test_of_what_begins_together_only_what_fits_is_made() -> None:
    one = play(AddAndSearch, methods=("add", "search"))

    one.make(Together((Get(BOB, RecordRef(0, 1)), Add(ALICE, FACT))))

    assert one.moves == [Add(ALICE, FACT)]


def test_what_begins_together_is_numbered_in_a_row() -> None:
    one = play()
    one.make(Add(ALICE, FACT))

    one.make(Together((GetAll(ALICE, FACT), GetAll(BOB, THEIRS))))
    one.make(LOOK)

    assert [step.index for step in one.steps] == [1, 2, 3, 4]
    assert one.includes(BOB)
    assert not one.includes(POPULATION.tenant(5))


def test_a_tenant_that_alone_sees_more_is_told_once_the_world_is_left() -> None:
    one = play(Crowded, oracles=["noninterference"])
    for move in (Add(ALICE, FACT), Add(BOB, THEIRS), GetAll(ALICE, FACT)):
        one.make(move)

    assert one.findings == []
    assert "noninterference" in {finding.oracle for finding in one.settle(opens(Crowded))}


def test_what_came_after_the_move_that_a_finding_is_about_can_be_left_out() -> None:
    one = play(Crowded)
    both, later = Together((Search(ALICE, FACT.bare, FACT), GetAll(ALICE, FACT))), Search(BOB, THEIRS.bare, THEIRS)
    for move in (Add(ALICE, FACT), Add(BOB, THEIRS), both, later):
        one.make(move)
    finding = next(one.settle(opens(Crowded)))

    one.end_with(finding)

    assert finding.step.index == 4
    assert one.moves == [Add(ALICE, FACT), Add(BOB, THEIRS), both]
    assert [step.index for step in one.steps] == [1, 2, 3, 4]


def test_only_the_oracle_that_is_asked_for_opens_worlds() -> None:
    one = play(Crowded, oracles=["noninterference"])
    for move in (Add(ALICE, FACT), Add(BOB, THEIRS), GetAll(ALICE, FACT)):
        one.make(move)

    assert list(one.settle(opens(Crowded), "canary_leak")) == []


def test_a_control_takes_the_executors_place() -> None:
    target = adapt(Own(), "own")
    executor, made = Executor(target), []
    rules = Rules(CanaryAttributor(POPULATION), {}, frozenset(METHODS))

    def perform(operation: Operation, index: int) -> Any:
        made.append(index)
        return executor.perform(operation, index)

    Play(executor, rules, perform).make(Add(ALICE, FACT))

    assert made == [1]
