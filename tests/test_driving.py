import pytest

from memfence import Add, Channel, DeleteAll, Get, GetAll, Plan, Population, Search, Step, scenario
from memfence.contract import METHODS
from memfence.driving import drive, either
from memfence.errors import HarnessError
from memfence.observations import Returned
from memfence.operations import Operation

POPULATION = Population(seed=1, size=2)
ALICE, BOB = POPULATION
EVERYTHING = frozenset(METHODS)


def answer(operation: Operation, index: int) -> Step:
    return Step(index, operation, Returned())


def test_a_plan_that_ends_at_once_has_no_steps() -> None:
    @scenario(needs=(Add,), control="reroute")
    def idle(population: Population) -> Plan:
        """Nothing happens."""
        yield from [Add(tenant, tenant.facts[0]) for tenant in population if tenant.index < 0]

    assert list(drive(idle, POPULATION, answer, EVERYTHING)) == []


def test_a_scenario_receives_the_steps_that_its_operations_became() -> None:
    seen: list[Step] = []

    @scenario(needs=(Add, Get), control="reroute")
    def telling(population: Population) -> Plan:
        """It keeps what it is sent."""
        planted = yield Add(ALICE, ALICE.facts[0])
        seen.append((yield Get(BOB, planted.record)))
        assert population.size == 2

    steps = list(drive(telling, POPULATION, answer, EVERYTHING))

    assert seen == steps[1:]
    assert [step.index for step in steps] == [1, 2]


@pytest.mark.parametrize(("operation", "line"), [("Get(BOB, ALICE.facts[0])", "step.record"), ("1 / 0", "division")])
def test_a_broken_scenario_is_no_crash_of_the_target(operation: str, line: str) -> None:
    @scenario(needs=(Add,), control="reroute")
    def broken(population: Population) -> Plan:
        """Its author made a mistake."""
        yield Add(population.tenant(0), population.tenant(0).facts[0])
        yield eval(operation)  # noqa: S307 - the example's own text

    with pytest.raises(HarnessError, match=f"scenario broken is broken: .*{line}"):
        list(drive(broken, POPULATION, answer, EVERYTHING))


def test_a_scenario_that_deletes_must_have_said_so() -> None:
    @scenario(needs=(Add,), control="reroute")
    def sly(population: Population) -> Plan:
        """It deletes without a word."""
        yield DeleteAll(population.tenant(0), owner=1)

    with pytest.raises(HarnessError, match="it uses delete_all, so it must say destructive=True"):
        list(drive(sly, POPULATION, answer, EVERYTHING))


def test_what_the_target_cannot_do_is_replaced_by_the_other_way_to_look_or_left_out() -> None:
    look, listing = Search(ALICE, "home town", BOB.facts[0]), GetAll(ALICE, BOB.facts[0])

    assert either(look, frozenset({Channel.GET_ALL})) == listing
    assert either(listing, frozenset({Channel.SEARCH})) == Search(ALICE, BOB.facts[0].text, BOB.facts[0])
    assert either(look, frozenset({Channel.ADD})) is None
    assert either(look, EVERYTHING) is look
